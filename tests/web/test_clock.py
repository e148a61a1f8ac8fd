"""The clock beside the pages: jobs declared in code, each started again and again, and ended with the program."""

from datetime import UTC
from threading import Event

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from comp.db import writing
from comp.services import mail
from tests.post import postbox
from tests.web.test_mail import BODY, SUBJECT
from web import clock
from web.cli.context import now
from web.clock import JOBS, Job, running
from web.settings import Settings

LONG = 60


class Rings:
    """A job that fails, and tells when it was done so often."""

    def __init__(self, often: int) -> None:
        self.left, self.done = often, Event()

    def __call__(self, *_):
        self.left -= 1
        if not self.left:
            self.done.set()
        raise RuntimeError("a fault of one job")


def test_a_job_is_started_at_once_and_again_even_where_it_failed(sqlite_engine, caplog):
    rings = Rings(3)
    with running(sqlite_engine, Settings(), (Job("rings", 0.01, rings),)) as ticking:
        assert rings.done.wait(LONG)
        assert ticking.is_alive
    assert "a fault of one job" in caplog.text


def test_a_job_that_runs_is_waited_for_and_told_to_end(sqlite_engine):
    begun, ended = Event(), []

    def work(_engine, _machine, may_go_on):
        begun.set()
        while may_go_on():
            pass
        ended.append(True)

    with running(sqlite_engine, Settings(), (Job("long", 1, work),)) as ticking:
        assert begun.wait(LONG)
    assert ended == [True]
    assert not ticking.is_alive


def test_a_clock_that_was_silent_for_two_minutes_is_not_alive(sqlite_engine, monkeypatch):
    begun, end = Event(), Event()

    def work(*_):
        begun.set()
        end.wait(LONG)

    with running(sqlite_engine, Settings(), (Job("stuck", 1, work),)) as ticking:
        assert begun.wait(LONG)
        assert ticking.is_alive
        real = clock.time.monotonic()
        monkeypatch.setattr(clock.time, "monotonic", lambda: real + 121)
        assert not ticking.is_alive
        end.set()


def test_late_jobs_are_made_up_for_once_in_utc_and_nothing_is_kept_between_starts(sqlite_engine, monkeypatch):
    """The library's own defaults skip a job that is a second late, and a stored one ran once for each process."""
    made = []
    monkeypatch.setattr(
        clock, "BackgroundScheduler", lambda **options: made.append(options) or BackgroundScheduler(**options)
    )
    with running(sqlite_engine, Settings(), ()):
        pass
    [options] = made
    assert options["timezone"] is UTC
    assert options["job_defaults"] == {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
    assert {name: type(store) for name, store in options["jobstores"].items()} == {"default": MemoryJobStore}


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_what_is_done_by_the_clock_can_be_done_on_both_databases(engine, job):
    ticking = clock.Clock()
    ticking.tick(job, engine, Settings())
    assert ticking.is_alive


def test_the_clock_sends_what_is_queued(sqlite_engine):
    with writing(sqlite_engine) as session:
        mail.queue(session, "ana@company.example", SUBJECT, BODY, now())
    with postbox() as box:
        machine = Settings(smtp_url=box.url(), mail_from="pay@company.example")
        with running(sqlite_engine, machine):
            assert box.rings.wait(LONG)
    assert box.recipients == ["ana@company.example"]
