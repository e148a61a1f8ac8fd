"""A job in hand: what the work of it is done with, and how it is heard of while it goes on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread

from comp.db import Engine, Session, mark
from comp.jobs import Job, LostError, StoppedError
from comp.roles import Account
from comp.services import access, jobs
from web.settings import Settings

_HEARD_EVERY, _TOLD_EVERY = 10, 0.4


class Work:
    """A job that somebody asked for, in the hands of one worker.

    It is heard of while it goes on, and ends early where it was cancelled, where its worker ends, or where it is lost.
    """

    def __init__(self, engine: Engine, machine: Settings, job: Job, may_go_on: Callable[[], bool]) -> None:
        self.engine, self.machine, self.job = engine, machine, job
        self._may_go_on = may_go_on
        self._end: StoppedError | LostError | None = None
        self._told_at = 0.0

    def tell(self, step: int, done: int, total: int) -> None:
        """Tell how far it is, at most some times in a second. Raises `StoppedError` or `LostError` if it is to end."""
        if not self.goes_on():
            raise self._end or StoppedError("The worker ends.")
        moment = time.monotonic()
        if step == self.job.step and moment - self._told_at < _TOLD_EVERY:
            return
        self._told_at = moment
        self._heard(lambda session: jobs.tell(session, self.job, (step, done, total), now()))
        if self._end:
            raise self._end

    def asker(self, session: Session) -> Account:
        """Who asked for it, with the roles that they have by now."""
        return access.find_account_by_email(session, self.job.asked_by)

    def keep(self) -> None:
        """Be heard of."""
        self._heard(lambda session: jobs.keep(session, self.job, now()))

    def goes_on(self) -> bool:
        """Whether nothing was heard that ends it."""
        return self._end is None and self._may_go_on()

    def finish(self, session: Session, words: str, result: str = "") -> None:
        """End it in the transaction that stores what came out. Raises as `tell` does: then nothing is stored."""
        jobs.finish(session, self.job, words, result, now())

    def _heard(self, say: Callable[[Session], Job]) -> None:
        """Say something in a transaction that waits for nobody: where somebody writes, it is said the next time."""

        def note(session: Session) -> None:
            try:
                self.job = say(session)
            except (StoppedError, LostError) as end:
                self._end = end

        mark(self.engine, note)


@dataclass(frozen=True, slots=True)
class Heard:
    """A thread that lets a job be heard of while its work says nothing."""

    work: Work
    over: Event

    def __enter__(self) -> Work:
        """Begin."""
        Thread(target=self._beat, daemon=True).start()
        return self.work

    def __exit__(self, *_: object) -> None:
        """End."""
        self.over.set()

    def _beat(self) -> None:
        while not self.over.wait(_HEARD_EVERY):
            self.work.keep()


def heard(work: Work) -> Heard:
    """The work, heard of from time to time until it is left."""
    return Heard(work, Event())


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
