"""Browsers that are signed in."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from comp.models import SessionRow


def add(session: Session, row: SessionRow) -> None:
    """Store a session that just began."""
    session.add(row)
    session.flush()


def find(session: Session, token_hash: str) -> SessionRow | None:
    """The session that a token belongs to."""
    return session.scalars(select(SessionRow).where(col(SessionRow.token_hash) == token_hash)).one_or_none()


def of_number(session: Session, session_id: int) -> SessionRow | None:
    """A session by its number."""
    return session.get(SessionRow, session_id)


def of_account(session: Session, account_id: int) -> list[SessionRow]:
    """The sessions of an account, the one last used first."""
    query = select(SessionRow).where(col(SessionRow.account_id) == account_id)
    return list(session.scalars(query.order_by(col(SessionRow.seen_at).desc(), col(SessionRow.id).desc())))


def note_seen(session: Session, session_id: int, now: datetime) -> None:
    """Remember that a session is in use."""
    session.execute(update(SessionRow).where(col(SessionRow.id) == session_id).values(seen_at=now))


def end(session: Session, account_id: int, session_id: int) -> bool:
    """Remove one session of an account; whether it had that one."""
    mine = (col(SessionRow.account_id) == account_id, col(SessionRow.id) == session_id)
    return bool(session.execute(delete(SessionRow).where(*mine).returning(col(SessionRow.id))).all())


def end_all(session: Session, account_id: int, but: int | None = None) -> int:
    """Remove the sessions of an account, all or all but one; gives how many."""
    ended = delete(SessionRow).where(col(SessionRow.account_id) == account_id)
    if but is not None:
        ended = ended.where(col(SessionRow.id) != but)
    return len(session.execute(ended.returning(col(SessionRow.id))).all())


def end_older(session: Session, than: datetime) -> None:
    """Remove what began before a moment, whosever it is."""
    session.execute(delete(SessionRow).where(col(SessionRow.created_at) <= than))
