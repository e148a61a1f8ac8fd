"""Checks of curves by themselves: where they fall, where they pay nothing, and what no score reaches."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from comp.curves import Axis, Curve, Point, Shape
from comp.figures import percent, shown
from comp.findings import Finding
from comp.lint_grounds import Grounds
from comp.plan import Reading
from comp.plan_places import Place, components, curves, measures

_AXIS = {
    Axis.SCORE: "{}",
    Axis.POINTS_FROM_TARGET: "{} points from target",
    Axis.PERCENT_OF_TARGET: "{}\u202f% of target",
}


def falling(grounds: Grounds) -> Iterator[Finding]:
    """Curves along which a better score pays less."""
    for place, reading, curve, _ in curves(grounds.plan):
        metric = grounds.metrics.get(reading.metric)
        better = metric.better if metric else "higher"
        ordered = curve.from_worst(better)
        found = _first_fall(curve, ordered)
        if found:
            before, after = found
            yield _fall(place, curve, before, after, better, is_hole=_is_hole(curve, ordered, after))


def _first_fall(curve: Curve, ordered: tuple[Point, ...]) -> tuple[Point | None, Point] | None:
    if ordered[0][1] < curve.below:
        return None, ordered[0]
    return next(((one, other) for one, other in pairwise(ordered) if other[1] < one[1]), None)


def _is_hole(curve: Curve, ordered: tuple[Point, ...], after: Point) -> bool:
    """Whether a step that pays nothing lies between steps that pay."""
    better = ordered[ordered.index(after) + 1 :]
    return curve.shape is Shape.STEP and not after[1] and any(height for _, height in better)


def _fall(place: Place, curve: Curve, before: Point | None, after: Point, better: str, *, is_hole: bool) -> Finding:
    at = _AXIS[curve.axis].format(shown(after[0]))
    high = percent(before[1] if before else curve.below)
    words = "lower" if better == "lower" else "higher"
    if is_hole:
        what = f"The steps have a hole: from {at} on, nothing is paid, although worse and better scores pay."
        return place.warning("steps-hole", what, "Pay at least what the step before it pays, or remove the step.")
    from_where = f"at {_AXIS[curve.axis].format(shown(before[0]))}" if before else "below the first point"
    what = f"A better score pays less somewhere along the curve: {high} {from_where}, {percent(after[1])} at {at}."
    change = f"Let pay rise with a {words} score, or set the metric's `better` right."
    return place.warning("falling", what, change)


def beyond_scale(grounds: Grounds) -> Iterator[Finding]:
    """Points at scores that the metric cannot have."""
    for place, reading, curve, _ in curves(grounds.plan):
        limits = reachable(grounds, reading, curve)
        if limits is None:
            continue
        low, high = limits
        beyond = [shown(x) for x, _ in curve.points if not low <= x <= high]
        if beyond:
            places = " and ".join(_AXIS[curve.axis].format(x) for x in beyond)
            span = f"{shown(low)} to {shown(high)}"
            what = f"No score reaches {places}: {reading.metric} lies from {span} on this axis."
            change = "Move the points onto the scale, or choose the axis (`x`) that they are meant for."
            yield place.at("points").warning("beyond-scale", what, change)


def reachable(grounds: Grounds, reading: Reading, curve: Curve) -> tuple[Fraction, Fraction] | None:
    """The worst and the best place on a curve's axis that any score reaches; None where there is no telling."""
    metric = grounds.metrics.get(reading.metric)
    limits = metric.limits() if metric else None
    if limits is None:
        return None
    low, high = limits
    if curve.axis is Axis.SCORE:
        return limits
    if curve.axis is Axis.POINTS_FROM_TARGET:
        return low - high, high - low
    return None


def zero_weights(grounds: Grounds) -> Iterator[Finding]:
    """Parts of the plan that change nobody's pay."""
    for place, component in components(grounds.plan):
        if not component.share:
            what = f"{component.name} has a share of 0\u202f%: it changes nobody's pay."
            yield place.at("share").warning("zero-weight", what, "Give it a share, or remove it.")
    for place, _, measure in measures(grounds.plan):
        if not measure.weight:
            what = f"{measure.reading.metric} has a weight of 0\u202f%: it changes nobody's pay."
            yield place.at("weight").warning("zero-weight", what, "Give it a weight, or remove it.")
