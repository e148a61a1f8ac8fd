"""What HR takes away to analyse: several quarters' pay and scores, quarter by quarter, as flat rows."""

from datetime import datetime

from sqlmodel import Session

from comp.analysis import Slice, UnitLine, hidden_scores, paid_scores, pay_lines
from comp.errors import NotFoundError, RefusedError
from comp.periods import Quarter
from comp.results import Payout, StoredRun
from comp.roles import Account, Permission
from comp.scores import Metric
from comp.services import reads
from comp.services.payout_holds import with_holds
from comp.services.relations import sight
from comp.services.scoreboard import scoreboard
from comp.services.settlement import settle_run
from comp.services.workflow import life_of
from comp.store import run_totals, runs, units

MOST_QUARTERS = 20
NOT_PAID_ON = "scores of now"


def runs_of(session: Session, last: Quarter, count: int) -> list[StoredRun]:
    """The runs that count of so many quarters up to the last one, the oldest first, as far as there are any.

    Raises `NotFoundError` where none was calculated.
    """
    wanted = {last.plus(-back) for back in range(min(max(1, count), MOST_QUARTERS))}
    found = [run for quarter, run in sorted(runs.counting_runs(session).items()) if quarter in wanted]
    if not found:
        raise NotFoundError(f"Nothing up to {last} has been calculated. Run `loyaltypay calculate {last}` first.")
    return found


def count_payouts(session: Session, actor: Account, found: list[StoredRun], now: datetime) -> int:
    """How many payouts an analysis of some runs has."""
    seen = ((run, sight(session, actor, run.quarter, now)) for run in found)
    return sum(each.people for run, whose in seen for each in run_totals.currency_totals(session, run.id, whose))


def load_slice(session: Session, actor: Account, run: StoredRun, now: datetime) -> Slice:
    """One quarter of an analysis, of everybody whom an actor may see.

    Whoever does not prepare pay is not shown scores that rest on too few answers.
    """
    whose = (sight(session, actor, run.quarter, now),)
    loaded = runs.load_run(session, run, whose)
    settled = with_holds(session, settle_run(session, run, whose)).settled
    known = units.load_units(session)
    scores = tuple(_scores(session, run, loaded.payouts, loaded.metrics))
    prepares = Permission.PROPOSE_EXCLUSIONS in actor.permissions
    return Slice(
        quarter=run.quarter,
        state=str(life_of(session, run.quarter).state),
        run=run.name,
        payouts=loaded.payouts,
        pay=tuple(pay_lines(settled, loaded.payouts, loaded.held)),
        scores=scores,
        metrics=loaded.metrics,
        names={unit.code: unit.name for unit in known},
        hidden=frozenset() if prepares else hidden_scores(scores, {unit.code: unit.parent for unit in known}),
    )


def _scores(
    session: Session, run: StoredRun, payouts: tuple[Payout, ...], metrics: tuple[Metric, ...]
) -> list[UnitLine]:
    """The scores that a run paid on, and those of units that it paid nobody on as they are now."""
    found = paid_scores(payouts, metrics, run.name)
    has = {(line.unit, line.metric.id) for line in found}
    try:
        others = scoreboard(session, run.quarter)
    except RefusedError:  # a quarter without any result, which personal results alone may pay
        others = []
    found += [
        UnitLine(each.unit, each.metric, each.score, None, None, "", NOT_PAID_ON)
        for each in others
        if (each.unit, each.metric.id) not in has
    ]
    return sorted(found, key=lambda line: (line.metric.id, line.unit))


def note_taken(session: Session, actor: Account, found: list[StoredRun], now: datetime) -> None:
    """Note that the actor takes an analysis of some runs away."""
    quarters = f"{found[0].quarter} to {found[-1].quarter}"
    reads.note_taken(session, actor, f"analysis {quarters}", now, quarters=len(found))
