"""Signing in with the company's identity provider: who somebody is there decides who it is here."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import RefusedError
from comp.roles import Account, Role, conflicts
from comp.services import audit
from comp.services.access import link_by_email
from comp.services.accounts import end_sessions, require_known
from comp.store import accounts, identities
from comp.store.accounts import Credentials

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody for whom a provider vouches.

    `email` is empty unless the provider verified it; `roles` is None where the product keeps them itself; `proved_at`
    is when the person last proved themselves there, where the provider tells.
    """

    issuer: str
    subject: str
    email: str
    name: str
    roles: tuple[Role, ...] | None
    proved_at: datetime | None = None


def sign_in(session: Session, who: Vouched, now: datetime, *, creates_accounts: bool) -> Account | None:
    """The account of somebody for whom the provider vouches, with the roles that it brings; None where there is none.

    Whoever was here before is known by issuer and subject alone. The first time, it is the open account with the same
    verified address that is nobody's yet, or a new one where accounts may be created.
    """
    known = _known(session, who, now, creates_accounts=creates_accounts)
    if isinstance(known, str):
        audit.note(session, f"{who.issuer} {who.subject}", now, "sign-in refused", "sign-in", why=known)
        return None
    if who.roles is not None and set(who.roles) != set(known.account.roles):
        _change_roles(session, known.account, who.roles, now)
    account = require_known(session, known.account.email).account
    audit.note(session, account.email, now, "signed in by provider", f"account {account.id}")
    return account


def link(session: Session, email: str, issuer: str, subject: str, by: str, now: datetime) -> None:
    """Say who an account is at a provider that does not verify addresses.

    Raises `RefusedError` for an unknown address, and where account or subject is linked already.
    """
    account = require_known(session, email).account
    if identities.is_linked(session, account.id):
        raise RefusedError(f"{email} is somebody's account at an identity provider already. Unlink it first.")
    if identities.email_of(session, issuer, subject):
        raise RefusedError(f"{subject!r} has another account here. Unlink that one first.")
    _link(session, account, issuer, subject, by, now)


def unlink(session: Session, email: str, by: str, now: datetime) -> None:
    """Let an account be nobody's at the provider, and end its sessions, so that the next sign-in links it anew.

    Raises `RefusedError` for an unknown address and for an account that is nobody's.
    """
    account = require_known(session, email).account
    if not identities.unlink(session, account.id):
        raise RefusedError(f"{email} is nobody's account at an identity provider.")
    end_sessions(session, account)
    audit.note(session, by, now, "unlinked identity", f"account {account.id}")


def _known(session: Session, who: Vouched, now: datetime, *, creates_accounts: bool) -> Credentials | str:
    """The account that somebody has or gets, or in a word why not."""
    if any(conflict.is_refused for conflict in conflicts(who.roles or ())):
        return "roles that cannot be held together"
    email = identities.email_of(session, who.issuer, who.subject)
    if email is None:
        return _first_time(session, who, now, creates_accounts=creates_accounts)
    known = require_known(session, email)
    return known if known.is_active else "closed"


def _first_time(session: Session, who: Vouched, now: datetime, *, creates_accounts: bool) -> Credentials | str:
    if not who.email:
        return "address not verified"
    known = accounts.find_credentials(session, who.email)
    if known is None and not creates_accounts:
        return "unknown"
    if known is not None and not known.is_active:
        return "closed"
    if known is not None and identities.is_linked(session, known.account.id):
        return "address of another"
    known = known or _created(session, who, now)
    _link(session, known.account, who.issuer, who.subject, who.email, now)
    return known


def _link(session: Session, account: Account, issuer: str, subject: str, by: str, now: datetime) -> None:
    identities.link(session, account.id, issuer, subject, now)
    identity = audit.keyed(session, f"{issuer} {subject}")
    audit.note(session, by, now, "linked identity", f"account {account.id}", identity=identity)


def _created(session: Session, who: Vouched, now: datetime) -> Credentials:
    """A new account without a role and without a password here."""
    name = " ".join("".join(filter(str.isprintable, who.name)).split())[:_LONGEST_NAME]
    accounts.add_account(session, who.email, name or who.email, "", ())
    known = require_known(session, who.email)
    audit.note(session, who.email, now, "added account", f"account {known.account.id}")
    link_by_email(session, who.email, now)
    return require_known(session, who.email)


def _change_roles(session: Session, account: Account, roles: tuple[Role, ...], now: datetime) -> None:
    accounts.set_roles(session, account.id, roles, "identity provider", now)
    end_sessions(session, account)
    before, after = (", ".join(sorted(each)) for each in (account.roles, set(roles)))
    how = "claim of the identity provider"
    details = {"before": before, "after": after, "how": how}
    audit.note(session, account.email, now, "grant", f"account {account.id}", **details)
