"""Stored versions: who had a hand in one, what changes its fingerprint, and what it is on a day."""

from datetime import UTC, date, datetime

import pytest

from comp.errors import Problem
from comp.plan_life import Act, Standing, State
from comp.versions import Acknowledged, Done, Version
from tests.make import plan

NOW = datetime(2025, 7, 1, tzinfo=UTC)


def version(state=State.DRAFT, sha256="a" * 64, **fields):
    usual = {"plan": plan(), "author": "author", "saved_at": NOW, "published_by": None, "published_at": None}
    return Version(state=state, sha256=sha256, **{**usual, **fields})


def done(act, by="author", words="", acknowledged=()):
    return Done(act, by, NOW, words, "a" * 64, acknowledged)


@pytest.mark.parametrize("state", State)
def test_only_a_published_version_may_pay(state):
    assert version(state).is_published is (state is State.PUBLISHED)
    assert version(state).is_open is (state in {State.DRAFT, State.SUBMITTED})
    assert version(state).is_over is (state in {State.WITHDRAWN, State.DISCARDED})


def test_whatever_is_done_to_a_version_changes_its_fingerprint():
    seen = [
        version(),
        version(State.PUBLISHED),
        version(sha256="b" * 64),
        version(id=2),
        version(history=(done(Act.WRITE),)),
    ]
    assert len({each.fingerprint for each in seen}) == len(seen)


def test_whoever_wrote_or_submitted_a_version_has_a_hand_in_it_and_nobody_else():
    acts = (done(Act.WRITE, "first"), done(Act.SUBMIT, "second"), done(Act.SEND_BACK, "judge", "No."))
    assert version(history=acts).hands == {"author", "first", "second"}
    assert version(submitted_by="third").hands == {"author", "third"}


def test_what_was_done_last_is_told_and_of_a_version_without_a_history_that_it_was_written():
    assert version(history=(done(Act.WRITE), done(Act.SUBMIT, "second"))).last.word == "submitted"
    assert (version().last.by, version().last.word) == ("author", "changed")


def test_the_answers_to_warnings_are_those_of_the_last_submission():
    first, second = (Acknowledged(Problem("Careful."), words) for words in ("Once.", "Twice."))
    acts = (done(Act.SUBMIT, acknowledged=(first,)), done(Act.SEND_BACK), done(Act.SUBMIT, acknowledged=(second,)))
    assert version(history=acts).acknowledged == (second,)
    assert version().acknowledged == ()


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 12, 31), [Standing.COMING, Standing.COMING]),
        (date(2025, 1, 1), [Standing.IN_FORCE, Standing.COMING]),
        (date(2025, 12, 31), [Standing.IN_FORCE, Standing.COMING]),
        (date(2026, 1, 1), [Standing.SUPERSEDED, Standing.IN_FORCE]),
    ],
)
def test_a_version_is_superseded_by_the_next_that_was_published(today, expected):
    starts = date(2025, 1, 1), date(2026, 1, 1)
    versions = [version(State.PUBLISHED, plan=plan(starts=start)) for start in starts]
    draft = version(plan=plan(starts=date(2024, 6, 1)))
    withdrawn = version(State.WITHDRAWN, plan=plan(starts=date(2025, 6, 1)))
    every = [*versions, draft, withdrawn]
    assert [each.standing(every, today) for each in versions] == expected
    assert draft.standing(every, today) is Standing.DRAFT
    assert withdrawn.standing(every, today) is Standing.WITHDRAWN
