"""How far jobs are, how long they take still, and when what failed is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from comp.jobs import LEASE, MOST_ATTEMPTS, Job, State, again_at, time_left

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def job(**fields):
    usual = {"state": State.RUNNING, "step": 2, "step_at": NOW - 10 * SECOND, "done": 1_000, "total": 4_000}
    told = {"id": 1, "kind": "k", "slot": "s", "asked_by": "a", "arguments": {}, "attempts": 1}
    return Job(**{**told, "asked_at": NOW, "due_at": NOW, **usual, **fields})


def test_how_long_it_takes_still_is_told_from_the_rate_so_far():
    assert time_left(job(), NOW) == timedelta(seconds=30)
    assert time_left(job(done=4_000), NOW) == timedelta(0)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.WAITING},
        {"step_at": None},
        {"done": 0},
        {"done": 0, "total": 0},
        {"step_at": NOW - SECOND},
    ],
)
def test_while_nobody_can_know_how_long_it_takes_nothing_is_told(fields):
    assert time_left(job(**fields), NOW) is None


def test_what_failed_is_tried_again_after_a_minute_and_after_two_and_then_no_more():
    waits = [again_at(attempts, NOW) for attempts in range(1, MOST_ATTEMPTS + 1)]
    assert waits == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=2), None]


def test_a_job_that_nobody_takes_on_is_stuck_after_two_minutes():
    waiting = job(state=State.WAITING)
    assert not waiting.is_stuck(NOW + LEASE)
    assert waiting.is_stuck(NOW + LEASE + SECOND)
    assert not job().is_stuck(NOW + LEASE + SECOND)


def test_done_failed_and_cancelled_are_the_ends():
    assert {state for state in State if state.is_over} == {State.DONE, State.FAILED, State.CANCELLED}
    assert job(asked_by="").is_of_clock
    assert not job().is_of_clock
