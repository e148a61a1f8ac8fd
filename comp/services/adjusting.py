"""Adjustments: proposed by managers within HR's limits, or by HR beyond them, and decided by somebody else."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from comp.adjustments import (
    Act,
    Adjustment,
    Asked,
    End,
    Limits,
    Team,
    amount_of,
    beyond,
    raised,
    stands_against,
    sum_of,
)
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.money import Money
from comp.periods import Quarter
from comp.review import Row
from comp.roles import Account, Role
from comp.services import audit, team_scope, teams, workflow
from comp.store import adjustments
from comp.store.adjustments import Proposal
from comp.workflow import State as QuarterState


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would change of a person's pay: an amount in main units, or a percentage of what was earned.

    `seen` is the hash of the row that they looked at.
    """

    employee: str
    currency: str
    amount: Money | None
    percent: Fraction | None
    reason: str
    words: str
    seen: str


def propose(session: Session, actor: Account, quarter: Quarter, wish: Wish, now: datetime) -> Adjustment:
    """Propose to change what somebody is paid.

    Raises `ChangedError` where the row is not what was seen, and `RefusedError` for one's own pay, for what only HR may
    propose, and for what would take more than there is.
    """
    require_in_review(session, quarter)
    row = _row(teams.find_row(session, actor, quarter, wish.employee, now), wish.currency)
    _require_manager(session, actor, quarter, wish.employee)
    require_seen_as_is(quarter, row, wish.seen)
    proposal = _proposal(session, actor, quarter, row, wish)
    number = adjustments.save_proposal(session, workflow.counting_run(session, quarter), proposal, now)
    details: dict[str, str | int] = {
        "currency": proposal.amount.currency,
        "minor": proposal.amount.minor,
        "beyond": int(proposal.is_beyond),
    }
    about = f"adjustment {number}"
    audit.note(session, actor.email, now, "propose", about, quarter=str(quarter), employee=wish.employee, **details)
    return find(session, quarter, number)


def require_in_review(session: Session, quarter: Quarter) -> None:
    """Raise `RefusedError` where a quarter is not in review: nothing is adjusted or confirmed then."""
    if not workflow.is_open_for_review(session, quarter):
        state = workflow.life_of(session, quarter).state
        raise RefusedError(f"{quarter} is {state}: pay is adjusted and confirmed while a quarter is in review.")


def _row(rows: list[Row], currency: str) -> Row:
    found = next((row for row in rows if row.currency == currency), None)
    if found is None:
        raise RefusedError(f"Nothing is paid in {currency}: there is nothing to adjust.")
    return found


def _require_manager(session: Session, actor: Account, quarter: Quarter, employee: str) -> None:
    if actor.employee == employee:
        raise RefusedError("Nobody adjusts their own pay. Your manager does, or HR.")
    if Role.HR in actor.roles:
        return
    above = team_scope.managers_of(session, quarter, employee)
    if actor.employee not in above:
        raise RefusedError("Adjustments are proposed by managers for those below them, and by HR.")


def require_seen_as_is(quarter: Quarter, row: Row, seen: str) -> None:
    """Raise `ChangedError` where a row is not what somebody saw, with what it is now."""
    if row.sha256 != seen:
        now = f"{row.payable} {row.currency}" if row.payable is not None else "nothing"
        raise ChangedError(
            f"The pay of {row.name} in {quarter} is not what you saw: it is {now}, and something of it changed since. "
            "Look at it again, then decide."
        )


def _proposal(session: Session, actor: Account, quarter: Quarter, row: Row, wish: Wish) -> Proposal:
    amount = _amount(row, wish)
    if wish.reason not in adjustments.load_reasons(session):
        raise RefusedError("Choose a reason from the list.")
    if not wish.words.strip():
        raise RefusedError("Say in words why: whoever decides reads it, and so may the person whose pay it is.")
    against = what_is_beyond(session, quarter, row, amount)
    if against and Role.HR not in actor.roles:
        raise RefusedError(f"{' '.join(against)} Beyond the limits HR may propose it, and an approver decides.")
    return Proposal(
        employee=row.employee,
        amount=amount,
        percent=wish.percent,
        reason=wish.reason,
        words=wish.words.strip(),
        is_beyond=bool(against),
        team=row.manager,
        seen_sha256=wish.seen,
        by=actor.email,
        by_employee=actor.employee,
    )


def _amount(row: Row, wish: Wish) -> Money:
    earned, payable, proposed = row.earned, row.payable, row.proposed
    if earned is None or payable is None or proposed is None or (wish.amount is None) == (wish.percent is None):
        raise RefusedError("Type an amount or a percentage, and not both.")
    amount = wish.amount if wish.percent is None else amount_of(wish.percent, earned)
    if amount is None or not amount.minor:
        raise RefusedError("That comes to nothing. Type what is to be added, or with a minus what is taken off.")
    if payable.minor + proposed.minor + amount.minor < 0:
        raise RefusedError(f"That takes off more than the {payable} {row.currency} that are paid.")
    return amount


def what_is_beyond(
    session: Session, quarter: Quarter, row: Row, amount: Money, without: int | None = None
) -> tuple[str, ...]:
    """What of an adjustment is beyond the limits now, in sentences; `without` is one that is not counted twice."""
    found = [each for each in adjustments.load_adjustments(session, quarter) if each.id != without]
    team = Team(row.manager, row.currency)
    others = sum_of(found, row.employee, row.currency)
    earned = row.earned or Money(0, row.currency)
    return beyond(limits_of(session, quarter), Asked(amount, earned, others, raised(found, team), team))


def find(session: Session, quarter: Quarter, number: int) -> Adjustment:
    """An adjustment of a quarter by its number. Raises `NotFoundError` where there is none."""
    found = next((each for each in adjustments.load_adjustments(session, quarter) if each.id == number), None)
    if found is None:
        raise NotFoundError(f"{quarter} has no such adjustment.")
    return found


@dataclass(frozen=True, slots=True)
class Ending:
    """How somebody would end a proposal, with words, and the hash of the row that they looked at."""

    act: Act
    words: str = ""
    seen: str = ""


def end(session: Session, actor: Account, quarter: Quarter, number: int, ending: Ending, now: datetime) -> Adjustment:
    """Approve, refuse or take back a proposal.

    Raises `UnseenError` for one that is not in the actor's sight, `ChangedError` where somebody was quicker or the row
    is not what was seen, and `RefusedError` for whoever may not decide.
    """
    found = find(session, quarter, number)
    rows = teams.find_row(session, actor, quarter, found.employee, now)
    require_in_review(session, quarter)
    above = team_scope.managers_of(session, quarter, found.employee)
    against = stands_against(ending.act, found, teams.decider(actor), above)
    if against:
        raise (ChangedError if found.end else RefusedError)(against)
    if ending.act is Act.REFUSE and not ending.words.strip():
        raise RefusedError("Say why it is refused: who proposed it reads it.")
    if ending.act is Act.APPROVE:
        _require_approvable(session, quarter, found, _row(rows, found.amount.currency), ending.seen)
    ended = End(ending.act, actor.email, now, ending.words.strip())
    seen = ending.seen if ending.act is Act.APPROVE else ""
    adjustments.save_end(session, found, ended, actor.employee, seen)
    audit.note(session, actor.email, now, ending.act, f"adjustment {number}", quarter=str(quarter))
    return find(session, quarter, number)


def _require_approvable(session: Session, quarter: Quarter, found: Adjustment, row: Row, seen: str) -> None:
    require_seen_as_is(quarter, row, seen)
    if row.payable is not None and row.payable.minor + found.amount.minor < 0:
        raise RefusedError(f"It takes off more than the {row.payable} {row.currency} that are paid now.")
    against = () if found.beyond else what_is_beyond(session, quarter, row, found.amount, without=found.id)
    if against:
        raise RefusedError(f"Limits changed since it was proposed: {' '.join(against)} HR proposes it anew.")


def limits_of(session: Session, quarter: Quarter) -> Limits:
    """The limits of a quarter: its own, else those of the last quarter before it that has some."""
    return adjustments.load_limits(session, quarter)


def set_limits(session: Session, actor: Account, quarter: Quarter, limits: Limits, now: datetime) -> None:
    """Set what managers may propose in a quarter. Raises `RefusedError` once the quarter is approved."""
    state = workflow.life_of(session, quarter).state
    if state not in {QuarterState.OPEN, QuarterState.CALCULATED, QuarterState.IN_REVIEW}:
        raise RefusedError(f"{quarter} is {state}: its limits do not change any more.")
    adjustments.save_limits(session, limits, quarter, actor.email, now)
    told = {currency: str(limit.amount or "") for currency, limit in limits.people.items()}
    audit.note(session, actor.email, now, "set", f"limits {quarter}", **told)


def reasons(session: Session) -> tuple[str, ...]:
    """The reasons to choose from."""
    return adjustments.load_reasons(session)


def set_reasons(session: Session, actor: Account, chosen: tuple[str, ...], now: datetime) -> None:
    """Keep the reasons to choose from. Raises `RefusedError` for none at all, and for one that stands there twice."""
    if not chosen or len(set(chosen)) != len(chosen):
        raise RefusedError("Give at least one reason, and each only once.")
    if chosen != adjustments.load_reasons(session):
        adjustments.save_reasons(session, chosen)
        audit.note(session, actor.email, now, "set", "limits reasons", reasons=len(chosen))
