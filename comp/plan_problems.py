"""What makes a plan unfit to pay anybody, whatever the company and its metrics."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from comp.curves import Curve, Shape
from comp.errors import Problem
from comp.figures import percent_text
from comp.plan import TOTAL, Component, Gate, Modifier, Plan, Reading

_WHOLE = Fraction(1)
_NEVER = date(2200, 1, 1)


def plan_problems(plan: Plan) -> Iterator[Problem]:
    """Every inconsistency of a plan that makes it unfit to pay anybody."""
    shares = sum((component.share for component in plan.components), plan.elsewhere)
    if shares != _WHOLE:
        yield Problem(_not_whole("Component shares with `elsewhere`", shares), where="components")
    if sum(plan.quarter_shares) != _WHOLE:
        yield Problem(_not_whole("Quarter shares", sum(plan.quarter_shares, Fraction(0))), where="quarter_shares")
    if plan.starts >= _NEVER:
        yield Problem(f"A plan cannot wait until {plan.starts}: quarters end with 2199.", where="starts")
    if not plan.components:
        yield Problem("A plan needs at least one component.", where="components")
    yield from _repeated_ids(plan)
    for component in plan.components:
        yield from _component_problems(component)
    for kind, counted in plan.absences:
        if counted > _WHOLE:
            yield Problem("An absent day cannot count for more than a day.", where=f"absences.{kind}")
    yield from _rule_problems(plan)


def _repeated_ids(plan: Plan) -> Iterator[Problem]:
    seen: set[str] = set()
    for component in plan.components:
        if component.id in seen or component.id == TOTAL:
            why = f"A component cannot be called {component.id!r}: the name is taken."
            yield Problem(why, where=_place(component))
        seen.add(component.id)


def _component_problems(component: Component) -> Iterator[Problem]:
    if not component.measures:
        yield Problem("A component needs at least one measure.", where=_place(component))
        return
    weights = sum((measure.weight for measure in component.measures), Fraction(0))
    if weights != _WHOLE:
        yield Problem(_not_whole(f"Weights of {component.name}", weights), where=_place(component))
    for measure in component.measures:
        place = f"{_place(component)} {measure.reading.metric}"
        yield from _curve_problems(measure.curve, place)
        yield from _reading_problems(measure.reading, place)


def _rule_problems(plan: Plan) -> Iterator[Problem]:
    targets = {TOTAL, *(component.id for component in plan.components)}
    for rule in plan.rules:
        place = f"{'gate' if isinstance(rule, Gate) else 'modifier'} {rule.reading.metric}"
        if rule.on not in targets:
            why = f"`on` names {rule.on!r}, which is neither a component of the plan nor `total`."
            yield Problem(why, where=place)
        yield from _reading_problems(rule.reading, place)
        if isinstance(rule, Modifier):
            yield from _curve_problems(rule.curve, place)
        elif rule.at_least is None and rule.at_most is None:
            yield Problem("A gate needs `at_least` or `at_most`.", where=place)


def _curve_problems(curve: Curve, place: str) -> Iterator[Problem]:
    xs = [x for x, _ in curve.points]
    if sorted(set(xs)) != xs and sorted(set(xs), reverse=True) != xs:
        yield Problem("The points are out of order: each x must lie beyond the one before it.", where=place)
    if any(attainment < 0 for _, attainment in curve.points):
        yield Problem("Attainment cannot fall below 0%.", where=place)
    if curve.extends and (len(xs) < 2 or curve.shape is Shape.STEP):  # noqa: PLR2004 - a slope needs two points
        yield Problem("`above: extend` needs a line through at least two points.", where=place)


def _reading_problems(reading: Reading, place: str) -> Iterator[Problem]:
    shares = sum((share for _, share in reading.touchpoints), Fraction(0))
    if reading.touchpoints and shares != _WHOLE:
        yield Problem(_not_whole("Touchpoint shares", shares), where=place)
    if any(share == 0 for _, share in reading.touchpoints):
        yield Problem("A touchpoint needs a share above 0%; leave it out instead.", where=place)


def _not_whole(what: str, total: Fraction) -> str:
    gap = _WHOLE - total
    left = f"{percent_text(gap)} is left" if gap > 0 else f"{percent_text(-gap)} is too much"
    return f"{what} make {percent_text(total)}, not 100%: {left}."


def _place(component: Component) -> str:
    return f"component {component.id}"
