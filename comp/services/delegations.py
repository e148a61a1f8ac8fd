"""Standing in: a manager lets somebody read the team's payouts for some days, or confirm them, and ends it early."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from comp.errors import RefusedError, UnseenError
from comp.periods import Span
from comp.roles import Account
from comp.services import audit
from comp.services.relations import today
from comp.store import accounts, delegations
from comp.store.delegations import Delegation

LONGEST, _AHEAD = timedelta(days=92), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Delegations:
    """What somebody handed over, and for whom they stand in today. `today` is the day that it is for the company."""

    given: tuple[Delegation, ...]
    taken: tuple[Delegation, ...]
    today: date


def list_delegations(session: Session, actor: Account, now: datetime) -> Delegations:
    """What the actor handed over, and for whom the actor stands in today."""
    day = today(session, now)
    if actor.employee is None:
        return Delegations((), (), day)
    given = delegations.load_of_manager(session, actor.employee)
    return Delegations(tuple(given), tuple(delegations.load_of_delegate(session, actor.employee, day)), day)


@dataclass(frozen=True, slots=True)
class Handing:
    """Who shall stand in, by their address, from the first day to the last, and whether they confirm pay too."""

    email: str
    first: date
    last: date
    may_confirm: bool = False


def hand_over(session: Session, actor: Account, handing: Handing, now: datetime) -> Delegation:
    """Let somebody else with an account stand in for the actor.

    It brings no right to export, no role, and none to adjust what anybody is paid.

    Raises `RefusedError` for days that have passed or are too many, and for an address that cannot stand in.
    """
    manager = _require_person(actor)
    day = today(session, now)
    first, last = handing.first, handing.last
    if not day <= first <= last or first - day > _AHEAD:
        raise RefusedError("The days start within a year from today, and the last is not before the first.")
    if last - first >= LONGEST:
        raise RefusedError(f"At most {LONGEST.days} days can be handed over at once. Do it again when they are over.")
    known = accounts.find_credentials(session, handing.email.strip())
    delegate = known.account.employee if known else None
    if delegate is None or delegate == manager:
        raise RefusedError("Nobody else who could stand in for you has this address.")
    days = Span(first, last + timedelta(days=1))
    confirms = handing.may_confirm
    pair = manager, delegate
    number = delegations.add_delegation(session, pair, days, actor.email, now, may_confirm=confirms)
    told = {"confirms": "yes"} if confirms else {}
    _note(session, actor, "hand over", number, now, delegate=delegate, first=str(first), last=str(last), **told)
    return next(each for each in delegations.load_of_manager(session, manager) if each.id == number)


def end_early(session: Session, actor: Account, delegation_id: int, now: datetime) -> Delegation:
    """End what the actor handed over; whoever stood in sees nothing of it from now on.

    Raises `NotFoundError` for what there is not, or what somebody else handed over: nothing tells which.
    """
    manager = _require_person(actor)
    found = [each for each in delegations.load_of_manager(session, manager) if each.id == delegation_id]
    if not found:
        raise UnseenError("You have handed over nothing of that number.", "delegation", str(delegation_id))
    delegations.end_delegation(session, delegation_id, today(session, now))
    _note(session, actor, "end", delegation_id, now)
    return found[0]


def _require_person(actor: Account) -> str:
    if actor.employee is None:
        raise RefusedError("Your account is nobody's on file, so there is no team to hand over.")
    return actor.employee


def _note(session: Session, actor: Account, action: str, delegation_id: int, now: datetime, **details: str) -> None:
    audit.note(session, actor.email, now, action, f"delegation {delegation_id}", **details)
