"""The rule of pay: from the facts of a quarter to what each person gets. Start reading here."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from comp.attainment import Attainments, AtTarget, Targets
from comp.errors import Problem
from comp.facts import Absence, Assignment, Facts, Person
from comp.figures import day_text
from comp.money import is_currency, paid
from comp.organisation import Organisation
from comp.periods import FOREVER, Span, overlapping
from comp.readings import Readings
from comp.results import Hold, Outside, Payout, Piece, Run, Stretch, Unpaid
from comp.scores import Metric
from comp.stretches import HeldError, Presence, Stretches, presence_of

Outcome = Payout | Hold | Outside
Told = Callable[[int, int], object]
"""Hears from time to time how many people are settled, of how many."""

_HEARD_EVERY = 2_000
"""After how many people somebody hears of it: often enough for a few times in a second."""


def _unheard(_done: int, _total: int) -> None:
    """Nobody wants to know."""


def calculate(facts: Facts, told: Told = _unheard) -> Run:
    """Every payout of the quarter, with the pieces that made it, and everybody who gets none, with the reason.

    What `told` raises ends the calculation.
    """
    with uncollected():
        return _calculate(_Working(facts), told)


def calculate_at_target(facts: Facts) -> Run:
    """What everybody would get at an attainment of 100 %, whatever the scores, with the pieces that made it."""
    with uncollected():
        return _calculate(_Working(facts, AtTarget()))


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of circular garbage, of which next to none is made: it costs up to half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _calculate(working: "_Working", told: Told = _unheard) -> Run:
    facts, people = working.facts, sorted(working.facts.people, key=_employee)
    payouts: list[Payout] = []
    held: list[Hold] = []
    outside: list[Outside] = []
    for first in range(0, len(people), _HEARD_EVERY):
        told(first, len(people))
        for person in people[first : first + _HEARD_EVERY]:
            for outcome in working.settle(person):
                if isinstance(outcome, Payout):
                    payouts.append(outcome)
                elif isinstance(outcome, Hold):
                    held.append(outcome)
                else:
                    outside.append(outcome)
    held.sort(key=lambda hold: (hold.employee, hold.name))
    return Run(
        quarter=facts.quarter,
        payouts=tuple(payouts),
        held=tuple(held),
        outside=tuple(outside),
        problems=tuple(working.problems()),
        metrics=tuple(sorted(facts.metrics, key=_id)),
        round_to=tuple(sorted(facts.round_to)),
    )


def _id(metric: Metric) -> str:
    return metric.id


def _employee(person: Person) -> str:
    return person.employee


class _Working:
    """What all people of one calculation share: the organisation, the scores, the plans and their attainments."""

    def __init__(self, facts: Facts, attainments: Attainments | AtTarget | None = None) -> None:
        self.facts = facts
        self._quarter = facts.quarter
        self._days = facts.calendar.span(facts.quarter)
        self._organisation = Organisation(facts.units)
        self._readings = Readings(facts, self._organisation)
        attainments = attainments or Attainments(self._readings, Targets(facts, self._organisation))
        self._stretches = Stretches(facts, self._organisation, attainments)
        self._round_to = dict(facts.round_to)
        numbers = Counter(person.employee for person in facts.people)
        self._repeated = {employee for employee, count in numbers.items() if count > 1}

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the facts themselves, whomever it touches."""
        yield from self._organisation.problems()
        yield from self._readings.pools.problems(self._quarter)

    def settle(self, person: Person) -> list[Outcome]:
        """One person's payouts, one a currency; a hold; or the statement that no plan pays the person."""
        usual = self._usual(person)
        if usual:
            return [usual]
        presence = presence_of(person, self._days)
        if presence is None:
            return []
        try:
            return self._settled(person, presence)
        except HeldError as held:
            return [Hold(person.employee, person.name, str(held))]

    def _usual(self, person: Person) -> Payout | None:
        """The payout of somebody to whom nothing happens in the quarter: one multiplication. None for all others.

        It is what `_settled` gives, in a third of the time, and most people are like that.
        """
        start, end = self._days
        if person.absences or len(person.assignments) != 1 or person.employee in self._repeated:
            return None
        assignment = person.assignments[0]
        first, after = assignment.span
        if first > start or after < end or (person.hired or first) > start or (person.left or end) < end:
            return None
        stretch, target = self._stretches.usual(assignment), assignment.annual_target
        currency = assignment.currency
        if stretch is None or target is None or not is_currency(currency):
            return None
        rate, over = stretch.rate
        amount = paid(target[0] * rate, target[1] * over, currency, self._round_to.get(currency))
        return Payout(person.employee, person.name, amount, (Piece(assignment, stretch),))

    def _settled(self, person: Person, presence: Presence) -> list[Outcome]:
        if person.employee in self._repeated:
            raise HeldError(
                f"{person.employee} is the number of several people. Import each under a number of their own."
            )
        self._refuse_overlap("assignments", person.assignments)
        self._refuse_overlap("absences", person.absences)
        pieces: list[Piece] = []
        unpaid: list[Unpaid] = []
        covered = 0
        for assignment in sorted(person.assignments, key=_start):
            for stretch in self._stretches.of(person, presence, assignment):
                covered += stretch.span.days
                if isinstance(stretch, Stretch):
                    pieces.append(Piece(assignment, stretch))
                else:
                    unpaid.append(stretch)
        if covered < presence.days.days:
            unpaid += _unassigned(person, presence.days)
        if unpaid:
            unpaid.sort(key=_unpaid_span)
        if not pieces:
            why = " ".join(dict.fromkeys(days.why for days in unpaid))
            return [Outside(person.employee, person.name, why)]
        return self._payouts(person, pieces, tuple(unpaid))

    def _refuse_overlap(self, what: str, dated: tuple[Assignment | Absence, ...]) -> None:
        if len(dated) > 1 and (clash := overlapping(each.span.meet(self._days) for each in dated)):
            day = day_text(clash[1].start)
            raise HeldError(f"Two {what} overlap on {day}. Import them with days that do not overlap.")

    def _payouts(self, person: Person, pieces: list[Piece], unpaid: tuple[Unpaid, ...]) -> list[Outcome]:
        for piece in pieces:
            _refuse_without_target(piece.assignment)
        if len(pieces) == 1:
            return [self._payout(person, pieces[0].assignment.currency, tuple(pieces), unpaid)]
        by_currency: dict[str, list[Piece]] = {}
        for piece in pieces:
            by_currency.setdefault(piece.assignment.currency, []).append(piece)
        return [
            self._payout(person, currency, tuple(by_currency[currency]), unpaid) for currency in sorted(by_currency)
        ]

    def _payout(self, person: Person, currency: str, pieces: tuple[Piece, ...], unpaid: tuple[Unpaid, ...]) -> Payout:
        numerator, denominator = pieces[0].earned
        for piece in pieces[1:]:
            more, over = piece.earned
            numerator, denominator = numerator * over + more * denominator, denominator * over
        amount = paid(numerator, denominator, currency, self._round_to.get(currency))
        return Payout(person.employee, person.name, amount, pieces, unpaid)


def _unpaid_span(unpaid: Unpaid) -> Span:
    return unpaid.span


def _start(assignment: Assignment) -> date:
    return assignment.span.start


def _refuse_without_target(assignment: Assignment) -> None:
    if assignment.annual_target is None:
        raise HeldError(
            f"No target in {assignment.unit}: neither an amount nor a salary with a target percentage is stated. "
            "Import the assignment with one of them."
        )
    if not is_currency(assignment.currency):
        raise HeldError(f"{assignment.currency!r} is not an ISO 4217 currency. Import the assignment with one.")


def _unassigned(person: Person, employed: Span) -> Iterator[Unpaid]:
    """The employed days between assignments."""
    day = employed.start
    spans = sorted(assignment.span for assignment in person.assignments)
    for span in (*spans, Span(employed.end, FOREVER)):
        if day < min(span.start, employed.end):
            yield Unpaid(Span(day, min(span.start, employed.end)), "No assignment.")
        day = max(day, span.end)
