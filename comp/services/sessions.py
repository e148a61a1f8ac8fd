"""Sessions: begun, found again by their token, listed and ended. A token itself is kept nowhere but in its browser."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError
from comp.models import SessionRow
from comp.roles import Account
from comp.services import audit
from comp.services.accounts import may_sign_in
from comp.store import accounts, sessions

LONGEST = timedelta(hours=12)
"""A session ends then, whatever is done in it."""

_SEEN_AGAIN = timedelta(minutes=1)
_DEVICE = 60


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in: whose it is, what it is, and when its person was last asked for a proof."""

    id: int
    account: Account
    device: str
    created_at: datetime
    seen_at: datetime
    proved_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether it is worth noting that the session is still in use."""
        return now - self.seen_at >= _SEEN_AGAIN


def begin(
    session: Session, account: Account, device: str, how: str, now: datetime, proved_at: datetime | None = None
) -> str:
    """The token of a new session. Raises `RefusedError` for a closed account and for somebody who left.

    The person proved themselves now, or elsewhere at `proved_at`. Failures before it are forgotten, and so are sessions
    of anybody that are over.
    """
    known = accounts.credentials_of(session, account.id)
    if known is None or not may_sign_in(session, known, now):
        raise RefusedError("This account is closed.")
    sessions.end_older(session, now - LONGEST)
    accounts.note_attempt(session, account.id, 0, None)
    token = secrets.token_urlsafe(32)
    row = SessionRow(
        account_id=account.id,
        token_hash=_hashed(token),
        device=device[:_DEVICE],
        created_at=now,
        seen_at=now,
        proved_at=min(proved_at or now, now),
    )
    sessions.add(session, row)
    audit.note(session, account.email, now, "signed in", f"session {row.id}", how=how)
    return token


def find(session: Session, token: str, idle: timedelta, now: datetime) -> SignedIn | None:
    """The session of a token; None where it ended, was idle for too long, or its person may not sign in any more."""
    row = sessions.find(session, _hashed(token))
    if row is None or now - row.created_at >= LONGEST or now - row.seen_at >= idle:
        return None
    known = accounts.credentials_of(session, row.account_id)
    return _signed_in(row, known.account) if known and may_sign_in(session, known, now) else None


def note_seen(session: Session, signed_in: SignedIn, now: datetime) -> None:
    """Remember that a session is in use."""
    sessions.note_seen(session, signed_in.id, now)


def prove(session: Session, signed_in: SignedIn, how: str, now: datetime) -> str:
    """Remember that the person proved themselves again; gives the session's new token, and the old one ends."""
    row = sessions.of_number(session, signed_in.id)
    if row is None:
        raise NotFoundError("This session has ended.")
    token = secrets.token_urlsafe(32)
    row.token_hash, row.proved_at, row.seen_at = _hashed(token), now, now
    session.flush()
    accounts.note_attempt(session, signed_in.account.id, 0, None)
    audit.note(session, signed_in.account.email, now, "confirmed", f"session {row.id}", how=how)
    return token


def of_account(session: Session, account: Account, idle: timedelta, now: datetime) -> list[SignedIn]:
    """The sessions of an account that are not over, the one last used first."""
    rows = sessions.of_account(session, account.id)
    return [_signed_in(row, account) for row in rows if now - row.created_at < LONGEST and now - row.seen_at < idle]


def end(session: Session, account: Account, session_id: int, now: datetime) -> None:
    """End one of an account's own sessions. Raises `NotFoundError` for any other."""
    if not sessions.end(session, account.id, session_id):
        raise NotFoundError("You have no such session.")
    audit.note(session, account.email, now, "session ended", f"session {session_id}")


def end_others(session: Session, account: Account, keep: int, now: datetime) -> int:
    """End every session of an account but one; gives how many."""
    ended = sessions.end_all(session, account.id, but=keep)
    audit.note(session, account.email, now, "sessions ended", f"account {account.id}", count=ended)
    return ended


def _signed_in(row: SessionRow, account: Account) -> SignedIn:
    return SignedIn(row.id or 0, account, row.device, row.created_at, row.seen_at, row.proved_at)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
