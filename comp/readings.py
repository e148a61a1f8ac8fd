"""Which score a plan reads for a unit: its own, its last four quarters', a parent's or a stated one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from comp.facts import Facts
from comp.figures import counted
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import PARENT, PERSON, TOP, UNIT, Fallback, Reading
from comp.pools import EMPTY, Pool, Pools
from comp.scores import (
    NO_ANSWERS,
    OWN,
    PERSONAL,
    ROLLING_4,
    STATED,
    Metric,
    Sample,
    Score,
    Statistic,
    Stratum,
    weighted_score,
)

_WITHOUT_SCORE = {Fallback.RENORMALISE, Fallback.NEUTRAL, Fallback.ZERO}


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no usable score, and what would help, as a sentence."""

    why: str


Found = Score | Fallback | Missing
"""What a reading comes to: a score, one of renormalise, neutral and zero, or nothing."""


class Reader(Protocol):
    """Where attainment takes its scores from."""

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics by id."""

    def place(self, measured_at: str, unit: str) -> str:
        """The unit where a reading is measured."""

    def find(self, reading: Reading, unit: str) -> Found:
        """The score of a unit, or what the plan does without one."""

    def personal(self, reading: Reading, employee: str) -> Found:
        """A person's own stated result, or what the plan does without it."""


class Readings:
    """The scores of one quarter, found as plans ask for them."""

    def __init__(self, facts: Facts, organisation: Organisation, pools: Pools | None = None) -> None:
        """Index the facts; nothing is computed before it is asked for. `pools` stand in for the facts' results."""
        self._quarter = facts.quarter
        self._organisation = organisation
        self.pools = pools or Pools(facts.results, organisation)
        self.metrics = {metric.id: metric for metric in facts.metrics}
        self._personal: dict[tuple[str, str], list[Fraction]] = {}
        for person in facts.people:
            for result in person.results:
                if result.quarter == facts.quarter:
                    self._personal.setdefault((person.employee, result.metric), []).append(result.value)
        self._found: dict[tuple[str, int], tuple[Reading, Found]] = {}
        """By unit and by the identity of a reading, kept beside what was found: hashing it would take longer."""

    @property
    def has_any(self) -> bool:
        """Whether the quarter has a result of any kind."""
        return bool(self._personal) or self._quarter in self.pools.quarters()

    def place(self, measured_at: str, unit: str) -> str:
        """The unit where a reading is measured, for people of `unit`. The top is its own parent."""
        if measured_at in {UNIT, PERSON}:
            return unit
        if measured_at == PARENT:
            return self._organisation.parent(unit)
        return self._organisation.top(unit) if measured_at == TOP else measured_at

    def personal(self, reading: Reading, employee: str) -> Found:
        """A person's own stated result, or what the plan does without it."""
        metric = self.metrics.get(reading.metric)
        if metric is None:
            return _unknown_metric(reading.metric)
        values = self._personal.get((employee, metric.id), [])
        if len(values) > 1:
            return Missing(f"{employee} has {len(values)} results of {metric.id} in {self._quarter}. Keep one.")
        if values:
            return Score(metric.id, employee, PERSONAL, values[0], metric.published(values[0]))
        for fallback in reading.too_few:
            if fallback in _WITHOUT_SCORE:
                return fallback
            if fallback is Fallback.HOLD:
                break
        return Missing(
            f"No personal score of {metric.id} for {employee} in {self._quarter}. "
            "Import the result, or choose another fallback in the plan."
        )

    def find(self, reading: Reading, unit: str) -> Found:
        """The score of `unit` under a plan's rules for too few answers, or what the plan does without one."""
        key = (unit, id(reading))
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = (reading, self._find(reading, unit))
        return known[1]

    def score(self, metric: Metric, unit: str) -> Score | None:
        """The unit's score as it stands, however few the answers; None without any, or where data contradicts itself.

        A unit without data of its own has what the nearest unit above states without a count.
        """
        place = self._source(metric, unit)
        if place is None or self.pools.contradiction(metric.id, place, self._quarter):
            return None
        stated = self.pools.stated(metric.id, place, self._quarter)
        if stated is not None:
            return Score(metric.id, place, STATED, stated, metric.published(stated))
        return _pooled_score(metric, unit, self.pools.pool(metric.id, unit, self._quarter), OWN)

    def _source(self, metric: Metric, unit: str) -> str | None:
        """The unit whose data a score rests on: itself where it has any, else the nearest above that states a value."""
        pools, quarter = self.pools, self._quarter
        if pools.pool(metric.id, unit, quarter).answers:
            return unit
        way = self._organisation.way_up(unit)
        return next((place for place in way if pools.stated(metric.id, place, quarter) is not None), None)

    def _find(self, reading: Reading, unit: str) -> Found:
        metric = self.metrics.get(reading.metric)
        if metric is None:
            return _unknown_metric(reading.metric)
        if unit not in self._organisation:
            return Missing(f"The plan measures {metric.id} at {unit}, which is not a unit: no score to pay on.")
        if why := self.pools.contradiction(metric.id, self._source(metric, unit) or unit, self._quarter):
            return Missing(why)
        here = self._read(reading, metric, unit)
        if here and _is_enough(here, reading):
            return here
        return self._fall_back(reading, metric, unit, here)

    def _fall_back(self, reading: Reading, metric: Metric, unit: str, here: Score | None) -> Found:
        tried = [f"{_has(here, reading)} in {self._quarter} where the plan needs {reading.min_answers}"]
        for fallback in reading.too_few:
            if fallback in _WITHOUT_SCORE:
                return fallback
            if fallback is Fallback.HOLD:
                break
            if fallback is Fallback.ROLLING_4:
                score, outcome = self._last_four(reading, metric, unit)
                tried.append(outcome)
                if score and _is_enough(score, reading):
                    return score
            if fallback is Fallback.PARENT:
                for above in self._organisation.way_up(unit)[1:]:
                    score = self._read(reading, metric, above)
                    tried.append(f"{above} above has {_has(score, reading)}")
                    if score and _is_enough(score, reading):
                        return replace(score, basis=f"parent {above}")
        return Missing(_shortage(metric, unit, tried))

    def _read(self, reading: Reading, metric: Metric, unit: str) -> Score | None:
        score = self.score(metric, unit)
        if not reading.touchpoints or score is None or score.sample is None:
            return score
        return self._weighted(reading, metric, unit, (self._quarter,))

    def _last_four(self, reading: Reading, metric: Metric, unit: str) -> tuple[Score | None, str]:
        """The score of the unit's own answers of the last four quarters together, and what they have, in words."""
        quarters = self._quarter.last_four()
        contradictions = [self.pools.contradiction(metric.id, unit, quarter) for quarter in quarters]
        if any(contradictions):
            return None, "; ".join(why.removesuffix(".") for why in contradictions if why)
        score = self._rolled(reading, metric, unit, quarters)
        return score, f"the last four quarters have {_has(score, reading)}"

    def _rolled(self, reading: Reading, metric: Metric, unit: str, quarters: tuple[Quarter, ...]) -> Score | None:
        if reading.touchpoints:
            score = self._weighted(reading, metric, unit, quarters)
            return replace(score, basis=ROLLING_4) if score else None
        pool = EMPTY
        for quarter in quarters:
            pool = pool.add(self.pools.pool(metric.id, unit, quarter))
        return _pooled_score(metric, unit, pool, ROLLING_4) if pool.answers else None

    def _weighted(self, reading: Reading, metric: Metric, unit: str, quarters: tuple[Quarter, ...]) -> Score | None:
        """The score with touchpoints at the plan's shares; None where one of them has no answer at all."""
        strata = tuple(
            Stratum(touchpoint, share, self._touchpoint(metric, unit, quarters, touchpoint))
            for touchpoint, share in reading.touchpoints
        )
        if any(not stratum.sample.answers for stratum in strata):
            return None
        exact = weighted_score(strata)
        pooled = NO_ANSWERS
        for stratum in strata:
            pooled = pooled.pool(stratum.sample)
        return Score(metric.id, unit, OWN, exact, metric.published(exact), pooled.answers, pooled, strata)

    def _touchpoint(self, metric: Metric, unit: str, quarters: tuple[Quarter, ...], touchpoint: str) -> Sample:
        pooled = NO_ANSWERS
        for quarter in quarters:
            pooled = pooled.pool(self.pools.pool(metric.id, unit, quarter, touchpoint).sample)
        return pooled


def _pooled_score(metric: Metric, unit: str, pool: Pool, basis: str) -> Score:
    """The score of a pool. It has a sample, and so an interval, only where every answer in it is known."""
    known = None if pool.stated_answers else pool.sample
    basis = STATED if basis == OWN and not pool.sample.answers else basis
    return Score(metric.id, unit, basis, pool.score, metric.published(pool.score), pool.answers, known)


def _is_enough(score: Score, reading: Reading) -> bool:
    """Stated values are enough by being there; answers must be as many as the plan needs."""
    answers = score.effective if score.strata else score.answers
    return score.basis == STATED or (answers or 0) >= reading.min_answers


def _has(score: Score | None, reading: Reading) -> str:
    if score is None:
        return "not one answer at each weighted touchpoint" if reading.touchpoints else "no answers"
    given = counted(score.answers or 0, "answer")
    return f"{given} (worth {counted(score.effective or 0, 'answer')} once weighted)" if score.strata else given


def _unknown_metric(metric: str) -> Missing:
    return Missing(f"{metric} is not a known metric: no score to pay on. Import its definition.")


def _shortage(metric: Metric, unit: str, tried: list[str]) -> str:
    is_stated = metric.statistic is Statistic.VALUE
    reasons = "no value is stated for it or a unit above it" if is_stated else "; ".join(tried)
    return (
        f"No usable score of {metric.id} for {unit}: {reasons}. "
        "Import more results, or choose another fallback in the plan."
    )
