"""What leaving answers out does to scores and to pay, worked out before anybody decides it. Nothing is stored."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from comp.calculate import calculate
from comp.facts import Facts, Person, Result
from comp.figures import MINUS, counted, fixed_text, grouped
from comp.intervals import Interval, score_interval
from comp.money import Money
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import PERSON
from comp.readings import Readings
from comp.results import Run
from comp.scores import NO_ANSWERS, Metric, Sample, Score, Statistic, sample


class Counted(NamedTuple):
    """What a tally counts: one answer to a question of a unit in a quarter at a touchpoint."""

    unit: str
    question: str
    quarter: Quarter
    touchpoint: str
    answer: int


Change = Mapping[Counted, int]
"""By how much each count changes: below 0 where answers are left out."""


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A metric's score of one unit with and without; None where there is none."""

    unit: str
    name: str
    metric: Metric
    before: Score | None
    after: Score | None

    @property
    def intervals(self) -> tuple[Interval | None, Interval | None]:
        """The 95 % interval of each."""
        pair = (score_interval(self.metric, each) if each else None for each in (self.before, self.after))
        return next(pair), next(pair)

    @property
    def change(self) -> Fraction | None:
        """By how much the published score changes; None where there is none on one side."""
        return self.after.value - self.before.value if self.before and self.after else None


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What one person is paid in one currency with and without; None where there is no payout, as for a hold."""

    employee: str
    name: str
    currency: str
    before: Money | None
    after: Money | None

    @property
    def change(self) -> Money:
        """By how much the payout changes."""
        ends = (each.minor if each else 0 for each in (self.before, self.after))
        return Money(-next(ends) + next(ends), self.currency)


@dataclass(frozen=True, slots=True)
class PayChange:
    """Everybody whose pay of a quarter changes, by employee."""

    quarter: Quarter
    people: tuple[PersonChange, ...]

    @property
    def employees(self) -> frozenset[str]:
        """Their numbers."""
        return frozenset(each.employee for each in self.people)

    @property
    def totals(self) -> dict[str, Money]:
        """By how much all payouts together change, by currency."""
        found: dict[str, int] = {}
        for each in self.people:
            found[each.currency] = found.get(each.currency, 0) + each.change.minor
        return {currency: Money(minor, currency) for currency, minor in sorted(found.items())}

    @property
    def largest(self) -> dict[str, PersonChange]:
        """The largest single change in each currency, of equal ones that of the first employee."""
        found: dict[str, PersonChange] = {}
        for each in self.people:
            known = found.get(each.currency)
            if known is None or abs(each.change.minor) > abs(known.change.minor):
                found[each.currency] = each
        return dict(sorted(found.items()))

    @property
    def held(self) -> int:
        """How many payouts there are no longer, because the person is held then."""
        return sum(each.after is None for each in self.people)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposal does: how many answers it is about, the scores with and without, and the pay of each quarter.

    `lines` name the answers as they are stored now, and `head` is the last entry of the audit chain when all was read.
    """

    answers: int
    responses: int
    lines: tuple[tuple[str, ...], ...]
    scores: tuple[ScoreChange, ...]
    pay: tuple[PayChange, ...]
    head: int

    @property
    def employees(self) -> frozenset[str]:
        """Everybody whose pay changes in any quarter."""
        return frozenset[str]().union(*(each.employees for each in self.pay))

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Everything that is shown, as pairs of what it is and what it says."""
        return tuple(_figures(self))

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what is shown, and of the answers that it is about."""
        return fingerprint(self.figures, self.lines)


def fingerprint(figures: Iterable[Sequence[str]], lines: Iterable[Sequence[str]]) -> str:
    """The SHA-256 of figures that were shown and of the answers behind them."""
    document = {"figures": [list(each) for each in figures], "answers": [list(each) for each in lines]}
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def differences(seen: Iterable[Sequence[str]], now: Iterable[Sequence[str]]) -> list[str]:
    """What differs between the figures that somebody saw and those of now, as sentences."""
    before, after = ({pair[0]: pair[1] for pair in each} for each in (seen, now))
    told = [
        f"{label}: {before.get(label, 'nothing')} when you looked, {after.get(label, 'nothing')} now."
        for label in dict.fromkeys((*before, *after))
        if before.get(label) != after.get(label)
    ]
    return told or ["One of the answers was restated by an import; the figures came out alike."]


def with_change(facts: Facts, change: Change) -> Facts:
    """The facts as they are once the tallies have changed."""
    wanted = _samples(facts.metrics, change)
    results: list[Result] = []
    for result in facts.results:
        key = (result.unit, result.quarter, result.metric, result.touchpoint)
        if result.sample is None or key not in wanted:
            results.append(result)
        elif (pooled := result.sample.pool(wanted.pop(key))) != NO_ANSWERS:
            results.append(replace(result, sample=pooled))
    new = (Result(*key[:3], each, touchpoint=key[3]) for key, each in wanted.items() if each != NO_ANSWERS)
    return replace(facts, results=(*results, *new))


_Key = tuple[str, Quarter, str, str]


def _samples(metrics: Iterable[Metric], change: Change) -> dict[_Key, Sample]:
    """By how much the sample of each metric changes, by unit, quarter, metric and touchpoint."""
    found: dict[_Key, Sample] = {}
    asked = [metric for metric in metrics if metric.question]
    for counted_, more in change.items():
        for metric in asked:
            if metric.question and metric.question.id == counted_.question:
                key = (counted_.unit, counted_.quarter, metric.id, counted_.touchpoint)
                found[key] = found.get(key, NO_ANSWERS).pool(sample(metric, {counted_.answer: more}))
    return found


def score_changes(before: Facts, after: Facts, change: Change) -> tuple[ScoreChange, ...]:
    """The scores of the facts' quarter that rest on the answers: of their units and of all units above, with both."""
    organisation = Organisation(before.units)
    here = [each for each in change if each.quarter == before.quarter and each.unit in organisation]
    units = dict.fromkeys(place for each in here for place in organisation.way_up(each.unit))
    questions = {each.question for each in here}
    readings = Readings(before, organisation), Readings(after, organisation)
    metrics = [metric for metric in before.metrics if metric.question and metric.question.id in questions]
    return tuple(
        ScoreChange(unit, organisation.name(unit), metric, *(each.score(metric, unit) for each in readings))
        for metric in sorted(metrics, key=lambda metric: (metric.statistic is not Statistic.NPS, metric.name))
        for unit in units
    )


def pay_change(before: Facts, after: Facts) -> PayChange:
    """Everybody whose pay differs between two states of a quarter that differ in scores alone, to the cent.

    Only those are calculated in whose units some reading of a plan in force finds another score.
    """
    touched = _touched_units(before, after)
    people = tuple(each for each in before.people if any(stay.unit in touched for stay in each.assignments))
    runs = (calculate(replace(facts, people=people)) for facts in (before, after))
    return PayChange(before.quarter, tuple(_people(next(runs), next(runs), people)))


def _touched_units(before: Facts, after: Facts) -> set[str]:
    organisation = Organisation(before.units)
    first, second = Readings(before, organisation), Readings(after, organisation)
    read = {each for plan in before.plans for each in plan.readings() if each.measured_at != PERSON}
    metrics = _changed_metrics(before, after)
    readings = [each for each in read if each.metric in metrics]
    found = set()
    for unit in organisation.from_top():
        places = [(reading, first.place(reading.measured_at, unit)) for reading in readings]
        if any(first.find(reading, place) != second.find(reading, place) for reading, place in places):
            found.add(unit)
    return found


def _changed_metrics(before: Facts, after: Facts) -> set[str]:
    """The metrics of results that are in one of the two alone: what did not change is the same object in both."""
    was, becomes = ({id(result): result.metric for result in facts.results} for facts in (before, after))
    both = was | becomes
    return {both[key] for key in was.keys() ^ becomes.keys()}


def _people(before: Run, after: Run, people: Iterable[Person]) -> Iterator[PersonChange]:
    names = {person.employee: person.name for person in people}
    was, becomes = (
        {(payout.employee, payout.amount.currency): payout.amount for payout in run.payouts} for run in (before, after)
    )
    for employee, currency in sorted(was.keys() | becomes.keys()):
        ends = was.get((employee, currency)), becomes.get((employee, currency))
        if ends[0] != ends[1]:
            yield PersonChange(employee, names.get(employee, employee), currency, *ends)


_OF_PAY = ("People whose pay of ", "Pay of ", "Largest single change of ", "Payouts of ")


def without_pay(figures: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The figures for whoever may not see everybody's pay."""
    return [(label, text) for label, text in figures if not label.startswith(_OF_PAY)]


def _figures(effect: Effect) -> Iterator[tuple[str, str]]:
    yield "Answers", f"{counted(effect.answers, 'answer')} of {counted(effect.responses, 'response')}"
    for each in effect.scores:
        ends = zip((each.before, each.after), each.intervals, strict=True)
        texts = [score_text(each.metric, score, known) for score, known in ends]
        yield f"{each.metric.name} of {each.name} ({each.unit})", " → ".join(texts)
    for pay in effect.pay:
        yield f"People whose pay of {pay.quarter} changes", str(len(pay.employees))
        for currency, total in pay.totals.items():
            yield f"Pay of {pay.quarter} in {currency}", _signed(total)
            yield f"Largest single change of {pay.quarter} in {currency}", _signed(pay.largest[currency].change)
        if pay.held:
            yield f"Payouts of {pay.quarter} held by it", str(pay.held)


def score_text(
    metric: Metric, score: Score | None, known: Interval | None, write: Callable[[str], str] = grouped
) -> str:
    """A score with its count and its interval: `44.2 (391 answers, 36.1 to 52.0)`."""
    if score is None:
        return "no score"
    value = write(fixed_text(score.value, metric.decimals)).replace("-", MINUS)
    within = f", {known.low:.1f} to {known.high:.1f}".replace("-", MINUS) if known else ""
    return f"{value} ({counted(score.answers or 0, 'answer')}{within})"


def _signed(money: Money) -> str:
    text = grouped(str(money).split()[0]).replace("-", MINUS)
    return f"+{text}" if money.minor > 0 else text
