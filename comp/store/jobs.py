"""Stored jobs: put into the queue once, taken on by one worker at a time, and done with."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from comp.jobs import MOST_ATTEMPTS, Job, State
from comp.models import JobRow

_OVER = [State.DONE, State.FAILED, State.CANCELLED]
_CLOCK = col(JobRow.asked_by) == ""


def put_slot(session: Session, kind: str, slot: str, now: datetime) -> bool:
    """Store a job of the clock; False where that slot was put in before, or one of the kind still waits."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = JobRow(kind=kind, slot=slot, asked_at=now, due_at=now).model_dump(exclude={"id"})
    put = insert(JobRow).values(row).on_conflict_do_nothing().returning(col(JobRow.id))
    return session.scalar(put) is not None


def add(session: Session, kind: str, slot: str, asked_by: str, arguments: dict[str, str], now: datetime) -> int:
    """Store a job that somebody asked for. Gives its number."""
    written = json.dumps(arguments, sort_keys=True)
    row = JobRow(kind=kind, slot=slot, asked_by=asked_by, arguments=written, asked_at=now, due_at=now)
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101 - the database numbered it
    return row.id


def find_open(session: Session, kind: str, asked_by: str, arguments: dict[str, str]) -> int | None:
    """The number of a job that somebody asked for with these arguments and that is not over; None without any."""
    same = (col(JobRow.kind) == kind, col(JobRow.asked_by) == asked_by)
    written = col(JobRow.arguments) == json.dumps(arguments, sort_keys=True)
    query = select(col(JobRow.id)).where(*same, written, col(JobRow.state).not_in(_OVER))
    return session.scalar(query.order_by(col(JobRow.id)).limit(1))


def next_due(session: Session, now: datetime, *, of_clock: bool) -> int | None:
    """The number of the job that a worker may take on next, locked until the transaction ends; None without any.

    It waits and is due, or runs and nothing was heard of its worker. On PostgreSQL a job that another transaction is
    taking is passed over; on SQLite a writer is alone.
    """
    due = col(JobRow.due_at)
    query = select(col(JobRow.id)).where(_claimable(now, of_clock=of_clock)).order_by(due, col(JobRow.id)).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def has_due(session: Session, now: datetime, *, of_clock: bool) -> bool:
    """Whether a worker may take anything on; it locks nothing."""
    return bool(session.scalar(select(exists().where(_claimable(now, of_clock=of_clock)))))


def _claimable(now: datetime, *, of_clock: bool) -> ColumnElement[bool]:
    waits = and_(col(JobRow.state) == State.WAITING, col(JobRow.due_at) <= now)
    if not of_clock:
        return and_(~_CLOCK, or_(waits, _is_lapsed(now)))
    other = aliased(JobRow)
    same = (col(other.kind) == col(JobRow.kind), col(other.asked_by) == "", col(other.state) == State.RUNNING)
    return and_(_CLOCK, or_(and_(waits, ~exists().where(*same)), _is_lapsed(now)))


def _is_lapsed(now: datetime) -> ColumnElement[bool]:
    return and_(col(JobRow.state) == State.RUNNING, col(JobRow.lease_until) < now)


def begin(session: Session, job_id: int, worker: str, now: datetime, lease_until: datetime) -> Job:
    """Let a job be a worker's, from the start."""
    row = session.get_one(JobRow, job_id)
    row.state, row.worker, row.attempts, row.lease_until = State.RUNNING, worker, row.attempts + 1, lease_until
    row.begun_at, row.step, row.done, row.total, row.words = now, 0, 0, 0, ""
    session.flush()
    return _job(row)


def renew(session: Session, job: Job, lease_until: datetime) -> Job | None:
    """Keep a job; None where it is no longer this worker's."""
    return _changed(session, job, lease_until=lease_until)


def note_progress(session: Session, job: Job, place: tuple[int, int, int], now: datetime) -> Job | None:
    """Remember the step and how much of it is done of how much; None where the job is no longer this worker's."""
    step, done, total = place
    begun = {} if step == job.step else {"step_at": now}
    return _changed(session, job, step=step, done=done, total=total, **begun)


def end(session: Session, job: Job, state: State, words: str, result: str, now: datetime) -> Job | None:
    """Be done with a job; None where it is no longer this worker's."""
    return _changed(session, job, state=state, words=words, result=result, ended_at=now, lease_until=None)


def put_back(session: Session, job: Job, words: str, attempts: int, due_at: datetime) -> Job | None:
    """Let a job wait again, where no other of the clock's kind waits; None where it is no longer this worker's."""
    values = {"state": State.WAITING, "lease_until": None, "step": 0, "done": 0, "total": 0}
    return _changed(session, job, **values, words=words, attempts=attempts, due_at=due_at)


def _changed(session: Session, job: Job, **values: Any) -> Job | None:  # noqa: ANN401 - columns of every kind
    mine = (JobRow.id == job.id, JobRow.state == State.RUNNING, JobRow.attempts == job.attempts)
    whose = col(JobRow.worker) == job.worker
    row = session.execute(update(JobRow).where(*mine, whose).values(**values).returning(JobRow)).scalar_one_or_none()  # type: ignore[arg-type] # columns
    if row is None:
        return None
    session.refresh(row)
    return _job(row)


def has_waiting(session: Session, kind: str) -> bool:
    """Whether a job of the clock's waits that is of a kind."""
    waiting = (_CLOCK, col(JobRow.kind) == kind, col(JobRow.state) == State.WAITING)
    return bool(session.scalar(select(exists().where(*waiting))))


def give_up_lapsed(session: Session, words: str, now: datetime) -> None:
    """Fail the jobs that were begun often enough and whose workers all vanished."""
    hopeless = (_is_lapsed(now), col(JobRow.attempts) >= MOST_ATTEMPTS)
    session.execute(
        update(JobRow).where(*hopeless).values(state=State.FAILED, words=words, ended_at=now, lease_until=None)
    )


def cancel(session: Session, job_id: int, words: str, now: datetime) -> None:
    """End a job that waits; ask the worker of one that runs to end it."""
    this = col(JobRow.id) == job_id
    over = {"state": State.CANCELLED, "words": words, "ended_at": now}
    session.execute(update(JobRow).where(this, col(JobRow.state) == State.WAITING).values(**over))
    session.execute(update(JobRow).where(this, col(JobRow.state) == State.RUNNING).values(cancel_asked=True))


def find(session: Session, job_id: int) -> Job | None:
    """One job; None where there is none."""
    row = session.scalar(select(JobRow).where(col(JobRow.id) == job_id).execution_options(populate_existing=True))
    return _job(row) if row else None


def load_asked(session: Session, asked_by: str | None, limit: int) -> list[Job]:
    """Jobs that people asked for, or one of them did, the latest first."""
    query = select(JobRow).where(~_CLOCK).order_by(col(JobRow.id).desc()).limit(limit)
    if asked_by is not None:
        query = query.where(col(JobRow.asked_by) == asked_by)
    return list(map(_job, session.scalars(query)))


def load_last(session: Session) -> dict[str, Job]:
    """Of each kind that the clock starts the last job that ended."""
    return {job.kind: job for job in _newest(session, _OVER)}


def load_open(session: Session) -> dict[str, Job]:
    """Of each kind that the clock starts the job that runs, or else waits."""
    return {job.kind: job for state in (State.WAITING, State.RUNNING) for job in _newest(session, [state])}


def _newest(session: Session, states: list[State]) -> list[Job]:
    newest = select(func.max(JobRow.id)).where(_CLOCK, col(JobRow.state).in_(states)).group_by(col(JobRow.kind))
    return list(map(_job, session.scalars(select(JobRow).where(col(JobRow.id).in_(newest)))))


def load_failed(session: Session, since: datetime, limit: int) -> list[Job]:
    """Jobs that failed for good, the latest first."""
    failed = (col(JobRow.state) == State.FAILED, col(JobRow.ended_at) >= since)
    query = select(JobRow).where(*failed).order_by(col(JobRow.ended_at).desc()).limit(limit)
    return list(map(_job, session.scalars(query)))


def forget(session: Session, of_clock_before: datetime, asked_before: datetime) -> None:
    """Remove jobs that ended long ago; of each kind that the clock starts the last one stays."""
    last = select(func.max(JobRow.id)).where(_CLOCK, col(JobRow.state).in_(_OVER)).group_by(col(JobRow.kind))
    old_slots = (_CLOCK, col(JobRow.ended_at) < of_clock_before, col(JobRow.id).not_in(last))
    session.execute(delete(JobRow).where(or_(and_(*old_slots), and_(~_CLOCK, col(JobRow.ended_at) < asked_before))))


_PLAIN = [field.name for field in fields(Job) if field.name not in {"arguments", "state"}]


def _job(row: JobRow) -> Job:
    values = {name: getattr(row, name) for name in _PLAIN}
    return Job(**values, arguments=json.loads(row.arguments), state=State(row.state))
