"""A job: work that a worker takes on for some time, tells how far it is, and ends once; or that another takes up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from comp.errors import LoyaltyPayError

LEASE = timedelta(minutes=2)
"""How long a job stays a worker's of whom nothing is heard."""

MOST_ATTEMPTS = 3
"""How often a job is begun at most."""

_AGAIN = timedelta(minutes=1)
_SURE = timedelta(seconds=2)
"""How long work has to go on before its rate says anything."""


class State(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to the job."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


class StoppedError(LoyaltyPayError):
    """A job that is not to go on: somebody cancelled it, or its worker ends."""


class LostError(LoyaltyPayError):
    """A job that is no longer its worker's: nothing was heard of that one, and another took it up."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. Those that the clock starts have no `asked_by`, and a moment for `slot`.

    `step` counts from 1 and is 0 before the first; `done` of `total` are of this step, and `total` is 0 where nobody
    knows. `result` is the address of what came out.
    """

    id: int
    kind: str
    slot: str
    asked_by: str
    arguments: dict[str, str]
    state: State
    attempts: int
    asked_at: datetime
    due_at: datetime
    step: int = 0
    done: int = 0
    total: int = 0
    worker: str = ""
    begun_at: datetime | None = None
    step_at: datetime | None = None
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    words: str = ""
    result: str = ""
    cancel_asked: bool = False

    @property
    def is_of_clock(self) -> bool:
        """Whether the clock started it."""
        return not self.asked_by

    def is_stuck(self, now: datetime) -> bool:
        """Whether it should have been taken on long ago, and was not."""
        return self.state is State.WAITING and now - self.due_at > LEASE


def time_left(job: Job, now: datetime) -> timedelta | None:
    """How long the step will take from now on, at the rate so far; None while that is not known."""
    if job.state is not State.RUNNING or job.step_at is None or not 0 < job.done <= job.total:
        return None
    spent = now - job.step_at
    return spent * (job.total - job.done) / job.done if spent >= _SURE else None


def again_at(attempts: int, now: datetime) -> datetime | None:
    """When what failed for the so-manieth time is tried again; None where that was the last time."""
    return now + _AGAIN * attempts if attempts < MOST_ATTEMPTS else None
