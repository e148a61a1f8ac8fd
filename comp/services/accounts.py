"""Local accounts: adding one, and signing in without telling a stranger anything."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from comp.errors import RefusedError
from comp.roles import Account, Role
from comp.store import accounts

SHORTEST_PASSWORD = 10
_FREE_FAILURES = 5
_LONGEST_WAIT = timedelta(minutes=15)
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex())
"""A hash that no password meets: an unknown address takes as long as a known one."""


def add_account(session: Session, email: str, name: str, password: str, roles: tuple[Role, ...]) -> None:
    """Add somebody who may sign in. Raises `RefusedError` for a taken address or a short password."""
    if "@" not in email:
        raise RefusedError(f"{email!r} is not an e-mail address.")
    if len(password) < SHORTEST_PASSWORD:
        raise RefusedError(f"A password needs at least {SHORTEST_PASSWORD} characters.")
    if accounts.find_credentials(session, email):
        raise RefusedError(f"{email} has an account already.")
    accounts.add_account(session, email, name, _HASHER.hash(password), roles)


def grant_roles(session: Session, email: str, roles: tuple[Role, ...]) -> Account:
    """Give an account these roles and no others, and end its sessions. Raises `RefusedError` for an unknown address."""
    known = accounts.find_credentials(session, email)
    if known is None:
        raise RefusedError(f"Nobody has an account with the address {email}.")
    accounts.set_roles(session, known.account.id, roles)
    accounts.end_sessions(session, known.account.id)
    return known.account


def end_sessions(session: Session, account: Account) -> None:
    """End every session of an account, wherever it is signed in: a copied cookie opens nothing any more."""
    accounts.end_sessions(session, account.id)


def sign_in(session: Session, email: str, password: str, now: datetime) -> Account | None:
    """The account that an address and a password open; None for anything else, and nothing tells what was wrong.

    After five failures in a row each further one makes the next wait longer, up to a quarter of an hour: nobody is
    locked out for good, and nobody can try for long.
    """
    known = accounts.find_credentials(session, email)
    is_right = _matches(known.password_hash if known else _NOBODY, password)
    if known is None or not known.is_active or (known.blocked_until and now < known.blocked_until):
        return None
    if not is_right:
        failures = known.failures + 1
        accounts.note_attempt(session, known.account.id, failures, _blocked_until(failures, now))
        return None
    if known.failures:
        accounts.note_attempt(session, known.account.id, 0, None)
    return known.account


def find_account(session: Session, account_id: int, epoch: int) -> Account | None:
    """The account that a session belongs to; None where it was closed or its sessions were ended."""
    account = accounts.find_account(session, account_id)
    return account if account and account.epoch == epoch else None


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _blocked_until(failures: int, now: datetime) -> datetime | None:
    if failures < _FREE_FAILURES:
        return None
    return now + min(_LONGEST_WAIT, timedelta(seconds=15 << min(10, failures - _FREE_FAILURES)))
