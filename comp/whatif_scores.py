"""What scores do to cost: one point more of a metric, and the band that the scores' own uncertainty leaves.

Floating point is at home where answers are drawn again: a band informs people and never reaches a payout.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from comp.calculate import uncollected
from comp.facts import Facts, Result
from comp.plan import Plan, Reading
from comp.readings import Found, Reader, Readings
from comp.scores import Metric, Sample, Score, Statistic
from comp.whatif import Snapshot
from comp.whatif_side import Amounts

_NOTHING = Fraction(0)
SEED = 20_260_401
MANY, FEW = 200, 60
"""How often the answers are drawn again; less often where there are many units, whose total varies little."""

_MANY_UNITS = 1_000
_TAIL = 0.025
_NEARLY_NORMAL = 25.0


class Better:
    """The scores of a quarter with one metric everywhere a point better, as far as its scale goes."""

    def __init__(self, readings: Reader, metric: str) -> None:
        """`readings` are left as they are."""
        self._readings = readings
        self._metric = readings.metrics.get(metric)

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics by id."""
        return self._readings.metrics

    def place(self, measured_at: str, unit: str) -> str:
        """The unit where a reading is measured."""
        return self._readings.place(measured_at, unit)

    def find(self, reading: Reading, unit: str) -> Found:
        """The score of a unit, a point better where it is of the metric."""
        return self._lifted(self._readings.find(reading, unit))

    def personal(self, reading: Reading, employee: str) -> Found:
        """A person's own stated result, a point better where it is of the metric."""
        return self._lifted(self._readings.personal(reading, employee))

    def _lifted(self, found: Found) -> Found:
        metric = self._metric
        if metric is None or not isinstance(found, Score) or found.metric != metric.id:
            return found
        value = found.value + (-1 if metric.better == "lower" else 1)
        if limits := metric.limits():
            value = min(max(value, limits[0]), limits[1])
        return replace(found, value=value)


def point_costs(snapshot: Snapshot, plan: Plan) -> dict[str, Amounts]:
    """What one point more of each metric of a plan costs, by metric and currency."""
    with uncollected():
        usual = snapshot.sides(plan)[1].costs
        metrics = sorted({reading.metric for reading in plan.readings()})
        better = ((metric, snapshot.sides(plan, Better(snapshot.readings, metric))[1].costs) for metric in metrics)
        return {
            metric: {currency: costs.get(currency, _NOTHING) - cost for currency, cost in usual.items()}
            for metric, costs in better
        }


@dataclass(frozen=True, slots=True)
class Band:
    """What a cost would have been had other customers of the same mind answered: 95 % lie from low to high."""

    currency: str
    low: float
    expected: float
    high: float


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of the plan in force and of the one on trial, and how often the answers were drawn again."""

    before: tuple[Band, ...]
    after: tuple[Band, ...]
    draws: int


def bands(snapshot: Snapshot, plan: Plan, seed: int = SEED) -> Bands:
    """Draw each unit's answers again and again from those that came, and see what it costs. The same for one seed."""
    with uncollected():
        draws = MANY if len(snapshot.organisation.units) <= _MANY_UNITS else FEW
        chances = (Random(f"{seed} {draw}") for draw in range(draws))  # noqa: S311 - the same answers for the same seed
        drawn = [_costs(snapshot, plan, chance) for chance in chances]
        sides = [[costs[place] for costs in drawn] for place in (0, 1)]
        before, after = (tuple(_bands(costs)) for costs in sides)
        return Bands(before, after, draws)


def _costs(snapshot: Snapshot, plan: Plan, chance: Random) -> tuple[Amounts, Amounts]:
    facts = snapshot.facts
    read = {reading.metric for each in (*facts.plans, plan) for reading in each.readings()}
    drawn = replace(facts, results=tuple(drawn_again(facts, chance, read)))
    before, after = snapshot.sides(plan, Readings(drawn, snapshot.organisation))
    return before.costs, after.costs


def _bands(costs: Sequence[Amounts]) -> Iterator[Band]:
    for currency in sorted({currency for each in costs for currency in each}):
        amounts = sorted(float(each.get(currency, _NOTHING)) for each in costs)
        expected = math.fsum(amounts) / len(amounts)
        yield Band(currency, quantile(amounts, _TAIL), expected, quantile(amounts, 1 - _TAIL))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value at a share of the way through, between neighbours in proportion."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    return ordered[below] + (ordered[math.ceil(place)] - ordered[below]) * (place - below)


def drawn_again(facts: Facts, chance: Random, read: Collection[str]) -> Iterator[Result]:
    """The results of a quarter with each tally of the metrics that are read drawn again.

    What is stated has no answers to draw from and stays.
    """
    metrics = {metric.id: metric for metric in facts.metrics if metric.id in read}
    for result in sorted(facts.results, key=_place):
        metric = metrics.get(result.metric)
        tally = result.sample
        redrawn = _redrawn(metric, tally, chance) if metric and tally and tally.answers else tally
        yield replace(result, sample=redrawn)


def _place(result: Result) -> tuple[object, ...]:
    return result.metric, result.unit, result.quarter, result.touchpoint, result.sample or Sample()


def _redrawn(metric: Metric, tally: Sample, chance: Random) -> Sample:
    if metric.statistic is Statistic.NPS:
        return _groups(tally, chance)
    if metric.statistic is Statistic.MEAN:
        return _mean(metric, tally, chance)
    hits = _binomial(tally.answers, tally.points / 100 / tally.answers, chance)
    return Sample(tally.answers, 100 * hits, 10_000 * hits)


def _groups(tally: Sample, chance: Random) -> Sample:
    count, (promoters, _, detractors) = tally.answers, tally.groups
    up = _binomial(count, promoters / count, chance)
    left = count - promoters
    down = _binomial(count - up, detractors / left, chance) if left else 0
    return Sample(count, 100 * (up - down), 10_000 * (up + down))


def _mean(metric: Metric, tally: Sample, chance: Random) -> Sample:
    """Of a mean only its variance is kept: the sum of so many answers is nearly normal."""
    count, points = tally.answers, tally.points
    spread = math.sqrt(max(0.0, tally.squares - points * points / count))
    total = math.floor(chance.gauss(points, spread) + 1 / 2)
    if limits := metric.limits():
        total = min(max(total, int(limits[0]) * count), int(limits[1]) * count)
    return Sample(count, total, tally.squares)


def _binomial(count: int, share: float, chance: Random) -> int:
    """How many of so many independent answers fall to a share; by a rounded normal where many fall to either side."""
    if share > 1 / 2:
        return count - _binomial(count, 1 - share, chance)
    if count * share * (1 - share) >= _NEARLY_NORMAL:
        drawn = chance.gauss(count * share, math.sqrt(count * share * (1 - share)))
        return min(count, max(0, math.floor(drawn + 1 / 2)))
    return _few(count, share, chance)


def _few(count: int, share: float, chance: Random) -> int:
    """The same by walking up the probabilities until a random one is reached."""
    hits, chance_of = 0, (1 - share) ** count
    left = chance.random() - chance_of
    while left >= 0 and hits < count:
        chance_of *= (count - hits) / (hits + 1) * share / (1 - share)
        hits += 1
        left -= chance_of
    return hits
