"""What makes a plan unfit to pay anybody, whatever the company and its metrics."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from comp.curves import Curve, Shape
from comp.figures import percent_text, shown
from comp.findings import Finding
from comp.plan import TOTAL, Component, Gate, Modifier, Plan, Reading
from comp.plan_places import Place, components, curves, field, gates, modifiers, readings

_WHOLE = Fraction(1)
_NEVER = date(2200, 1, 1)


def plan_problems(plan: Plan) -> Iterator[Finding]:
    """Every inconsistency of a plan that makes it unfit to pay anybody."""
    shares = sum((component.share for component in plan.components), plan.elsewhere)
    yield from _whole(field("components"), "Component shares with `elsewhere`", shares, "component's share")
    yield from _whole(
        field("quarter_shares"), "Quarter shares", sum(plan.quarter_shares, Fraction(0)), "quarter's share"
    )
    if plan.starts >= _NEVER:
        what = f"A plan cannot wait until {plan.starts}: quarters end with 2199."
        yield field("starts").error("starts", what, "Choose an earlier day.")
    if not plan.components:
        change = "Add one, or leave what others calculate to `elsewhere` and drop the plan."
        yield field("components").error("no-component", "A plan needs at least one component.", change)
    yield from _repeated_ids(plan)
    for place, component in components(plan):
        yield from _component_problems(place, component)
    for kind, counted in plan.absences:
        if counted > _WHOLE:
            what = "An absent day cannot count for more than a day."
            yield field(f"absences.{kind}").error("absences", what, "Write 100% or less.")
    yield from _rule_problems(plan)
    for place, reading in readings(plan):
        yield from _reading_problems(place, reading)
    for place, _, curve, _ in curves(plan):
        yield from _curve_problems(place, curve)


def _repeated_ids(plan: Plan) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, component in components(plan):
        if component.id in seen or component.id == TOTAL:
            what = f"A component cannot be called {component.id!r}: the name is taken."
            yield place.at("id").error("component-id", what, "Give it an id of its own.")
        seen.add(component.id)


def _component_problems(place: Place, component: Component) -> Iterator[Finding]:
    if not component.measures:
        change = "Add the metric that earns it, or remove the component."
        yield place.at("measures").error("no-measure", "A component needs at least one measure.", change)
        return
    weights = sum((measure.weight for measure in component.measures), Fraction(0))
    yield from _whole(place.at("measures"), f"Weights of {component.name}", weights, "measure's weight")


def _rule_problems(plan: Plan) -> Iterator[Finding]:
    targets = {TOTAL, *(component.id for component in plan.components)}
    rules: list[tuple[Place, Gate | Modifier]] = [*gates(plan), *modifiers(plan)]
    for place, rule in rules:
        if rule.on not in targets:
            what = f"`on` names {rule.on!r}, which is neither a component of the plan nor `total`."
            yield place.error("rule-target", what, f"Name one of {', '.join(sorted(targets))}.")
        if isinstance(rule, Gate) and rule.at_least is None and rule.at_most is None:
            what = "A gate needs `at_least` or `at_most`."
            yield place.error("gate-without-limit", what, "State the score that it asks for.")


def _curve_problems(place: Place, curve: Curve) -> Iterator[Finding]:
    xs = [x for x, _ in curve.points]
    points = place.at("points")
    if len(set(xs)) < len(xs):
        yield points.error("points-order", *_shared_x(curve))
    elif xs not in (sorted(xs), sorted(xs, reverse=True)):
        what = "The points are out of order: each x must lie beyond the one before it."
        yield points.error("points-order", what, f"Write them as {', '.join(shown(x) for x in sorted(xs))}.")
    if any(attainment < 0 for _, attainment in curve.points):
        yield points.error("negative", "Attainment cannot fall below 0%.", "Write 0% or more.")
    if curve.extends and (len(xs) < 2 or curve.shape is Shape.STEP):  # noqa: PLR2004 - a slope needs two points
        what = "`above: extend` needs a line through at least two points."
        yield place.at("above").error("extend", what, "Add a point, or leave `above` out.")


def _shared_x(curve: Curve) -> tuple[str, str]:
    """What to say of two points at one x: steps that overlap there, as bands that both contain their border do."""
    xs = [x for x, _ in curve.points]
    shared = next(x for place, x in enumerate(xs) if x in xs[:place])
    heights = [percent_text(height) for x, height in curve.points if x == shared]
    what = f"The points are out of order: {shown(shared)} stands there {len(heights)} times, so that steps overlap:"
    return (
        f"{what} a score of {shown(shared)} would pay {' and '.join(heights)}.",
        "Keep one of them, and start the next step where its scores begin.",
    )


def _reading_problems(place: Place, reading: Reading) -> Iterator[Finding]:
    if not reading.touchpoints:
        return
    inner = place.at("touchpoints")
    shares = sum((share for _, share in reading.touchpoints), Fraction(0))
    yield from _whole(inner, "Touchpoint shares", shares, "touchpoint's share")
    if any(share == 0 for _, share in reading.touchpoints):
        what = "A touchpoint needs a share above 0%; leave it out instead."
        yield inner.error("zero-weight", what, "A touchpoint that is left out does not count.")


def _whole(place: Place, what: str, total: Fraction, part: str) -> Iterator[Finding]:
    """By how much parts miss 100 %, and what to do about it."""
    if total == _WHOLE:
        return
    gap = _WHOLE - total
    left = f"{percent_text(gap)} is left" if gap > 0 else f"{percent_text(-gap)} is too much"
    change = f"Raise a {part} by {percent_text(gap)}." if gap > 0 else f"Lower a {part} by {percent_text(-gap)}."
    yield place.error("totals", f"{what} make {percent_text(total)}, not 100%: {left}.", change)
