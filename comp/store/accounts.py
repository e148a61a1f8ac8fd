"""Accounts and their roles."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from comp.models import AccountRoleRow, AccountRow
from comp.roles import Account, Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in is checked against."""

    account: Account
    password_hash: str
    is_active: bool
    failures: int
    blocked_until: datetime | None


def find_account(session: Session, account_id: int) -> Account | None:
    """An account that may sign in, by its number."""
    row = session.get(AccountRow, account_id)
    return _account(session, row) if row and row.is_active else None


def find_credentials(session: Session, email: str) -> Credentials | None:
    """What is stored of an address, or None."""
    row = session.scalars(select(AccountRow).where(col(AccountRow.email) == email.lower())).one_or_none()
    if row is None:
        return None
    return Credentials(_account(session, row), row.password_hash, row.is_active, row.failures, row.blocked_until)


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


def end_sessions(session: Session, account_id: int) -> None:
    """Let the account's sessions so far be nobody's."""
    session.get_one(AccountRow, account_id).epoch += 1
    session.flush()


def note_attempt(session: Session, account_id: int, failures: int, blocked_until: datetime | None) -> None:
    """Remember how often signing in failed since it last succeeded."""
    row = session.get_one(AccountRow, account_id)
    row.failures, row.blocked_until = failures, blocked_until
    session.flush()


def _account(session: Session, row: AccountRow) -> Account:
    account_id = row.id or 0
    query = (
        select(AccountRoleRow).where(col(AccountRoleRow.account_id) == account_id).order_by(col(AccountRoleRow.role))
    )
    return Account(
        account_id, row.email, row.name, tuple(Role(each.role) for each in session.scalars(query)), row.epoch
    )
