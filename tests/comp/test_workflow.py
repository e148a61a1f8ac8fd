"""The table of a quarter's moves: who may do what from where, and what an act undoes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.roles import Permission
from comp.workflow import MOVES, PAID, Act, Life, State, moved, open_acts, stands_against

Q = "2026-Q2"
PEOPLE = ("ann", "bob", "cleo")


def after(*deeds):
    life = Life()
    for act, by in deeds:
        assert not stands_against(act, Q, life, by)
        life = moved(life, act, by)
    return life


CALCULATED = ((Act.CALCULATE, "ann"),)
REVIEWED = (*CALCULATED, (Act.BEGIN_REVIEW, "ann"))
APPROVED = (*REVIEWED, (Act.APPROVE, "bob"))
RELEASED = (*APPROVED, (Act.RELEASE, "cleo"))


def test_a_quarter_goes_from_open_to_closed_through_three_pairs_of_hands():
    life = after(*RELEASED, (Act.CLOSE, "cleo"))
    assert (life.state, life.changes) == (State.CLOSED, 5)


@pytest.mark.parametrize(
    ("deeds", "act", "by", "why"),
    [
        ((), Act.BEGIN_REVIEW, "ann", "2026-Q2 is open. Calculate it first."),
        (CALCULATED, Act.APPROVE, "bob", "2026-Q2 is calculated and not in review. Let the review begin first."),
        (REVIEWED, Act.APPROVE, "ann", "was calculated by ann. Somebody else must approve it"),
        (APPROVED, Act.RELEASE, "bob", "was approved by bob. Somebody else must release it"),
        (APPROVED, Act.CALCULATE, "ann", "two people can reopen it"),
        (APPROVED, Act.REOPEN, "bob", "Nobody asked that 2026-Q2 be reopened"),
        ((*APPROVED, (Act.ASK_TO_REOPEN, "ann")), Act.REOPEN, "ann", "was asked to be reopened by ann"),
        ((*APPROVED, (Act.ASK_TO_REOPEN, "ann")), Act.ASK_TO_REOPEN, "bob", "ann asked already"),
        (RELEASED, Act.CALCULATE, "ann", "Calculate a correction instead"),
        (RELEASED, Act.ASK_TO_REOPEN, "ann", "what was released never changes"),
        ((*RELEASED, (Act.CLOSE, "cleo")), Act.RELEASE_MORE, "cleo", "is closed and never changes"),
        (REVIEWED, Act.CORRECT, "ann", "is in review"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_comes_first(deeds, act, by, why):
    assert why in stands_against(act, Q, after(*deeds), by)


def test_whoever_gave_a_quarter_to_review_cannot_approve_it():
    life = after((Act.CALCULATE, "ann"), (Act.BEGIN_REVIEW, "bob"))
    assert "was given to review by bob" in stands_against(Act.APPROVE, Q, life, "bob")
    assert not stands_against(Act.APPROVE, Q, life, "cleo")


def test_a_new_calculation_makes_all_that_was_done_undone():
    life = after(*REVIEWED, (Act.CALCULATE, "bob"))
    assert (life.state, dict(life.doers)) == (State.CALCULATED, {Act.CALCULATE: "bob"})


def test_a_correction_leaves_a_paid_quarter_where_it_is():
    life = after(*RELEASED, (Act.CORRECT, "ann"))
    assert life.state is State.RELEASED
    assert life.doers[Act.CALCULATE] == "ann"


def test_reopening_needs_two_and_takes_the_approval_away():
    life = after(*APPROVED, (Act.ASK_TO_REOPEN, "ann"), (Act.REOPEN, "bob"))
    assert life.state is State.IN_REVIEW
    assert Act.APPROVE not in life.doers
    assert Act.ASK_TO_REOPEN not in life.doers


def test_an_answer_of_no_leaves_a_quarter_approved_and_open_for_another_question():
    life = after(*APPROVED, (Act.ASK_TO_REOPEN, "ann"), (Act.KEEP_APPROVED, "bob"))
    assert life.state is State.APPROVED
    assert not life.waits_to_reopen


def test_only_acts_that_a_role_brings_are_offered():
    life = after(*REVIEWED)
    offered = open_acts(Q, life, "bob", {Permission.APPROVE_QUARTERS, Permission.RELEASE})
    assert offered == {Act.APPROVE, Act.SEND_BACK}
    assert open_acts(Q, life, "ann", {Permission.APPROVE_QUARTERS}) == {Act.SEND_BACK}


@given(st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from(PEOPLE)), max_size=30))
def test_whatever_people_try_nothing_is_released_that_two_did_not_see_and_nothing_paid_goes_back(tried):
    life, was_paid = Life(), False
    for act, by in tried:
        if not stands_against(act, Q, life, by):
            life = moved(life, act, by)
        assert not was_paid or life.state in PAID
        was_paid = life.state in PAID
        if life.state in {State.APPROVED, *PAID}:
            assert life.doers[Act.APPROVE] not in {life.doers[Act.CALCULATE], life.doers[Act.BEGIN_REVIEW]}
        if was_paid:
            assert life.doers[Act.RELEASE] not in {life.doers[Act.CALCULATE], life.doers[Act.APPROVE]}


def test_every_act_has_its_move():
    assert set(MOVES) == set(Act)
