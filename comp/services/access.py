"""Who may do what: granting roles, saying whose account is whose, and the review of all that people hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError
from comp.figures import counted
from comp.roles import Account, Grant, Role
from comp.services import audit
from comp.services.accounts import end_sessions, require_known
from comp.services.conflicts import require_compatible, warnings
from comp.services.relations import today
from comp.store import accounts, delegations, people, visibility
from comp.store.delegations import Delegation


def list_accounts(session: Session) -> list[Account]:
    """Every account, by address."""
    return accounts.list_accounts(session)


def find_account(session: Session, account_id: int) -> Account:
    """An account by its number. Raises `NotFoundError` where there is none."""
    found = accounts.credentials_of(session, account_id)
    if found is None or not found.is_active:
        raise NotFoundError("There is no such account.")
    return found.account


def find_account_by_email(session: Session, email: str) -> Account:
    """An account by its address. Raises `RefusedError` where nobody has it."""
    return require_known(session, email).account


def grant_roles(session: Session, actor: Account, account: Account, roles: tuple[Role, ...], now: datetime) -> None:
    """Give an account these roles and no others, and end its sessions.

    Raises `RefusedError` for roles that do not go together, and for one's own.
    """
    _require_other(actor, account)
    require_compatible(roles)
    accounts.set_roles(session, account.id, roles, actor.email, now)
    end_sessions(session, account)
    before, after = (", ".join(sorted(map(str, each))) for each in (account.roles, set(roles)))
    audit.note(session, actor.email, now, "grant", f"account {account.id}", before=before, after=after)


def link_person(session: Session, actor: Account, account: Account, employee: str | None, now: datetime) -> None:
    """Say whose account it is, or with None that it is nobody's.

    Raises `RefusedError` for a number that nobody has, or that another account has, and for one's own account.
    """
    _require_other(actor, account)
    if employee is not None:
        if not people.is_known(session, employee):
            raise RefusedError(f"Nobody has the employee number {employee}. Import people first.")
        owner = accounts.find_account_of(session, employee)
        if owner and owner.id != account.id:
            raise RefusedError(f"{employee} has the account {owner.email} already. Take the number off that one first.")
    accounts.link_person(session, account.id, employee)
    _note_link(session, actor.email, account.id, account.employee, employee, now)


def link_by_email(session: Session, by: str, now: datetime) -> None:
    """Link accounts that are nobody's yet to the one person with the same address."""
    for account_id, employee in accounts.link_by_email(session):
        _note_link(session, by, account_id, None, employee, now)


def _require_other(actor: Account, account: Account) -> None:
    if actor.id == account.id:
        raise RefusedError("Nobody changes what their own account may see and do. Another admin does.")


def _note_link(
    session: Session, by: str, account_id: int, before: str | None, after: str | None, now: datetime
) -> None:
    audit.note(session, by, now, "link", f"account {account_id}", before=before, after=after)


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that an account holds, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that an account holds, and what is to be thought of its roles together."""

    account: Account
    holds: tuple[Holding, ...]
    warnings: tuple[str, ...]


def review(session: Session, now: datetime) -> list[Access]:
    """Every account with all that it holds and why, by address."""
    day = today(session, now)
    every = accounts.list_accounts(session)
    grants = accounts.load_grants(session)
    sizes = visibility.team_sizes(session, [each.employee for each in every if each.employee], day)
    lasting = delegations.load_lasting(session, day)
    found = []
    for each in every:
        holds = [*map(_role, grants.get(each.id, ()))]
        if each.employee:
            holds += _related(session, each.employee, sizes.get(each.employee, 0), lasting)
        found.append(Access(each, tuple(holds), tuple(warnings(each.roles))))
    return found


def _role(grant: Grant) -> Holding:
    when = f" on {grant.at:%Y-%m-%d}" if grant.at else ""
    return Holding(f"role {grant.role}", f"granted by {grant.by}{when}" if grant.by else "granted when it was added")


def _related(session: Session, employee: str, below: int, lasting: Iterable[Delegation]) -> Iterator[Holding]:
    yield Holding("own pay", f"is employee {employee}")
    if below:
        yield Holding("pay of the team", f"manages {counted(below, 'person') if below == 1 else f'{below:,} people'}")
    led = visibility.units_led(session, employee)
    if led:
        yield Holding("customer loyalty", f"leads {', '.join(led)}")
    for each in lasting:
        if each.delegate == employee:
            yield Holding(f"pay of the team of {each.manager}", f"stands in {each.days_text}")
        if each.manager == employee:
            yield Holding(f"lets {each.delegate} stand in", each.days_text)
