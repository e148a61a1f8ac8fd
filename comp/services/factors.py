"""What one signs in with: passwords, authenticator apps, recovery codes and passkeys, changed and told of by mail."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.roles import Account
from comp.services import accounts, audit, mail
from comp.store import factors
from comp.store.factors import Passkey, Secrets

__all__ = ["Passkey", "Secrets"]

_MOST_PASSKEYS = 10
_TOLD = {
    "password": "Your password was changed, and you were signed out everywhere else.",
    "app": "Codes of an authenticator app are asked for from now on when you sign in.",
    "no app": "Codes of an authenticator app are no longer asked for when you sign in.",
    "codes": "You have new recovery codes; those before them no longer work.",
    "passkey": "A passkey was added to your account.",
    "no passkey": "A passkey was removed from your account.",
}


def secrets_of(session: Session, account_id: int) -> Secrets:
    """What an account proves itself with besides passkeys."""
    return factors.secrets_of(session, account_id)


def save_secrets(session: Session, account: Account, seen: Secrets, wanted: Secrets, now: datetime) -> None:
    """Store what changed since it was seen, note it and tell the person.

    A new password (a new epoch comes with it) ends every session. Raises `ChangedError` where somebody else changed
    any of it in between: so no code opens twice.
    """
    if factors.secrets_of(session, account.id) != seen:
        raise ChangedError("What you sign in with has changed in between. Try again.")
    factors.save_secrets(session, account.id, wanted)
    if wanted.epoch != seen.epoch:
        accounts.end_sessions(session, account)
        _tell(session, account, "password", now)
    if (wanted.app_secret is None) != (seen.app_secret is None):
        _tell(session, account, "app" if wanted.app_secret else "no app", now)
    elif not set(wanted.recovery_codes) <= set(seen.recovery_codes):
        _tell(session, account, "codes", now)
    elif len(wanted.recovery_codes) < len(seen.recovery_codes):
        left = len(wanted.recovery_codes)
        audit.note(session, account.email, now, "recovery code used", f"account {account.id}", left=left)


def passkeys_of(session: Session, account_id: int) -> list[Passkey]:
    """The passkeys of an account."""
    return factors.passkeys_of(session, account_id)


def find_passkey(session: Session, passkey_id: str) -> Passkey | None:
    """A passkey by its identifier."""
    return factors.find_passkey(session, passkey_id)


def add_passkey(session: Session, account: Account, passkey: Passkey, now: datetime) -> None:
    """Store a passkey. Raises `RefusedError` for one that is known, and for one too many."""
    if factors.find_passkey(session, passkey.id):
        raise RefusedError("This passkey is known already.")
    if len(factors.passkeys_of(session, account.id)) >= _MOST_PASSKEYS:
        raise RefusedError(f"An account has at most {_MOST_PASSKEYS} passkeys. Remove one first.")
    factors.add_passkey(session, replace(passkey, name=passkey.name.strip()[:60] or "Passkey"))
    _tell(session, account, "passkey", now)


def use_passkey(session: Session, passkey: Passkey, sign_count: int, now: datetime) -> Account:
    """The account that a proved passkey opens. Raises `NotFoundError` for one that was removed or opens nothing."""
    known = accounts.credentials_of(session, passkey.account_id)
    kept = factors.find_passkey(session, passkey.id)
    if kept != passkey or known is None or not accounts.may_sign_in(session, known, now):
        raise NotFoundError("This passkey opens nothing here.")
    factors.note_use(session, passkey.id, sign_count, now)
    return known.account


def remove_passkey(session: Session, account: Account, passkey_id: str, now: datetime) -> None:
    """Remove one of an account's own passkeys. Raises `NotFoundError` for any other."""
    if not factors.remove_passkey(session, account.id, passkey_id):
        raise NotFoundError("You have no such passkey.")
    _tell(session, account, "no passkey", now)


def _tell(session: Session, account: Account, what: str, now: datetime) -> None:
    audit.note(session, account.email, now, f"changed: {what}", f"account {account.id}")
    text = (
        f"Hello {account.name},\n\n{_TOLD[what]}\n\n"
        "If it was not you, ask for a new password at once and tell those who run Loyalty Pay.\n\nLoyalty Pay\n"
    )
    mail.queue(session, account.email, "Your account at Loyalty Pay was changed", text, now)
