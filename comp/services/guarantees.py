"""Guaranteed pay: set by HR for one person and some days, confirmed by somebody else whose pay it is not."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.guarantees import Guarantee
from comp.money import Money
from comp.roles import Account, Permission
from comp.services import audit, guarantee_lines
from comp.services.settlement import before_guarantees
from comp.store import guarantees, people, quarters, settings
from comp.store.guarantees import StoredGuarantee
from comp.workflow import PAID, State


@dataclass(frozen=True, slots=True)
class GuaranteeView:
    """A guarantee with the person's name, and what a draw is ahead of what was earned so far."""

    stored: StoredGuarantee
    name: str
    balance: Money


def list_guarantees(session: Session, actor: Account) -> list[GuaranteeView]:
    """Every guarantee, for those who may see everybody's pay."""
    if Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError("Guarantees are not for you to see.", "guarantees", "")
    found = guarantees.load_guarantees(session)
    names = people.names_of(session, {each.employee for each in found})
    return [
        GuaranteeView(
            each,
            names.get(each.employee, each.employee),
            guarantee_lines.balance(session, each, before_guarantees(session)),
        )
        for each in found
    ]


def propose(session: Session, actor: Account, employee: str, guarantee: Guarantee, words: str, now: datetime) -> int:
    """Set a guarantee, which somebody else confirms. Gives its number.

    Raises `RefusedError` for nobody's number, one's own pay, days on which the person has one already, and days of a
    quarter that is approved.
    """
    _require_unpaid(session, guarantee.days.start)
    if not people.is_known(session, employee):
        raise RefusedError(f"Nobody has the employee number {employee}. Import people first.")
    if employee == actor.employee:
        raise RefusedError("This is your own pay. Somebody else must set it.")
    if not words.strip():
        raise RefusedError("Say why: whoever confirms it reads it.")
    _require_free(session, employee, guarantee)
    number = guarantees.add_guarantee(session, employee, guarantee, words.strip(), actor.email, now)
    _note(session, actor, now, "propose", number)
    return number


def _require_unpaid(session: Session, day: date) -> None:
    """Raise `RefusedError` for a day in a quarter that is approved already, or before one: what was seen stays."""
    calendar = settings.load_company(session).calendar
    lives = quarters.load_lives(session).items()
    decided = [quarter for quarter, (state, _) in lives if state in {State.APPROVED, *PAID}]
    if decided and day < calendar.span(max(decided)).end:
        first = calendar.span(max(decided)).end
        raise RefusedError(
            f"{max(decided)} is {dict(lives)[max(decided)][0]}: what it pays stays as it was seen. Choose {first} or a "
            "later day; what was due before is a matter of a correction or an adjustment."
        )


def _require_free(session: Session, employee: str, guarantee: Guarantee) -> None:
    for other in guarantees.load_guarantees(session, [employee]):
        days = other.guarantee.days
        overlaps = days.start < guarantee.days.end and guarantee.days.start < days.end
        if overlaps and other.guarantee.amount.currency == guarantee.amount.currency and not _is_dropped(other):
            raise RefusedError(
                f"{employee} has guarantee {other.id} on some of these days already. Let that one end first."
            )


def _is_dropped(stored: StoredGuarantee) -> bool:
    return stored.ended_by is not None and stored.confirmed_by is None


def confirm(session: Session, actor: Account, number: int, now: datetime) -> StoredGuarantee:
    """Let a guarantee be in force. Raises `RefusedError` for whoever set it, and for whose pay it is."""
    stored = _found(session, number)
    if not stored.is_proposed:
        raise RefusedError("This guarantee does not wait for anybody any more. Load the page again.")
    _require_other(actor, stored, "confirm")
    _require_unpaid(session, stored.guarantee.days.start)
    guarantees.confirm_guarantee(session, number, actor.email, now)
    _note(session, actor, now, "confirm", number)
    return stored


def end(session: Session, actor: Account, number: int, day: date, now: datetime) -> StoredGuarantee:
    """Let a guarantee pay nothing more from a day on; one that nobody confirmed is put aside.

    A draw is given back after it too. Raises `RefusedError` for a day that is over, and for whose pay it is.
    """
    stored = _found(session, number)
    _require_other(actor, stored, "end", or_set=stored.is_in_force)
    if stored.is_in_force and not now.date() <= day < stored.guarantee.days.end:
        raise RefusedError("Choose a day from today on and before the guarantee's own end: what was paid stays.")
    if stored.is_in_force:
        _require_unpaid(session, day)
    last = day if stored.is_in_force else stored.guarantee.days.end
    guarantees.end_guarantee(session, number, last, actor.email, now)
    _note(session, actor, now, "end", number)
    return stored


def _require_other(actor: Account, stored: StoredGuarantee, act: str, *, or_set: bool = True) -> None:
    if stored.employee == actor.employee:
        raise RefusedError(f"This is your own pay. Somebody else must {act} it.")
    if or_set and stored.set_by == actor.email:
        raise RefusedError(f"You set this guarantee yourself. Somebody else must {act} it: four eyes see what is paid.")


def _found(session: Session, number: int) -> StoredGuarantee:
    found = guarantees.find_guarantee(session, number)
    if found is None:
        raise NotFoundError("There is no such guarantee.")
    return found


def _note(session: Session, actor: Account, now: datetime, act: str, number: int) -> None:
    audit.note(session, actor.email, now, act, f"guarantee {number}", employee=_found(session, number).employee)
