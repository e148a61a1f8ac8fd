"""What the checks of a plan stand on: whom it pays, and what customers said there in the last eight quarters."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median_low
from typing import NamedTuple

from comp.attainment import Targets
from comp.facts import Facts
from comp.lint_facts import LintFacts
from comp.organisation import Organisation
from comp.periods import Quarter, Span
from comp.plan import PERSON, Fallback, Plan, Reading
from comp.pools import EMPTY, Pool, Pools
from comp.readings import Found, Readings
from comp.scope import Clash, Scopes
from comp.scores import OWN, ROLLING_4, Metric, Sample, Score, Statistic, Stratum, effective_answers


class Basis(NamedTuple):
    """What a unit's score usually rests on: where, on how many answers, and by which fallback."""

    place: str
    answers: int
    word: str


class Overlap(NamedTuple):
    """Days and place at which two plans fit, and how many people would be held there."""

    days: Span
    clash: Clash
    people: int


class Grounds:
    """A plan in its company. Everything is worked out once, when it is first asked for."""

    def __init__(self, plan: Plan, facts: LintFacts) -> None:
        """Index the facts."""
        self.plan = plan
        self.facts = facts
        self.metrics = {metric.id: metric for metric in facts.metrics}
        self.organisation = Organisation(facts.units)
        self.pools = Pools(facts.results, self.organisation)
        self._others = [other for other in facts.published if other.version != plan.version]
        later = [other.starts for other in self._others if other.id == plan.id and other.starts > plan.starts]
        starts = [other.starts for other in self._others if other.starts > plan.starts]
        self.days = Span(plan.starts, min(later, default=max([plan.starts, *starts]) + timedelta(days=1)))
        self.scopes = Scopes([*self._others, plan], self.days, self.organisation)
        self.people: dict[str, int] = {}
        self.overlaps: list[Overlap] = []
        self._count_people()
        self._asked = {(result.metric, result.quarter) for result in facts.results}
        self._readings: dict[Quarter, Readings] = {}
        self._counts: dict[tuple[int, str], list[int]] = {}
        """By the identity of a reading of the plan, which is kept: hashing it would take longer."""
        self._pooled: dict[tuple[str, str], Sample] = {}

    def _count_people(self) -> None:
        """People by unit whom the plan pays from its first day on, and those whom it leaves held."""
        held: dict[tuple[Span, Clash], int] = {}
        for group in self.facts.people:
            if group.unit not in self.organisation:
                continue
            for span in self.scopes.spans:
                chosen = self.scopes.choose(span, group.unit, group.grade)
                if isinstance(chosen, Clash) and self.plan.version in chosen.plans:
                    held[span, chosen] = held.get((span, chosen), 0) + group.people
                elif chosen is self.plan and span.start == self.days.start:
                    self.people[group.unit] = self.people.get(group.unit, 0) + group.people
        self.overlaps = [Overlap(span, clash, people) for (span, clash), people in held.items()]

    def places(self, reading: Reading) -> dict[str, int]:
        """Where a reading is measured for the people whom the plan pays, with how many they are; none for persons."""
        found: dict[str, int] = {}
        if reading.measured_at == PERSON:
            return found
        for unit, people in self.people.items():
            place = self.readings_of(self.latest).place(reading.measured_at, unit)
            if place in self.organisation:
                found[place] = found.get(place, 0) + people
        return found

    @property
    def latest(self) -> Quarter:
        """The latest quarter that has results; the plan's first one where there is none."""
        return self.facts.quarters[-1] if self.facts.quarters else self.first_quarter

    @property
    def first_quarter(self) -> Quarter:
        """The quarter in which the plan starts."""
        return self.facts.calendar.quarter_of(self.plan.starts)

    def readings_of(self, quarter: Quarter) -> Readings:
        """The scores of a quarter as plans read them."""
        if quarter not in self._readings:
            self._readings[quarter] = Readings(self._facts_of(quarter), self.organisation, self.pools)
        return self._readings[quarter]

    def targets_of(self, quarter: Quarter) -> Targets:
        """What units aim at in a quarter."""
        return Targets(self._facts_of(quarter), self.organisation)

    def _facts_of(self, quarter: Quarter) -> Facts:
        facts = self.facts
        return Facts(quarter, facts.units, facts.metrics, (), (), (), facts.targets, facts.calendar)

    def quarters(self, metric: str) -> list[Quarter]:
        """Those of the last eight quarters in which anybody has results of a metric."""
        return [quarter for quarter in self.facts.quarters if (metric, quarter) in self._asked]

    def found(self, reading: Reading, place: str) -> Iterator[Found]:
        """What the reading came to in each of these quarters."""
        for quarter in self.quarters(reading.metric):
            yield self.readings_of(quarter).find(reading, place)

    def counts(self, reading: Reading, place: str) -> list[int]:
        """How many answers a unit, with all below it, had in each of these quarters.

        Where touchpoints are weighted: how many they are worth, as the plan's minimum counts them.
        """
        key = id(reading), place
        if key not in self._counts:
            self._counts[key] = [self._count(reading, place, quarter) for quarter in self.quarters(reading.metric)]
        return self._counts[key]

    def _count(self, reading: Reading, place: str, quarter: Quarter) -> int:
        if not reading.touchpoints:
            return self.pools.pool(reading.metric, place, quarter).answers
        strata = [
            Stratum(touchpoint, share, self.pools.pool(reading.metric, place, quarter, touchpoint).sample)
            for touchpoint, share in reading.touchpoints
        ]
        return int(effective_answers(strata)) if all(stratum.sample.answers for stratum in strata) else 0

    def answered(self, metric: str, place: str) -> Sample:
        """The answers of these quarters together, without those of which only the count is known."""
        key = metric, place
        if key not in self._pooled:
            pool: Pool = EMPTY
            for quarter in self.quarters(metric):
                pool = pool.add(self.pools.pool(metric, place, quarter))
            self._pooled[key] = pool.sample
        return self._pooled[key]

    def usual(self, reading: Reading, place: str) -> int:
        """The usual number of answers of a quarter: the median of the last eight."""
        return median_low(self.counts(reading, place) or [0])

    def basis(self, reading: Reading, place: str) -> Basis | None:
        """What the score usually rests on by the plan's rules; None where it rests on no answers."""
        usual = self.usual(reading, place)
        if usual and usual >= reading.min_answers:
            return Basis(place, usual, OWN)
        for fallback in reading.too_few:
            if fallback is Fallback.ROLLING_4 and 4 * usual >= max(1, reading.min_answers):
                return Basis(place, 4 * usual, ROLLING_4)
            if fallback is Fallback.PARENT:
                return self._above(reading, place)
            if fallback is not Fallback.ROLLING_4:
                return None
        return None

    def _above(self, reading: Reading, place: str) -> Basis | None:
        for above in self.organisation.way_up(place)[1:]:
            usual = self.usual(reading, above)
            if usual and usual >= reading.min_answers:
                return Basis(above, usual, f"parent {above}")
        return None


def is_answered(metric: Metric | None) -> bool:
    """Whether a metric is made of customers' answers."""
    return metric is not None and metric.statistic is not Statistic.VALUE


def is_own(found: Found) -> bool:
    """Whether a reading rests on the unit's own data."""
    return isinstance(found, Score) and not found.basis.startswith("parent ") and found.basis != ROLLING_4
