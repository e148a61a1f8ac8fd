"""What people ask for that takes long, done by a worker: what comes out is stored together with the job's end."""

from datetime import UTC, date, datetime

from comp.accrual_sheets import StoredAccrual
from comp.db import Session, reading
from comp.errors import RefusedError
from comp.figures import counted
from comp.periods import Quarter
from comp.releases import Release
from comp.results import Run, StoredRun
from comp.services import layouts, uploads
from comp.services.imports import DryRun
from comp.services.payroll import Told
from comp.services.releases import Wish
from importers.payroll_layouts import built_in_layouts
from web import intake, releasing
from web.accruing import words_of, work_out
from web.calculating import calculate_and_store
from web.releasing import Hearing, release_batch
from web.work import Work


def calculate(work: Work) -> None:
    """Calculate a quarter. A run and the end of its job are stored together, so no job makes two."""
    quarter = Quarter.parse(work.job.arguments["quarter"])

    def ending(session: Session, stored: StoredRun, run: Run) -> None:
        work.finish(session, told(stored, run), f"/runs/{quarter}/{stored.number}")

    calculate_and_store(work.engine, quarter, work.job.asked_by, datetime.now(UTC), work.tell, ending)


def release(work: Work) -> None:
    """Release a batch as somebody asked who saw it. The batch and the end of its job are stored together."""
    asked = work.job.arguments
    quarter = Quarter.parse(asked["quarter"])
    with reading(work.engine) as session:
        actor = work.asker(session)
        known = {each.layout.id: each.layout for each in layouts.list_layouts(session, built_in_layouts())}
    chosen = tuple(known[name] for name in asked["layouts"].split(",") if name)
    day = date.fromisoformat(asked["pay_date"]) if asked["pay_date"] else None

    def ending(session: Session, made: Release) -> None:
        work.finish(session, releasing.words_of(made), f"/payroll/batches/{made.name}")

    wish = Wish(None, chosen, Told(day, asked["batch"]), asked["seen"])
    release_batch(work.engine, actor, quarter, wish, datetime.now(UTC), Hearing(work.tell, ending))


def accrue(work: Work) -> None:
    """Work out what a quarter has accrued. The accrual and the end of its job are stored together."""
    quarter, as_of = Quarter.parse(work.job.arguments["quarter"]), date.fromisoformat(work.job.arguments["as_of"])
    with reading(work.engine) as session:
        actor = work.asker(session)

    def ending(session: Session, stored: StoredAccrual) -> None:
        work.finish(session, words_of(stored), f"/accruals/{quarter}/{stored.number}")

    work_out(work.engine, actor, (quarter, as_of), datetime.now(UTC), work.tell, ending)


def take_in(work: Work) -> None:
    """Take a large file in. What it says and the end of the job are stored together."""
    work.tell(1, 0, 0)
    with reading(work.engine) as session:
        kept = uploads.find_upload(session, work.job.arguments["upload"], work.job.asked_by)

    def ending(session: Session, seen: DryRun) -> None:
        work.finish(session, intake.words_of(kept, seen), "/imports")

    seen = intake.accept_upload(work.engine, kept, datetime.now(UTC), ending)
    if not seen.is_acceptable:
        raise RefusedError(f"{kept.file_name} was not taken in: look at its dry run, which names every problem.")


def told(stored: StoredRun, run: Run) -> str:
    """What came out, in a sentence or two."""
    held = len(run.held)
    who = "Nobody is held." if not held else "1 person is held." if held == 1 else f"{held:,} people are held."
    return f"Run {stored.number} of {stored.quarter} has {counted(len(run.payouts), 'payout')}. {who}"
