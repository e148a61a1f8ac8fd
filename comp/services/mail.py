"""Mails: put into the outbox with what they are about, and sent later, with patience.

Whoever sends takes a mail on in one transaction, sends it outside of any, and notes the end in another. A sender that
is killed in between leaves a mail that is taken on again: each is sent at least once, and twice only then.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.errors import NotFoundError
from comp.mails import Mail, require_sendable
from comp.roles import Account
from comp.services import audit
from comp.store import outbox

MOST_ATTEMPTS = 12
KEPT = timedelta(days=30)
"""How long it is remembered that a mail was sent, or what one says that was given up."""

MOST_SHOWN = 200
_ALONE = timedelta(minutes=5)
"""How long a mail is its sender's own: longer than any mail server is waited for."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
_LONGEST_REASON = 200
_CODE = re.compile(r"[245]\d\d\b", re.ASCII)


def queue(session: Session, to: str, subject: str, body: str, now: datetime) -> None:
    """Let a mail be sent once the session is committed. It never tells amounts: it says on which page they stand.

    Raises `RefusedError` for what is no one address or no one line, `ValueError` for an amount.
    """
    require_sendable(to, subject, body)
    outbox.add(session, to, subject, body, now)


def take(session: Session, now: datetime) -> Mail | None:
    """A mail that is due, to be sent by the caller and for some minutes by nobody else; None where none is."""
    return outbox.take(session, now, now + _ALONE)


def note_sent(session: Session, mail: Mail, now: datetime) -> None:
    """Be done with a mail that was sent. What it said is not kept."""
    outbox.note_sent(session, mail.id, now)


def note_failure(session: Session, mail: Mail, why: str, now: datetime) -> datetime | None:
    """Remember why a mail was not sent; gives when it is tried again, or None where that was the last time.

    Waits double from a minute up to four hours.
    """
    wait = min(_FIRST_WAIT * 2 ** (mail.attempt - 1), _LONGEST_WAIT)
    again_at = now + wait if mail.attempt < MOST_ATTEMPTS else None
    outbox.note_failure(session, mail, " ".join(why.split())[:_LONGEST_REASON], again_at)
    return again_at


def count_waiting(session: Session) -> int:
    """How many mails are still to be sent."""
    return outbox.count_waiting(session)


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A mail that did not go out, without what it says and to whom: by the account's number, or the address's domain.

    `code` is what the server answered, empty where none did; `again_at` is None where it was given up.
    """

    id: int
    account_id: int | None
    domain: str
    attempts: int
    code: str
    queued_at: datetime
    again_at: datetime | None


def list_failed(session: Session) -> list[FailedMail]:
    """Mails that failed and were not sent since, the latest first, some hundred at most."""
    return [_failed(each) for each in outbox.load_unsent(session, MOST_SHOWN)]


def _failed(mail: outbox.Unsent) -> FailedMail:
    code = _CODE.match(mail.why)
    domain = mail.recipient.rpartition("@")[2]
    said = code[0] if code else ""
    return FailedMail(mail.id, mail.account_id, domain, mail.attempts, said, mail.queued_at, mail.again_at)


def retry(session: Session, actor: Account, mail_id: int, now: datetime) -> None:
    """Let a mail that failed be sent next. Raises `NotFoundError` for one that was sent, or is being sent just now."""
    if not outbox.hasten(session, mail_id, now):
        raise NotFoundError("There is no such mail, or it is on its way.")
    audit.note(session, actor.email, now, "retry", f"mail {mail_id}")


def forget_old(session: Session, now: datetime) -> None:
    """Forget mails that were sent or given up long ago."""
    outbox.forget(session, now - KEPT)
