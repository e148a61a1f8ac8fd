"""Stored mails: put in, taken on by one sender at a time, and done with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from comp.mails import Mail
from comp.models import AccountRow, OutboxRow


def add(session: Session, recipient: str, subject: str, body: str, queued_at: datetime) -> None:
    """Store a mail that is to be sent at once."""
    session.add(OutboxRow(recipient=recipient, subject=subject, body=body, queued_at=queued_at, next_try_at=queued_at))
    session.flush()


def take(session: Session, now: datetime, again_at: datetime) -> Mail | None:
    """The mail that has been due for longest, which until `again_at` is nobody else's; None where none is due.

    On PostgreSQL a mail that another transaction is taking is passed over; on SQLite a writer is alone.
    """
    due = col(OutboxRow.next_try_at)
    query = select(OutboxRow).where(due <= now).order_by(due, col(OutboxRow.id)).limit(1)
    row = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    row.attempts, row.next_try_at, row.last_error = row.attempts + 1, again_at, ""
    session.flush()
    return Mail(row.id or 0, row.recipient, row.subject, row.body, row.queued_at, row.attempts)


def note_sent(session: Session, mail_id: int, now: datetime) -> None:
    """Remember that a mail was sent, and forget what it said."""
    row = session.get_one(OutboxRow, mail_id)
    row.sent_at, row.next_try_at, row.body, row.last_error = now, None, "", ""
    session.flush()


def note_failure(session: Session, mail: Mail, why: str, again_at: datetime | None) -> None:
    """Remember why a mail was not sent and when to try again, if ever; not where another took it on since."""
    row = session.get_one(OutboxRow, mail.id)
    if row.attempts != mail.attempt or row.sent_at:
        return
    row.next_try_at, row.last_error = again_at, why
    session.flush()


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that a server did not take, and what kept it; `again_at` is None where it was given up."""

    id: int
    recipient: str
    account_id: int | None
    attempts: int
    why: str
    queued_at: datetime
    again_at: datetime | None


def load_unsent(session: Session, limit: int) -> list[Unsent]:
    """Mails that failed and were not sent since, the latest first, with whose account has the address."""
    account = aliased(AccountRow)
    query = (
        select(OutboxRow, col(account.id))
        .outerjoin(account, col(account.email) == func.lower(col(OutboxRow.recipient)))
        .where(col(OutboxRow.sent_at).is_(None), col(OutboxRow.last_error) != "")
        .order_by(col(OutboxRow.id).desc())
        .limit(limit)
    )
    return [
        Unsent(row.id, row.recipient, account_id, row.attempts, row.last_error, row.queued_at, row.next_try_at)
        for row, account_id in session.execute(query)
    ]


def hasten(session: Session, mail_id: int, now: datetime) -> bool:
    """Let a mail that failed be due at once; False for any other, such as one that somebody is sending."""
    row = session.get(OutboxRow, mail_id)
    if row is None or row.sent_at or not row.last_error:
        return False
    row.next_try_at = now
    session.flush()
    return True


def forget(session: Session, before: datetime) -> None:
    """Remove mails that were sent, or given up, and were queued before a moment."""
    over = col(OutboxRow.next_try_at).is_(None), col(OutboxRow.queued_at) < before
    session.execute(delete(OutboxRow).where(*over))


def count_waiting(session: Session) -> int:
    """How many mails are still to be sent."""
    return session.scalar(select(func.count()).where(col(OutboxRow.next_try_at).is_not(None))) or 0
