"""A run's payouts and pieces as plain rows. What many people share is written once: that is most of it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from pydantic import TypeAdapter

from comp.attainment import Attainment
from comp.facts import Assignment
from comp.figures import exact_text
from comp.models import minor_units
from comp.money import paid
from comp.results import AbsentDays, Payout, Stretch, Unpaid
from comp.store.bulk import Value
from comp.store.searching import searchable

ATTAINMENT = TypeAdapter(Attainment)
ABSENT = TypeAdapter(tuple[AbsentDays, ...])
UNPAID = TypeAdapter(tuple[Unpaid, ...])
PAYOUT = ("run_id", "employee", "currency", "name", "searched", "amount_minor", "target_minor", "unpaid")
_PERSONAL = ("unit", "grade", "manager", "cost_centre")
_AMOUNTS = ("annual_salary_minor", "target_percent", "target_amount_minor", "fte")
_SHARED = (
    "start_on",
    "end_on",
    "attainment",
    "share_of_year",
    "counted_days",
    "days_in_quarter",
    "absent",
    "forfeited",
)
PIECE = ("run_id", "employee", "currency", *_PERSONAL, *_AMOUNTS, *_SHARED)
FIRST_SHARED = PIECE.index(_SHARED[0])
"""Where the columns begin that all people of a stretch have in common."""
_NO_TARGET = (0, 1)


class _Shared(NamedTuple):
    """What all pieces of one stretch have in common: their values, and the share of an annual target that they are.

    The share is a ratio not in lowest terms.
    """

    values: tuple[Value, ...]
    numerator: int
    denominator: int


class PayRows:
    """The rows of one run. What is shared is known by identity, since the run holds it all."""

    def __init__(self, run_id: int, attainments: Mapping[int, int]) -> None:
        """`attainments` gives the stored number of each attainment, by its identity."""
        self._run_id = run_id
        self._attainments = attainments
        self._stretches: dict[int, _Shared] = {}
        self._texts: dict[int, str] = {}

    def payout(self, payout: Payout) -> tuple[Value, ...]:
        """The values of `PAYOUT`. The target is the part that is calculated here."""
        numerator, denominator = 0, 1
        for assignment, stretch in payout.pieces:
            _, share, of = self._stretches.get(id(stretch)) or self._share(stretch)
            annual, over = assignment.annual_target or _NO_TARGET
            numerator = numerator * over * of + annual * share * denominator
            denominator *= over * of
        amount, target = payout.amount, paid(numerator, denominator, payout.amount.currency)
        unpaid = UNPAID.dump_json(payout.unpaid).decode() if payout.unpaid else "[]"
        number, name = payout.employee, payout.name
        searched = searchable(f"{number} {name}")
        return self._run_id, number, amount.currency, name, searched, amount.minor, target.minor, unpaid

    def pieces(self, payout: Payout) -> Iterator[tuple[Value, ...]]:
        """The values of `PIECE`, piece by piece."""
        for assignment, stretch in payout.pieces:
            shared = self._stretches.get(id(stretch)) or self._share(stretch)
            yield (
                self._run_id,
                payout.employee,
                assignment.currency,
                assignment.unit,
                assignment.grade,
                assignment.manager or None,
                assignment.cost_centre,
                *self._amounts(assignment),
                *shared.values,
            )

    def _amounts(self, assignment: Assignment) -> tuple[Value, ...]:
        currency = assignment.currency
        return (
            minor_units(assignment.annual_salary, currency),
            self._text(assignment.target_percent),
            minor_units(assignment.target_amount, currency),
            self._text(assignment.fte),
        )

    def _text(self, number: Fraction | None) -> str | None:
        if number is None:
            return None
        known = self._texts.get(id(number))
        if known is None:
            known = self._texts[id(number)] = exact_text(number)
        return known

    def _share(self, stretch: Stretch) -> _Shared:
        year, days, elsewhere = stretch.share_of_year, stretch.counted_days, stretch.plan.elsewhere
        values = (
            stretch.span.start.isoformat(),
            stretch.span.end.isoformat(),
            self._attainments[id(stretch.attainment)],
            self._text(year),
            self._text(days),
            stretch.days_in_quarter,
            ABSENT.dump_json(stretch.absent).decode() if stretch.absent else "[]",
            stretch.forfeited,
        )
        numerator = year.numerator * days.numerator * (elsewhere.denominator - elsewhere.numerator)
        denominator = year.denominator * days.denominator * elsewhere.denominator * stretch.days_in_quarter
        shared = self._stretches[id(stretch)] = _Shared(values, numerator, denominator)
        return shared
