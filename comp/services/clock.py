"""The clock: one of many processes, which alone puts into the queue what falls due."""

from datetime import datetime, timedelta

from sqlmodel import Session

from comp.cadence import Cadence, due_slot, slot_of
from comp.store import clock, jobs

SILENCE = timedelta(minutes=2)
"""How long the clock may be silent before those who watch are told."""

_LEASE = timedelta(minutes=1)
"""After which silence another process's clock goes, where the database does not say whose turn it is."""


def beat(session: Session, holder: str, now: datetime, *, is_sure: bool) -> bool:
    """Let a process's clock be the one that counts, or stay so; False where another's is."""
    return clock.beat(session, holder, now, now - _LEASE, is_sure=is_sure)


def stop(session: Session, holder: str) -> None:
    """End a process's clock, so that another's may go at once."""
    clock.stop(session, holder)


def tick(session: Session, kind: str, cadence: Cadence, now: datetime) -> bool:
    """Put into the queue what fell due, once whoever does it how often; False where there is nothing to put.

    What fell due while one of the kind still waits is left out: one makes up for all.
    """
    due = due_slot(cadence, now)
    return due is not None and jobs.put_slot(session, kind, slot_of(due), now)


def is_silent(session: Session, now: datetime) -> bool:
    """Whether nothing was heard of any clock for some minutes."""
    last = clock.last_beat(session)
    return last is None or now - last > SILENCE
