"""What payroll paid: typed back blind, or by a list; each difference answered before the quarter is closed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.errors import RefusedError, UnseenError
from comp.money import Money
from comp.paid_check import AnswerKind, DifferenceKind, PaidAmount, Stated
from comp.services import confirmations, payout_holds, workflow
from comp.workflow import State
from tests.released import APPROVER, HR, PAYROLL, approve, release
from tests.stored import NOW, Q3, calculated, company, publish

RIGHT = {"EUR": Stated(2, Money(200000, "EUR"))}


@pytest.fixture
def batch(filled):
    engine = filled(fill)
    return engine, release(engine)


def fill(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    approve(engine)


def act(engine, service, *told):
    with writing(engine) as session:
        return service(session, PAYROLL, *told, NOW)


def paid(employee, minor):
    return PaidAmount(employee, None, Money(minor, "EUR"))


def state(engine):
    with reading(engine) as session:
        return workflow.life_of(session, Q3).state


def against(engine):
    with reading(engine) as session:
        return confirmations.stands_against_closing(session, PAYROLL, Q3)


def test_figures_that_agree_to_the_cent_confirm_a_batch_and_the_quarter_can_be_closed(batch):
    engine, made = batch
    assert against(engine) == ["Payroll has not confirmed what it paid of 2025-Q3-B1."]
    act(engine, confirmations.confirm_typed, made, RIGHT)
    assert against(engine) == []
    act(engine, confirmations.close, Q3)
    assert state(engine) is State.CLOSED
    assert against(engine) == ["2025-Q3 is closed and never changes. Calculate a correction instead."]


def test_other_figures_are_told_without_the_right_ones(batch):
    engine, made = batch
    for wrong in ({"EUR": Stated(2, Money(200001, "EUR"))}, {"EUR": Stated(1, Money(200000, "EUR"))}, {}):
        with pytest.raises(RefusedError) as refused:
            act(engine, confirmations.confirm_typed, made, wrong)
        assert "typed for EUR is not what 2025-Q3-B1 holds" in str(refused.value)
        assert "2000" not in str(refused.value)
    with reading(engine) as session:
        assert confirmations.find_confirmation(session, made) is None
        assert confirmations.currencies(session, made) == ["EUR"]


def test_what_payroll_said_once_stays_and_is_said_by_payroll_alone(batch):
    engine, made = batch
    with pytest.raises(RefusedError, match="Your roles"), writing(engine) as session:
        confirmations.confirm_typed(session, HR, made, RIGHT, NOW)
    act(engine, confirmations.confirm_typed, made, RIGHT)
    with pytest.raises(RefusedError, match=r"was confirmed by person3@example.org on 2026-04-03. What was said stays"):
        act(engine, confirmations.confirm_file, made, b"", [])


def test_every_difference_of_a_list_is_followed_until_it_is_answered(batch):
    engine, made = batch
    rows = [paid("1", 90000), paid("9", 500)]
    _, found = act(engine, confirmations.confirm_file, made, b"the file", rows)
    kinds = [DifferenceKind.OTHER_AMOUNT, DifferenceKind.MISSING, DifferenceKind.EXTRA]
    assert [each.kind for each in found] == kinds
    with reading(engine) as session:
        followed = confirmations.list_differences(session, [made])
    assert [each.difference for each in followed] == found
    assert against(engine) == ["Not answered between batches and payments: 3 differences."]
    with pytest.raises(RefusedError, match="cannot be closed yet"):
        act(engine, confirmations.close, Q3)
    for each, kind in zip(followed, AnswerKind, strict=True):
        act(engine, confirmations.answer, made, each.id, (kind, "As the bank says."))
    assert len(against(engine)) == 1
    act(engine, confirmations.answer, made, followed[2].id, (AnswerKind.EXPLAINED, "Came back."))
    act(engine, confirmations.close, Q3)
    assert state(engine) is State.CLOSED
    with pytest.raises(RefusedError, match="is closed: what was said of its differences stays"):
        act(engine, confirmations.answer, made, followed[0].id, (AnswerKind.EXPLAINED, "Later."))


def test_an_answer_needs_words_a_difference_and_a_role(batch):
    engine, made = batch
    act(engine, confirmations.confirm_file, made, b"", [paid("1", 100000)])
    with reading(engine) as session:
        (each,) = confirmations.list_differences(session, [made])
    said = (AnswerKind.EXPLAINED, "Paid by hand.")
    with pytest.raises(RefusedError, match="Say in words"):
        act(engine, confirmations.answer, made, each.id, (AnswerKind.EXPLAINED, " "))
    with pytest.raises(UnseenError, match="has no difference 999"):
        act(engine, confirmations.answer, made, 999, said)
    with pytest.raises(RefusedError, match="Your roles"), writing(engine) as session:
        confirmations.answer(session, HR, made, each.id, said, NOW)


def test_a_quarter_whose_pay_is_held_back_or_waits_for_a_batch_is_not_closed(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    approve(engine)
    with writing(engine) as session:
        seen = payout_holds.seen_pay(session, Q3, "2")
        payout_holds.hold_back(session, HR, Q3, "2", (seen, "Asked."), NOW)
    made = release(engine)
    act(engine, confirmations.confirm_typed, made, {"EUR": Stated(1, Money(100000, "EUR"))})
    assert against(engine) == ["The pay of 2 is held back: Asked."]
    with writing(engine) as session:
        payout_holds.lift(session, APPROVER, Q3, "2", "Fine.", NOW)
    assert against(engine) == ["Not released of 2025-Q3: 1 payout. Make 2025-Q3-B2."]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM paid_confirmation",
        "UPDATE paid_confirmation SET rows = 9",
        "DELETE FROM paid_difference",
        "UPDATE paid_difference SET employee = '8'",
        "DELETE FROM difference_answer",
        "UPDATE difference_answer SET words = 'other'",
    ],
)
def test_what_payroll_said_never_changes(batch, statement):
    engine, made = batch
    act(engine, confirmations.confirm_file, made, b"", [])
    with reading(engine) as session:
        first = confirmations.list_differences(session, [made])[0]
    act(engine, confirmations.answer, made, first.id, (AnswerKind.OUTSTANDING, "Asked the bank."))
    with pytest.raises(DatabaseError), writing(engine) as session:
        session.execute(text(statement))
