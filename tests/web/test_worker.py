"""Workers: what they do with jobs that come out, fail, are cancelled, are lost, or end with the worker."""

import logging
import os
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from threading import Event

import pytest
from sqlalchemy import event, text

from comp.cadence import Every
from comp.db import connect, queueing, reading
from comp.errors import RefusedError, UnavailableError
from comp.jobs import LEASE, State
from comp.roles import Account, Role
from comp.services import jobs
from comp.store import runs
from tests.post import postbox
from tests.stored import Q3, company, publish
from web import work as works
from web.clock import running
from web.database import disposed
from web.jobs import ASKED, SCHEDULES, Asked, Schedule
from web.settings import Settings
from web.worker import DECLARED, Declared, Worker, working

HANA = Account(0, "hr@example.org", "Hana", (Role.HR,), 0)
LONG = 60


def now():
    return datetime.now(UTC)


def worker(engine, declared=DECLARED, *, of_clock=False, stopped=None):
    return Worker(engine, Settings(), "w", stopped or Event(), of_clock, declared)


def long_work(work):
    """What is asked for in these tests."""
    return Declared({}, {"long": Asked("long", "Long", ("First", "Second"), work, "")})


def by_clock(work, kind="chore"):
    return Declared({kind: Schedule(kind, "Chore", Every(1), work, "")}, {})


def ask(engine, kind="long", **arguments):
    with queueing(engine) as session:
        return jobs.ask(session, HANA, kind, arguments, now())


def put(engine, kind="chore"):
    with queueing(engine) as session:
        jobs.run_now(session, HANA, kind, now())


def found(engine, number=1):
    with reading(engine) as session:
        return jobs.find(session, HANA, number)


def last(engine, kind="chore"):
    with reading(engine) as session:
        board = jobs.board(session, HANA, now())
    return board.open.get(kind) or board.last[kind]


def finish(work):
    with queueing(work.engine) as session:
        work.finish(session, "It came out.", "/there")


def test_a_job_that_comes_out_tells_what_and_where(sqlite_engine):
    ask(sqlite_engine)

    def work(job):
        job.tell(1, 0, 0)
        job.tell(2, 1, 2)
        job.tell(2, 2, 2)
        assert (found(sqlite_engine).step, found(sqlite_engine).done) == (2, 1), "not every word is written"
        finish(job)

    assert worker(sqlite_engine, long_work(work)).run_next()
    job = found(sqlite_engine)
    assert (job.state, job.words, job.result) == (State.DONE, "It came out.", "/there")
    assert not worker(sqlite_engine, long_work(work)).run_next()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RefusedError("2026-Q2 has no answers."), "2026-Q2 has no answers."),
        (KeyError("Ann Alves"), "did not foresee (KeyError). Nothing of it was stored."),
    ],
)
def test_a_job_that_fails_tells_what_people_are_told_and_the_log_the_rest(sqlite_engine, caplog, error, words):
    ask(sqlite_engine)

    def work(_job):
        raise error

    worker(sqlite_engine, long_work(work)).run_next()
    job = found(sqlite_engine)
    assert job.state is State.FAILED
    assert words in job.words
    assert "Ann" not in job.words
    assert ("Ann Alves" in caplog.text) == isinstance(error, KeyError)


def test_a_database_that_could_not_be_used_for_a_while_is_tried_again(sqlite_engine):
    ask(sqlite_engine)

    def work(_job):
        raise UnavailableError("The database is locked.")

    worker(sqlite_engine, long_work(work)).run_next()
    assert (found(sqlite_engine).state, found(sqlite_engine).words) == (State.WAITING, "The database is locked.")


def test_a_cancelled_job_ends_at_its_next_word_and_stores_nothing(sqlite_engine, monkeypatch):
    monkeypatch.setattr(works, "_TOLD_EVERY", 0)
    number = ask(sqlite_engine)

    def work(job):
        job.tell(1, 0, 5)
        with queueing(sqlite_engine) as session:
            jobs.cancel(session, HANA, number, now())
        job.tell(1, 1, 5)
        finish(job)

    worker(sqlite_engine, long_work(work)).run_next()
    assert (found(sqlite_engine).state, found(sqlite_engine).result) == (State.CANCELLED, "")


def test_a_worker_that_ends_leaves_its_job_to_wait(sqlite_engine):
    ask(sqlite_engine)
    stopped = Event()

    def work(job):
        stopped.set()
        job.tell(1, 0, 0)

    worker(sqlite_engine, long_work(work), stopped=stopped).run_next()
    assert (found(sqlite_engine).state, found(sqlite_engine).attempts) == (State.WAITING, 0)


def test_a_job_that_was_lost_is_left_to_whoever_has_it_now(sqlite_engine, caplog):
    number = ask(sqlite_engine)

    def work(job):
        with queueing(sqlite_engine) as session:
            jobs.claim(session, "other", now() + LEASE + timedelta(minutes=1), of_clock=False)
        job.tell(1, 0, 0)
        job.tell(1, 1, 1)
        raise AssertionError("it was not told")

    worker(sqlite_engine, long_work(work)).run_next()
    assert "was taken up by another worker" in caplog.text
    assert found(sqlite_engine, number).worker == "other"


def test_a_job_is_heard_of_while_its_work_says_nothing(sqlite_engine, monkeypatch):
    monkeypatch.setattr(works, "_HEARD_EVERY", 0.01)
    number = ask(sqlite_engine)
    heard = Event()
    real = jobs.keep
    monkeypatch.setattr(jobs, "keep", lambda *told: [real(*told), heard.set()][0])

    def work(job):
        assert heard.wait(LONG)
        finish(job)

    worker(sqlite_engine, long_work(work)).run_next()
    assert found(sqlite_engine, number).state is State.DONE


def test_a_job_of_the_clock_tells_its_outcome_and_one_that_fails_is_tried_again(sqlite_engine, caplog):
    put(sqlite_engine)
    worker(sqlite_engine, by_clock(lambda *_: "All is well."), of_clock=True).run_next()
    assert (last(sqlite_engine).state, last(sqlite_engine).words) == (State.DONE, "All is well.")
    put(sqlite_engine)

    def fail(*_):
        raise RuntimeError("a fault of one job")

    worker(sqlite_engine, by_clock(fail), of_clock=True).run_next()
    assert last(sqlite_engine).state is State.WAITING
    assert "a fault of one job" in caplog.text


def test_a_worker_goes_on_after_trouble_with_the_queue(sqlite_engine, monkeypatch, caplog):
    monkeypatch.setattr("web.worker._AFTER_TROUBLE", 0.01)
    done, real = Event(), jobs.claim
    troubles = iter([UnavailableError("locked")])

    def claim(*arguments, **named):
        for trouble in troubles:
            raise trouble
        return real(*arguments, **named)

    monkeypatch.setattr(jobs, "claim", claim)
    put(sqlite_engine)
    with working(sqlite_engine, Settings(), by_clock(lambda *_: done.set() or "done")):
        assert done.wait(LONG)
    assert "a worker could not take a job on" in caplog.text


def test_a_job_that_runs_is_waited_for_and_told_to_end(sqlite_engine):
    begun, ended = Event(), []

    def work(_engine, _machine, _now, may_go_on):
        begun.set()
        while may_go_on():
            pass
        ended.append(True)
        return "ended early"

    put(sqlite_engine)
    with working(sqlite_engine, Settings(), by_clock(work)):
        assert begun.wait(LONG)
    assert ended == [True]


def test_the_clock_and_workers_together_send_what_is_queued(sqlite_engine):
    from comp.services import mail
    from tests.web.test_mail import BODY, SUBJECT

    with queueing(sqlite_engine) as session:
        mail.queue(session, "ana@company.example", SUBJECT, BODY, now())
    with postbox() as box:
        machine = Settings(smtp_url=box.url(), mail_from="pay@company.example")
        with running(sqlite_engine, machine):
            assert box.rings.wait(LONG)
    assert box.recipients == ["ana@company.example"]


def calculate(engine):
    """Do the job that waits, as a process of its own does."""
    worker(engine).run_next()


def _killed(url, pause):
    """Do the job in a process that is killed before its n-th commit."""
    processes = get_context("fork")
    told, tell = processes.Pipe(duplex=False)
    child = processes.Process(target=_stop_at, args=(url, pause, tell))
    child.start()
    tell.close()
    assert told.recv() == "stopped"
    os.kill(child.pid, signal.SIGKILL)
    child.join()


def _stop_at(url, pause, tell):
    logging.disable()
    engine = connect(url)
    commits = iter(range(1, 100))

    def stop(_connection):
        if next(commits) == pause:
            tell.send("stopped")
            signal.pause()

    event.listen(engine, "commit", stop)
    calculate(engine)


TAKEN_ON, FIRST_STEP, LAST = 1, 2, 6
"""Which commit it is: that of taking the job on, of telling the first step, of storing the run."""


@pytest.mark.parametrize("pause", [TAKEN_ON, FIRST_STEP, LAST])
def test_a_worker_that_is_killed_leaves_nothing_half_written_and_another_takes_the_job_up(url, pause):
    with disposed(connect(url)) as engine:
        company(engine)
        publish(engine)
        number = ask(engine, "calculate", quarter=str(Q3))
    _killed(url, pause)
    with disposed(connect(url)) as engine:
        with reading(engine) as session:
            assert runs.list_runs(session) == []
        with queueing(engine) as session:
            session.execute(text("UPDATE job SET lease_until = asked_at WHERE lease_until IS NOT NULL"))
        calculate(engine)
        job = found(engine, number)
        assert (job.state, job.result) == (State.DONE, f"/runs/{Q3}/1")
        assert job.attempts == (1 if pause == TAKEN_ON else 2)
        with reading(engine) as session:
            assert [run.number for run in runs.list_runs(session)] == [1]


def test_what_is_declared_is_declared_under_its_kind():
    assert all(kind == each.kind for kind, each in (*SCHEDULES.items(), *ASKED.items()))
    assert not set(SCHEDULES) & set(ASKED)
