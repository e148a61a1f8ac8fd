"""Rates of quarters in a company: nothing is inherited, doubtful ones are asked about, and the history stays."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.errors import ChangedError, RefusedError, UnseenError
from comp.exchange import Rate
from comp.money import Money, exact
from comp.roles import Role
from comp.services import audit, exchange
from comp.services.exchange import DoubtfulError, Typed
from tests.released import account
from tests.stored import NOW, Q3, calculated, company, publish

PAYROLL, APPROVER, NOBODY = account(1, Role.PAYROLL), account(2, Role.APPROVER), account(3)
PEOPLE = """
    employee,name,unit,from,target_amount,currency
    1,Ann,U,2020-01-01,4000,EUR
    2,Bob,V,2020-01-01,800000,JPY
"""
TOTALS = [Money(100_000, "EUR"), Money(200_000, "JPY")]


@pytest.fixture
def ready(sqlite_engine):
    return made_ready(sqlite_engine)


@pytest.fixture
def everywhere(engine):
    """The same on SQLite, then on PostgreSQL."""
    return made_ready(engine)


def made_ready(engine):
    company(engine, people=PEOPLE)
    publish(engine)
    with writing(engine) as session:
        exchange.set_group_currency(session, PAYROLL, "EUR", NOW)
    return engine


def seen(engine, quarter=Q3):
    with reading(engine) as session:
        return exchange.view(session, APPROVER, quarter)


def put(engine, quarter=Q3, *, state=None, is_sure=False, **rates):
    typed = [Rate(code, exact(value), "ECB") for code, value in rates.items()]
    state = seen(engine, quarter).seen if state is None else state
    with writing(engine) as session:
        return exchange.set_rates(session, PAYROLL, quarter, Typed(typed, state, is_sure), NOW)


def together(engine, quarter=Q3, totals=TOTALS):
    with reading(engine) as session:
        return exchange.group_total(session, quarter, totals)


def test_a_rate_is_for_its_quarter_alone_and_a_missing_one_is_named(ready):
    assert seen(ready).missing == ("JPY",)
    assert (together(ready).total, together(ready).missing) == (None, ("JPY",))
    assert put(ready, JPY="0.006125") == 1
    assert together(ready).total == Money(222_500, "EUR")
    assert (seen(ready).missing, seen(ready, Q3.plus(1)).missing) == ((), ("JPY",))
    assert together(ready, Q3.plus(1)).total is None, "no quarter inherits a rate"


def test_changes_stay_in_the_history_and_in_the_chain(everywhere):
    put(everywhere, JPY="0.006")
    assert put(everywhere, JPY="0.006") == 0, "what is as it was is not set again"
    put(everywhere, JPY="0.0061")
    view = seen(everywhere)
    assert [str(each.rate.rate) for each in view.history] == ["61/10000", "3/500"]
    assert view.rates["JPY"].set_by == PAYROLL.email
    with reading(everywhere) as session:
        assert audit.verify(session, ()).broken is None
    for statement in ("UPDATE exchange_rate SET source = 'x'", "DELETE FROM exchange_rate"):
        with pytest.raises(DatabaseError, match="stays in the history"), writing(everywhere) as session:
            session.execute(text(statement))


def test_what_was_set_meanwhile_is_told_and_not_overwritten(ready):
    before = seen(ready).seen
    put(ready, JPY="0.006")
    with pytest.raises(ChangedError, match=r"were set meanwhile: JPY 0\.006\."):
        put(ready, state=before, JPY="0.007")
    with pytest.raises(ChangedError, match="there are none any more"):
        put(ready, Q3.plus(1), state=before, JPY="0.007")


def test_a_rate_that_looks_turned_around_is_stored_only_once_it_is_meant(ready):
    with pytest.raises(DoubtfulError) as doubtful:
        put(ready, JPY="163")
    assert "looks turned around" in doubtful.value.problems[0].why
    assert put(ready, is_sure=True, JPY="163") == 1


def test_the_group_currency_needs_no_rate_and_another_one_makes_rates_count_no_more(ready):
    with pytest.raises(RefusedError, match="EUR is the group currency"):
        put(ready, EUR="1")
    put(ready, JPY="0.006")
    with writing(ready) as session:
        exchange.set_group_currency(session, PAYROLL, "EUR", NOW)
    assert seen(ready).missing == (), "the same one again changes nothing"
    with writing(ready) as session:
        exchange.set_group_currency(session, PAYROLL, "USD", NOW)
    assert seen(ready).missing == ("EUR", "JPY")
    with pytest.raises(RefusedError, match="not an ISO 4217 currency"), writing(ready) as session:
        exchange.set_group_currency(session, PAYROLL, "XXQ", NOW)


def test_without_a_group_currency_nothing_is_added_up(sqlite_engine):
    engine = sqlite_engine
    company(engine, people=PEOPLE)
    publish(engine)
    calculated(engine)
    assert together(engine) is None
    with pytest.raises(RefusedError, match="Set the group currency first"):
        put(engine, JPY="0.006")


def test_one_currency_that_is_the_groups_is_not_told_twice(ready):
    calculated(ready)
    assert together(ready, totals=TOTALS[:1]) is None


def test_rates_are_for_those_who_see_everybodys_pay(ready):
    with pytest.raises(UnseenError), reading(ready) as session:
        exchange.view(session, NOBODY, Q3)
