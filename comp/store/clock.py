"""The stored clock: in which process it goes, and when it was heard of."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from comp.models import ClockRow

_ONE = 1


def beat(session: Session, holder: str, now: datetime, silent_since: datetime, *, is_sure: bool) -> bool:
    """Note that a process's clock goes; False where another's does, unless that one was silent since a moment.

    `is_sure` where the database itself let no other have the turn.
    """
    row = session.get(ClockRow, _ONE, with_for_update=True)
    if row and row.holder != holder and row.beat_at > silent_since and not is_sure:
        return False
    session.merge(ClockRow(id=_ONE, holder=holder, beat_at=now))
    session.flush()
    return True


def last_beat(session: Session) -> datetime | None:
    """When the clock was last heard of; None where none goes."""
    row = session.get(ClockRow, _ONE)
    return row.beat_at if row else None


def stop(session: Session, holder: str) -> None:
    """Forget a process's clock, so that another's may go at once."""
    session.execute(delete(ClockRow).where(col(ClockRow.holder) == holder))
