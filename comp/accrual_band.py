"""How far a quarter's cost may lie from what is expected, because its scores come from answers.

The band is of the sums: every unit's answers are drawn again from those that came, all at once, many times; each
draw is paid by the plans, and of the sums 95 % lie from low to high. Units' customers answer independently of each
other; whoever is paid by several scores, or by those of a unit above, is paid by the same draw. Beside it stand the
extremes: all scores at the low, or the high, ends of their 95 % intervals at once, which hardly ever happens. Floating
point is at home here: a band informs people and never reaches a payout.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import NamedTuple, TypeVar

from comp.attainment import Attainments, Targets
from comp.calculate import uncollected
from comp.facts import Facts, Person
from comp.figures import fixed_text
from comp.funding import Pool
from comp.intervals import score_interval
from comp.organisation import Organisation
from comp.plan import Plan, Reading
from comp.readings import Found, Reader, Readings
from comp.results import Piece, Run
from comp.scores import Metric, Score
from comp.whatif_scores import FEW, MANY, SEED, drawn_again, quantile

_TAIL = 0.025
_MANY_UNITS = 1_000
Told = Callable[[int, int], object]
"""Hears how many draws are done, of how many; what it raises ends them."""


class Spot(NamedTuple):
    """Where something is paid: the currency, the cost centre and the unit."""

    currency: str
    cost_centre: str
    unit: str


Key = TypeVar("Key", str, Spot)


class Range(NamedTuple):
    """From low to high, in main units."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The bands by spot and by currency, the extremes by currency, and how often answers were drawn.

    `draws` is 0 where no score comes from answers: nothing of what is known could have been another way.
    """

    spots: Mapping[Spot, Range]
    currencies: Mapping[str, Range]
    extremes: Mapping[str, Range]
    draws: int


def spread(facts: Facts, run: Run, pools: Mapping[str, Pool], told: Told, seed: int = SEED) -> Spread:
    """The bands of what a run of these facts pays, at most what pools pay together. The same for one seed."""
    with uncollected():
        model = _Model(facts, run, pools)
        draws = model.draws
        drawn = []
        for number in range(draws):
            told(number, draws)
            chance = Random(f"{seed} {number}")  # noqa: S311 - the same answers for the same seed
            again = replace(facts, results=tuple(drawn_again(facts, chance, model.read)))
            drawn.append(model.paid(Readings(again, model.organisation)))
        sums = [_by_currency(each) for each in drawn]
        ends = [_by_currency(model.paid(AtEnd(model.readings, is_best=each))) for each in (False, True)]
        extremes = {each: Range(*sorted(end[each] for end in ends)) for each in ends[0]} if draws else {}
        return Spread(_ranges(drawn), _ranges(sums), extremes, draws)


class _Share(NamedTuple):
    """What people at a spot earn at 100 % under one attainment."""

    spot: Spot
    target: float


class _Model:
    """Everybody's targets summed once by attainment and spot, so that a draw is a multiplication for each."""

    def __init__(self, facts: Facts, run: Run, pools: Mapping[str, Pool]) -> None:
        self.organisation = Organisation(facts.units)
        self.readings = Readings(facts, self.organisation)
        self._targets = Targets(facts, self.organisation)
        self._pools = pools
        self._plans: dict[str, Plan] = {}
        self._totals: dict[tuple[str, str, str], float] = {}
        self._sums: dict[tuple[str, str, str], dict[Spot, float]] = {}
        for payout in run.payouts:
            for piece in payout.pieces:
                if not piece.stretch.forfeited:
                    self._add(payout.amount.currency, piece)
        self.read = {reading.metric for plan in self._plans.values() for reading in plan.readings()}
        answered = (each for each in facts.results if each.metric in self.read and each.sample)
        most = MANY if len(facts.units) <= _MANY_UNITS else FEW
        self.draws = most if any(each.sample and each.sample.answers for each in answered) else 0

    def _add(self, currency: str, piece: Piece) -> None:
        plan, attained = piece.stretch.plan, piece.stretch.attainment
        key = plan.version, attained.unit, attained.employee
        self._plans[plan.version] = plan
        self._totals[key] = float(attained.total)
        spots = self._sums.setdefault(key, {})
        spot = Spot(currency, piece.assignment.cost_centre, piece.assignment.unit)
        spots[spot] = spots.get(spot, 0.0) + float(piece.target)

    def paid(self, reader: Reader) -> dict[Spot, float]:
        """What each spot costs with a reader's scores, scaled to the pools. What a draw would hold is paid as it is."""
        attainments = Attainments(reader, self._targets)
        found: dict[Spot, float] = {}
        for key, spots in self._sums.items():
            version, unit, employee = key
            attained = attainments.of(self._plans[version], unit, Person(employee, "", ()))
            rate = self._totals[key] if attained.held else float(attained.total)
            for spot, target in spots.items():
                found[spot] = found.get(spot, 0.0) + target * rate
        return self._scaled(found)

    def _scaled(self, paid: dict[Spot, float]) -> dict[Spot, float]:
        """What the pools leave of it: together just what a pool pays; shared out as it was earned."""
        earned = _by_currency(paid)
        factors = {currency: _factor(pool, earned.get(currency, 0.0)) for currency, pool in self._pools.items()}
        return {spot: amount * factors.get(spot.currency, 1.0) for spot, amount in paid.items()}


def _factor(pool: Pool, earned: float) -> float:
    amount = float(pool.amount.amount)
    if not earned or (earned <= amount and not pool.scales_up):
        return 1.0
    return amount / earned


def _by_currency(paid: Mapping[Spot, float]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for spot, amount in paid.items():
        found.setdefault(spot.currency, []).append(amount)
    return {currency: math.fsum(amounts) for currency, amounts in found.items()}


def _ranges(drawn: Sequence[Mapping[Key, float]]) -> dict[Key, Range]:
    found: dict[Key, Range] = {}
    for key in drawn[0] if drawn else ():
        amounts = sorted(each[key] for each in drawn)
        found[key] = Range(quantile(amounts, _TAIL), quantile(amounts, 1 - _TAIL))
    return found


class AtEnd:
    """The scores of a quarter, each at the end of its 95 % interval that is worse, or better."""

    def __init__(self, readings: Reader, *, is_best: bool) -> None:
        """`readings` are left as they are."""
        self._readings = readings
        self._is_best = is_best

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics by id."""
        return self._readings.metrics

    def place(self, measured_at: str, unit: str) -> str:
        """The unit where a reading is measured."""
        return self._readings.place(measured_at, unit)

    def find(self, reading: Reading, unit: str) -> Found:
        """The score of a unit at its end."""
        return self._moved(self._readings.find(reading, unit))

    def personal(self, reading: Reading, employee: str) -> Found:
        """A person's own result, which is stated and stays."""
        return self._readings.personal(reading, employee)

    def _moved(self, found: Found) -> Found:
        if not isinstance(found, Score):
            return found
        metric = self.metrics[found.metric]
        ends = score_interval(metric, found)
        if ends is None:
            return found
        end = ends.high if self._is_best == (metric.better != "lower") else ends.low
        return replace(found, value=Fraction(fixed_text(Fraction(end), metric.decimals)))
