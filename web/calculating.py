"""Calculating a quarter for pages and commands alike: nobody waits for it but who asked."""

from datetime import datetime

from comp.db import Engine, reading, writing
from comp.periods import Quarter
from comp.results import Run, StoredRun
from comp.services import calculation


def calculate_and_store(engine: Engine, quarter: Quarter, by: str, now: datetime) -> tuple[StoredRun, Run]:
    """Calculate a quarter while others write, and store the run in a short transaction of its own.

    Raises `RefusedError` where there is nothing to calculate from, and `ChangedError` where that changed meanwhile.
    """
    with reading(engine) as session:
        calculated = calculation.calculate_run(session, quarter, by, now)
    with writing(engine) as session:
        return calculation.store_run(session, calculated), calculated.run
