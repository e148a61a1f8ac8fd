"""Who stands in for which manager on which days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from comp.models import DelegationRow, PersonRow
from comp.periods import Span


@dataclass(frozen=True, slots=True)
class Delegation:
    """Days on which one employee stands in for another; empty where it ended before it began."""

    id: int
    manager: str
    manager_name: str
    delegate: str
    delegate_name: str
    span: Span
    may_confirm: bool = False

    @property
    def days_text(self) -> str:
        """The days as a review states them."""
        return f"from {self.span.start} to {self.span.last}"


def add_delegation(
    session: Session, pair: tuple[str, str], days: Span, by: str, at: datetime, *, may_confirm: bool = False
) -> int:
    """Store a delegation of a manager to a delegate; gives its number."""
    manager, delegate = pair
    row = DelegationRow(
        manager=manager,
        delegate=delegate,
        start_on=days.start,
        end_on=days.end,
        made_by=by,
        made_at=at,
        may_confirm=may_confirm,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def end_delegation(session: Session, delegation_id: int, day: date) -> None:
    """Let a delegation last no longer than to the day before, or not at all where it has not begun."""
    row = session.get_one(DelegationRow, delegation_id)
    row.end_on = max(row.start_on, day)
    session.flush()


def load_of_manager(session: Session, manager: str) -> list[Delegation]:
    """What a manager has handed over, the latest first."""
    return list(_load(session, col(DelegationRow.manager) == manager))


def load_of_delegate(session: Session, delegate: str, day: date) -> list[Delegation]:
    """For whom somebody stands in on a day."""
    lasts = (col(DelegationRow.start_on) <= day) & (col(DelegationRow.end_on) > day)
    return list(_load(session, lasts & (col(DelegationRow.delegate) == delegate)))


def load_lasting(session: Session, day: date) -> list[Delegation]:
    """Every delegation that has not ended."""
    not_ended = (col(DelegationRow.end_on) > day) & (col(DelegationRow.end_on) > col(DelegationRow.start_on))
    return list(_load(session, not_ended))


def _load(session: Session, which: ColumnElement[bool]) -> Iterator[Delegation]:
    manager, delegate = aliased(PersonRow), aliased(PersonRow)
    query = (
        select(DelegationRow, col(manager.name), col(delegate.name))
        .join(manager, col(manager.employee) == col(DelegationRow.manager))
        .join(delegate, col(delegate.employee) == col(DelegationRow.delegate))
        .where(which)
        .order_by(col(DelegationRow.start_on).desc(), col(DelegationRow.id).desc())
    )
    for row, manager_name, delegate_name in session.execute(query):
        span = Span(row.start_on, row.end_on)
        yield Delegation(row.id, row.manager, manager_name, row.delegate, delegate_name, span, row.may_confirm)
