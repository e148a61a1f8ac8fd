"""Tokens by which other systems ask in somebody's name: made, found, listed and revoked.

A token itself is kept nowhere: whoever made it was shown it once.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError
from comp.models import ApiTokenRow
from comp.roles import Account, Permission
from comp.services import audit, mail
from comp.services.accounts import may_sign_in
from comp.services.relations import granted
from comp.store import accounts, api_tokens
from comp.tokens import (
    LETTERS,
    MOST_TOKENS,
    RANDOM,
    ApiToken,
    Scope,
    expires_at,
    is_token,
    shown_of,
    stands_against,
    write_token,
)

_USED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that was shown, whose it is, and everything that its owner may do now."""

    token: ApiToken
    account: Account
    granted: frozenset[Permission]

    def is_due(self, now: datetime) -> bool:
        """Whether it is worth noting that the token is still in use."""
        return self.token.used_at is None or now - self.token.used_at >= _USED_AGAIN


def make(
    session: Session, actor: Account, name: str, scopes: Collection[Scope], days: int, now: datetime
) -> tuple[str, ApiToken]:
    """A new token for oneself, as it is shown this once. Raises `RefusedError` with everything that stands against it.

    Its scopes are among what the actor may do now; what they may not do any more when it is used it does not open.
    """
    problems = list(stands_against(name, scopes, days, granted(session, actor, now)))
    if problems:
        raise RefusedError(" ".join(problem.why for problem in problems), problems)
    if api_tokens.count_living(session, actor.id, now) >= MOST_TOKENS:
        raise RefusedError(f"You have {MOST_TOKENS} tokens. Revoke those that nothing uses any more.")
    written = write_token("".join(secrets.choice(LETTERS) for _ in range(RANDOM)))
    row = ApiTokenRow(
        account_id=actor.id,
        token_hash=_hashed(written),
        shown=shown_of(written),
        name=name.strip(),
        scopes=" ".join(sorted(set(scopes))),
        made_at=now,
        expires_at=expires_at(now, days),
    )
    token = api_tokens.add(session, row)
    audit.note(session, actor.email, now, "token made", f"token {token.id}", scopes=row.scopes, days=days)
    told = (
        f"Hello {actor.name},\n\nThe token “{token.name}” ({token.shown}…) was made in your name and lasts until "
        f"{token.expires_at:%Y-%m-%d}. If that was not you, revoke it on the page Account and tell an "
        "admin.\n\nLoyalty Pay\n"
    )
    mail.queue(session, actor.email, "A token was made in your name", told, now)
    return written, token


def find(session: Session, written: str, now: datetime) -> Bearer | None:
    """Whose token it is; None for what is none, is over or was revoked, and where its owner may not sign in."""
    token = api_tokens.find(session, _hashed(written)) if is_token(written) else None
    if token is None or not token.lives(now):
        return None
    known = accounts.credentials_of(session, token.account_id)
    if known is None or not may_sign_in(session, known, now):
        return None
    return Bearer(token, known.account, granted(session, known.account, now))


def note_used(session: Session, bearer: Bearer, now: datetime) -> None:
    """Remember that a token is in use."""
    api_tokens.note_used(session, bearer.token.id, now)


def list_tokens(session: Session, account: Account) -> list[ApiToken]:
    """An account's tokens that nobody revoked, the latest first; those that ran out among them."""
    return api_tokens.of_account(session, account.id)


def revoke(session: Session, actor: Account, token_id: int, now: datetime) -> None:
    """End one of one's own tokens. Raises `NotFoundError` for any other."""
    if not api_tokens.revoke(session, actor.id, now, token_id):
        raise NotFoundError("You have no such token, or it was revoked already.")
    audit.note(session, actor.email, now, "token revoked", f"token {token_id}")


def _hashed(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()
