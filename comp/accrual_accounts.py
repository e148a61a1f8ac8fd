"""Account numbers for accruals: a small map that people type, and what of an accrual it does not say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from comp.accruals import Booking, Ledger, Place
from comp.errors import Problem
from comp.organisation import Organisation

ANY = "*"
"""The key of what is not mapped by itself."""

LONGEST = 40
_MOST_LINES = 5_000
Pairs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Expense accounts by cost centre or unit, liability accounts by company and currency, companies by unit.

    A unit's counts for all units below it, and `*` for whatever is not mapped.
    """

    expenses: Pairs = field(default_factory=dict)
    liabilities: Pairs = field(default_factory=dict)
    companies: Pairs = field(default_factory=dict)


class Booker:
    """Finds the company and the accounts of what is booked."""

    def __init__(self, accounts: Accounts, organisation: Organisation) -> None:
        """Nothing is looked up before it is asked for."""
        self._accounts = accounts
        self._organisation = organisation

    def company(self, unit: str, cost_centre: str) -> str:
        """The company whose cost it is; empty where none is mapped, which is one company for all."""
        return self._found(self._accounts.companies, unit, cost_centre)

    def expense(self, place: Place) -> str:
        """The expense account: the cost centre's own, else that of the unit or the nearest above it; or empty."""
        return self._found(self._accounts.expenses, place.unit, place.cost_centre)

    def liability(self, ledger: Ledger) -> str:
        """The liability account: of company and currency, else of one of them; or empty."""
        keys = (f"{ledger.company} {ledger.currency}", ledger.company, ledger.currency, ANY)
        return next((self._accounts.liabilities[key] for key in keys if key in self._accounts.liabilities), "")

    def booking(self, place: Place, minor: int) -> Booking:
        """An amount with its accounts."""
        return Booking(place, self.expense(place), self.liability(place.ledger), minor)

    def _found(self, pairs: Pairs, unit: str, cost_centre: str) -> str:
        way = self._organisation.way_up(unit) if unit in self._organisation else (unit,)
        return next((pairs[key] for key in (cost_centre, *way, ANY) if key and key in pairs), "")


def unmapped(bookings: Iterable[Booking], *, has_companies: bool) -> tuple[str, ...]:
    """What an accrual needs and nobody has typed, each named once, in sentences."""
    return tuple(dict.fromkeys(_unmapped(sorted(bookings), has_companies=has_companies)))


def _unmapped(bookings: Iterable[Booking], *, has_companies: bool) -> Iterator[str]:
    for place, expense, liability, _ in bookings:
        what = f"cost centre {place.cost_centre}" if place.cost_centre else f"unit {place.unit or 'unknown'}"
        if has_companies and not place.company:
            yield f"No company for {what}."
        if not expense:
            yield f"No expense account for {what}."
        if not liability:
            yield f"No liability account for {' '.join(filter(None, place.ledger))}."


def read_pairs(text: str, what: str) -> tuple[dict[str, str], list[Problem]]:
    """What a block of lines `key = account` says; empty lines count for nothing."""
    pairs: dict[str, str] = {}
    problems: list[Problem] = []
    for line, row in enumerate(text.splitlines()[:_MOST_LINES], start=1):
        key, equals, value = (part.strip() for part in row.partition("="))
        if not row.strip():
            continue
        why = _fault(" ".join(key.split()), equals, value, pairs)
        if why:
            problems.append(Problem(why, what, line, value=row.strip()[:60]))
        pairs[" ".join(key.split())] = value
    return pairs, problems


def _fault(key: str, equals: str, value: str, known: Pairs) -> str:
    if not (key and equals and value):
        return "Write each line as a code, an equals sign and what stands for it, such as CC100 = 6240."
    if key in known:
        return f"{key} stands here twice. Keep one of the lines."
    if len(value) > LONGEST or len(key) > LONGEST or not (key + value).isprintable():
        return f"A code has at most {LONGEST} plain characters."
    return ""


def write_pairs(pairs: Pairs) -> str:
    """The block that says so, `*` last."""
    ordered = sorted(pairs.items(), key=lambda pair: (pair[0] == ANY, pair[0]))
    return "".join(f"{key} = {value}\n" for key, value in ordered)
