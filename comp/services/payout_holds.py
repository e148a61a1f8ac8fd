"""Holding back one person's pay of a quarter before it is released, and somebody else's lifting it."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, RefusedError, UnseenError
from comp.periods import Quarter
from comp.releases import Hold
from comp.results import StoredRun
from comp.roles import Account, Permission
from comp.services import audit
from comp.services.settlement import settle_run
from comp.services.workflow import counting_run, life_of
from comp.settlement import Settlement
from comp.store import payout_holds, releases
from comp.store.runs import Whose
from comp.workflow import State

_BEFORE_RELEASE = frozenset({State.CALCULATED, State.IN_REVIEW, State.APPROVED})


def payable(session: Session, run: StoredRun, whose: Whose = None) -> Settlement:
    """What a run pays with everything that was added to it, and whose pay of it is held back."""
    return with_holds(session, settle_run(session, run, whose))


def with_holds(session: Session, settlement: Settlement) -> Settlement:
    """A settlement in which the pay of those who are held back waits."""
    why = {hold.employee: hold.why for hold in open_holds(session, settlement.quarter)}
    return settlement.holding_back(
        {each.key: why[each.employee] for each in settlement.settled if each.employee in why}
    )


def open_holds(session: Session, quarter: Quarter) -> list[Hold]:
    """Whose pay of a quarter is held back now, by employee."""
    return [hold for hold in payout_holds.list_holds(session, quarter) if hold.lifted_by is None]


def lifted_holds(session: Session, quarter: Quarter) -> list[Hold]:
    """Whose pay of a quarter was held back and is no more."""
    return [hold for hold in payout_holds.list_holds(session, quarter) if hold.lifted_by is not None]


def holds_of(session: Session, quarter: Quarter, employees: Collection[str]) -> list[Hold]:
    """Everything that was ever held back of some people's pay, the oldest first."""
    return payout_holds.list_holds(session, quarter, employees)


def may_hold(session: Session, actor: Account, quarter: Quarter) -> bool:
    """Whether an actor may hold somebody's pay of a quarter back now."""
    return Permission.HOLD_PAYOUTS in actor.permissions and life_of(session, quarter).state in _BEFORE_RELEASE


def seen_pay(session: Session, quarter: Quarter, employee: str) -> str:
    """The hash of what a quarter pays somebody: what a form for holding it back carries."""
    return payable(session, counting_run(session, quarter), [employee]).sha256


def hold_back(
    session: Session, actor: Account, quarter: Quarter, employee: str, words: tuple[str, str], now: datetime
) -> Hold:
    """Hold back what a quarter pays somebody; `words` are the hash of the pay that was seen, and the reason.

    Raises `UnseenError` for somebody whom the quarter does not pay, `RefusedError` once it is released, where it is
    held back already or no reason is given, and `ChangedError` where the pay is not what was seen.
    """
    seen, why = words
    _require_role(actor)
    found = payable(session, counting_run(session, quarter), [employee])
    if not found.settled:
        raise UnseenError(f"{quarter} pays {employee} nothing that could be held back.", "employee", employee)
    if releases.is_released(session, quarter, employee):
        raise RefusedError(f"{quarter} is released to {employee} already. Correct it in a later quarter instead.")
    if life_of(session, quarter).state not in _BEFORE_RELEASE:
        raise RefusedError(f"{quarter} is {life_of(session, quarter).state}. Pay is held back before its release only.")
    if any(each.held_back for each in found.settled):
        raise RefusedError(f"The pay of {employee} is held back already: {found.settled[0].held_back}")
    if not why.strip():
        raise RefusedError("Say why the pay is held back: whoever lifts it reads it.")
    if found.sha256 != seen:
        raise ChangedError(f"What {quarter} pays {employee} was changed since you looked. Look at it again.")
    made = payout_holds.save_hold(session, Hold(0, quarter, employee, why.strip(), actor.email, now))
    _note(session, actor, "hold back", made, why, now)
    return made


def lift(session: Session, actor: Account, quarter: Quarter, employee: str, words: str, now: datetime) -> Hold:
    """Let pay that somebody else held back be paid. Where the quarter is released, the next batch has it.

    Raises `UnseenError` where nothing is held back, and `RefusedError` for who held it, and for whose pay it is.
    """
    _require_role(actor)
    held = next((hold for hold in open_holds(session, quarter) if hold.employee == employee), None)
    if held is None:
        raise UnseenError(f"Nothing of {quarter} is held back from {employee}.", "employee", employee)
    if held.held_by == actor.email:
        raise RefusedError(f"You held back the pay of {employee} yourself. Somebody else must lift it: four eyes.")
    if employee == actor.employee:
        raise RefusedError("It is your own pay that is held back. Somebody else must lift it.")
    payout_holds.mark_lifted(session, held, actor.email, words.strip(), now)
    _note(session, actor, "lift", held, words, now)
    return held


def _require_role(actor: Account) -> None:
    if Permission.HOLD_PAYOUTS not in actor.permissions:
        raise RefusedError("Your roles do not let you hold back pay, or lift what is held back.")


def _note(session: Session, actor: Account, act: str, hold: Hold, words: str, now: datetime) -> None:
    """Note an act; of what was said only the hash."""
    said = {"words": hashlib.sha256(words.strip().encode()).hexdigest()} if words.strip() else {}
    audit.note(session, actor.email, now, act, f"hold {hold.quarter} {hold.employee}", **said)
