"""What a quarter pays: its run, and everything that was added to it since, in the order in which lines are made."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from sqlmodel import Session

from comp.paid_lines import settled_run
from comp.results import Origin, Run, StoredRun
from comp.roles import CLOCK
from comp.services import funding_lines, guarantee_lines
from comp.services.adjustment_lines import adjustment_lines
from comp.services.correction_lines import correction_lines
from comp.services.guarantee_lines import Before
from comp.settlement import Additions, Settlement, settle
from comp.store import runs
from comp.store.runs import Whose

Step = Callable[[Session, StoredRun, Settlement], Additions]
"""What adds lines to what is settled so far, of the people in it or of others whom it pays."""

_BEFORE_GUARANTEES: tuple[Step, ...] = (funding_lines.lines, adjustment_lines)


def _guaranteed(session: Session, run: StoredRun, settlement: Settlement) -> Additions:
    return guarantee_lines.lines(session, run, settlement, before_guarantees(session))


STEPS: tuple[Step, ...] = (*_BEFORE_GUARANTEES, _guaranteed)
"""What adds to a run, in order: funding, adjustments, guarantees and draws. Corrections of other quarters come last."""


def settle_run(session: Session, run: StoredRun, whose: Whose = None) -> Settlement:
    """What is paid of a run, to everybody or to some employees, with what is corrected of earlier quarters."""
    settlement = settle_own(session, run, whose)
    lines, names = correction_lines(session, run, settlement, whose, settle_own)
    return settlement.plus(lines, names)


def settle_own(
    session: Session, run: StoredRun, whose: Whose = None, steps: tuple[Step, ...] | None = None
) -> Settlement:
    """What a run comes to for its own quarter, after some steps or all, without corrections of others."""
    settlement = settle(run.quarter, run.name, runs.load_earned(session, run.id, whose))
    for step in STEPS if steps is None else steps:
        settlement = settlement.plus(step(session, run, settlement))
    return settlement


def settle_expected(session: Session, run: Run, funded: Additions) -> Settlement:
    """What would be paid of a run that nobody stored, with what the pools make of it and all other steps."""
    unstored = StoredRun(0, run.quarter, 0, Origin("", "", (), CLOCK, datetime.min.replace(tzinfo=UTC)))
    settlement = settled_run(run).plus(funded)
    for step in STEPS[1:]:
        settlement = settlement.plus(step(session, unstored, settlement))
    lines, names = correction_lines(session, unstored, settlement, None, settle_own)
    return settlement.plus(lines, names)


def before_guarantees(session: Session) -> Before:
    """What settles a run up to its guarantees, for the balance of draws."""
    return partial(settle_own, session, steps=_BEFORE_GUARANTEES)
