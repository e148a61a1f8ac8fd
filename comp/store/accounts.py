"""Accounts and their roles."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from comp.models import AccountRoleRow, AccountRow, PersonRow
from comp.roles import Account, Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in is checked against."""

    account: Account
    password_hash: str
    is_active: bool
    failures: int
    blocked_until: datetime | None


def find_credentials(session: Session, email: str) -> Credentials | None:
    """What is stored of an address, or None."""
    row = session.scalars(select(AccountRow).where(col(AccountRow.email) == email.lower())).one_or_none()
    return _credentials(session, row) if row else None


def credentials_of(session: Session, account_id: int) -> Credentials | None:
    """What is stored of an account, by its number."""
    row = session.get(AccountRow, account_id)
    return _credentials(session, row) if row else None


def employed_until(session: Session, email: str) -> date | None:
    """The first day on which the person with this address is no longer employed, under any employee number.

    None for somebody whose end is open, and where the address is nobody's.
    """
    ends = session.scalars(select(col(PersonRow.employed_until)).where(col(PersonRow.email) == email)).all()
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def add_account(session: Session, email: str, name: str, password_hash: str, roles: tuple[Role, ...]) -> None:
    """Store a new account."""
    row = AccountRow(email=email.lower(), name=name, password_hash=password_hash)
    session.add(row)
    session.flush()
    set_roles(session, row.id or 0, roles)


def set_roles(session: Session, account_id: int, roles: tuple[Role, ...]) -> None:
    """Give an account these roles and no others."""
    session.execute(delete(AccountRoleRow).where(col(AccountRoleRow.account_id) == account_id))
    session.add_all(AccountRoleRow(account_id=account_id, role=role) for role in dict.fromkeys(roles))
    session.flush()


def raise_epoch(session: Session, account_id: int) -> None:
    """Let links and half-finished sign-ins of the account so far open nothing."""
    session.get_one(AccountRow, account_id).epoch += 1
    session.flush()


def set_password_hash(session: Session, account_id: int, password_hash: str) -> None:
    """Store a password's hash in place of the one before."""
    session.get_one(AccountRow, account_id).password_hash = password_hash
    session.flush()


def set_name(session: Session, account_id: int, name: str) -> None:
    """Store the name that pages show."""
    session.get_one(AccountRow, account_id).name = name
    session.flush()


def close(session: Session, account_id: int) -> None:
    """Let nobody sign in with the account any more."""
    session.get_one(AccountRow, account_id).is_active = False
    session.flush()


def note_reset(session: Session, account_id: int, now: datetime) -> datetime | None:
    """Remember that a new password was asked for; gives when it was before that."""
    row = session.get_one(AccountRow, account_id)
    before, row.reset_asked_at = row.reset_asked_at, now
    session.flush()
    return before


def note_attempt(session: Session, account_id: int, failures: int, blocked_until: datetime | None) -> None:
    """Remember how often signing in failed since it last succeeded."""
    row = session.get_one(AccountRow, account_id)
    row.failures, row.blocked_until = failures, blocked_until
    session.flush()


def _credentials(session: Session, row: AccountRow) -> Credentials:
    return Credentials(_account(session, row), row.password_hash, row.is_active, row.failures, row.blocked_until)


def _account(session: Session, row: AccountRow) -> Account:
    account_id = row.id or 0
    query = (
        select(AccountRoleRow).where(col(AccountRoleRow.account_id) == account_id).order_by(col(AccountRoleRow.role))
    )
    return Account(
        account_id, row.email, row.name, tuple(Role(each.role) for each in session.scalars(query)), row.epoch
    )
