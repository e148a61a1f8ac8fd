"""Accounts, their roles, and whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from comp.models import AccountRoleRow, AccountRow, PersonRow
from comp.roles import Account, Grant, Role
from comp.store.bulk import columns_of


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
    """The first day on which the person of an account is no longer employed, under any employee number.

    That is whoever has the address, and whose account it is. None for somebody whose end is open, and for nobody.
    """
    linked = select(col(AccountRow.employee)).where(col(AccountRow.email) == email)
    theirs = (col(PersonRow.email) == email) | col(PersonRow.employee).in_(linked)
    ends = session.scalars(select(col(PersonRow.employed_until)).where(theirs)).all()
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def add_account(session: Session, email: str, name: str, password_hash: str, roles: tuple[Role, ...]) -> None:
    """Store a new account."""
    row = AccountRow(email=email.lower(), name=name, password_hash=password_hash)
    session.add(row)
    session.flush()
    set_roles(session, row.id or 0, roles)


def set_roles(
    session: Session, account_id: int, roles: tuple[Role, ...], by: str | None = None, at: datetime | None = None
) -> None:
    """Give an account these roles and no others. Those that it keeps were granted when they were."""
    table = columns_of(AccountRoleRow)
    held = set(session.scalars(select(table.role).where(table.account_id == account_id)))
    ours = col(AccountRoleRow.account_id) == account_id
    session.execute(delete(AccountRoleRow).where(ours, col(AccountRoleRow.role).not_in(roles)))
    fresh = (role for role in dict.fromkeys(roles) if role not in held)
    session.add_all(AccountRoleRow(account_id=account_id, role=role, granted_by=by, granted_at=at) for role in fresh)
    session.flush()


def list_accounts(session: Session) -> list[Account]:
    """Every account that may sign in, by address."""
    query = select(AccountRow).where(col(AccountRow.is_active)).order_by(col(AccountRow.email))
    held = {account_id: tuple(grant.role for grant in grants) for account_id, grants in load_grants(session).items()}
    return [
        Account(row.id or 0, row.email, row.name, held.get(row.id or 0, ()), row.epoch, row.employee, row.locale)
        for row in session.scalars(query)
    ]


def load_grants(session: Session) -> dict[int, list[Grant]]:
    """What roles each account holds, by the account's number."""
    found: dict[int, list[Grant]] = {}
    for row in session.scalars(select(AccountRoleRow).order_by(col(AccountRoleRow.role))):
        found.setdefault(row.account_id, []).append(Grant(Role(row.role), row.granted_by, row.granted_at))
    return found


def find_account_of(session: Session, employee: str) -> Account | None:
    """The account of a person; None where there is none."""
    row = session.scalars(select(AccountRow).where(col(AccountRow.employee) == employee)).one_or_none()
    return _account(session, row) if row else None


def list_with_role(session: Session, role: Role) -> list[Account]:
    """Everybody who may sign in and holds a role, by name."""
    held = select(col(AccountRoleRow.account_id)).where(col(AccountRoleRow.role) == role)
    query = select(AccountRow).where(col(AccountRow.is_active), col(AccountRow.id).in_(held))
    return [_account(session, row) for row in session.scalars(query.order_by(col(AccountRow.name), col(AccountRow.id)))]


def list_of_people(session: Session, employees: Sequence[str]) -> list[Account]:
    """The accounts of some people who may sign in, in the order of the people."""
    query = select(AccountRow).where(col(AccountRow.is_active), col(AccountRow.employee).in_(employees))
    return sorted(
        (_account(session, row) for row in session.scalars(query)), key=lambda a: employees.index(a.employee or "")
    )


def link_person(session: Session, account_id: int, employee: str | None) -> None:
    """Say whose account it is."""
    session.get_one(AccountRow, account_id).employee = employee
    session.flush()


def link_by_email(session: Session) -> list[tuple[int, str]]:
    """Link accounts that are nobody's yet to the one person with the same address; gives what was linked."""
    person = columns_of(PersonRow)
    taken = select(col(AccountRow.employee)).where(col(AccountRow.employee).is_not(None))
    query = (
        select(col(AccountRow.id), func.min(person.employee))
        .join_from(AccountRow, PersonRow, func.lower(person.email) == col(AccountRow.email))
        .where(col(AccountRow.employee).is_(None))
        .group_by(col(AccountRow.id))
        .having(func.count() == 1, func.min(person.employee).not_in(taken))
    )
    found = [
        (account_id or 0, employee) for account_id, employee in session.execute(query.order_by(col(AccountRow.id)))
    ]
    for account_id, employee in found:
        link_person(session, account_id, employee)
    return found


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


def set_locale(session: Session, account_id: int, locale: str) -> None:
    """Store how numbers and days are written for an account."""
    session.get_one(AccountRow, account_id).locale = locale
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
    roles = tuple(Role(each.role) for each in session.scalars(query))
    return Account(account_id, row.email, row.name, roles, row.epoch, row.employee, row.locale)
