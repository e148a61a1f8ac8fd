"""Local accounts: adding, closing and changing them, and who gets in without a stranger learning anything."""

from datetime import datetime, timedelta

from sqlmodel import Session

from comp.errors import RefusedError
from comp.locales import LOCALES
from comp.models import DeviceRow
from comp.roles import Account, Role
from comp.services import audit, devices, mail, passwords
from comp.services.conflicts import require_compatible
from comp.store import accounts, api_tokens, factors, sessions, settings
from comp.store import devices as stored_devices
from comp.store.accounts import Credentials

RESET_WITHIN = timedelta(hours=1)
"""How long a link for a new password opens something."""

_FREE_FAILURES = 5
_LONGEST_WAIT = timedelta(minutes=15)
_BETWEEN_RESETS = timedelta(minutes=5)
_LONGEST_NAME = 100


def add_account(session: Session, email: str, name: str, password: str, roles: tuple[Role, ...]) -> None:
    """Add somebody who may sign in.

    Raises `RefusedError` for a taken address, an unfit password, or roles that do not go together.
    """
    if "@" not in email:
        raise RefusedError(f"{email!r} is not an e-mail address.")
    password_hash = passwords.hashed(password, (email, name))
    if accounts.find_credentials(session, email):
        raise RefusedError(f"{email} has an account already.")
    require_compatible(roles)
    accounts.add_account(session, email, name, password_hash, roles)


def close_account(session: Session, email: str, by: str, now: datetime) -> Account:
    """Let nobody sign in with an account any more.

    Raises `RefusedError` for an unknown or closed one, and for one's own.
    """
    known = require_known(session, email)
    _require_other(known, by)
    if not known.is_active:
        raise RefusedError(f"The account of {email} is closed already.")
    accounts.close(session, known.account.id)
    stored_devices.forget_all(session, known.account.id)
    api_tokens.revoke(session, known.account.id, now)
    end_sessions(session, known.account)
    audit.note(session, by, now, "account closed", f"account {known.account.id}")
    return known.account


def reset_factors(session: Session, email: str, by: str, now: datetime) -> Account:
    """Take an account's second factors and passkeys away, and end its sessions and tokens, for somebody who lost them.

    Raises `RefusedError` for an unknown address, and for one's own.
    """
    known = require_known(session, email)
    _require_other(known, by)
    account = known.account
    secrets = factors.secrets_of(session, account.id)
    factors.save_secrets(session, account.id, factors.Secrets(secrets.password_hash, secrets.epoch))
    factors.remove_passkeys(session, account.id)
    api_tokens.revoke(session, account.id, now)
    end_sessions(session, account)
    audit.note(session, by, now, "factors reset", f"account {account.id}")
    told = "Your second factors and passkeys were taken away, and you were signed out everywhere."
    mail.queue(session, account.email, "Your second factors were reset", _mail_text(account, told), now)
    return account


def rename(session: Session, account: Account, name: str, now: datetime) -> None:
    """Change the name that pages show. Raises `RefusedError` for none, and for one that is too long."""
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise RefusedError(f"A name has 1 to {_LONGEST_NAME} characters.")
    accounts.set_name(session, account.id, name.strip())
    audit.note(session, account.email, now, "name changed", f"account {account.id}")


def choose_locale(session: Session, account: Account, locale: str, now: datetime) -> None:
    """Choose how one reads and writes numbers and days. Raises `RefusedError` for a way that there is not."""
    if locale not in LOCALES:
        raise RefusedError(f"Numbers cannot be written as in {locale!r}. Choose one of {', '.join(LOCALES.values())}.")
    accounts.set_locale(session, account.id, locale)
    audit.note(session, account.email, now, "number format changed", f"account {account.id}", locale=locale)


def find_credentials(session: Session, email: str) -> Credentials | None:
    """What signing in with an address is checked against."""
    return accounts.find_credentials(session, email)


def credentials_of(session: Session, account_id: int) -> Credentials | None:
    """What signing in with an account is checked against."""
    return accounts.credentials_of(session, account_id)


def may_sign_in(session: Session, known: Credentials, now: datetime) -> bool:
    """Whether an account is open and its person, where it is an employee's, has not left the company."""
    end = accounts.employed_until(session, known.account.email)
    return known.is_active and (end is None or now.astimezone(settings.load_company(session).zone).date() < end)


def admit(
    session: Session, email: str, password_hash: str, now: datetime, *, is_right: bool, device: str = ""
) -> Account | None:
    """The account that an address opens where its proof is right; None for anything else, and nothing tells why.

    The proof was checked against `password_hash` outside the transaction; what changed since opens nothing. After five
    failures in a row each further one makes the next wait longer, up to a quarter of an hour: nobody can try for long.
    Failures in a `device` that is known keep that one waiting alone, and failures elsewhere do not: so nobody can lock
    somebody else out by failing again and again. Failures are forgotten when a session begins.
    """
    known = accounts.find_credentials(session, email)
    counter = known and (devices.known(session, known.account.id, device) or known)
    if known is None or counter is None or not may_sign_in(session, known, now) or _is_blocked(counter, now):
        audit.note(session, email, now, "sign-in refused", "sign-in")
        return None
    if not is_right or known.password_hash != password_hash:
        failures = counter.failures + 1
        _count(session, counter, failures, _blocked_until(failures, now))
        audit.note(session, email, now, "sign-in failed", f"account {known.account.id}", failures=failures)
        return None
    return known.account


def ask_for_reset(session: Session, email: str, link: str, now: datetime) -> None:
    """Send a link for a new password, at most every five minutes; without an open account that has one, nothing."""
    known = accounts.find_credentials(session, email)
    audit.note(session, email, now, "reset asked for", "sign-in")
    if known is None or not known.password_hash or not may_sign_in(session, known, now):
        return
    before = accounts.note_reset(session, known.account.id, now)
    if before is None or now - before >= _BETWEEN_RESETS:
        told = f"Choose a new password within an hour:\n\n{link}\n\nIf you did not ask for it, do nothing."
        mail.queue(session, known.account.email, "A new password for Loyalty Pay", _mail_text(known.account, told), now)


def note_reset(session: Session, account: Account, now: datetime) -> None:
    """Note that a link was used, and let failed attempts before it keep nobody waiting."""
    accounts.note_attempt(session, account.id, 0, None)
    audit.note(session, account.email, now, "password reset", f"account {account.id}")


def end_sessions(session: Session, account: Account) -> None:
    """End every session of an account, and let links and half-finished sign-ins of it open nothing."""
    sessions.end_all(session, account.id)
    accounts.raise_epoch(session, account.id)


def _require_other(known: Credentials, by: str) -> None:
    if known.account.email == by:
        raise RefusedError("Nobody does this to their own account. Another admin does.")


def require_known(session: Session, email: str) -> Credentials:
    """What is stored of an address. Raises `RefusedError` where nobody has it."""
    known = accounts.find_credentials(session, email)
    if known is None:
        raise RefusedError(f"Nobody has an account with the address {email}.")
    return known


def _mail_text(account: Account, told: str) -> str:
    return f"Hello {account.name},\n\n{told}\n\nLoyalty Pay\n"


def _count(session: Session, counter: Credentials | DeviceRow, failures: int, until: datetime | None) -> None:
    if isinstance(counter, DeviceRow):
        counter.failures, counter.blocked_until = failures, until
        session.flush()
    else:
        accounts.note_attempt(session, counter.account.id, failures, until)


def _is_blocked(counter: Credentials | DeviceRow, now: datetime) -> bool:
    return counter.blocked_until is not None and now < counter.blocked_until


def _blocked_until(failures: int, now: datetime) -> datetime | None:
    if failures < _FREE_FAILURES:
        return None
    return now + min(_LONGEST_WAIT, timedelta(seconds=15 << min(10, failures - _FREE_FAILURES)))
