"""The rule of pay: from the facts of a quarter to what each person gets. Start reading here."""

from collections import Counter
from collections.abc import Iterator

from comp.attainment import Attainments, Targets
from comp.errors import Problem
from comp.facts import Absence, Assignment, Facts, Person
from comp.figures import day_text
from comp.money import is_currency, paid
from comp.organisation import Organisation
from comp.periods import FOREVER, Span, overlapping
from comp.readings import Readings
from comp.results import Hold, Outside, Payout, Piece, Run, Unpaid
from comp.stretches import HeldError, Presence, Stretches

Outcome = Payout | Hold | Outside


def calculate(facts: Facts) -> Run:
    """Every payout of the quarter, with the pieces that made it, and everybody who gets none, with the reason."""
    working = _Working(facts)
    payouts: list[Payout] = []
    held: list[Hold] = []
    outside: list[Outside] = []
    for person in sorted(facts.people, key=_employee):
        for outcome in working.settle(person):
            if isinstance(outcome, Payout):
                payouts.append(outcome)
            elif isinstance(outcome, Hold):
                held.append(outcome)
            else:
                outside.append(outcome)
    return Run(facts.quarter, tuple(payouts), tuple(held), tuple(outside), tuple(working.problems()))


def _employee(person: Person) -> str:
    return person.employee


class _Working:
    """What all people of one calculation share: the organisation, the scores, the plans and their attainments."""

    def __init__(self, facts: Facts) -> None:
        self._quarter = facts.quarter
        self._days = facts.calendar.span(facts.quarter)
        self._organisation = Organisation(facts.units)
        self._readings = Readings(facts, self._organisation)
        attainments = Attainments(self._readings, Targets(facts, self._organisation))
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
        presence = self._presence(person)
        if presence is None:
            return []
        try:
            return self._settled(person, presence)
        except HeldError as held:
            return [Hold(person.employee, person.name, str(held))]

    def _presence(self, person: Person) -> Presence | None:
        """How the person was employed in the quarter; None where not for a day of it."""
        quarter, employment = self._days, person.employment
        start, end = max(employment.start, quarter.start), min(employment.end, quarter.end)
        if start >= end:
            return None
        left = employment.end < quarter.end
        return Presence(Span(start, end), left, person.leaving_reason if left else "")

    def _settled(self, person: Person, presence: Presence) -> list[Outcome]:
        if person.employee in self._repeated:
            raise HeldError(
                f"{person.employee} is the number of several people. Import each under a number of their own."
            )
        _refuse_overlap("assignments", person.assignments)
        _refuse_overlap("absences", person.absences)
        pieces: list[Piece] = []
        unpaid: list[Unpaid] = []
        employed = presence.days
        for assignment in person.assignments:
            if assignment.span.start < employed.end and employed.start < assignment.span.end:
                for stretch in self._stretches.of(person, presence, assignment):
                    if isinstance(stretch, Unpaid):
                        unpaid.append(stretch)
                    else:
                        pieces.append(Piece(assignment, stretch))
        covered = sum(days.span.days for days in unpaid) + sum(piece.stretch.span.days for piece in pieces)
        if covered < employed.days:
            unpaid += _unassigned(person, employed)
        unpaid.sort(key=lambda days: days.span)
        if not pieces:
            why = " ".join(dict.fromkeys(days.why for days in unpaid))
            return [Outside(person.employee, person.name, why)]
        return self._payouts(person, pieces, tuple(unpaid))

    def _payouts(self, person: Person, pieces: list[Piece], unpaid: tuple[Unpaid, ...]) -> list[Outcome]:
        pieces.sort(key=lambda piece: piece.stretch.span)
        by_currency: dict[str, list[Piece]] = {}
        for piece in pieces:
            _refuse_without_target(piece)
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


def _refuse_overlap(what: str, dated: tuple[Assignment | Absence, ...]) -> None:
    if len(dated) > 1 and (clash := overlapping(each.span for each in dated)):
        raise HeldError(f"Two {what} overlap on {day_text(clash[1].start)}. Import them with days that do not overlap.")


def _refuse_without_target(piece: Piece) -> None:
    assignment = piece.assignment
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
