"""Customers' comments, as far as they are erased: what else a response says stays."""

from datetime import date

from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from comp.models import ResponseRow


def erase(session: Session, before: date, at_most: int) -> int:
    """Erase comments of responses before a day, those that were replaced too; gives how many."""
    old = (col(ResponseRow.answered_on) < before, col(ResponseRow.comment) != "")
    some = select(col(ResponseRow.id)).where(*old).limit(at_most)
    done = session.execute(update(ResponseRow).where(col(ResponseRow.id).in_(some)).values(comment=""))
    assert isinstance(done, CursorResult)  # noqa: S101 - an update's result
    return done.rowcount
