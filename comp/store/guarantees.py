"""Guaranteed pay of single people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from comp.guarantees import Guarantee, Promise
from comp.models import GuaranteeRow
from comp.money import Money
from comp.periods import Span

_MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class StoredGuarantee:
    """A guarantee with whose it is, why, and who set, confirmed and ended it; what nobody did is None."""

    id: int
    employee: str
    guarantee: Guarantee
    words: str
    set_by: str
    set_at: datetime
    confirmed_by: str | None
    ended_by: str | None

    @property
    def is_in_force(self) -> bool:
        """Whether it adds to pay."""
        return self.confirmed_by is not None

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for a second person."""
        return self.confirmed_by is None and self.ended_by is None


def add_guarantee(session: Session, employee: str, guarantee: Guarantee, words: str, by: str, now: datetime) -> int:
    """Store a proposed guarantee; gives its number."""
    row = GuaranteeRow(
        employee=employee,
        currency=guarantee.amount.currency,
        promise=guarantee.promise,
        amount_minor=guarantee.amount.minor,
        floor_minor=guarantee.floor.minor,
        start_on=guarantee.days.start,
        end_on=guarantee.days.end,
        words=words,
        set_by=by,
        set_at=now,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def load_guarantees(session: Session, employees: Collection[str] | None = None) -> list[StoredGuarantee]:
    """Every guarantee, or those of some employees, by employee and start."""
    query = select(GuaranteeRow).order_by(col(GuaranteeRow.employee), col(GuaranteeRow.start_on), col(GuaranteeRow.id))
    if employees is not None and len(employees) < _MOST_ASKED:
        query = query.where(col(GuaranteeRow.employee).in_(employees))
    found = map(_guarantee, session.scalars(query))
    return [each for each in found if employees is None or each.employee in employees]


def find_guarantee(session: Session, number: int) -> StoredGuarantee | None:
    """A guarantee by its number, or None."""
    row = session.get(GuaranteeRow, number)
    return _guarantee(row) if row else None


def confirm_guarantee(session: Session, number: int, by: str, now: datetime) -> None:
    """Let a guarantee be in force."""
    row = session.get_one(GuaranteeRow, number)
    row.confirmed_by, row.confirmed_at = by, now
    session.flush()


def end_guarantee(session: Session, number: int, end: date, by: str, now: datetime) -> None:
    """Let a guarantee pay nothing more from a day on."""
    row = session.get_one(GuaranteeRow, number)
    row.end_on, row.ended_by, row.ended_at = end, by, now
    session.flush()


def _guarantee(row: GuaranteeRow) -> StoredGuarantee:
    amount, floor = Money(row.amount_minor, row.currency), Money(row.floor_minor, row.currency)
    return StoredGuarantee(
        row.id or 0,
        row.employee,
        Guarantee(Promise(row.promise), amount, Span(row.start_on, row.end_on), floor),
        row.words,
        row.set_by,
        row.set_at,
        row.confirmed_by,
        row.ended_by,
    )
