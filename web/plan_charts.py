"""The curves of a plan, drawn."""

from comp.explain_unit import UnitExplainer
from comp.plan import Plan
from web.charts import CurveChart, curve_chart


def plan_charts(plan: Plan, names: UnitExplainer) -> dict[tuple[str, int], CurveChart]:
    """Each curve by component and place of its measure; those of modifiers by `modifier` and their place."""
    better = dict(names.directions())
    curves = {
        (component.id, place): (measure.reading.metric, measure.curve)
        for component in plan.components
        for place, measure in enumerate(component.measures)
    }
    curves |= {
        ("modifier", place): (modifier.reading.metric, modifier.curve) for place, modifier in enumerate(plan.modifiers)
    }
    return {place: curve_chart(curve, better.get(metric, "higher")) for place, (metric, curve) in curves.items()}
