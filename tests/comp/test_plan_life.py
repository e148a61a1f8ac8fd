"""The one table of a version's life: every act from every state, by everybody."""

import pytest

from comp.plan_life import MOVES, Act, State, Who, open_acts, stands_against
from comp.roles import COMMAND_LINE, Permission

HANDS = frozenset({"author@x", "submitter@x"})
EVERYTHING = frozenset(Permission)


def against(act, state, by):
    return stands_against(act, "p@2025-01-01", state, HANDS, by)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", State)
def test_an_act_is_possible_from_one_state_only(act, state):
    move = MOVES[act]
    by = "author@x" if move.who is Who.OWN else "other@x"
    assert (against(act, state, by) == "") is (state is move.start)


@pytest.mark.parametrize("by", sorted(HANDS))
@pytest.mark.parametrize("act", [Act.PUBLISH, Act.SEND_BACK, Act.WITHDRAW])
def test_whoever_wrote_or_submitted_a_version_does_not_judge_it(act, by):
    told = against(act, MOVES[act].start, by)
    assert told == f"p@2025-01-01 was written or submitted by {by}. Somebody else must {act} it."


def test_only_who_wrote_or_submitted_a_version_takes_it_back():
    told = against(Act.TAKE_BACK, State.SUBMITTED, "other@x")
    assert told == ("p@2025-01-01 was written by author@x and submitter@x. Only who wrote or submitted it can do that.")


@pytest.mark.parametrize("act", Act)
def test_whoever_has_the_command_line_has_the_database_in_hand(act):
    for hands in (frozenset({COMMAND_LINE}), HANDS):
        assert stands_against(act, "p", MOVES[act].start, hands, COMMAND_LINE) == ""


@pytest.mark.parametrize(
    ("act", "state", "told"),
    [
        (Act.PUBLISH, State.PUBLISHED, "p@2025-01-01 is published already."),
        (Act.SUBMIT, State.SUBMITTED, "p@2025-01-01 is submitted already."),
        (Act.PUBLISH, State.DRAFT, "p@2025-01-01 is a draft. Submit it first."),
        (Act.WRITE, State.SUBMITTED, "p@2025-01-01 is submitted and waits for somebody else. "),
        (Act.WRITE, State.PUBLISHED, "p@2025-01-01 is published and cannot change. "),
        (Act.SUBMIT, State.WITHDRAWN, "p@2025-01-01 was withdrawn. "),
        (Act.PUBLISH, State.DISCARDED, "p@2025-01-01 was discarded. "),
        (Act.WITHDRAW, State.WITHDRAWN, "p@2025-01-01 is withdrawn already."),
    ],
)
def test_what_comes_too_early_or_too_late_is_told_with_what_to_do(act, state, told):
    assert against(act, state, "other@x").startswith(told)


@pytest.mark.parametrize(
    ("state", "by", "acts"),
    [
        (State.DRAFT, "author@x", {Act.WRITE, Act.SUBMIT, Act.DISCARD}),
        (State.DRAFT, "other@x", {Act.WRITE, Act.SUBMIT, Act.DISCARD}),
        (State.SUBMITTED, "author@x", {Act.TAKE_BACK}),
        (State.SUBMITTED, "other@x", {Act.SEND_BACK, Act.PUBLISH}),
        (State.PUBLISHED, "author@x", set()),
        (State.PUBLISHED, "other@x", {Act.WITHDRAW}),
        (State.WITHDRAWN, "other@x", set()),
        (State.DISCARDED, "other@x", set()),
    ],
)
def test_somebody_who_may_do_everything_may_do_what_the_state_and_four_eyes_leave(state, by, acts):
    assert open_acts(state, HANDS, by, EVERYTHING) == acts


def test_what_a_role_does_not_bring_is_not_open():
    assert open_acts(State.SUBMITTED, HANDS, "other@x", {Permission.WRITE_PLANS}) == frozenset()
    assert open_acts(State.DRAFT, HANDS, "other@x", {Permission.READ_PLANS}) == frozenset()
