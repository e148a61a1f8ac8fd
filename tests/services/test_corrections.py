"""Corrections of quarters that were paid: what is owed, who decides, with which quarter it is paid, what is carried."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.correction_life import State
from comp.correction_records import Asked
from comp.corrections import Policy
from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.money import Money
from comp.periods import Quarter
from comp.roles import Role
from comp.services import correction_moves, corrections
from comp.services.correction_moves import Choice
from comp.services.correction_standings import released_for, standings
from comp.settlement import Key, LineKind
from comp.store.settings import load_company, save_company
from tests.make import measure
from tests.paid import APPROVER, HR, PAYROLL, account, approve, correct, decide, draft, propose, release, settled
from tests.stored import NOW, Q3, calculated, company, publish, taken

Q4, Q5 = Quarter(2025, 4), Quarter(2026, 1)
BOTH = """
    unit,quarter,metric,value
    U,2025-Q3,k,100
    V,2025-Q3,k,50
    U,2025-Q4,k,100
    V,2025-Q4,k,50
    U,2026-Q1,k,100
    V,2026-Q1,k,50
"""
ANN, BOB = Key("1", "EUR"), Key("2", "EUR")


LEFT = """
    employee,name,unit,from,to,target_amount,currency,hired,left
    1,Ann,U,2020-01-01,2025-09-30,4000,EUR,2020-01-01,2025-09-30
"""
MOVED = """
    employee,name,unit,from,to,target_amount,currency
    1,Ann,U,2020-01-01,2025-08-14,4000,EUR
    1,Ann,V,2025-08-15,,4000,EUR
"""


def pay(engine):
    """Ann got 1,000.00 and Bob 1,000.00 for 2025-Q3; the next two quarters are open, and would pay the same."""
    company(engine, results=BOTH)
    publish(engine)
    release(engine, Q3)


@pytest.fixture
def both(filled):
    """The company on SQLite, then on PostgreSQL."""
    return filled(pay)


@pytest.fixture
def paid(sqlite_filled):
    """The company on SQLite."""
    return sqlite_filled(pay)


def restate(engine, unit, value, quarter=Q3):
    taken(engine, "results", f"unit,quarter,metric,value\n{unit},{quarter},k,{value}\n")


def paid_lines(engine, quarter, employee="1"):
    return [
        (line.kind, line.amount.minor, str(line.quarter))
        for each in settled(engine, quarter, employee).settled
        for line in each.lines
    ]


def payable(engine, quarter, employee="1"):
    return sum(minor for _, minor, _ in paid_lines(engine, quarter, employee))


def view(engine, number, actor=HR, **asked):
    with reading(engine) as session:
        return corrections.view(session, actor, number, Asked(**asked), NOW)


def test_what_was_corrected_already_is_not_paid_again(both):
    restate(both, "U", 110)
    correct(both, Q3)
    calculated(both, Q4)
    assert paid_lines(both, Q4) == [(LineKind.EARNED, 100_000, "2025-Q4"), (LineKind.CORRECTION, 10_000, "2025-Q3")]
    release(both, Q4)
    restate(both, "U", 140)
    correct(both, Q3)
    calculated(both, Q5)
    assert paid_lines(both, Q5)[1:] == [(LineKind.CORRECTION, 30_000, "2025-Q3")]
    with reading(both) as session:
        assert released_for(session, Q3)[ANN] == 110_000
        assert standings(session, Q3)[ANN][:2] == (110_000, 30_000)


def test_a_chain_of_three_corrections_pays_what_the_last_one_found_in_the_end(both):
    for value in (150, 80, 120):
        restate(both, "U", value)
        correct(both, Q3)
    calculated(both, Q4)
    assert [minor for _, minor, _ in paid_lines(both, Q4)] == [100_000, 50_000, -70_000, 40_000]
    assert payable(both, Q4) == 120_000


def test_a_statement_says_which_quarter_was_corrected_and_why(paid):
    restate(paid, "U", 120)
    correct(paid, Q3)
    calculated(paid, Q4)
    ann = settled(paid, Q4, "1").settled[0]
    assert ann.lines[1].about == "Correction of 2025-Q3: scores +200.00 EUR."
    assert ann.lines[1].source == "correction 1"


def test_what_was_released_stays_as_it_was(paid):
    before = settled(paid, Q3)
    restate(paid, "U", 120)
    correct(paid, Q3)
    assert settled(paid, Q3) == before


def test_a_back_dated_transfer_names_its_cause(paid):
    taken(paid, "people", MOVED)
    (line,) = view(paid, draft(paid, Q3)).lines
    assert [why.label for why in line.why] == ["Another unit"]
    assert line.delta.amount.minor < 0


def test_a_correction_that_crosses_a_plan_version_says_so(paid):
    doubled = measure(curve={"points": [["0", "0%"], ["200", "400%"]]})
    components = [{"id": "c", "name": "Customer", "share": "100%", "measures": [doubled]}]
    publish(paid, starts="2025-08-16", components=components)
    (first, _) = view(paid, draft(paid, Q3)).lines
    assert first.delta.amount.minor == 50_000
    assert {why.label for why in first.why} == {"Curves"}


def test_pay_in_another_currency_is_owed_and_the_first_owed_back(paid):
    taken(paid, "people", "employee,name,unit,from,target_amount,currency\n1,Ann,U,2020-01-01,4000,CHF\n")
    lines = view(paid, draft(paid, Q3)).lines
    amounts = [line.delta.amount for line in lines]
    assert amounts == [Money(100_000, "CHF"), Money(-100_000, "EUR")]


def test_somebody_who_is_held_now_is_told_and_not_corrected(paid):
    with writing(paid) as session:
        session.execute(text("DELETE FROM result WHERE unit = 'U' AND quarter = '2025-Q3'"))
    restate(paid, "V", 60)
    seen = view(paid, draft(paid, Q3))
    assert [line.delta.employee for line in seen.lines] == ["2"]
    assert [(hold.employee, hold.employee in seen.held_anew) for hold in seen.held] == [("1", True)]


def test_what_was_paid_too_much_is_recovered_at_once_as_a_rule(paid):
    restate(paid, "U", 0)
    correct(paid, Q3)
    restate(paid, "U", 50, Q4)
    calculated(paid, Q4)
    assert payable(paid, Q4) == 50_000 - 100_000


def test_what_is_capped_is_carried_to_the_next_quarters_until_nothing_is_left(both):
    restate(both, "U", 0)
    number = correct(both, Q3, Choice("1", "EUR", Policy.CARRY, "She asked for it."))
    restate(both, "U", 60, Q4)
    calculated(both, Q4)
    assert paid_lines(both, Q4)[1:] == [(LineKind.CORRECTION, -60_000, "2025-Q3")]
    assert payable(both, Q4) == 0
    release(both, Q4)
    assert view(both, number).rests[ANN].minor == 40_000
    calculated(both, Q5)
    assert paid_lines(both, Q5)[1:] == [(LineKind.CARRIED, -40_000, "2025-Q3")]
    assert (
        "Carried over from 2025-Q4. 400.00 EUR is set against this payment."
        in settled(both, Q5, "1").settled[0].lines[1].about
    )
    release(both, Q5)
    assert paid_lines(both, Q4)[1:] == [(LineKind.CORRECTION, -60_000, "2025-Q3")]
    with reading(both) as session:
        assert standings(session, Q3)[ANN][:2] == (0, 0)


def test_a_carried_rest_and_a_new_correction_add_up(paid):
    restate(paid, "U", 0)
    correct(paid, Q3, Choice("1", "EUR", Policy.CARRY, "She asked for it."))
    restate(paid, "U", 30, Q4)
    release(paid, Q4)
    restate(paid, "U", 50)
    correct(paid, Q3)
    calculated(paid, Q5)
    assert [minor for _, minor, _ in paid_lines(paid, Q5)] == [100_000, 50_000, -70_000]
    with reading(paid) as session:
        assert standings(session, Q3)[ANN][:2] == (70_000, -20_000)


def test_quarters_recover_in_the_order_of_their_approval_and_never_twice(both):
    restate(both, "U", 0)
    restate(both, "U", 60, Q4)
    correct(both, Q3, Choice("1", "EUR", Policy.CARRY, "She asked for it."))
    calculated(both, Q4)
    release(both, Q5)
    assert payable(both, Q5) == 0
    approve(both, Q4)
    assert payable(both, Q4) == 60_000


def test_a_leaver_pays_nothing_back_and_the_claim_stays_open(paid):
    taken(paid, "people", LEFT)
    restate(paid, "U", 20)
    number = correct(paid, Q3, Choice("1", "EUR", Policy.CARRY, "She left."))
    release(paid, Q4)
    assert paid_lines(paid, Q4) == []
    assert view(paid, number).rests[ANN].minor == 80_000


def test_a_quarter_that_nobody_calculated_is_passed_over_where_a_later_one_was(paid):
    calculated(paid, Q5)
    restate(paid, "U", 110)
    correct(paid, Q3)
    assert paid_lines(paid, Q5)[1:] == [(LineKind.CORRECTION, 10_000, "2025-Q3")]


def test_a_leaver_who_is_owed_something_is_paid_with_the_quarter_that_does_not_know_them(paid):
    taken(paid, "people", LEFT)
    restate(paid, "U", 120)
    correct(paid, Q3)
    calculated(paid, Q4)
    (ann,) = settled(paid, Q4, "1").settled
    assert (ann.name, ann.payable.minor) == ("Ann", 20_000)
    assert [each.employee for each in settled(paid, Q4, "2").settled] == ["2"]


def test_what_is_written_off_changes_no_payment_and_is_not_asked_for_again(paid):
    restate(paid, "U", 90)
    correct(paid, Q3, Choice("1", "EUR", Policy.WRITE_OFF, "Ten euros are not worth it."))
    calculated(paid, Q4)
    assert paid_lines(paid, Q4) == [(LineKind.EARNED, 100_000, "2025-Q4")]
    with pytest.raises(RefusedError, match="owes nobody anything"):
        draft(paid, Q3)


def test_the_company_says_what_is_done_as_a_rule(paid):
    with writing(paid) as session:
        save_company(session, replace(load_company(session), overpaid=Policy.CARRY))
    restate(paid, "U", 90)
    number = draft(paid, Q3)
    assert view(paid, number).lines[0].policy is Policy.CARRY


def test_another_thing_than_the_usual_needs_a_reason_and_is_not_for_oneself(paid):
    restate(paid, "U", 90)
    number = draft(paid, Q3)
    with writing(paid) as session:
        with pytest.raises(RefusedError, match="Say why it is to be written off"):
            correction_moves.choose(session, HR, number, Choice("1", "EUR", Policy.WRITE_OFF), NOW)
        with pytest.raises(NotFoundError, match="2 owes nothing in EUR"):
            correction_moves.choose(session, HR, number, Choice("2", "EUR", Policy.CARRY, "x"), NOW)
        with pytest.raises(RefusedError, match="your own pay"):
            correction_moves.choose(
                session, account(8, Role.HR, employee="1"), number, Choice("1", "EUR", Policy.CARRY, "x"), NOW
            )
        correction_moves.choose(session, HR, number, Choice("1", "EUR", Policy.CARRY, "x"), NOW)
        correction_moves.choose(session, HR, number, Choice("1", "EUR", Policy.RECOVER), NOW)
    assert view(paid, number).lines[0].changed_by is None


def test_nobody_approves_own_work_or_own_pay_or_without_the_role(paid):
    restate(paid, "U", 110)
    number = draft(paid, Q3)
    propose(paid, number)
    both = account(1, Role.HR, Role.APPROVER)
    for actor, why in (
        (both, "four eyes"),
        (account(9, Role.APPROVER, employee="1"), "changes your pay too"),
        (PAYROLL, "roles do not let you"),
    ):
        with pytest.raises(RefusedError, match=why):
            decide(paid, number, actor)
    with pytest.raises(UnseenError):
        decide(paid, number, account(9))
    assert view(paid, number).correction.state is State.PROPOSED


def test_whoever_calculated_the_run_does_not_approve_it(paid):
    restate(paid, "U", 110)
    number = draft(paid, Q3)
    propose(paid, number)
    calculator = replace(account(9, Role.APPROVER), email="hr@example.org")
    with pytest.raises(RefusedError, match="You calculated the run"):
        decide(paid, number, calculator)


def test_a_quarter_that_was_approved_meanwhile_is_told_and_nothing_is_decided(paid):
    restate(paid, "U", 110)
    number = draft(paid, Q3)
    propose(paid, number)
    with reading(paid) as session:
        seen = correction_moves.what_is_seen(session, number)
    approve(paid, Q4)
    with writing(paid) as session, pytest.raises(ChangedError, match="would be paid with 2026-Q1 now"):
        correction_moves.approve(session, APPROVER, number, seen, NOW)
    assert decide(paid, number) == Q5


def test_of_two_approvers_one_wins_and_the_other_is_told(paid):
    restate(paid, "U", 110)
    correct(paid, Q3)
    with pytest.raises(RefusedError, match=r"is approved by person2@example.org, and cannot be approved any more"):
        decide(paid, 1, account(9, Role.APPROVER))


def test_an_approved_correction_changes_what_a_quarter_in_review_pays(paid):
    calculated(paid, Q4)
    before = settled(paid, Q4).sha256
    restate(paid, "U", 110)
    correct(paid, Q3)
    assert settled(paid, Q4).sha256 != before


def test_one_correction_of_a_quarter_waits_at_a_time(paid):
    restate(paid, "U", 110)
    number = draft(paid, Q3)
    with pytest.raises(RefusedError, match="Correction 1 of 2025-Q3 is draft"):
        draft(paid, Q3)
    with writing(paid) as session:
        correction_moves.put_aside(session, HR, number, NOW)
    assert draft(paid, Q3) == 2


def test_of_two_that_were_prepared_the_second_is_refused_once_the_first_is_approved(paid):
    restate(paid, "U", 110)
    run, _ = calculated(paid, Q3)
    with reading(paid) as session:
        prepared = correction_moves.prepare(session, HR, run, NOW)
    correct(paid, Q3)
    with writing(paid) as session, pytest.raises(ChangedError, match="approved meanwhile"):
        correction_moves.keep(session, HR, prepared, NOW)


def test_a_refused_correction_pays_nobody_and_says_why(paid):
    restate(paid, "U", 110)
    number = draft(paid, Q3)
    propose(paid, number)
    with writing(paid) as session:
        with pytest.raises(RefusedError, match="Say why"):
            correction_moves.refuse(session, APPROVER, number, " ", NOW)
        correction_moves.refuse(session, APPROVER, number, "The score is wrong.", NOW)
    assert view(paid, number).correction.decided_words == "The score is wrong."
    calculated(paid, Q4)
    assert payable(paid, Q4) == 100_000


def test_only_hr_makes_corrections_and_only_of_what_was_paid(paid):
    restate(paid, "U", 110)
    with pytest.raises(RefusedError, match="do not let you make a correction"):
        draft(paid, Q3, APPROVER)
    with pytest.raises(RefusedError, match="Nothing of 2025-Q4 was released"):
        draft(paid, Q4)


def test_a_page_of_lines_is_searched_and_filtered(paid):
    restate(paid, "U", 110)
    restate(paid, "V", 40)
    number = draft(paid, Q3)
    assert [line.delta.employee for line in view(paid, number, search="bob").lines] == ["2"]
    assert [line.delta.employee for line in view(paid, number, only="more").lines] == ["1"]
    assert [line.delta.employee for line in view(paid, number, only="less").lines] == ["2"]
    assert view(paid, number, only="carry").total == 0
    assert {(total.policy, total.people, total.amount.minor) for total in view(paid, number).totals} == {
        ("", 1, 10_000),
        ("recover", 1, -20_000),
    }


KEPT = (
    "UPDATE correction SET state = 'draft'",
    "UPDATE correction SET decided_by = proposed_by",
    "DELETE FROM correction",
    "UPDATE correction_line SET amount_minor = amount_minor + 1, entitled_minor = entitled_minor + 1",
    "UPDATE correction_line SET policy = 'write off', reason = 'x', changed_by = 'x'",
    "DELETE FROM correction_line",
)
FOUR_EYES = (
    "UPDATE correction SET state = 'approved', decided_by = proposed_by, seen_sha256 = 'x', pays_with = '2025-Q4'",
    "UPDATE correction SET state = 'approved', decided_by = 'other', seen_sha256 = 'x', pays_with = '2025-Q3'",
    "UPDATE correction SET state = 'refused', decided_by = 'other'",
    "UPDATE correction_line SET policy = 'carry', reason = 'x', changed_by = 'x'",
)


def test_the_database_itself_keeps_what_was_decided_and_holds_the_four_eyes(both):
    restate(both, "U", 90)
    number = draft(both, Q3)
    propose(both, number)
    for statements in (FOUR_EYES, KEPT):
        for statement in statements:
            with pytest.raises(DatabaseError), writing(both) as session:
                session.execute(text(statement))
        if statements is FOUR_EYES:
            decide(both, number)
