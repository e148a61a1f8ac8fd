"""What a quarter pays, page by page and line by line, as other systems read it within what an actor may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import UnseenError
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Account
from comp.services.payout_holds import payable
from comp.services.relations import sight
from comp.services.workflow import counting_run, life_of
from comp.settlement import Settled
from comp.store import corrections, runs
from comp.store.visibility import Sight, seen_of
from comp.workflow import State


@dataclass(frozen=True, slots=True)
class PaidPage:
    """Some people's pay of a quarter in the state in which it is, by employee and currency.

    `last` is the employee after whom there are more; None where there are none.
    """

    run: StoredRun
    state: State
    settled: tuple[Settled, ...]
    last: str | None = None


def page_after(session: Session, actor: Account, quarter: Quarter, after: str, limit: int, now: datetime) -> PaidPage:
    """What the people in sight are paid whose numbers come after another; those too whom only a correction pays.

    Raises `NotFoundError` where the quarter was not calculated.
    """
    run, seen = counting_run(session, quarter), sight(session, actor, quarter, now)
    found = {*runs.employees_after(session, run.id, seen, after, limit + 1), *_corrected(session, quarter, seen, after)}
    employees = sorted(found)
    settled = payable(session, run, employees[:limit]).settled
    last = employees[limit - 1] if len(employees) > limit else None
    return PaidPage(run, life_of(session, quarter).state, settled, last)


def _corrected(session: Session, quarter: Quarter, seen: Sight, after: str) -> set[str]:
    approved = corrections.load_approved(session, pays_with=quarter, is_claim=False, whose=(seen,))
    return {each.line.delta.employee for each in approved if each.line.delta.employee > after}


def of_person(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> PaidPage:
    """What a quarter pays one person: nothing at all for whom it holds, or whom no plan pays.

    Raises `UnseenError` for nobody, and for somebody out of sight.
    """
    run = counting_run(session, quarter)
    if not seen_of(session, sight(session, actor, quarter, now), [employee]):
        raise UnseenError(f"{employee} is not in run {run.number} of {quarter}.", "employee", employee)
    settled = payable(session, run, [employee]).settled
    return PaidPage(run, life_of(session, quarter).state, settled)
