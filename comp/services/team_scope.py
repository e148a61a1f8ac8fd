"""Whose team somebody looks at, and what they may do there: as manager, standing in for one, or for everybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import UnseenError
from comp.periods import Quarter, Span
from comp.roles import Account, Permission, Role
from comp.services.relations import days_of, sight, today
from comp.store import delegations, visibility
from comp.store.visibility import Below, Member

LARGEST = 2_000
"""Of a larger tree only those are listed who answer to the manager directly: the others in the teams below."""


@dataclass(frozen=True, slots=True)
class Hats:
    """As whom somebody looks: their own number, and the managers for whom they stand in today."""

    own: str | None
    reads_for: tuple[str, ...]
    confirms_for: tuple[str, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The managers whose teams they may read."""
        return (*((self.own,) if self.own else ()), *self.reads_for)

    @property
    def confirming(self) -> tuple[str, ...]:
        """The managers in whose place they may confirm, themselves included."""
        return (*((self.own,) if self.own else ()), *self.confirms_for)


@dataclass(frozen=True, slots=True)
class Scope:
    """A manager's team as it was on the quarter's last day, and what the actor may do in it.

    `path` leads from the actor's own team down to this one; `people` is how many are below, of whom `below` means all
    or, in a large tree, those who answer to the manager directly.
    """

    manager: str
    name: str
    path: tuple[Member, ...]
    below: Below
    people: int
    may_confirm: bool
    may_adjust: bool


def hats(session: Session, actor: Account, now: datetime) -> Hats:
    """As whom an actor looks today."""
    if actor.employee is None:
        return Hats(None, (), ())
    taken = delegations.load_of_delegate(session, actor.employee, today(session, now))
    confirms = tuple(dict.fromkeys(each.manager for each in taken if each.may_confirm))
    return Hats(actor.employee, tuple(dict.fromkeys(each.manager for each in taken)), confirms)


def find_scope(session: Session, actor: Account, quarter: Quarter, of: str, now: datetime) -> Scope | None:
    """The team of a manager, or with no number the actor's own; None where the actor has none to look at.

    Raises `UnseenError` for a manager whose team the actor may not see, and for somebody who leads nobody.
    """
    days, wears = days_of(session, quarter), hats(session, actor, now)
    if not of:
        of = next((head for head in wears.heads if visibility.count_below(session, Below((head,), days))), "")
        if not of:
            return None
    below = Below((of,), days)
    people = visibility.count_below(session, below)
    if not people or not _may_see(session, actor, wears, of, days):
        raise UnseenError(f"{of} leads nobody whose pay in {quarter} is for you to see.", "employee", of)
    above = visibility.chains_above(session, [of], days).get(of, ())
    confirms = _is_head_or_below(of, above, wears.confirming)
    adjusts = actor.employee is not None and _is_head_or_below(of, above, (actor.employee,))
    return Scope(
        manager=of,
        name=_name(session, of, days),
        path=_path(session, wears, of, above, days),
        below=Below((of,), days, directly=people > LARGEST),
        people=people,
        may_confirm=confirms,
        may_adjust=adjusts or Role.HR in actor.roles,
    )


def _may_see(session: Session, actor: Account, wears: Hats, of: str, days: Span) -> bool:
    if of in wears.heads or Permission.READ_PAYOUTS in actor.permissions:
        return True
    return _is_head_or_below(of, visibility.chains_above(session, [of], days).get(of, ()), wears.heads)


def _is_head_or_below(of: str, above: tuple[str, ...], heads: tuple[str, ...]) -> bool:
    return of in heads or any(head in above for head in heads)


def _path(session: Session, wears: Hats, of: str, above: tuple[str, ...], days: Span) -> tuple[Member, ...]:
    """The managers between the actor's own team, or the top, and a manager, without the manager."""
    heads = wears.heads
    upto = next((place + 1 for place, manager in enumerate(above) if manager in heads), len(above))
    known = {member.employee: member for member in _members(session, above[:upto], days)}
    return () if of in heads else tuple(known[manager] for manager in reversed(above[:upto]) if manager in known)


def _members(session: Session, numbers: tuple[str, ...], days: Span) -> list[Member]:
    return visibility.members(session, visibility.Some(numbers), days) if numbers else []


def _name(session: Session, employee: str, days: Span) -> str:
    found = _members(session, (employee,), days)
    return (found[0].name if found else "") or employee


def may_confirm(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> bool:
    """Whether an actor may say what a manager says of somebody's pay: never of their own, nor of who lets them."""
    confirming = hats(session, actor, now).confirming
    if not confirming or employee in confirming or employee == actor.employee:
        return False
    above = visibility.chains_above(session, [employee], days_of(session, quarter)).get(employee, ())
    return any(head in above for head in confirming)


def require_seen(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> None:
    """Raise `UnseenError` for somebody whose pay is not in an actor's sight, as for somebody who is not there."""
    if not visibility.seen_of(session, sight(session, actor, quarter, now), [employee]):
        raise UnseenError(f"{employee} is not in {quarter}, or not for you to see.", "employee", employee)


def managers_of(session: Session, quarter: Quarter, employee: str) -> tuple[str, ...]:
    """The managers above somebody on the quarter's last day, from the nearest up."""
    return visibility.chains_above(session, [employee], days_of(session, quarter)).get(employee, ())
