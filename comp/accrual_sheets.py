"""An accrual whole, as pages and workbooks show it: lines, totals, what it is compared with, and its journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from comp.accrual_accounts import unmapped
from comp.accruals import Basis, Booking, JournalLine, Ledger, Place, delta, journal
from comp.money import Money, round_half_up
from comp.periods import Quarter, Span


@dataclass(frozen=True, slots=True)
class AccrualLine:
    """One place's cost of the whole quarter with its band, and what of it has accrued, in minor units."""

    booking: Booking
    expected: int
    low: int
    high: int
    people: int

    @property
    def place(self) -> Place:
        """Where it is booked."""
        return self.booking.place

    @property
    def accrued(self) -> int:
        """What of it has accrued."""
        return self.booking.minor


@dataclass(frozen=True, slots=True)
class Bounds:
    """What cannot be added up of lines, by currency, in minor units.

    `low` and `high` are the band of the sum, `worst` and `best` its extremes. `at_risk` is what held people would get
    at 100 %; `waiting` what is owed after a release and not in any batch.
    """

    currency: str
    low: int
    high: int
    worst: int
    best: int
    at_risk: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """All lines of a currency together, with the band of their sum, and what was taken before."""

    bounds: Bounds
    expected: Money
    accrued: Money
    accrued_low: Money
    accrued_high: Money
    before: Money
    people: int

    @property
    def currency(self) -> str:
        """The currency."""
        return self.expected.currency

    @property
    def change(self) -> Money:
        """What is to be booked: what has accrued, less what was taken before."""
        return Money(self.accrued.minor - self.before.minor, self.currency)

    def money(self, minor: int) -> Money:
        """An amount of the currency."""
        return Money(minor, self.currency)


@dataclass(frozen=True, slots=True)
class Before:
    """The accrual of the quarter that finance took last; its bookings are what is reversed."""

    number: int
    as_of: date
    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class Accrual:
    """What a quarter has accrued at the end of a day.

    `share` is the part of the quarter's days that has passed. `draws` is how often answers were drawn again for the
    band, 0 where there is none. Of the `held` people, `unpriced` have no target that could be told. `notes` say what is
    particular.
    """

    quarter: Quarter
    days: Span
    as_of: date
    basis: Basis
    run: str
    share: Fraction
    draws: int
    people: int
    held: int
    unpriced: int
    notes: tuple[str, ...]
    has_companies: bool
    lines: tuple[AccrualLine, ...]
    bounds: tuple[Bounds, ...]
    before: Before | None

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """What has accrued, with its accounts."""
        return tuple(line.booking for line in self.lines)

    @property
    def booked_before(self) -> tuple[Booking, ...]:
        """What was taken before; nothing for the first accrual of a quarter."""
        return self.before.bookings if self.before else ()

    @property
    def journal(self) -> tuple[JournalLine, ...]:
        """The reversal of what was taken before, and the accrual."""
        return journal(self.bookings, self.booked_before)

    @property
    def delta(self) -> tuple[JournalLine, ...]:
        """Both as one entry."""
        return delta(self.bookings, self.booked_before)

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Which accounts and companies are missing, in sentences."""
        return unmapped((each for each in self.bookings if each.minor), has_companies=self.has_companies)

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """What each currency comes to."""
        return tuple(self._total(bounds) for bounds in self.bounds)

    def _total(self, bounds: Bounds) -> CurrencyTotal:
        currency = bounds.currency
        lines = [line for line in self.lines if line.place.currency == currency]
        expected, accrued = sum(line.expected for line in lines), sum(line.accrued for line in lines)
        before = sum(each.minor for each in self.booked_before if each.place.currency == currency)
        return CurrencyTotal(
            bounds,
            Money(expected, currency),
            Money(accrued, currency),
            Money(accrued - self._part(expected - bounds.low), currency),
            Money(accrued + self._part(bounds.high - expected), currency),
            Money(before, currency),
            sum(line.people for line in lines),
        )

    def _part(self, minor: int) -> int:
        share = self.share * minor
        return round_half_up(share.numerator, share.denominator)

    @property
    def taken_before(self) -> dict[Place, int]:
        """What was taken before, by place."""
        return {each.place: each.minor for each in self.booked_before}

    @property
    def gone(self) -> tuple[Place, ...]:
        """Places that were booked before and have no line any more: only their reversal is left."""
        here = {line.place for line in self.lines}
        return tuple(sorted({each.place for each in self.booked_before} - here))

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Every company's books that are touched, in every currency."""
        places: Iterable[Booking] = (*self.bookings, *self.booked_before)
        return tuple(sorted({each.place.ledger for each in places}))


@dataclass(frozen=True, slots=True)
class StoredAccrual:
    """An accrual as it was stored, who worked it out, and who took it; nobody while `taken_by` is None."""

    id: int
    number: int
    accrual: Accrual
    made_by: str
    made_at: datetime
    taken_by: str | None
    taken_at: datetime | None

    @property
    def name(self) -> str:
        """What names it among all: `2026-Q2-A1`."""
        return accrual_name(self.accrual.quarter, self.number)

    @property
    def is_taken(self) -> bool:
        """Whether finance took it to book it."""
        return self.taken_by is not None

    @property
    def file_name(self) -> str:
        """How its workbook is called; one that nobody took says so."""
        return f"accrual-{self.name}{'' if self.is_taken else '-preview'}.xlsx"


def accrual_name(quarter: Quarter, number: int) -> str:
    """How an accrual of a quarter is called."""
    return f"{quarter}-A{number}"
