"""What the running quarter is expected to come to: totals with their day, never a run and never a payout."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.roles import Account, Role
from comp.services import forecasts
from comp.services.calculation import calculate_quarter
from tests.stored import Q3, company, publish, taken

NOW = datetime(2025, 8, 15, 1, 30, tzinfo=UTC)
HR = Account(1, "hr@example.org", "HR", (Role.HR,), 0)
ADMIN = Account(2, "admin@example.org", "Admin", (Role.ADMIN,), 0)


def unheard(*_):
    """Nobody wants to know."""


def forecast(engine, now=NOW):
    with reading(engine) as session:
        found = forecasts.forecast(session, now, unheard)
    with writing(engine) as session:
        forecasts.store(session, found)
    return found


@pytest.fixture
def ready(filled):
    return filled(fill)


def fill(engine):
    company(engine)
    publish(engine)


def test_a_forecast_is_what_a_run_would_be_and_is_no_run(ready):
    found = forecast(ready)
    with reading(ready) as session:
        assert session.scalar(text("SELECT count(*) FROM run")) == 0
        kept = forecasts.expected(session, HR, Q3, None)
        assert forecasts.expected(session, ADMIN, Q3, None) == []
    with writing(ready) as session:
        stored, run = calculate_quarter(session, Q3, "hr@example.org", NOW)
        assert forecasts.expected(session, HR, Q3, stored) == [], "a run of the same day knows as much"
    assert (found.quarter, found.day) == (Q3, date(2025, 8, 15))
    assert [(each.amount.minor, each.people, each.held) for each in kept] == [
        (sum(payout.amount.minor for payout in run.payouts), 2, 0)
    ]
    assert list(found.totals) == kept


def test_the_last_day_counts_and_the_same_day_again_replaces_what_it_said(ready):
    forecast(ready)
    first = forecast(ready)
    taken(ready, "results", "unit,quarter,metric,value\nU,2025-Q3,k,90\n")
    later = forecast(ready, datetime(2025, 8, 16, 1, 30, tzinfo=UTC))
    with reading(ready) as session:
        assert forecasts.expected(session, HR, Q3, None) == list(later.totals)
        assert session.scalar(text("SELECT count(*) FROM forecast")) == 2
    assert first.totals != later.totals


def test_where_there_is_nothing_to_calculate_from_nothing_is_expected(ready):
    with pytest.raises(RefusedError, match="2025-Q4 has no answers"):
        forecast(ready, datetime(2025, 11, 15, tzinfo=UTC))
