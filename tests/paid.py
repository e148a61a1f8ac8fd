"""Quarters that were paid, and corrections of them, done by people with the roles that they need."""

from comp.db import Engine, reading, writing
from comp.periods import Quarter
from comp.roles import Account
from comp.services import correction_moves, settlement, workflow
from comp.settlement import Settlement
from comp.store.runs import list_runs
from tests.released import APPROVER, HR, PAYROLL, account
from tests.released import approve as approve_calculated
from tests.released import release as release_approved
from tests.stored import NOW, calculated

__all__ = ["APPROVER", "HR", "PAYROLL", "account"]


def settled(engine: Engine, quarter: Quarter, *employees: str) -> Settlement:
    """What a quarter pays, to everybody or to some employees."""
    with reading(engine) as session:
        return settlement.settle_run(session, workflow.counting_run(session, quarter), list(employees) or None)


def approve(engine: Engine, quarter: Quarter) -> None:
    """Calculate a quarter, let it be reviewed and approved."""
    calculated(engine, quarter)
    approve_calculated(engine, quarter)


def release(engine: Engine, quarter: Quarter) -> None:
    """Let a quarter be calculated, approved and released as a batch."""
    approve(engine, quarter)
    release_approved(engine, quarter)


def draft(engine: Engine, quarter: Quarter, by: Account = HR) -> int:
    """Calculate a correction run and make a correction of it; gives its number."""
    calculated(engine, quarter)
    return make(engine, quarter, by)


def make(engine: Engine, quarter: Quarter, by: Account = HR) -> int:
    """Make a correction of a quarter's last run; gives its number."""
    with reading(engine) as session:
        run = list_runs(session, quarter)[0]
        prepared = correction_moves.prepare(session, by, run, NOW)
    with writing(engine) as session:
        return correction_moves.keep(session, by, prepared, NOW)


def propose(engine: Engine, number: int, by: Account = HR) -> None:
    """Let a draft wait for somebody who decides."""
    with writing(engine) as session:
        correction_moves.propose(session, by, number, "Lisbon restated its score.", NOW)


def decide(engine: Engine, number: int, by: Account = APPROVER) -> Quarter:
    """Approve a proposed correction as it stands; gives the quarter with which it is paid."""
    with writing(engine) as session:
        seen = correction_moves.what_is_seen(session, number)
        return correction_moves.approve(session, by, number, seen, NOW)


def correct(engine: Engine, quarter: Quarter, *choices: correction_moves.Choice) -> int:
    """A correction of a paid quarter from its run to its approval; gives its number."""
    number = draft(engine, quarter)
    with writing(engine) as session:
        for choice in choices:
            correction_moves.choose(session, HR, number, choice, NOW)
    propose(engine, number)
    decide(engine, number)
    return number
