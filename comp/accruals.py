"""What finance books of a quarter before it is paid: how much of its cost has accrued, and its journal lines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from comp.money import Money, allocate, round_half_up
from comp.periods import Span


class Basis(StrEnum):
    """What an accrual rests on: today's data before the approval, what was approved, or what was released."""

    FORECAST = "forecast"
    APPROVED = "approved"
    RELEASED = "released"


class Place(NamedTuple):
    """Where a cost is booked; `company` and `cost_centre` are empty where there are none."""

    company: str
    currency: str
    cost_centre: str
    unit: str

    @property
    def centre(self) -> str:
        """The cost centre, or the unit where there is none."""
        return self.cost_centre or self.unit

    @property
    def ledger(self) -> "Ledger":
        """The books that it belongs to."""
        return Ledger(self.company, self.currency)


class Ledger(NamedTuple):
    """One company's books in one currency: there debits and credits must agree."""

    company: str
    currency: str


class Cost(NamedTuple):
    """What a place is expected to cost, in minor units: of the quarter itself, and corrected of earlier ones."""

    own: int
    earlier: int = 0

    @property
    def whole(self) -> int:
        """Both together."""
        return self.own + self.earlier


def elapsed(days: Span, as_of: date) -> Fraction:
    """Which share of a quarter's days has passed at the end of a day: all of them after its last.

    Raises `ValueError` with a sentence for a day before the quarter begins.
    """
    if as_of < days.start:
        raise ValueError(f"The quarter begins on {days.start:%Y-%m-%d}: on {as_of:%Y-%m-%d} nothing has accrued.")
    return Fraction(min((as_of - days.start).days + 1, days.days), days.days)


def accrued(costs: Mapping[Place, Cost], share: Fraction) -> dict[Place, int]:
    """What has accrued at each place, in minor units.

    Of each company and currency the quarter's own cost × the share is rounded once, half up, and allocated to the
    places by largest remainder, ties by place; what is owed for earlier quarters has accrued whole.
    """
    found: dict[Place, int] = {}
    for ledger in sorted({place.ledger for place in costs}):
        places = sorted(place for place in costs if place.ledger == ledger)
        parts = [costs[place].own * share for place in places]
        total = sum(parts, Fraction(0))
        own = allocate(round_half_up(total.numerator, total.denominator), parts)
        found |= {place: minor + costs[place].earlier for place, minor in zip(places, own, strict=True)}
    return found


class Booking(NamedTuple):
    """An amount that has accrued at a place, with the accounts that it is booked on; empty where nobody typed one."""

    place: Place
    expense: str
    liability: str
    minor: int


class Part(StrEnum):
    """Which of the entries a journal line belongs to."""

    REVERSAL = "reversal"
    ACCRUAL = "accrual"
    DELTA = "delta"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a journal, in minor units: of `debit` and `credit` one is 0. A liability has no `centre`."""

    part: Part
    ledger: Ledger
    account: str
    centre: str
    debit: int
    credit: int

    @property
    def amount(self) -> Money:
        """Debit less credit."""
        return Money(self.debit - self.credit, self.ledger.currency)


def journal(now: Iterable[Booking], before: Iterable[Booking]) -> tuple[JournalLine, ...]:
    """The entries that take back what was booked before, and book what has accrued now: together they are the delta."""
    return (*_entry(Part.REVERSAL, before, -1), *_entry(Part.ACCRUAL, now, 1))


def delta(now: Iterable[Booking], before: Iterable[Booking]) -> tuple[JournalLine, ...]:
    """The same as one entry, for who books only the difference."""
    taken_back = (each._replace(minor=-each.minor) for each in before)
    return tuple(_entry(Part.DELTA, (*now, *taken_back), 1))


def _entry(part: Part, bookings: Iterable[Booking], sign: int) -> Iterator[JournalLine]:
    """A debit for each expense account and cost centre, a credit for each liability account; turned where negative."""
    expenses: dict[tuple[Ledger, str, str], int] = {}
    liabilities: dict[tuple[Ledger, str], int] = {}
    for place, expense, liability, minor in bookings:
        debit, credit = (place.ledger, expense, place.centre), (place.ledger, liability)
        expenses[debit] = expenses.get(debit, 0) + sign * minor
        liabilities[credit] = liabilities.get(credit, 0) + sign * minor
    for ledger in sorted({ledger for ledger, *_ in expenses}):
        yield from (_line(part, *key, minor) for key, minor in sorted(expenses.items()) if minor and key[0] == ledger)
        owed = sorted(each for each in liabilities.items() if each[1] and each[0][0] == ledger)
        yield from (_line(part, ledger, account, "", -minor) for (_, account), minor in owed)


def _line(part: Part, ledger: Ledger, account: str, centre: str, minor: int) -> JournalLine:
    return JournalLine(part, ledger, account, centre, max(0, minor), max(0, -minor))


def unbalanced(lines: Iterable[JournalLine]) -> dict[Ledger, int]:
    """The books whose debits and credits do not agree, with the difference: there must be none."""
    sums: dict[Ledger, int] = {}
    for line in lines:
        sums[line.ledger] = sums.get(line.ledger, 0) + line.amount.minor
    return {ledger: minor for ledger, minor in sums.items() if minor}
