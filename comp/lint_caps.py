"""Checks of caps: whether any scores reach them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from comp.curves import Curve
from comp.figures import percent
from comp.findings import Finding
from comp.lint_curves import reachable
from comp.lint_grounds import Grounds
from comp.plan import TOTAL, Reading
from comp.plan_places import components, field

_CHANGE = "Lower the cap to it, raise the curves, or leave the cap out."


def unreachable_caps(grounds: Grounds) -> Iterator[Finding]:
    """Caps of components and of the plan that lie above everything that can be earned."""
    plan = grounds.plan
    best_of_all: Fraction | None = Fraction(0)
    for place, component in components(plan):
        earned = [(each.weight, _best(grounds, each.reading, each.curve)) for each in component.measures]
        best = _modified(grounds, _weighted(earned), component.id)
        if component.cap is not None and best is not None and best < component.cap:
            what = f"No score reaches the cap of {percent(component.cap)}: the curves end at {percent(best)}."
            yield place.at("cap").warning("cap-unreachable", what, _CHANGE)
        capped = best if component.cap is None else component.cap if best is None else min(best, component.cap)
        best_of_all = _weighted([(Fraction(1), best_of_all), (component.share, capped)])
    best_of_all = _modified(grounds, best_of_all, TOTAL)
    if plan.cap is not None and best_of_all is not None and best_of_all < plan.cap:
        what = f"No scores reach the cap of {percent(plan.cap)}: the components end at {percent(best_of_all)}."
        yield field("cap").warning("cap-unreachable", what, _CHANGE)


def _best(grounds: Grounds, reading: Reading, curve: Curve) -> Fraction | None:
    """The most that a curve can give for a score that there can be; None where it goes on without end."""
    metric = grounds.metrics.get(reading.metric)
    better = metric.better if metric else "higher"
    limits = reachable(grounds, reading, curve)
    if limits is None:
        return curve.best(better)
    low, high = limits
    xs = [low, high, *(x for x, _ in curve.points if low <= x <= high)]
    return max(curve.attainment(x, better) for x in xs)


def _weighted(parts: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    total = Fraction(0)
    for weight, best in parts:
        if best is None:
            return None
        total += weight * best
    return total


def _modified(grounds: Grounds, best: Fraction | None, on: str) -> Fraction | None:
    for modifier in (modifier for modifier in grounds.plan.modifiers if modifier.on == on):
        multiplier = _best(grounds, modifier.reading, modifier.curve)
        best = None if best is None or multiplier is None else best * multiplier
    return best
