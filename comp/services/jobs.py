"""The queue of jobs: asked for, taken on by one worker at a time, told of, ended once.

Whoever works on a job keeps it by being heard of. A worker that dies loses it when its lease lapses, and another begins
it anew: so the work of a job either is stored together with its end, or may be done twice without harm.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.cadence import slot_of
from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.jobs import LEASE, MOST_ATTEMPTS, Job, LostError, State, StoppedError, again_at
from comp.roles import Account, Permission
from comp.services import audit
from comp.store import jobs

MOST_SHOWN = 50
_SLOTS_KEPT, _ASKED_KEPT = timedelta(days=2), timedelta(days=90)
_FAILURES_SHOWN = timedelta(days=7)
_LONGEST_WORDS = 400
_VANISHED = (
    f"It was begun {MOST_ATTEMPTS} times, and each time the process that worked on it ended. Nothing of it was stored. "
    "Look into the log of `loyaltypay worker`, and whether the machine ran out of memory."
)


def ask(session: Session, actor: Account, kind: str, arguments: dict[str, str], now: datetime) -> int:
    """Put work into the queue for somebody. Gives the job's number. `arguments` hold codes, never names.

    Where they asked for the very same and it is not over, it is that job: a button pressed twice asks once.
    """
    open_one = jobs.find_open(session, kind, actor.email, arguments)
    if open_one is not None:
        return open_one
    number = jobs.add(session, kind, secrets.token_hex(8), actor.email, arguments, now)
    audit.note(session, actor.email, now, "ask for", f"job {number}", kind=kind, **arguments)
    return number


def run_now(session: Session, actor: Account, kind: str, now: datetime) -> bool:
    """Let a job of the clock be done at once; False where one of the kind waits already."""
    put = jobs.put_slot(session, kind, f"{slot_of(now)} {secrets.token_hex(4)}", now)
    if put:
        audit.note(session, actor.email, now, "run now", f"job {kind}")
    return put


def has_work(session: Session, now: datetime, *, of_clock: bool) -> bool:
    """Whether there is anything to take on: asked before a worker keeps others from writing."""
    return jobs.has_due(session, now, of_clock=of_clock)


def claim(session: Session, worker: str, now: datetime, *, of_clock: bool) -> Job | None:
    """The job that has been due for longest, from now on this worker's alone; None without any."""
    jobs.give_up_lapsed(session, _VANISHED, now)
    number = jobs.next_due(session, now, of_clock=of_clock)
    return None if number is None else jobs.begin(session, number, worker, now, now + LEASE)


def keep(session: Session, job: Job, now: datetime) -> Job:
    """Be heard of. Raises `LostError` where the job is another's, `StoppedError` where somebody cancelled it."""
    return _still(jobs.renew(session, job, now + LEASE))


def tell(session: Session, job: Job, place: tuple[int, int, int], now: datetime) -> Job:
    """Tell the step, and how much of it is done of how much. Raises as `keep` does."""
    return _still(jobs.note_progress(session, job, place, now))


def _still(job: Job | None) -> Job:
    if job is None:
        raise LostError("Another worker has this job by now.")
    if job.cancel_asked:
        raise StoppedError("It was cancelled. Nothing of it was stored.")
    return job


def finish(session: Session, job: Job, words: str, result: str, now: datetime) -> None:
    """End a job that came out, best in the transaction that stores what came out: both are there, or neither.

    Raises as `keep` does.
    """
    _still(jobs.renew(session, job, now + LEASE))
    jobs.end(session, job, State.DONE, words[:_LONGEST_WORDS], result, now)


def fail(session: Session, job: Job, words: str, now: datetime, *, try_again: bool) -> None:
    """End a job that did not come out, or let it be tried again in some minutes."""
    told = words[:_LONGEST_WORDS]
    due = again_at(job.attempts, now) if try_again else None
    if due is None or (job.is_of_clock and jobs.has_waiting(session, job.kind)):
        jobs.end(session, job, State.FAILED, told, "", now)
    else:
        jobs.put_back(session, job, told, job.attempts, due)


def stop(session: Session, job: Job, now: datetime) -> None:
    """Be done with a job that was to end early: cancelled where somebody asked for that, else another's to begin."""
    found = jobs.find(session, job.id)
    if found is None or found.cancel_asked or (job.is_of_clock and jobs.has_waiting(session, job.kind)):
        jobs.end(session, job, State.CANCELLED, "It was cancelled. Nothing of it was stored.", "", now)
    else:
        jobs.put_back(session, job, "", job.attempts - 1, now)


def cancel(session: Session, actor: Account, number: int, now: datetime) -> Job:
    """Let a job end without a result. Raises `NotFoundError` as `find`, `RefusedError` for one that is over."""
    job = find(session, actor, number)
    if job.state.is_over:
        raise RefusedError(f"This job is {job.state.value} already: there is nothing to cancel.")
    jobs.cancel(session, number, "It was cancelled before it began.", now)
    audit.note(session, actor.email, now, "cancel", f"job {number}", kind=job.kind)
    return find(session, actor, number)


def find(session: Session, actor: Account, number: int) -> Job:
    """One job that somebody asked for: their own, or anybody's for those who look after jobs. `UnseenError` else."""
    job = jobs.find(session, number)
    may = job and (job.asked_by == actor.email or Permission.RUN_JOBS in actor.permissions)
    if job is None or not may or job.is_of_clock:
        raise UnseenError("There is no such job, or it is not yours.", "job", str(number))
    return job


@dataclass(frozen=True, slots=True)
class Board:
    """What those see who look after jobs: of each kind of the clock the last and the open one, and what failed."""

    last: dict[str, Job]
    open: dict[str, Job]
    failed: tuple[Job, ...]


def board(session: Session, actor: Account, now: datetime) -> Board:
    """The jobs of the clock, and what failed in the last week. Raises `NotFoundError` for those whom it is not for."""
    if Permission.RUN_JOBS not in actor.permissions:
        raise NotFoundError("The clock's jobs are looked after by admins and HR.")
    failed = tuple(jobs.load_failed(session, now - _FAILURES_SHOWN, MOST_SHOWN))
    return Board(jobs.load_last(session), jobs.load_open(session), failed)


def list_asked(session: Session, actor: Account) -> list[Job]:
    """The jobs that people asked for: everybody's for those who look after jobs, else one's own; the latest first."""
    whose = None if Permission.RUN_JOBS in actor.permissions else actor.email
    return jobs.load_asked(session, whose, MOST_SHOWN)


def forget_old(session: Session, now: datetime) -> None:
    """Forget jobs that ended long ago."""
    jobs.forget(session, now - _SLOTS_KEPT, now - _ASKED_KEPT)
