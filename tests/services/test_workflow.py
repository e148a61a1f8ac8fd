"""A quarter through its life: who may do what, what was seen, and what a calculation is when something was paid."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.roles import Account, Role
from comp.services import settlement, workflow
from comp.services.workflow import Seen
from comp.store.quarters import Deed, approved_sha256, load_lives
from comp.workflow import Act, State
from tests.stored import NOW, Q3, calculated, company, publish, taken


def account(number, *roles, employee=None):
    return Account(number, f"person{number}@example.org", f"Person {number}", roles, 0, employee)


HR, APPROVER, PAYROLL = account(1, Role.HR), account(2, Role.APPROVER), account(3, Role.PAYROLL)
PAID_APPROVER = account(4, Role.APPROVER, employee="1")
ALL_AT_ONCE = account(5, Role.HR, Role.APPROVER, Role.PAYROLL)


@pytest.fixture
def quarter(filled):
    return filled(fill)


def fill(engine):
    company(engine)
    publish(engine)
    calculated(engine)


def act(engine, service, *told):
    with writing(engine) as session:
        return service(session, *told, NOW)


def seen(engine):
    with reading(engine) as session:
        run = workflow.counting_run(session, Q3)
        return Seen(workflow.life_of(session, Q3).changes, settlement.settle_run(session, run).sha256)


def state(engine):
    with reading(engine) as session:
        return workflow.life_of(session, Q3).state


def approved(engine):
    act(engine, workflow.begin_review, HR, Q3)
    act(engine, workflow.approve, APPROVER, Q3, seen(engine))


def released(engine):
    approved(engine)
    with writing(engine) as session:
        run = workflow.require(session, Act.RELEASE, PAYROLL, Q3)
        workflow.record(session, run, Deed(Act.RELEASE, PAYROLL.email, NOW))


def test_an_approval_carries_the_hash_of_what_was_seen(quarter):
    approved(quarter)
    with reading(quarter) as session:
        assert approved_sha256(session, Q3) == seen(quarter).sha256
        history = workflow.history_of(session, Q3)
        assert load_lives(session) == {Q3: (State.APPROVED, history[0].run_id)}
    assert [done.deed.act for done in history] == [Act.CALCULATE, Act.BEGIN_REVIEW, Act.APPROVE]


def test_a_change_in_between_is_told_and_nothing_is_approved(quarter):
    act(quarter, workflow.begin_review, HR, Q3)
    looked = seen(quarter)
    taken(quarter, "results", "unit,quarter,metric,value\nU,2025-Q3,k,90\n")
    calculated(quarter)
    act(quarter, workflow.begin_review, HR, Q3)
    with pytest.raises(ChangedError, match=r"hr@example.org calculated it; person1@example.org gave it to review"):
        act(quarter, workflow.approve, APPROVER, Q3, looked)
    assert state(quarter) is State.IN_REVIEW


def test_of_two_approvers_one_wins_and_the_other_is_told(quarter):
    act(quarter, workflow.begin_review, HR, Q3)
    looked = seen(quarter)
    act(quarter, workflow.approve, APPROVER, Q3, looked)
    with pytest.raises(RefusedError, match="is approved"):
        act(quarter, workflow.approve, account(9, Role.APPROVER), Q3, looked)


def test_nobody_approves_their_own_pay(quarter):
    act(quarter, workflow.begin_review, HR, Q3)
    with pytest.raises(RefusedError, match="pays you too"):
        act(quarter, workflow.approve, PAID_APPROVER, Q3, seen(quarter))


def test_whoever_has_every_role_still_needs_a_second_pair_of_eyes(quarter):
    act(quarter, workflow.begin_review, ALL_AT_ONCE, Q3)
    with pytest.raises(RefusedError, match="four eyes"):
        act(quarter, workflow.approve, ALL_AT_ONCE, Q3, seen(quarter))


def test_a_role_that_does_not_bring_an_act_is_refused(quarter):
    with pytest.raises(RefusedError, match="Your roles do not let you begin review"):
        act(quarter, workflow.begin_review, APPROVER, Q3)


def test_a_quarter_without_a_run_cannot_be_moved(engine):
    with pytest.raises(NotFoundError, match="has not been calculated"):
        act(engine, workflow.begin_review, HR, Q3)


def test_sending_back_and_ending_a_review_need_words(quarter):
    act(quarter, workflow.begin_review, HR, Q3)
    with pytest.raises(RefusedError, match="Say why"):
        act(quarter, workflow.send_back, APPROVER, Q3, " ")
    act(quarter, workflow.send_back, APPROVER, Q3, "Lisbon's target is last year's.")
    act(quarter, workflow.begin_review, HR, Q3)
    act(quarter, workflow.end_review, HR, Q3, "Answers came late.")
    assert state(quarter) is State.CALCULATED


def test_reopening_takes_two_people_and_a_reason(quarter):
    approved(quarter)
    act(quarter, workflow.ask_to_reopen, APPROVER, Q3, "A target was wrong.")
    with pytest.raises(RefusedError, match="Somebody else must reopen"):
        act(quarter, workflow.reopen, APPROVER, Q3)
    act(quarter, workflow.keep_approved, account(9, Role.APPROVER), Q3, "It was right.")
    act(quarter, workflow.ask_to_reopen, HR, Q3, "It was wrong indeed.")
    act(quarter, workflow.reopen, APPROVER, Q3)
    assert state(quarter) is State.IN_REVIEW
    with reading(quarter) as session:
        assert approved_sha256(session, Q3) is None
        assert workflow.history_of(session, Q3)[-1].deed.answers == HR.email


def test_an_approved_quarter_cannot_be_calculated(quarter):
    approved(quarter)
    with pytest.raises(RefusedError, match="2025-Q3 cannot be calculated: it is approved"):
        calculated(quarter)


def test_after_a_release_a_calculation_is_a_correction_and_the_run_that_was_paid_still_counts(quarter):
    released(quarter)
    stored, _ = calculated(quarter)
    with reading(quarter) as session:
        assert workflow.counting_run(session, Q3).number == 1
        assert workflow.history_of(session, Q3)[-1].deed.act is Act.CORRECT
    assert (stored.number, state(quarter)) == (2, State.RELEASED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quarter_life SET state = 'approved', released_by = NULL",
        "UPDATE quarter_life SET approved_sha256 = 'another'",
        "UPDATE quarter_life SET approved_by = calculated_by",
        "UPDATE quarter_life SET released_by = approved_by",
        "DELETE FROM quarter_life",
        "UPDATE quarter_move SET words = 'other'",
        "DELETE FROM quarter_move",
    ],
)
def test_the_database_itself_keeps_what_was_released(quarter, statement):
    released(quarter)
    with pytest.raises(DatabaseError), writing(quarter) as session:
        session.execute(text(statement))
