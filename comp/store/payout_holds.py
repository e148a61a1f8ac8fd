"""Pay of single people that is held back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from comp.models import PayoutHoldRow
from comp.periods import Quarter
from comp.releases import Hold


def save_hold(session: Session, hold: Hold) -> Hold:
    """Store that pay is held back; gives it with its number."""
    row = PayoutHoldRow(
        quarter=str(hold.quarter), employee=hold.employee, why=hold.why, held_by=hold.held_by, held_at=hold.held_at
    )
    session.add(row)
    session.flush()
    return replace(hold, id=row.id or 0)


def mark_lifted(session: Session, hold: Hold, by: str, words: str, now: datetime) -> None:
    """Store that somebody lifted a hold."""
    row = session.get_one(PayoutHoldRow, hold.id)
    row.lifted_by, row.lifted_at, row.lifted_words = by, now, words
    session.flush()


def list_holds(session: Session, quarter: Quarter, employees: Collection[str] | None = None) -> list[Hold]:
    """Everything that was ever held back of a quarter, lifted or not, by employee and time."""
    query = select(PayoutHoldRow).where(col(PayoutHoldRow.quarter) == str(quarter))
    if employees is not None:
        query = query.where(col(PayoutHoldRow.employee).in_(employees))
    return [_hold(row) for row in session.scalars(query.order_by(col(PayoutHoldRow.employee), col(PayoutHoldRow.id)))]


def _hold(row: PayoutHoldRow) -> Hold:
    return Hold(
        row.id or 0,
        Quarter.parse(row.quarter),
        row.employee,
        row.why,
        row.held_by,
        row.held_at,
        row.lifted_by,
        row.lifted_at,
        row.lifted_words,
    )
