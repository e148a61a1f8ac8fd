"""What chance does to pay: how sure the scores are on which a plan pays each unit, and what a calmer rule would change.

Floating point is at home here: these figures inform those who decide on a plan, and never reach a payout.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from comp.curves import Axis, Curve, Shape, from_target
from comp.lint_grounds import Basis, Grounds, is_answered
from comp.plan import Component, Measure
from comp.plan_places import measures
from comp.sampling import Scatter, answers_needed, margin, moved_to, scatter, score_chances
from comp.scores import OWN, ROLLING_4, Metric

_FULL = Fraction(1)
_EDGES = 0.025, 0.975
_SAFE = 1e-7
NEAR, NEARER = 10, 5
"""How close to the truth one may want a score to be, in points."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What chance makes of the pay of a unit about which nothing changes; attainments are ratios.

    Between `low` and `high` lie 19 of 20 quarters; `nothing` is the share of quarters that pay 0.
    """

    mean: float
    low: float
    high: float
    deviation: float
    nothing: float


@dataclass(frozen=True, slots=True)
class UnitGuidance:
    """How sure one unit's score is, and what that does to its pay.

    `usual` is the median of its answers in the last eight quarters, `margin` how far the score of so many strays from
    the truth in 19 of 20 quarters; None without answers. `basis` is what the plan's rules make the score rest on and
    `spread` the pay of a unit that is truly at `truth`, where the curve pays 100 %; None where it would be held.
    """

    unit: str
    name: str
    people: int
    usual: int
    margin: float | None
    basis: Basis | None
    truth: float | None
    spread: Spread | None
    needed: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to pay for the same score, and what chance makes of it."""

    kind: str
    answers: int
    spread: Spread


@dataclass(frozen=True, slots=True)
class MeasureGuidance:
    """A measure that rests on customers' answers: its units, the least sure first, and three ways to pay one of them.

    `units` are at most as many as were asked for, of `count`.
    """

    path: str
    component: str
    metric: Metric
    min_answers: int
    units: tuple[UnitGuidance, ...]
    count: int
    shown: UnitGuidance | None
    variants: tuple[Variant, ...]


def guide(grounds: Grounds, most: int, unit: str = "") -> tuple[MeasureGuidance, ...]:
    """What to know of each measure that customers decide; `unit`, or else the least sure one, is looked at closely."""
    return tuple(
        _measure(_Guide(grounds, measure), place.path, component, most, unit)
        for place, component, measure in measures(grounds.plan)
        if is_answered(grounds.metrics.get(measure.reading.metric))
    )


def _measure(guide: "_Guide", path: str, component: Component, most: int, unit: str) -> MeasureGuidance:
    places = guide.grounds.places(guide.measure.reading)
    order = sorted(places, key=lambda place: (-guide.unsureness(place), place))
    units = tuple(guide.unit(place, places[place]) for place in order[:most])
    asked = guide.unit(unit, places[unit]) if unit in places else None
    looked_at = asked or next((each for each in units if each.spread), None)
    minimum = guide.measure.reading.min_answers
    variants = guide.variants(looked_at) if looked_at and looked_at.spread else ()
    return MeasureGuidance(path, component.name, guide.metric, minimum, units, len(places), looked_at, variants)


class _Guide:
    """The working for one measure."""

    def __init__(self, grounds: Grounds, measure: Measure) -> None:
        self.grounds = grounds
        self.measure = measure
        self.metric = grounds.metrics[measure.reading.metric]
        self._targets = grounds.targets_of(max(grounds.first_quarter, grounds.latest))

    def unsureness(self, place: str) -> float:
        """How far a score may stray; most of all where there are no answers."""
        reach = self._margin(place)
        return math.inf if reach is None else reach

    def unit(self, place: str, people: int) -> UnitGuidance:
        """Everything about one unit."""
        reading = self.measure.reading
        known = self._known(place)
        basis = self.grounds.basis(reading, place)
        target = self._target(place)
        truth = None if target is None else full_at(self.measure.curve, self.metric, target)
        return UnitGuidance(
            place,
            self.grounds.organisation.name(place),
            people,
            self.grounds.usual(reading, place),
            self._margin(place),
            basis,
            None if truth is None else float(truth),
            self._spread(place, self.measure.curve, basis.answers) if basis else None,
            (answers_needed(known, NEAR), answers_needed(known, NEARER)) if known else None,
        )

    def variants(self, unit: UnitGuidance) -> tuple[Variant, ...]:
        """All or nothing at the target, a line, and the line on four quarters' answers, for the same unit."""
        target = self._target(unit.unit)
        if target is None or unit.truth is None or not unit.usual:
            return ()
        line, edge = _line(self.measure.curve, self.metric, target), _edge(self.measure.curve, self.metric, target)
        tried = (("cliff", edge, unit.usual), ("linear", line, unit.usual), ("rolling", line, 4 * unit.usual))
        spreads = ((kind, answers, self._spread(unit.unit, curve, answers)) for kind, curve, answers in tried)
        return tuple(Variant(kind, answers, spread) for kind, answers, spread in spreads if spread)

    def _spread(self, place: str, curve: Curve, answers: int) -> Spread | None:
        known, target = self._known(place), self._target(place)
        if known is None or target is None:
            return None
        truth = full_at(self.measure.curve, self.metric, target)
        chances = score_chances(moved_to(self.metric, known, float(truth)), answers)
        return spread(self._pay(curve, target), chances)

    def _pay(self, curve: Curve, target: Fraction) -> Callable[[float], float]:
        """What a score pays, once it is published."""
        scale = 10**self.metric.decimals
        paid: dict[int, float] = {}

        def pay(score: float) -> float:
            steps = math.floor(abs(score) * scale + 0.5 + _SAFE) * (-1 if score < 0 else 1)
            if steps not in paid:
                x = _on_axis(curve.axis, Fraction(steps, scale), target)
                paid[steps] = float(curve.attainment(x, self.metric.better))
            return paid[steps]

        return pay

    def _target(self, place: str) -> Fraction | None:
        """The target where the curve is read from it, 0 where it is not; None where there is none to read it from."""
        axis = self.measure.curve.axis
        if axis is Axis.SCORE:
            return Fraction(0)
        target = self._targets.find(self.metric.id, place)
        usable = target is not None and (axis is Axis.POINTS_FROM_TARGET or target > 0)
        return target if usable else None

    def _known(self, place: str) -> Scatter | None:
        """How answers scatter: as the unit's own do, or as those of the nearest unit above that has some."""
        for above in self.grounds.organisation.way_up(place):
            answers = self.grounds.answered(self.metric.id, above)
            if answers.answers:
                return scatter(self.metric, answers)
        return None

    def _margin(self, place: str) -> float | None:
        usual, known = self.grounds.usual(self.measure.reading, place), self._known(place)
        return margin(known, usual) if known and usual else None


def spread(pay: Callable[[float], float], chances: Iterable[tuple[float, float]]) -> Spread:
    """What the possible scores pay, weighed by their chances."""
    paid = sorted((pay(score), chance) for score, chance in chances)
    whole = sum(chance for _, chance in paid)
    mean = sum(height * chance for height, chance in paid) / whole
    variance = sum((height - mean) ** 2 * chance for height, chance in paid) / whole
    low, high = (_quantile(paid, edge * whole) for edge in _EDGES)
    nothing = sum(chance for height, chance in paid if not height) / whole
    return Spread(mean, low, high, math.sqrt(variance), nothing)


def _quantile(paid: list[tuple[float, float]], reach: float) -> float:
    passed = 0.0
    for height, chance in paid:
        passed += chance
        if passed >= reach:
            return height
    return paid[-1][0]


def full_at(curve: Curve, metric: Metric, target: Fraction) -> Fraction:
    """The score at which a curve comes to pay 100 %; its best point's where it never does."""
    points = curve.from_worst(metric.better)
    if points[0][1] >= _FULL:
        return _as_score(curve.axis, points[0][0], target)
    for (x0, y0), (x1, y1) in pairwise(points):
        if y1 >= _FULL:
            on_way = _FULL if curve.shape is Shape.STEP else (_FULL - y0) / (y1 - y0)
            return _as_score(curve.axis, x0 + (x1 - x0) * on_way, target)
    return _as_score(curve.axis, points[-1][0], target)


def _edge(curve: Curve, metric: Metric, target: Fraction) -> Curve:
    """All or nothing at the score at which the curve pays 100 %."""
    at = _on_axis(curve.axis, full_at(curve, metric, target), target)
    return Curve(((at, _FULL),), Shape.STEP, curve.axis)


def _line(curve: Curve, metric: Metric, target: Fraction) -> Curve:
    """The curve as a line through its points; through one point, a line over a fifth of the scale around it."""
    if len(curve.points) > 1:
        return Curve(curve.points, Shape.LINEAR, curve.axis, curve.below, curve.extends)
    low, high = metric.limits() or (Fraction(0), Fraction(100))
    middle, reach = full_at(curve, metric, target), (high - low) / 10
    worse = reach if metric.better == "lower" else -reach
    ends = ((middle + worse, Fraction(0)), (middle - worse, 2 * _FULL))
    return Curve(tuple((_on_axis(curve.axis, x, target), height) for x, height in ends), axis=curve.axis)


def _on_axis(axis: Axis, score: Fraction, target: Fraction) -> Fraction:
    return score if axis is Axis.SCORE else from_target(axis, score, target)


def _as_score(axis: Axis, x: Fraction, target: Fraction) -> Fraction:
    return x * target / 100 if axis is Axis.PERCENT_OF_TARGET else x + target


def basis_words(basis: Basis | None) -> str:
    """What a unit is paid on, as people say it."""
    if basis is None:
        return "no score of its own"
    known = {OWN: "its own answers of the quarter", ROLLING_4: "its last four quarters"}
    return known.get(basis.word, f"{basis.place}, above it")
