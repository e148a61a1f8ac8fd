"""The clock: it puts into the queue what falls due, and does nothing of it itself. Workers do.

Any number of processes have one, and the clock of one alone counts: by an advisory lock on PostgreSQL, by a row with a
lease on SQLite. Jobs that each process started itself, or that they shared in the library's store, ran once for each.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from comp.cadence import GRACE, Cadence, Every
from comp.db import Engine, queueing
from comp.errors import UnavailableError
from comp.services import clock
from comp.services.turns import Turn
from web.jobs import Schedule
from web.settings import Settings
from web.work import now
from web.worker import DECLARED, Declared, process_name, working

_LOG = logging.getLogger(__name__)
_DEFAULTS = {"misfire_grace_time": int(GRACE.total_seconds()), "coalesce": True, "max_instances": 1}
_BEAT = Every(10)
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """One process's clock, and whether it is the one that counts."""

    def __init__(self, engine: Engine, schedules: tuple[Schedule, ...], name: str) -> None:
        self._engine, self._schedules, self._name = engine, schedules, name
        self._turn = Turn(engine)
        self._counts = False

    def beat(self) -> None:
        """Be heard of, or take over where nobody else's clock goes; what fell due meanwhile is made up for."""
        counted, self._counts = self._counts, self._takes_turn()
        if self._counts and not counted:
            _LOG.info("the clock of %s counts from now on", self._name)
            for schedule in self._schedules:
                self.tick(schedule)

    def tick(self, schedule: Schedule) -> None:
        """Put into the queue what fell due, if this is the clock that counts."""
        if not self._counts:
            return
        try:
            with queueing(self._engine) as session:
                clock.tick(session, schedule.kind, schedule.cadence, now())
        except UnavailableError as error:
            _LOG.warning("%s could not be put into the queue: %s", schedule.kind, error)

    def stop(self) -> None:
        """Let another's clock count at once."""
        if self._counts:
            self._counts = False
            with suppress(UnavailableError), queueing(self._engine) as session:
                clock.stop(session, self._name)
        self._turn.give_up()

    def _takes_turn(self) -> bool:
        if not self._turn.is_held():
            return False
        try:
            with queueing(self._engine) as session:
                return clock.beat(session, self._name, now(), is_sure=self._turn.is_of_database)
        except UnavailableError as error:
            _LOG.warning("the clock could not be heard of: %s", error)
            return False


def trigger_of(cadence: Cadence) -> BaseTrigger:
    """When the library's scheduler rings: in UTC, and with days of the week by name, whose numbers mean other days."""
    if isinstance(cadence, Every):
        return IntervalTrigger(seconds=cadence.seconds, start_date=_ORIGIN, timezone=UTC)
    days = {"day_of_week": cadence.day_of_week} if cadence.day_of_week else {}
    return CronTrigger(hour=cadence.at.hour, minute=cadence.at.minute, second=cadence.at.second, timezone=UTC, **days)


@contextmanager
def ticking(engine: Engine, schedules: tuple[Schedule, ...]) -> Iterator[Clock]:
    """A clock until the end. Jobs are kept in memory and declared in code: stored ones ran once for each process."""
    made = Clock(engine, schedules, process_name())
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=_DEFAULTS, jobstores={"default": MemoryJobStore()})
    scheduler.add_job(made.beat, trigger_of(_BEAT), id="beat", next_run_time=now())
    for schedule in schedules:
        scheduler.add_job(made.tick, trigger_of(schedule.cadence), args=(schedule,), id=schedule.kind)
    scheduler.start()
    try:
        yield made
    finally:
        scheduler.shutdown()
        made.stop()


@contextmanager
def running(engine: Engine, machine: Settings, declared: Declared = DECLARED) -> Iterator[None]:
    """A clock and workers until the end."""
    with ticking(engine, tuple(declared.schedules.values())), working(engine, machine, declared):
        yield
