"""What people ask for that takes long, done by a worker: what comes out is stored together with the job's end."""

from datetime import UTC, datetime

from comp.db import Session
from comp.figures import counted
from comp.periods import Quarter
from comp.results import Run, StoredRun
from web.calculating import calculate_and_store
from web.work import Work


def calculate(work: Work) -> None:
    """Calculate a quarter. A run and the end of its job are stored together, so no job makes two."""
    quarter = Quarter.parse(work.job.arguments["quarter"])

    def ending(session: Session, stored: StoredRun, run: Run) -> None:
        work.finish(session, told(stored, run), f"/runs/{quarter}/{stored.number}")

    calculate_and_store(work.engine, quarter, work.job.asked_by, datetime.now(UTC), work.tell, ending)


def told(stored: StoredRun, run: Run) -> str:
    """What came out, in a sentence or two."""
    held = len(run.held)
    who = "Nobody is held." if not held else "1 person is held." if held == 1 else f"{held:,} people are held."
    return f"Run {stored.number} of {stored.quarter} has {counted(len(run.payouts), 'payout')}. {who}"
