"""Statements: of whom there is one for whom, and whether what it says is final, on both databases."""

import pytest

from comp.db import reading
from comp.errors import NotFoundError, UnseenError
from comp.money import Money
from comp.services import statements
from comp.statement import Standing
from comp.workflow import State
from tests.paid import approve, decide, draft, propose, release
from tests.released import HR, PAYROLL, account
from tests.released import release as release_next
from tests.services.test_releases import hold, lift
from tests.stored import NOW, Q3, calculated, company, publish, taken

ANN, ADMIN = account(7, employee="1"), account(8)
Q4 = Q3.plus(1)


@pytest.fixture
def paid(engine):
    """A company with a plan; nothing is calculated yet."""
    company(
        engine, results="unit,quarter,metric,value\nU,2025-Q3,k,100\nV,2025-Q3,k,50\nU,2025-Q4,k,80\nV,2025-Q4,k,90\n"
    )
    publish(engine)
    return engine


def find(engine, employee="1", quarter=Q3, actor=HR):
    with reading(engine) as session:
        return statements.find(session, actor, quarter, employee, NOW)


def test_a_statement_is_preliminary_until_its_quarter_is_released_and_final_from_then_on(paid):
    with pytest.raises(NotFoundError, match="has not been calculated"):
        find(paid)
    approve(paid, Q3)
    before = find(paid)
    assert (before.standing, before.state) == (Standing.PRELIMINARY, State.APPROVED)
    assert (before.name, before.units, before.company) == ("Ann", ("Unit",), "Company")
    assert [str(pay.total) for pay in before.pays] == ["1000.00"]
    assert before.ask_until is None
    release_next(paid)
    after = find(paid)
    assert (after.standing, after.state) == (Standing.FINAL, State.RELEASED)
    (batch,) = after.pays[0].paid_with
    assert (batch.batch, batch.amount) == ("2025-Q3-B1", Money(100000, "EUR"))
    assert after.sha256 == before.sha256
    ((plan, sha256),) = after.documents
    assert (plan.id, len(sha256)) == ("p", 64)


def test_until_the_approval_a_question_can_still_change_the_quarter(paid):
    calculated(paid)
    assert find(paid).ask_until


def test_pay_that_is_held_back_is_so_until_the_next_batch_pays_it(paid):
    approve(paid, Q3)
    hold(paid, "1")
    release_next(paid)
    assert find(paid).standing is Standing.HELD_BACK
    assert find(paid, "2").standing is Standing.FINAL
    lift(paid, "1")
    assert find(paid).standing is Standing.PRELIMINARY
    release_next(paid)
    assert find(paid).standing is Standing.FINAL
    assert [each.batch for each in find(paid).pays[0].paid_with] == ["2025-Q3-B2"]


def test_who_is_not_for_the_reader_has_no_statement(paid):
    calculated(paid)
    assert find(paid, actor=ANN).employee == "1"
    for employee, actor in (("2", ANN), ("1", ADMIN), ("9", HR)):
        with pytest.raises(UnseenError, match="unknown, not employed then, or not for you to see"):
            find(paid, employee, actor=actor)
    with reading(paid) as session:
        assert [each.employee for each in statements.load(session, ANN, Q3, ["1", "2"], NOW)] == ["1"]
        assert statements.people_of(session, PAYROLL, Q3, NOW) == ["1", "2"]
        assert statements.people_of(session, ANN, Q3, NOW) == ["1"]


def test_the_quarters_of_a_person_are_those_that_know_them_the_latest_first(paid):
    calculated(paid)
    calculated(paid, Q4)
    with reading(paid) as session:
        assert statements.quarters_of(session, ANN, "1", NOW) == [Q4, Q3]
        assert statements.quarters_of(session, ANN, "2", NOW) == []
        assert statements.quarters_of(session, HR, "9", NOW) == []


def test_the_quarter_before_stands_beside_where_the_reader_may_know_it(paid):
    calculated(paid)
    calculated(paid, Q4)
    assert find(paid, quarter=Q4, actor=ANN).pays[0].before == Money(100000, "EUR")
    assert find(paid, quarter=Q3, actor=ANN).pays[0].before is None


def test_a_correction_stands_on_the_statement_that_pays_it_and_on_the_one_that_it_corrects(paid):
    release(paid, Q3)
    taken(paid, "results", "unit,quarter,metric,value\nU,2025-Q3,k,120\n")
    number = draft(paid, Q3)
    propose(paid, number)
    calculated(paid, Q4)
    assert decide(paid, number) == Q4
    old, new = find(paid), find(paid, quarter=Q4)
    (since,) = old.corrected
    assert (str(since.amount), since.pays_with, old.standing) == ("200.00", Q4, Standing.FINAL)
    assert str(old.pays[0].total) == "1000.00"
    assert [(str(line.kind), line.quarter) for line in new.pays[0].settled.lines] == [
        ("earned", Q4),
        ("correction", Q3),
    ]
    assert find(paid, "2").corrected == ()


def test_who_is_held_by_the_run_is_told_why_and_has_no_pay(paid):
    company_of_one = "unit,name,parent\nW,Third,CO\n"
    taken(paid, "units", company_of_one)
    taken(paid, "people", "employee,name,unit,from,target_amount,currency\n3,Cy,W,2020-01-01,4000,EUR\n")
    calculated(paid)
    told = find(paid, "3")
    assert (told.pays, told.name, told.standing) == ((), "Cy", Standing.PRELIMINARY)
    assert "No usable score" in told.without[0]


def test_the_fingerprint_changes_with_what_is_paid_and_with_each_move(paid):
    seen = []
    for step in (calculated, calculated, lambda engine: hold(engine, "1"), lambda engine: lift(engine, "1")):
        step(paid)
        with reading(paid) as session:
            seen.append(statements.fingerprint(session, Q3))
    assert len({*seen[:3]}) == 3
    assert seen[3] == seen[1]
