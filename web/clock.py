"""The clock of `serve`: jobs that are declared here, and started every so often in a thread beside the pages."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from comp.db import Engine
from web.mail import drain, forget_old
from web.settings import Settings

_DEFAULTS = {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
_LONGEST_SILENCE = 120


@dataclass(frozen=True, slots=True)
class Job:
    """What is done every `seconds`; it ends early where it is told not to go on."""

    name: str
    seconds: float
    work: Callable[[Engine, Settings, Callable[[], bool]], object]


JOBS = (Job("mail", 15, drain), Job("old mails", 3600, forget_old))


class Clock:
    """Whether jobs are still started, and whether they may go on."""

    def __init__(self) -> None:
        self._beat = time.monotonic()
        self._stopped = Event()

    def tick(self, job: Job, engine: Engine, machine: Settings) -> None:
        """Do a job, and be heard of before and after."""
        self._beat = time.monotonic()
        try:
            job.work(engine, machine, self.goes_on)
        finally:
            self._beat = time.monotonic()

    def goes_on(self) -> bool:
        """Whether the clock was not stopped."""
        return not self._stopped.is_set()

    def stop(self) -> None:
        """Let jobs that run come to their end early."""
        self._stopped.set()

    @property
    def is_alive(self) -> bool:
        """Whether the clock goes on and was heard of in the last two minutes."""
        return self.goes_on() and time.monotonic() - self._beat < _LONGEST_SILENCE


@contextmanager
def running(engine: Engine, machine: Settings, jobs: tuple[Job, ...] = JOBS) -> Iterator[Clock]:
    """A clock that goes until the end, and then waits for a job that runs.

    Jobs are kept in memory and declared in code: stored ones ran once for each process, and got lost.
    """
    clock = Clock()
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=_DEFAULTS, jobstores={"default": MemoryJobStore()})
    for job in jobs:
        scheduler.add_job(
            clock.tick,
            "interval",
            seconds=job.seconds,
            args=(job, engine, machine),
            id=job.name,
            next_run_time=datetime.now(UTC),
        )
    scheduler.start()
    try:
        yield clock
    finally:
        clock.stop()
        scheduler.shutdown()
