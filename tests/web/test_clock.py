"""The clock: one of many counts, it only puts into the queue what fell due, and each slot is done exactly once."""

import os
import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from multiprocessing import get_context

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import text

import web.clock
from comp.cadence import Daily, Every
from comp.db import connect, queueing, reading
from comp.services import clock as clocks
from comp.services.turns import Turn
from web.clock import Clock, running, ticking, trigger_of
from web.database import disposed
from web.jobs import SCHEDULES, Schedule
from web.settings import Settings
from web.worker import Declared

NIGHTLY = Schedule("night", "Night", Daily(time_of_day(2, 0)), lambda *_: "", "")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFTEN = Schedule("mail", "Mail", Every(1), lambda *_: "", "")
EACH, SPELL = 4, 3.5


def go(url, folder, together):
    """In a process of its own: a clock and workers, whose one job falls due each second and makes a file when done."""

    def mark(*_):
        (folder / f"{os.getpid()} {time.time_ns()}").touch(exist_ok=False)
        return "marked"

    schedule = Schedule("mark", "Mark", Every(1), mark, "")
    with disposed(connect(url)) as engine:
        together.wait()
        with running(engine, Settings(), Declared({"mark": schedule}, {})):
            time.sleep(SPELL)


def slots(engine):
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(text("SELECT kind, slot, state, attempts FROM job ORDER BY id"))]


def test_four_clocks_and_four_workers_at_once_do_each_slot_exactly_once(engine, url, tmp_path):
    """A store of jobs that four processes shared ran them seventeen times in five ticks."""
    processes = get_context("fork")
    together = processes.Barrier(EACH)
    children = [processes.Process(target=go, args=(url, tmp_path / "done", together)) for _ in range(EACH)]
    (tmp_path / "done").mkdir()
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * EACH
    rows = slots(engine)
    assert len(rows) >= 2
    done = [slot for _, slot, state, attempts in rows if (state, attempts) == ("done", 1)]
    assert len(set(done)) == len(done) >= len(rows) - 1, "at most the last waits still"
    assert len(list((tmp_path / "done").iterdir())) == len(done)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql_one_process_holds_the_turn_for_as_long_as_its_connection_lives(engine):
    one, other = Turn(engine), Turn(engine)
    assert [one.is_held(), other.is_held(), one.is_held()] == [True, False, True]
    with reading(engine) as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    assert not one.is_held()
    assert other.is_held()
    assert not one.is_held()
    other.give_up()
    assert one.is_held()
    one.give_up()


def test_a_clock_that_stops_leaves_its_turn_to_another_at_once(engine):
    one, other = Clock(engine, (NIGHTLY,), "one"), Clock(engine, (NIGHTLY,), "other")
    try:
        one.beat()
        other.beat()
        other.tick(OFTEN)
        assert {kind for kind, *_ in slots(engine)} <= {"night"}
        one.stop()
        other.beat()
        other.tick(OFTEN)
        assert "mail" in {kind for kind, *_ in slots(engine)}
    finally:
        one.stop()
        other.stop()
    with reading(engine) as session:
        assert clocks.is_silent(session, datetime.now(UTC))


@pytest.mark.parametrize(("late", "put"), [(timedelta(minutes=50), 1), (timedelta(minutes=70), 0)])
def test_a_clock_that_begins_makes_up_for_what_fell_due_within_the_hour(sqlite_engine, monkeypatch, late, put):
    """The library's own grace is one second, after which a night's job was left out without a word."""
    monkeypatch.setattr(web.clock, "now", lambda: NOON.replace(hour=2) + late)
    made = Clock(sqlite_engine, (NIGHTLY,), "one")
    made.beat()
    made.beat()
    assert slots(sqlite_engine) == [("night", "2026-11-22T02:00:00Z", "waiting", 0)] * put


def test_a_clock_that_cannot_write_goes_on_and_tries_again(sqlite_engine, monkeypatch, caplog):
    monkeypatch.setattr("comp.db._PATIENCE", "PRAGMA busy_timeout=0")
    sqlite_engine.dispose()
    made = Clock(sqlite_engine, (NIGHTLY,), "one")
    with queueing(sqlite_engine) as session:
        session.connection()
        made.beat()
    assert "the clock could not be heard of" in caplog.text
    made.beat()
    with queueing(sqlite_engine) as session:
        session.connection()
        made.tick(OFTEN)
        made.stop()
    assert "mail could not be put into the queue" in caplog.text
    made.beat()
    made.stop()


def test_late_jobs_are_made_up_for_once_in_utc_and_nothing_is_kept_between_starts(sqlite_engine, monkeypatch):
    """The library's own defaults skip a job that is a second late, and a stored one ran once for each process."""
    made = []
    monkeypatch.setattr(
        web.clock, "BackgroundScheduler", lambda **options: made.append(options) or BackgroundScheduler(**options)
    )
    with ticking(sqlite_engine, ()):
        pass
    [options] = made
    assert options["timezone"] is UTC
    assert options["job_defaults"] == {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
    assert {name: type(store) for name, store in options["jobstores"].items()} == {"default": MemoryJobStore}


CADENCES = [Every(15), Every(3600), Daily(time_of_day(2, 30)), Daily(time_of_day(0, 0), "sun")]


@pytest.mark.parametrize(
    "cadence", [*CADENCES, *(each.cadence for each in SCHEDULES.values())], ids=lambda it: it.words
)
def test_the_library_rings_at_the_moments_that_the_cadence_names(cadence):
    moment = datetime(2026, 10, 24, 23, 59, 59, 500_000, tzinfo=UTC)  # the night in which Lisbon's clocks go back
    for _ in range(4):
        ring = trigger_of(cadence).get_next_fire_time(None, moment)
        assert ring == cadence.following(moment)
        moment = ring + timedelta(microseconds=1)


def test_sunday_by_its_number_would_be_monday():
    """What crontab calls day 0 is the library's Monday: so days have names here."""
    by_number = CronTrigger.from_crontab("0 0 * * 0", timezone=UTC).get_next_fire_time(None, NOON)
    by_name = trigger_of(Daily(time_of_day(0, 0), "sun")).get_next_fire_time(None, NOON)
    assert [f"{moment:%A}" for moment in (by_number, by_name)] == ["Monday", "Sunday"]
