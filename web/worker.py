"""Workers: threads that take jobs on, one after the other, and end each; any number of processes may have some."""

import logging
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from comp.db import Engine, queueing, reading
from comp.errors import LoyaltyPayError, UnavailableError
from comp.jobs import Job, LostError, StoppedError
from comp.services import jobs
from web.jobs import ASKED, SCHEDULES, Asked, Schedule
from web.settings import Settings
from web.work import Work, heard, now

_LOG = logging.getLogger(__name__)
_PAUSE = 0.5
_AFTER_TROUBLE = 5.0


@dataclass(frozen=True, slots=True)
class Declared:
    """The kinds of jobs that a worker knows; others it leaves to those that do."""

    schedules: Mapping[str, Schedule]
    asked: Mapping[str, Asked]


DECLARED = Declared(SCHEDULES, ASKED)


@dataclass(frozen=True, slots=True)
class Worker:
    """One that takes jobs on: those that the clock starts, or those that people asked for."""

    engine: Engine
    machine: Settings
    name: str
    stopped: Event
    of_clock: bool
    declared: Declared = DECLARED

    def run(self) -> None:
        """Take jobs on until it is stopped; where the database cannot be used, wait and try again."""
        while not self.stopped.is_set():
            try:
                pause = 0.0 if self.run_next() else _PAUSE
            except Exception:  # noqa: BLE001 - a worker goes on
                _LOG.exception("a worker could not take a job on, or could not end one")
                pause = _AFTER_TROUBLE
            self.stopped.wait(pause)

    def run_next(self) -> bool:
        """Take one job on and end it; False where there is none."""
        job = self._claimed()
        if job is not None:
            self._do(job)
        return job is not None

    def _claimed(self) -> Job | None:
        with reading(self.engine) as session:
            if not jobs.has_work(session, now(), of_clock=self.of_clock):
                return None
        with queueing(self.engine) as session:
            return jobs.claim(session, self.name, now(), of_clock=self.of_clock)

    def _do(self, job: Job) -> None:
        begun = time.monotonic()
        try:
            with heard(Work(self.engine, self.machine, job, self._may_go_on)) as work:
                self._work_on(work)
        except LostError:
            _LOG.warning("job %d, %s, was taken up by another worker", job.id, job.kind)
        except StoppedError:
            with queueing(self.engine) as session:
                jobs.stop(session, job, now())
        except Exception as error:  # noqa: BLE001 - whatever one job meets, the next is done
            self._note_failure(job, error)
        else:
            _LOG.info("job %d, %s, was done in %.1f s", job.id, job.kind, time.monotonic() - begun)

    def _work_on(self, work: Work) -> None:
        job = work.job
        if not job.is_of_clock:
            self.declared.asked[job.kind].work(work)
            return
        words = self.declared.schedules[job.kind].work(self.engine, self.machine, now(), work.goes_on)
        with queueing(self.engine) as session:
            work.finish(session, words)

    def _note_failure(self, job: Job, error: Exception) -> None:
        """Remember why a job failed: in words that are meant for people, else by the kind of fault and in the log."""
        is_told = isinstance(error, LoyaltyPayError)
        words = str(error) if is_told else _unforeseen(error)
        if not is_told:
            _LOG.error("job %d, %s, met a fault", job.id, job.kind, exc_info=error)
        again = job.is_of_clock or isinstance(error, UnavailableError)
        with queueing(self.engine) as session:
            jobs.fail(session, job, words, now(), try_again=again)

    def _may_go_on(self) -> bool:
        return not self.stopped.is_set()


def _unforeseen(error: Exception) -> str:
    return (
        f"Something went wrong that the program did not foresee ({type(error).__name__}). Nothing of it was stored. "
        "What it was stands in the log of those who run Loyalty Pay."
    )


@contextmanager
def working(engine: Engine, machine: Settings, declared: Declared = DECLARED) -> Iterator[None]:
    """Two workers until the end, one for the clock's jobs and one for people's: so neither kind waits for the other.

    In the end a job that goes on is told to end, and waited for.
    """
    stopped, name = Event(), process_name()
    threads = [
        Thread(target=Worker(engine, machine, name, stopped, of_clock, declared).run) for of_clock in (True, False)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def process_name() -> str:
    """Where a job is worked on: the machine and the process."""
    return f"{socket.gethostname()} {os.getpid()}"
