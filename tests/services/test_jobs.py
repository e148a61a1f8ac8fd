"""The queue: each slot put in once, each job taken on by one worker, kept by being heard of, and ended once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from comp.cadence import Every
from comp.db import queueing, reading
from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.jobs import LEASE, MOST_ATTEMPTS, LostError, State, StoppedError
from comp.roles import Account, Role
from comp.services import audit, clock, jobs

NOW = datetime(2026, 11, 22, 15, 30, 7, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
MAIL = Every(15)


def person(name, *roles):
    return Account(0, f"{name}@company.example", name, roles, 0)


HANA, ADMIN, CLERK = person("hana", Role.HR), person("admin", Role.ADMIN), person("clerk")


def tick(engine, now=NOW, kind="mail"):
    with queueing(engine) as session:
        return clock.tick(session, kind, MAIL, now)


def claim(engine, now=NOW, worker="w1", *, of_clock=True):
    with queueing(engine) as session:
        return jobs.claim(session, worker, now, of_clock=of_clock)


def ask(engine, actor=HANA, now=NOW, **arguments):
    with queueing(engine) as session:
        return jobs.ask(session, actor, "calculate", arguments or {"quarter": "2026-Q2"}, now)


def found(engine, number, actor=HANA):
    with reading(engine) as session:
        return jobs.find(session, actor, number)


def do(engine, act, *arguments, **named):
    with queueing(engine) as session:
        return act(session, *arguments, **named)


def test_a_slot_is_put_in_once_and_taken_on_once(engine):
    assert [tick(engine), tick(engine), tick(engine, NOW + SECOND)] == [True, False, False]
    job = claim(engine)
    assert (job.kind, job.slot, job.attempts, job.worker) == ("mail", "2026-11-22T15:30:00Z", 1, "w1")
    assert claim(engine, worker="w2") is None
    do(engine, jobs.finish, job, "2 mails sent.", "", NOW)
    assert not tick(engine)
    assert claim(engine) is None


def test_slots_that_fell_due_while_one_waits_are_made_up_for_by_that_one(engine):
    assert tick(engine)
    assert not tick(engine, NOW + MINUTE)
    assert tick(engine, NOW + MINUTE, "forget")
    first = claim(engine)
    assert tick(engine, NOW + MINUTE)
    with reading(engine) as session:
        assert jobs.has_work(session, NOW + MINUTE, of_clock=True)
    assert claim(engine, NOW + MINUTE).kind == "forget"
    assert claim(engine, NOW + MINUTE) is None, "one of the kind runs"
    do(engine, jobs.finish, first, "", "", NOW)
    assert claim(engine, NOW + MINUTE).slot == "2026-11-22T15:31:00Z"


def test_a_worker_that_is_heard_of_keeps_its_job_and_one_that_is_not_loses_it(engine):
    number = ask(engine)
    first = claim(engine, of_clock=False)
    do(engine, jobs.keep, first, NOW + MINUTE)
    assert claim(engine, NOW + LEASE + SECOND, "w2", of_clock=False) is None
    later = NOW + MINUTE + LEASE + SECOND
    second = claim(engine, later, "w2", of_clock=False)
    assert (second.id, second.attempts, second.worker) == (number, 2, "w2")
    for act, more in ((jobs.keep, (later,)), (jobs.tell, ((1, 0, 0), later)), (jobs.finish, ("", "", later))):
        with pytest.raises(LostError):
            do(engine, act, first, *more)
    do(engine, jobs.fail, first, "too late", later, try_again=False)
    assert found(engine, number).state is State.RUNNING
    do(engine, jobs.finish, second, "Run 1.", "/runs/2026-Q2/1", later)
    done = found(engine, number)
    assert (done.state, done.words, done.result, done.ended_at) == (State.DONE, "Run 1.", "/runs/2026-Q2/1", later)


def test_a_job_whose_workers_all_vanish_is_told_as_failed(engine):
    number, moment = ask(engine), NOW
    for _ in range(MOST_ATTEMPTS):
        assert claim(engine, moment, of_clock=False)
        moment += LEASE + SECOND
    assert claim(engine, moment, of_clock=False) is None
    job = found(engine, number)
    assert job.state is State.FAILED
    assert "begun 3 times, and each time the process that worked on it ended" in job.words


def test_what_fails_by_the_clock_is_tried_again_and_told_of_in_the_end(engine):
    tick(engine)
    moment = NOW
    for attempt in range(1, MOST_ATTEMPTS + 1):
        job = claim(engine, moment)
        assert job.attempts == attempt
        do(engine, jobs.fail, job, "the server is away", moment, try_again=True)
        assert claim(engine, moment) is None
        moment += attempt * MINUTE
    with reading(engine) as session:
        board = jobs.board(session, ADMIN, moment)
    assert [(job.words, job.attempts) for job in board.failed] == [("the server is away", 3)]
    assert board.last["mail"].state is State.FAILED


def test_what_fails_while_the_next_of_its_kind_waits_is_not_tried_again(engine):
    tick(engine)
    job = claim(engine)
    tick(engine, NOW + MINUTE)
    do(engine, jobs.fail, job, "away", NOW, try_again=True)
    with reading(engine) as session:
        board = jobs.board(session, ADMIN, NOW)
    assert (board.last["mail"].id, board.last["mail"].state) == (job.id, State.FAILED)
    assert board.open["mail"].slot == "2026-11-22T15:31:00Z"


def test_progress_is_told_with_when_the_step_began(engine):
    number = ask(engine)
    job = claim(engine, of_clock=False)
    job = do(engine, jobs.tell, job, (1, 0, 0), NOW + SECOND)
    job = do(engine, jobs.tell, job, (2, 0, 9), NOW + 2 * SECOND)
    do(engine, jobs.tell, job, (2, 4, 9), NOW + 5 * SECOND)
    told = found(engine, number)
    assert (told.step, told.done, told.total, told.step_at) == (2, 4, 9, NOW + 2 * SECOND)


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_at_its_next_word(engine):
    waiting, running = ask(engine, quarter="2026-Q1"), None
    assert do(engine, jobs.cancel, HANA, waiting, NOW).state is State.CANCELLED
    with pytest.raises(RefusedError, match="cancelled already"):
        do(engine, jobs.cancel, HANA, waiting, NOW)
    number = ask(engine)
    running = claim(engine, of_clock=False)
    assert do(engine, jobs.cancel, ADMIN, number, NOW).state is State.RUNNING
    for act, more in ((jobs.keep, (NOW,)), (jobs.finish, ("", "", NOW))):
        with pytest.raises(StoppedError, match="cancelled"):
            do(engine, act, running, *more)
    do(engine, jobs.stop, running, NOW)
    assert found(engine, number).state is State.CANCELLED


def test_a_worker_that_ends_leaves_its_job_to_the_next_as_if_it_had_not_begun(engine):
    number = ask(engine)
    do(engine, jobs.stop, claim(engine, of_clock=False), NOW)
    again = claim(engine, NOW, "w2", of_clock=False)
    assert (again.id, again.attempts) == (number, 1)
    tick(engine)
    slot = claim(engine)
    tick(engine, NOW + MINUTE)
    do(engine, jobs.stop, slot, NOW)
    assert claim(engine, NOW + MINUTE).slot == "2026-11-22T15:31:00Z"


def test_a_button_pressed_twice_asks_once(engine):
    first = ask(engine)
    assert ask(engine) == first
    assert ask(engine, quarter="2026-Q1") != first
    assert ask(engine, ADMIN) != first
    do(engine, jobs.finish, claim(engine, of_clock=False), "", "", NOW)
    assert ask(engine) != first


def test_jobs_are_their_askers_and_those_that_look_after_jobs_see_all(engine):
    own, other = ask(engine, CLERK), ask(engine, HANA)
    with reading(engine) as session:
        assert [job.id for job in jobs.list_asked(session, CLERK)] == [own]
        assert [job.id for job in jobs.list_asked(session, ADMIN)] == [other, own]
        with pytest.raises(NotFoundError):
            jobs.board(session, CLERK, NOW)
        for number in (other, 77):
            with pytest.raises(UnseenError):
                jobs.find(session, CLERK, number)
        assert jobs.find(session, ADMIN, own).asked_by == CLERK.email


def test_a_job_of_the_clock_is_run_now_beside_its_times_and_who_did_it_is_kept(engine):
    assert do(engine, jobs.run_now, ADMIN, "mail", NOW)
    assert not do(engine, jobs.run_now, ADMIN, "mail", NOW)
    assert claim(engine).slot.startswith("2026-11-22T15:30:07Z ")
    number = ask(engine)
    with reading(engine) as session:
        entries = [each.entry for each in audit.search(session, "", 1)]
        assert not audit.is_changed_since(session, 0), "no calculation looks at jobs"
    assert [(each.action, each.about) for each in entries] == [("ask for", f"job {number}"), ("run now", "job mail")]


def test_jobs_that_ended_long_ago_are_forgotten_but_the_last_of_each_kind(engine):
    for ago in (10, 5):
        tick(engine, NOW - timedelta(days=ago))
        job = claim(engine, NOW)
        do(engine, jobs.finish, job, f"{ago} days", "", NOW - timedelta(days=ago))
    number = ask(engine, now=NOW - timedelta(days=99))
    do(engine, jobs.finish, claim(engine, of_clock=False), "", "", NOW - timedelta(days=99))
    kept = ask(engine)
    do(engine, jobs.forget_old, NOW)
    with reading(engine) as session:
        assert jobs.board(session, ADMIN, NOW).last["mail"].words == "5 days"
        assert session.scalar(text("SELECT count(*) FROM job")) == 2
    assert found(engine, kept)
    with pytest.raises(UnseenError):
        found(engine, number)


def test_the_database_lets_no_two_jobs_of_a_kind_run_by_the_clock(engine):
    tick(engine)
    claim(engine)
    tick(engine, NOW + MINUTE)
    with pytest.raises(IntegrityError), queueing(engine) as session:
        session.execute(text("UPDATE job SET state = 'running', lease_until = asked_at WHERE state = 'waiting'"))


def test_one_clock_counts_until_it_stops_or_is_silent(engine):
    def beat(holder, now, *, is_sure=False):
        return do(engine, clock.beat, holder, now, is_sure=is_sure)

    with reading(engine) as session:
        assert clock.is_silent(session, NOW)
    assert beat("a", NOW)
    assert not beat("b", NOW + SECOND)
    assert beat("a", NOW + MINUTE)
    assert not beat("b", NOW + MINUTE + 59 * SECOND)
    assert beat("b", NOW + 2 * MINUTE)
    assert beat("a", NOW + 2 * MINUTE, is_sure=True)
    with reading(engine) as session:
        assert not clock.is_silent(session, NOW + 4 * MINUTE)
        assert clock.is_silent(session, NOW + 4 * MINUTE + SECOND)
    do(engine, clock.stop, "b")
    assert not beat("b", NOW + 2 * MINUTE)
    do(engine, clock.stop, "a")
    assert beat("b", NOW + 2 * MINUTE)
