"""Whose overtime is looked at and what hours were stated, as databases keep it."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from comp.db import reading, writing
from comp.overtime import Hours, Rule
from comp.periods import Span
from comp.store import overtime
from tests.stored import company

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
WEEK, NEXT = date(2026, 1, 4), date(2026, 1, 11)
DAYS = Span(WEEK, date(2026, 2, 1))


@pytest.fixture
def filled(engine):
    company(engine)
    return engine


def test_the_rule_that_was_stored_last_counts_and_nobody_is_meant_without_one(filled):
    with reading(filled) as session:
        assert overtime.load_rule(session) == Rule()
    for rule in (
        Rule(is_on=True, first_weekday=0, units=("U",), people=("1",), excepted=("2",)),
        Rule(first_weekday=6),
    ):
        with writing(filled) as session:
            overtime.save_rule(session, rule)
        with reading(filled) as session:
            assert overtime.load_rule(session) == rule


def test_hours_are_kept_exactly_and_the_last_word_on_a_week_counts(filled):
    stated = [Hours("1", WEEK, Fraction(50), 2), Hours("1", NEXT, Fraction("37.25"), 3)]
    for hours in (stated, [Hours("1", WEEK, Fraction("0.01"), 2)]):
        with writing(filled) as session:
            overtime.save_hours(session, hours, "hr", NOW)
    with reading(filled) as session:
        assert overtime.load_hours(session, DAYS) == {"1": {WEEK: Fraction(1, 100), NEXT: Fraction("37.25")}}
        assert overtime.load_hours(session, Span(date(2026, 2, 1), date(2026, 3, 1))) == {}


@pytest.mark.parametrize("hundredths", [-1, 16_801])
def test_the_database_keeps_no_hours_that_a_week_has_not(filled, hundredths):
    insert = text(
        "INSERT INTO overtime_hours (employee, week, hundredths, stated_by, stated_at) "
        "VALUES ('1', '2026-01-04', :hundredths, 'x', '2026-01-05 09:30:00+00:00')"
    )
    with pytest.raises(IntegrityError), writing(filled) as session:
        session.execute(insert, {"hundredths": hundredths})
