"""Pools and guarantees in a company: two people each, applied to every run, and to nothing once it is approved."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.funding import Pool
from comp.guarantees import Guarantee, Promise
from comp.money import Money
from comp.periods import FOREVER, Span
from comp.roles import Account, Role
from comp.services import funding, guarantees, settlement, workflow
from comp.services.workflow import Seen
from comp.settlement import LineKind
from comp.store.quarters import Deed
from comp.workflow import Act
from tests.stored import NOW, Q3, calculated, company, publish, taken

Q4 = Q3.plus(1)
PEOPLE = """
    employee,name,unit,from,target_amount,currency
    1,Ann,U,2020-01-01,4000,EUR
    2,Bob,U,2020-01-01,8000,EUR
    3,Cem,U,2020-01-01,12000,EUR
"""
RESULTS = "unit,quarter,metric,value\nU,2025-Q3,k,100\nU,2025-Q4,k,{}\n"


def account(number, *roles, employee=None):
    return Account(number, f"person{number}@example.org", f"Person {number}", roles, 0, employee)


HR, APPROVER, PAYROLL = account(1, Role.HR), account(2, Role.APPROVER), account(3, Role.PAYROLL)


def eur(minor):
    return Money(minor, "EUR")


def pool(amount=540_000, minimum=50_000, **told):
    return Pool(eur(amount), eur(minimum), **told)


@pytest.fixture
def stored(filled):
    """Three people who earn 1,000, 2,000 and 3,000."""
    return filled(fill)


def fill(engine):
    company(engine, people=PEOPLE, results=RESULTS.format(100))
    publish(engine)
    calculated(engine)


def act(engine, service, *told):
    with writing(engine) as session:
        return service(session, *told, NOW)


def paid(engine, quarter=Q3, **whose):
    with reading(engine) as session:
        settled = settlement.settle_run(session, workflow.counting_run(session, quarter), **whose)
    return {each.employee: each for each in settled.settled}


def amounts(engine, quarter=Q3):
    return [each.payable.minor for each in paid(engine, quarter).values()]


def set_pool(engine, made=None):
    number = act(engine, funding.propose, HR, Q3, made or pool(), "The year was hard.")
    act(engine, funding.confirm, APPROVER, number)
    return number


def release(engine, quarter):
    act(engine, workflow.begin_review, HR, quarter)
    with reading(engine) as session:
        run = workflow.counting_run(session, quarter)
        seen = Seen(workflow.life_of(session, quarter).changes, settlement.settle_run(session, run).sha256)
    act(engine, workflow.approve, APPROVER, quarter, seen)
    with writing(engine) as session:
        run = workflow.require(session, Act.RELEASE, PAYROLL, quarter)
        workflow.record(session, run, Deed(Act.RELEASE, PAYROLL.email, NOW))


def test_a_pool_that_two_people_set_scales_payouts_to_the_cent_and_each_says_how(stored):
    assert amounts(stored) == [100_000, 200_000, 300_000]
    set_pool(stored)
    assert amounts(stored) == [93_333, 180_000, 266_667]
    line = paid(stored, whose=["2"])["2"].lines[-1]
    assert line.kind is LineKind.FUNDING
    assert line.about == "Scaled to the pool: 500.00 + 1,500.00 × 0.8667 = 1,800.00"


def test_a_pool_that_waits_scales_nothing_and_keeps_a_quarter_from_being_approved(stored):
    act(stored, funding.propose, HR, Q3, pool(), "The year was hard.")
    assert amounts(stored) == [100_000, 200_000, 300_000]
    with pytest.raises(RefusedError, match="cannot be approved yet") as refused:
        release(stored, Q3)
    assert "waits for somebody who confirms it" in refused.value.problems[0].why


def test_whoever_set_a_pool_neither_confirms_nor_ends_it(stored):
    number = act(stored, funding.propose, HR, Q3, pool(), "The year was hard.")
    with pytest.raises(RefusedError, match="four eyes"):
        act(stored, funding.confirm, HR, number)
    act(stored, funding.confirm, APPROVER, number)
    with pytest.raises(RefusedError, match="Somebody else must end it"):
        act(stored, funding.end, HR, number)
    act(stored, funding.end, APPROVER, number)
    assert amounts(stored) == [100_000, 200_000, 300_000]
    with pytest.raises(RefusedError, match="over already"):
        act(stored, funding.end, APPROVER, number)
    with pytest.raises(RefusedError, match="does not wait"):
        act(stored, funding.confirm, APPROVER, number)


def test_a_new_pool_takes_the_place_of_the_one_before_it(stored):
    first = set_pool(stored)
    waiting = act(stored, funding.propose, HR, Q3, pool(amount=500_000), "Harder than that.")
    act(stored, funding.propose, HR, Q3, pool(amount=570_000), "Not so hard.")
    with reading(stored) as session:
        view = funding.view(session, Q3)
    assert [each.stored.is_in_force for each in view.pools] == [True, False]
    assert [each.id for each in view.ended] == [waiting]
    act(stored, funding.confirm, APPROVER, view.pools[1].stored.id)
    assert sum(amounts(stored)) == 570_000
    with reading(stored) as session:
        assert first in {each.id for each in funding.view(session, Q3).ended}


def test_each_later_run_is_scaled_too_and_one_that_the_pool_does_not_suffice_for_cannot_be_approved(stored):
    set_pool(stored, pool(amount=310_000, minimum=100_000))
    taken(stored, "results", "unit,quarter,metric,value\nU,2025-Q3,k,120\n")
    calculated(stored)
    assert sum(amounts(stored)) == 310_000
    taken(stored, "people", f"{PEOPLE}    4,Dan,U,2020-01-01,8000,EUR\n")
    calculated(stored)
    with pytest.raises(RefusedError) as refused:
        release(stored, Q3)
    assert "does not suffice for run 3" in refused.value.problems[0].why
    with reading(stored) as session:
        assert "does not pay the protected minimum" in funding.view(session, Q3).pools[0].refused


def test_a_correction_keeps_the_factor_that_was_paid(stored):
    set_pool(stored)
    release(stored, Q3)
    taken(stored, "people", PEOPLE.replace("8000", "10000"))
    run, _ = calculated(stored)
    with reading(stored) as session:
        settled = settlement.settle_run(session, run)
    assert [each.payable.minor for each in settled.settled] == [93_333, 223_333, 266_667]


def test_an_approved_quarter_keeps_its_pool(stored):
    number = set_pool(stored)
    release(stored, Q3)
    with pytest.raises(RefusedError, match="2025-Q3 is released: its pool cannot change"):
        act(stored, funding.end, APPROVER, number)
    with pytest.raises(RefusedError, match="Ask to reopen it"):
        act(stored, funding.propose, HR, Q3, pool(), "Again.")


def test_a_pool_needs_words_a_number_that_there_is_and_enough_for_what_it_protects(stored):
    with pytest.raises(RefusedError, match="Say why"):
        act(stored, funding.propose, HR, Q3, pool(), " ")
    with pytest.raises(NotFoundError, match="no such pool"):
        act(stored, funding.confirm, APPROVER, 99)
    with pytest.raises(RefusedError, match="Raise the pool"):
        act(stored, funding.propose, HR, Q3, pool(amount=1), "Nothing is left.")


def test_a_pool_can_be_set_before_there_is_a_run(engine):
    company(engine, people=PEOPLE, results=RESULTS.format(100))
    publish(engine)
    set_pool(engine)
    with reading(engine) as session:
        assert funding.view(session, Q3).pools[0].funding is None
    calculated(engine)
    assert amounts(engine) == [93_333, 180_000, 266_667]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_pool SET amount_minor = 1",
        "UPDATE funding_pool SET confirmed_by = set_by",
        "UPDATE funding_line SET paid_minor = 1",
        "DELETE FROM funding_line",
        "DELETE FROM funding_pool",
    ],
)
def test_the_database_itself_keeps_a_confirmed_pool(stored, statement):
    set_pool(stored)
    with pytest.raises(DatabaseError), writing(stored) as session:
        session.execute(text(statement))


def guarantee(promise=Promise.DRAW, amount=100_000, start=date(2025, 7, 1), end=FOREVER):
    return Guarantee(promise, eur(amount), Span(start, end), eur(0))


def promised(engine, made, employee="1"):
    number = act(engine, guarantees.propose, HR, employee, made, "New here.")
    act(engine, guarantees.confirm, APPROVER, number)
    return number


def test_a_draw_is_paid_and_given_back_out_of_what_is_earned_in_a_later_quarter(engine):
    company(engine, people=PEOPLE, results=RESULTS.format(120).replace("k,100", "k,90"))
    publish(engine)
    calculated(engine)
    before = amounts(engine)[0]
    promised(engine, guarantee(amount=before + 5_000))
    ann = paid(engine)["1"]
    assert (ann.payable.minor, ann.lines[-1].kind) == (before + 5_000, LineKind.GUARANTEE)
    release(engine, Q3)
    calculated(engine, Q4)
    after = paid(engine, Q4)["1"]
    earned = after.earned.minor
    assert after.of_kind(LineKind.RECOVERY).minor == -min(5_000, max(0, earned - before - 5_000))
    with reading(engine) as session:
        (view,) = guarantees.list_guarantees(session, HR)
    assert (view.name, view.balance) == ("Ann", eur(5_000))


def test_a_minimum_tops_up_and_says_so(stored):
    promised(stored, guarantee(Promise.MINIMUM, 150_000))
    line = paid(stored, whose=["1"])["1"].lines[-1]
    assert (line.amount, line.about) == (eur(50_000), "You are guaranteed 1,500.00 EUR here.")


def test_a_guarantee_needs_two_others_words_and_free_days(stored):
    with pytest.raises(RefusedError, match="Nobody has the employee number 9"):
        act(stored, guarantees.propose, HR, "9", guarantee(), "New here.")
    with pytest.raises(RefusedError, match="your own pay"):
        act(stored, guarantees.propose, account(8, Role.HR, employee="1"), "1", guarantee(), "Me.")
    with pytest.raises(RefusedError, match="Say why"):
        act(stored, guarantees.propose, HR, "1", guarantee(), "")
    number = act(stored, guarantees.propose, HR, "1", guarantee(), "New here.")
    with pytest.raises(RefusedError, match="on some of these days already"):
        act(stored, guarantees.propose, HR, "1", guarantee(Promise.MINIMUM), "Again.")
    with pytest.raises(RefusedError, match="four eyes"):
        act(stored, guarantees.confirm, HR, number)
    with pytest.raises(RefusedError, match="your own pay"):
        act(stored, guarantees.confirm, account(9, Role.APPROVER, employee="1"), number)
    act(stored, guarantees.confirm, APPROVER, number)
    with pytest.raises(RefusedError, match="does not wait"):
        act(stored, guarantees.confirm, APPROVER, number)
    with pytest.raises(NotFoundError, match="no such guarantee"):
        act(stored, guarantees.confirm, APPROVER, 99)


def test_a_guarantee_ends_from_a_day_on_and_one_that_waits_is_put_aside(stored):
    number = promised(stored, guarantee(start=date(2020, 1, 1)))
    with pytest.raises(RefusedError, match="what was paid stays"):
        act(stored, guarantees.end, APPROVER, number, date(2025, 7, 1))
    act(stored, guarantees.end, APPROVER, number, date(2026, 7, 1))
    waiting = act(stored, guarantees.propose, HR, "2", guarantee(), "New here.")
    act(stored, guarantees.end, HR, waiting, date(2026, 7, 1))
    with reading(stored) as session:
        ended = {each.stored.id: each.stored for each in guarantees.list_guarantees(session, HR)}
    assert ended[number].guarantee.days.end == date(2026, 7, 1)
    assert not ended[waiting].is_proposed
    act(stored, guarantees.propose, HR, "2", guarantee(), "After all.")


def test_what_an_approved_quarter_pays_is_not_changed_by_a_guarantee(stored):
    number = promised(stored, guarantee())
    waiting = act(stored, guarantees.propose, HR, "2", guarantee(), "New here.")
    release(stored, Q3)
    with pytest.raises(RefusedError, match=r"what it pays stays as it was seen\. Choose 2025-10-01"):
        act(stored, guarantees.confirm, APPROVER, waiting)
    with pytest.raises(RefusedError, match="Choose 2025-10-01"):
        act(stored, guarantees.propose, HR, "3", guarantee(), "New here.")
    act(stored, guarantees.propose, HR, "3", guarantee(start=date(2025, 10, 1)), "New here.")
    with reading(stored) as session:
        assert number in {each.stored.id for each in guarantees.list_guarantees(session, HR)}


def test_guarantees_are_seen_by_those_who_see_everybodys_pay(stored):
    with reading(stored) as session, pytest.raises(UnseenError):
        guarantees.list_guarantees(session, account(7))
