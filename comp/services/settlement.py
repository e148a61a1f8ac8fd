"""What a quarter pays: its run, and everything that was added to it since, in the order in which lines are made."""

from collections.abc import Callable

from sqlmodel import Session

from comp.results import StoredRun
from comp.services.correction_lines import correction_lines
from comp.settlement import Additions, Settlement, settle
from comp.store import runs
from comp.store.runs import Whose

Step = Callable[[Session, StoredRun, Settlement], Additions]
"""What adds lines to what is settled so far, of the people in it or of others whom it pays."""

STEPS: tuple[Step, ...] = ()
"""What adds to a run, in order: funding, adjustments, guarantees and draws. Corrections of other quarters come last."""


def settle_run(session: Session, run: StoredRun, whose: Whose = None) -> Settlement:
    """What is paid of a run, to everybody or to some employees, with what is corrected of earlier quarters."""
    settlement = settle_own(session, run, whose)
    lines, names = correction_lines(session, run, settlement, whose, settle_own)
    return settlement.plus(lines, names)


def settle_own(session: Session, run: StoredRun, whose: Whose = None) -> Settlement:
    """What a run comes to for its own quarter, without corrections of others."""
    settlement = settle(run.quarter, run.name, runs.load_earned(session, run.id, whose))
    for step in STEPS:
        settlement = settlement.plus(step(session, run, settlement))
    return settlement
