"""The one table of a query's life: every act from every state, by everybody; outcomes, due days and what was seen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comp.periods import Quarter
from comp.queries import (
    ANSWERED_BY,
    LIVING,
    MOVES,
    About,
    Act,
    Message,
    Outcome,
    Part,
    Query,
    State,
    Subject,
    due_day,
    is_working_day,
    open_acts,
    stands_against,
    stands_against_outcome,
    waits_for,
)

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ABOUT = About(
    Subject.PAYOUT, Quarter(2025, 4), "The whole payout in EUR", (("Payout", "1.00 EUR"),), "EUR", "1001", run_id=1
)
ASKER, OWNER, HR = {Part.ASKER}, {Part.OWNER}, {Part.HR}


def query(state=State.OPEN, due=date(2026, 1, 12), messages=()):
    return Query(1, ABOUT, "Ada", 1, "Ada", NOW, None, "HR", due, state, None, "", tuple(messages))


def message(number):
    return Message(number, Act.REPLY, 1, "Ada", NOW, "And?")


@pytest.mark.parametrize("act", MOVES)
@pytest.mark.parametrize("state", State)
def test_an_act_is_possible_from_its_own_states_alone(act, state):
    move = MOVES[act]
    against = stands_against(act, state, move.who)
    assert (against == "") is (state in move.starts)


@pytest.mark.parametrize(
    ("state", "parts", "acts"),
    [
        (State.OPEN, OWNER, {Act.ANSWER, Act.ASK_BACK, Act.HAND_ON, Act.CLOSE}),
        (State.OPEN, HR, {Act.ANSWER, Act.ASK_BACK, Act.HAND_ON, Act.CLOSE}),
        (State.OPEN, ASKER, {Act.REPLY, Act.WITHDRAW}),
        (State.WAITING, OWNER, {Act.ANSWER, Act.HAND_ON, Act.CLOSE}),
        (State.WAITING, ASKER, {Act.REPLY, Act.WITHDRAW}),
        (State.ANSWERED, OWNER, {Act.ASK_BACK, Act.CLOSE}),
        (State.ANSWERED, ASKER, {Act.REPLY, Act.ACCEPT, Act.WITHDRAW}),
        (State.CLOSED, {*OWNER, *HR}, set()),
        (State.WITHDRAWN, ASKER, set()),
        (State.OPEN, {Part.PAID}, set()),
        (State.OPEN, {*ASKER, *OWNER, *HR}, {Act.REPLY, Act.WITHDRAW}),
    ],
)
def test_each_may_do_what_is_theirs(state, parts, acts):
    assert open_acts(state, parts) == acts


def test_what_stands_against_an_act_is_told_in_words():
    assert stands_against(Act.CLOSE, State.CLOSED, OWNER) == (
        "This query is closed. Raise a new one if something is left."
    )
    assert stands_against(Act.ACCEPT, State.OPEN, ASKER) == "This query waits for its owner's answer."
    assert "You raised this query: somebody else answers it." in stands_against(Act.ANSWER, State.OPEN, {*ASKER, *HR})
    assert stands_against(Act.REPLY, State.OPEN, OWNER) == "Only whoever raised it can do that with this query."
    assert stands_against(Act.ANSWER, State.OPEN, set()) == "Only its owner, or HR can do that with this query."


@pytest.mark.parametrize("outcome", Outcome)
def test_nobody_closes_a_query_about_their_own_pay_with_what_changes_it(outcome):
    against = stands_against_outcome(outcome, "12" if outcome in ANSWERED_BY else "", {Part.PAID, Part.HR})
    assert against.startswith("Nobody closes a query about their own pay") is (outcome in ANSWERED_BY)


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_that_changes_something_names_what_did_and_no_other_does(outcome):
    changes = outcome in ANSWERED_BY
    assert (stands_against_outcome(outcome, "12", HR) == "") is changes
    assert (stands_against_outcome(outcome, "", HR) == "") is not changes


def test_a_missing_or_idle_number_is_told_in_words():
    assert stands_against_outcome(Outcome.MENDED, "", HR) == "Say which import answered it, by its number."
    assert "changes nothing" in stands_against_outcome(Outcome.REFUSED, "12", HR)


@pytest.mark.parametrize(
    ("state", "parts", "waits"),
    [
        (State.OPEN, OWNER, True),
        (State.OPEN, HR, False),
        (State.OPEN, {*OWNER, *ASKER}, False),
        (State.WAITING, ASKER, True),
        (State.WAITING, OWNER, False),
        (State.ANSWERED, ASKER, True),
        (State.CLOSED, ASKER, False),
    ],
)
def test_a_query_waits_for_its_owner_or_for_whoever_asked(state, parts, waits):
    assert waits_for(state, parts) is waits


def test_what_waits_for_somebody_they_can_do_something_about():
    for state in State:
        for parts in (ASKER, OWNER, {*OWNER, *HR}, HR, {*ASKER, *HR}):
            assert not waits_for(state, parts) or open_acts(state, parts)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
@settings(max_examples=30)
def test_a_due_day_is_a_working_day_with_just_so_many_since_the_start(start, days):
    due = due_day(start, days)
    between = [start + timedelta(days=number) for number in range(1, (due - start).days + 1)]
    assert is_working_day(due)
    assert sum(map(is_working_day, between)) == days


def test_five_working_days_from_a_friday_end_on_the_next():
    assert due_day(date(2026, 1, 2), 5) == date(2026, 1, 9)


@pytest.mark.parametrize("state", State)
def test_only_an_open_query_is_late_and_only_after_its_day(state):
    asked = query(state)
    assert asked.days_late(date(2026, 1, 12)) == 0
    assert asked.days_late(date(2026, 1, 14)) == (2 if state is State.OPEN else 0)
    assert asked.is_over is (state not in LIVING)


def test_what_was_seen_changes_with_each_message_and_tells_what_was_done_since():
    before, after = query(messages=[message(7)]), query(messages=[message(7), message(9)])
    assert before.fingerprint != after.fingerprint != query().fingerprint
    assert after.since(before.fingerprint) == (message(9),)
    assert after.since("nonsense") == after.since("") == after.messages


def test_what_a_query_is_about_has_its_own_key_and_hash():
    score = About(Subject.SCORE, Quarter(2025, 4), "NPS of Lisbon", (("Score", "18.3"),), unit="LIS", metric="nps")
    assert (ABOUT.key, score.key) == ("payout 2025-Q4 1001 EUR", "score 2025-Q4 LIS nps")
    other = About(Subject.SCORE, Quarter(2025, 4), "NPS of Lisbon", (("Score", "18.4"),), unit="LIS", metric="nps")
    assert score.key == other.key
    assert score.sha256 != other.sha256
