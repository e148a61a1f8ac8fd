"""Accruals of a company: what a calculation would pay, as far as its days have passed, booked as differences."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.accrual_accounts import Accounts
from comp.accruals import Basis, unbalanced
from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.funding import Pool
from comp.guarantees import Guarantee, Promise
from comp.money import Money
from comp.periods import FOREVER, Span
from comp.services import accruals, funding, guarantees, payout_holds
from comp.services.accrual_costs import STEPS
from tests.released import APPROVER, HR, PAYROLL, account, approve, release
from tests.stored import NOW, Q3, calculated, company, publish, taken

NOBODY = account(9)
PEOPLE = """
    employee,name,unit,from,target_amount,currency,cost_centre
    1,Ann,U,2020-01-01,4000,EUR,CC1
    2,Bob,V,2020-01-01,8000,EUR,CC2
    3,Cem,U,2020-01-01,800000,JPY,CC1
    4,Dee,U,2020-01-01,4001,EUR,CC1
"""
MID, LAST = date(2025, 8, 15), date(2025, 9, 30)
MAP = Accounts({"CC1": "6240", "*": "6200"}, {"*": "2610"})


def made_ready(engine):
    company(engine, people=PEOPLE)
    publish(engine)
    with writing(engine) as session:
        accruals.save_accounts(session, HR, MAP, "0", NOW)
    return engine


@pytest.fixture
def ready(sqlite_engine):
    return made_ready(sqlite_engine)


@pytest.fixture
def everywhere(engine):
    """The same on SQLite, then on PostgreSQL."""
    return made_ready(engine)


def work_out(engine, as_of=MID, by=PAYROLL, told=None):
    with reading(engine) as session:
        return accruals.work_out(session, by, Q3, as_of, *([told] if told else []))


def kept(engine, as_of=MID):
    found = work_out(engine, as_of)
    with writing(engine) as session:
        return accruals.store(session, PAYROLL, found, NOW)


def take(engine, stored):
    with writing(engine) as session:
        return accruals.take(session, PAYROLL, Q3, stored.number, NOW)


def expected(accrual):
    return {total.currency: total.expected.minor for total in accrual.totals}


def accrued(accrual):
    return {total.currency: total.accrued.minor for total in accrual.totals}


def paid(run):
    found = {}
    for payout in run.payouts:
        found[payout.amount.currency] = found.get(payout.amount.currency, 0) + payout.amount.minor
    return found


def test_what_is_expected_is_what_a_calculation_pays_and_the_rest_follows_the_days(ready):
    found = work_out(ready)
    _, run = calculated(ready)
    assert expected(found) == paid(run) == {"EUR": 300_025, "JPY": 200_000}
    assert accrued(found) == {"EUR": 150_013, "JPY": 100_000}, "46 of 92 days, each currency rounded once"
    assert {(line.place.cost_centre, line.place.unit) for line in found.lines} == {("CC1", "U"), ("CC2", "V")}
    assert (found.basis, found.people, found.draws, found.held) == (Basis.FORECAST, 4, 0, 0)
    assert expected(work_out(ready)) == paid(run), "a run that was made meanwhile changes nothing"


def test_the_first_day_the_last_and_every_later_one(ready):
    days = (date(2025, 7, 1), LAST, date(2025, 10, 1), date(2027, 1, 1))
    assert [accrued(work_out(ready, day))["EUR"] for day in days] == [3_261, 300_025, 300_025, 300_025]


def test_before_the_quarter_begins_nothing_has_accrued(ready):
    with pytest.raises(RefusedError, match="nothing has accrued"):
        work_out(ready, date(2025, 6, 30))


def test_the_journal_balances_and_the_next_one_reverses_what_was_taken(everywhere):
    first = take(everywhere, kept(everywhere))
    assert (first.name, first.taken_by, first.file_name) == ("2025-Q3-A1", PAYROLL.email, "accrual-2025-Q3-A1.xlsx")
    kept(everywhere, date(2025, 8, 31))  # nobody takes it: it reverses nothing
    taken(everywhere, "results", "unit,quarter,metric,value\nU,2025-Q3,k,90\n")
    second = take(everywhere, kept(everywhere, LAST))
    assert second.accrual.before.number == 1
    changes = [{total.currency: total.change.minor for total in each.accrual.totals} for each in (first, second)]
    assert {code: changes[0][code] + changes[1][code] for code in changes[0]} == accrued(second.accrual)
    for each in (first, second):
        assert unbalanced(each.accrual.journal) == unbalanced(each.accrual.delta) == {}
        assert sum(line.accrued for line in each.accrual.lines) == sum(accrued(each.accrual).values())


def test_an_accrual_before_the_one_that_was_taken_is_refused(ready):
    take(ready, kept(ready))
    with pytest.raises(RefusedError, match="The accrual of 15 August 2025 was taken already"):
        work_out(ready, date(2025, 8, 14))


def test_one_is_taken_once_and_not_after_another(ready):
    first, second = kept(ready), kept(ready)
    late = work_out(ready)
    take(ready, first)
    with pytest.raises(RefusedError, match="was taken already, by"):
        take(ready, first)
    with pytest.raises(ChangedError, match="states the wrong difference"):
        take(ready, second)
    with pytest.raises(ChangedError, match="states the wrong difference"), writing(ready) as session:
        accruals.store(session, PAYROLL, late, NOW)


def test_what_nobody_mapped_is_named_and_cannot_be_taken(ready):
    with writing(ready) as session:
        accruals.save_accounts(session, HR, Accounts({"CC1": "6240"}, {"EUR": "2610"}, {"V": "PT"}), "1", NOW)
    stored = kept(ready)
    assert set(stored.accrual.unmapped) == {
        "No company for cost centre CC1.",
        "No expense account for cost centre CC2.",
        "No liability account for JPY.",
    }
    with pytest.raises(RefusedError, match="Type the accounts that are missing") as refused:
        take(ready, stored)
    assert len(refused.value.problems) == 3


def test_what_was_stored_is_read_back_as_it_was_and_never_changes(everywhere):
    found = work_out(everywhere)
    with writing(everywhere) as session:
        stored = accruals.store(session, PAYROLL, found, NOW)
    assert stored.accrual == found
    take(everywhere, stored)
    for table in ("accrual", "accrual_line", "accrual_total", "accrual_taken", "accrual_accounts"):
        with (
            pytest.raises(DatabaseError, match=r"never changes|stays taken|stays in the history"),
            writing(everywhere) as session,
        ):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - the test's own names
    with pytest.raises(NotFoundError), reading(everywhere) as session:
        accruals.find(session, PAYROLL, Q3, 7)


def test_pools_and_guarantees_are_in_what_is_expected(ready):
    with writing(ready) as session:
        number = funding.propose(session, HR, Q3, Pool(Money(200_000, "EUR"), Money(0, "EUR")), "Budget", NOW)
        funding.confirm(session, APPROVER, number, NOW)
        promise = Guarantee(Promise.MINIMUM, Money(150_000, "EUR"), Span(date(2025, 1, 1), FOREVER), Money(0, "EUR"))
        given = guarantees.propose(session, HR, "1", promise, "Agreed", NOW)
        guarantees.confirm(session, APPROVER, given, NOW)
    found = work_out(ready, LAST)
    stored, _ = calculated(ready)
    with reading(ready) as session:
        payable = {each: money.minor for each, money in payout_holds.payable(session, stored).payable.items()}
    assert expected(found) == payable
    assert payable["EUR"] > 200_000, "the pool, and what the guarantee adds to it"


def test_a_pool_that_does_not_suffice_is_told_and_scales_nothing(ready):
    with writing(ready) as session:
        number = funding.propose(session, HR, Q3, Pool(Money(1_000, "EUR"), Money(900, "EUR")), "Budget", NOW)
        funding.confirm(session, APPROVER, number, NOW)
    found = work_out(ready, LAST)
    assert expected(found)["EUR"] == 300_025
    assert "does not pay the protected minimum" in found.notes[0]


def test_who_is_held_is_at_risk_and_never_a_silent_nothing(sqlite_engine):
    engine = sqlite_engine
    people = PEOPLE + "    5,Eve,W,2020-01-01,4000,EUR,CC3\n    6,Fay,U,2020-01-01,,EUR,CC3\n"
    units = "unit,name,parent\nCO,Company,\nU,Unit,CO\nV,Other unit,CO\nW,Third,CO\n"
    company(engine, people=people, units=units)
    publish(engine)
    found = work_out(engine, LAST)
    (euro,) = (total for total in found.totals if total.currency == "EUR")
    assert (found.held, found.unpriced, euro.bounds.at_risk) == (2, 1, 100_000)
    assert euro.expected.minor == 300_025


def test_once_it_is_approved_and_released_it_is_what_is_paid(everywhere):
    first = take(everywhere, kept(everywhere))
    stored, run = calculated(everywhere)
    approve(everywhere)
    approved = work_out(everywhere, LAST)
    assert (approved.basis, approved.run, expected(approved)) == (Basis.APPROVED, stored.name, paid(run))
    with writing(everywhere) as session:
        seen = payout_holds.seen_pay(session, Q3, "2")
        payout_holds.hold_back(session, HR, Q3, "2", (seen, "Account is wrong"), NOW)
    made = release(everywhere)
    found = work_out(everywhere, LAST)
    assert found.basis is Basis.RELEASED
    assert accrued(found) == expected(found) == {"EUR": 200_025, "JPY": 200_000}, made.name
    (euro,) = (total for total in found.totals if total.currency == "EUR")
    assert (euro.bounds.waiting, euro.bounds.low, euro.bounds.high) == (100_000, 200_025, 200_025)
    assert euro.change.minor == 200_025 - accrued(first.accrual)["EUR"]
    assert accrued(work_out(everywhere, MID)) == accrued(found), "what is released has accrued, whatever the day"


def test_what_takes_long_tells_how_far_it_is(ready):
    heard = []
    work_out(ready, told=lambda *place: heard.append(place))
    assert heard[0] == (1, 0, 0)
    assert {step for step, _, _ in heard} <= set(range(1, len(STEPS)))


def test_accruals_are_for_those_who_see_everybodys_pay(ready):
    stored = kept(ready)
    for ask in (
        lambda session: accruals.work_out(session, NOBODY, Q3, MID),
        lambda session: accruals.find(session, NOBODY, Q3, stored.number),
        lambda session: accruals.list_of(session, NOBODY, Q3),
    ):
        with pytest.raises(UnseenError), reading(ready) as session:
            ask(session)


def test_a_map_names_what_there_is_and_is_not_overwritten_unseen(ready):
    wrong = Accounts({"CC9": "1"}, {"XXQ": "2", "PT EUR": "3", "PT": "4", "PT XXQ": "5"}, {"NIX": "PT"})
    with pytest.raises(RefusedError) as refused, writing(ready) as session:
        accruals.save_accounts(session, HR, wrong, "1", NOW)
    assert [problem.value for problem in refused.value.problems] == ["CC9", "NIX", "XXQ", "PT XXQ"]
    with pytest.raises(ChangedError, match=r"person1@example\.org changed the accounts"), writing(ready) as session:
        accruals.save_accounts(session, HR, MAP, "0", NOW)
    with reading(ready) as session:
        view = accruals.view_accounts(session)
    assert (view.typed.accounts, view.centres, view.units) == (MAP, ("CC1", "CC2"), ("CO", "U", "V"))
