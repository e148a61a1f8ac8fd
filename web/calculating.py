"""Calculating a quarter for pages, commands and jobs alike: nobody waits for it but who asked."""

from collections.abc import Callable
from datetime import datetime

from comp.db import Engine, Session, reading, writing
from comp.periods import Quarter
from comp.results import Run, StoredRun
from comp.services import calculation
from comp.services.calculation import STORE, Told

Ending = Callable[[Session, StoredRun, Run], object]


def _unheard(_step: int, _done: int, _total: int) -> None:
    """Nobody wants to know."""


def _unended(_session: Session, _stored: StoredRun, _run: Run) -> None:
    """Nothing else is stored with the run."""


def calculate_and_store(
    engine: Engine, quarter: Quarter, by: str, now: datetime, told: Told = _unheard, ending: Ending = _unended
) -> tuple[StoredRun, Run]:
    """Calculate a quarter while others write, and store the run in a short transaction of its own.

    `told` hears how far it is; what `ending` writes is stored together with the run, or neither is.
    Raises `RefusedError` where there is nothing to calculate from, and `ChangedError` where that changed meanwhile.
    """
    with reading(engine) as session:
        calculated = calculation.calculate_run(session, quarter, by, now, told)
    told(STORE, 0, 0)
    with writing(engine) as session:
        stored = calculation.store_run(session, calculated)
        ending(session, stored, calculated.run)
    return stored, calculated.run
