"""Checks for cliffs: one answer more or less decides over a share of the target, and chance carries units over it."""

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from comp.curves import Axis, Curve, Shape
from comp.figures import counted, percent, shown
from comp.findings import Finding, Odds
from comp.lint_curves import reachable
from comp.lint_grounds import Basis, Grounds, is_answered
from comp.plan import Gate, Reading
from comp.plan_places import Place, curves, gates, share_of
from comp.sampling import chance_of_reaching, scatter
from comp.scores import NO_ANSWERS, OWN, ROLLING_4, Metric

_ALL = Fraction(1)
_RARE = 0.05


Edge = tuple[Fraction, bool]
"""A place on an axis, and whether its better side lies below it."""


class Jump(NamedTuple):
    """Where attainment jumps, from what to what, and the share of the target that hangs on it."""

    x: Fraction
    low: Fraction
    high: Fraction
    worth: Fraction


def cliffs(grounds: Grounds) -> Iterator[Finding]:
    """Jumps of curves and gates above the company's share of target, each with the odds of its units."""
    for place, reading, curve, share in curves(grounds.plan):
        metric = grounds.metrics.get(reading.metric)
        if metric is None:
            continue
        ends = reachable(grounds, reading, curve)
        worst = ends and ends[metric.better == "lower"]
        steep = [each for each in jumps(curve, metric.better, share) if each.worth >= grounds.facts.cliff]
        steep = [each for each in steep if each.x != worst]
        if steep:
            yield _on_curve(grounds, place, reading, curve, steep)
    for place, gate in gates(grounds.plan):
        lost = share_of(grounds.plan, gate.on) * max(Fraction(0), _ALL - gate.cap)
        if lost >= grounds.facts.cliff and gate.reading.metric in grounds.metrics:
            yield _on_gate(grounds, place, gate, lost)


def jumps(curve: Curve, better: str, share: Fraction) -> list[Jump]:
    """The places where a curve jumps, from its worse end: its beginning, and each step."""
    points = curve.from_worst(better)
    steps = [(points[0][0], curve.below, points[0][1])]
    if curve.shape is Shape.STEP:
        steps += [(x, before, after) for (_, before), (x, after) in pairwise(points)]
    return [Jump(x, low, high, abs(high - low) * share) for x, low, high in steps if low != high]


def _on_curve(grounds: Grounds, place: Place, reading: Reading, curve: Curve, steep: list[Jump]) -> Finding:
    metric = grounds.metrics[reading.metric]
    edges = [(jump.x, metric.better == "lower") for jump in steep]
    told = " ".join(_jump_words(jump, curve.axis) for jump in steep)
    change = (
        "Begin the line at 0\u202f% (`shape: linear`), or spread the jump over a range that units need a year to cross."
    )
    return _finding(grounds, place, reading, told, change, _odds(grounds, reading, curve.axis, edges))


def _on_gate(grounds: Grounds, place: Place, gate: Gate, lost: Fraction) -> Finding:
    edges = [(gate.at_least, False)] if gate.at_least is not None else []
    edges += [(gate.at_most, True)] if gate.at_most is not None else []
    at = " and ".join(shown(limit) for limit, _ in edges)
    told = f"At {at} the gate caps {gate.on} at {percent(gate.cap)}: a cliff of {percent(lost)} of the target."
    change = "Cap less hard (`otherwise.cap`), or let a modifier with a sloping line do the same without the edge."
    return _finding(grounds, place, gate.reading, told, change, _odds(grounds, gate.reading, Axis.SCORE, edges))


def _finding(grounds: Grounds, place: Place, reading: Reading, told: str, change: str, odds: Iterable[Odds]) -> Finding:
    if not is_answered(grounds.metrics[reading.metric]):
        stated = f"{reading.metric} is stated, not asked: whoever states it decides on which side it falls."
        return place.warning("cliff", f"{told} {stated}", change)
    near = sorted((each for each in odds if each.luck >= _RARE), key=lambda each: (-each.luck, each.unit))
    return place.warning("cliff", f"{told} {_odds_words(near)}", change, tuple(near))


def _jump_words(jump: Jump, axis: Axis) -> str:
    at = {
        Axis.SCORE: "{}",
        Axis.POINTS_FROM_TARGET: "{} points from target",
        Axis.PERCENT_OF_TARGET: "{}\u202f% of target",
    }
    where = at[axis].format(shown(jump.x))
    heights = f"from {percent(jump.low)} to {percent(jump.high)}"
    return f"At {where} attainment jumps {heights}: a cliff of {percent(jump.worth)} of the target."


def _odds_words(near: list[Odds]) -> str:
    if not near:
        return "No unit stands so near to it today that luck alone would carry it over."
    worst = near[0]
    side, outcome = ("past", "miss it by bad luck") if worst.stands_above else ("short of", "be paid by luck alone")
    told = (
        f"{worst.unit} ({worst.basis}, usually {worst.answers:,}) stands {abs(worst.score - worst.cliff):.1f} points "
        f"{side} it and would {outcome} in about {100 * worst.luck:.0f}\u202f% of quarters."
    )
    more = len({each.unit for each in near}) - 1
    return f"{told} {counted(more, 'more unit')} may cross it by luck." if more else told


def _odds(grounds: Grounds, reading: Reading, axis: Axis, edges: list[Edge]) -> Iterator[Odds]:
    """The odds of every place where the plan measures, by the answers that its score usually rests on."""
    metric = grounds.metrics[reading.metric]
    targets = grounds.targets_of(max(grounds.first_quarter, grounds.latest))
    for unit in grounds.places(reading):
        basis = grounds.basis(reading, unit)
        target = Fraction(0) if axis is Axis.SCORE else targets.find(reading.metric, unit)
        answers = grounds.answered(reading.metric, basis.place) if basis else NO_ANSWERS
        if basis is None or target is None or not answers.answers:
            continue
        known = scatter(metric, answers)
        for x, downward in edges:
            cliff = float(_published_at(metric, _score_at(axis, x, target), downward=downward))
            chance = chance_of_reaching(metric, known, basis.answers, cliff, downward=downward)
            stands_above = chance >= 0.5  # noqa: PLR2004 - the likelier side
            yield Odds(unit, basis.answers, _basis_words(basis), known.mean, cliff, chance, stands_above)


def _basis_words(basis: Basis) -> str:
    words = {OWN: "answers of a quarter", ROLLING_4: "answers of the last four quarters"}
    return words.get(basis.word, f"answers of {basis.place}")


def _score_at(axis: Axis, x: Fraction, target: Fraction) -> Fraction:
    """The score at a place on an axis, for a unit with this target."""
    return x * target / 100 if axis is Axis.PERCENT_OF_TARGET else x + target


def _published_at(metric: Metric, score: Fraction, *, downward: bool) -> Fraction:
    """The nearest score with the published decimals that is on the better side: people are paid on what they see."""
    scale = 10**metric.decimals
    return Fraction(math.floor(score * scale) if downward else math.ceil(score * scale), scale)
