from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.periods import FOREVER, FiscalCalendar, FiscalYear, Quarter, Span, overlapping, parse_period

CALENDARS = st.builds(FiscalCalendar, st.integers(1, 12), st.sampled_from(["start", "end"]))
DAYS = st.dates(date(1990, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("first_month", "named_for", "quarter", "first", "last"),
    [
        (1, "start", "2025-Q4", "2025-10-01", "2025-12-31"),
        (1, "end", "2025-Q4", "2025-10-01", "2025-12-31"),
        (4, "start", "2026-Q1", "2026-04-01", "2026-06-30"),
        (4, "start", "2026-Q4", "2027-01-01", "2027-03-31"),
        (4, "end", "2026-Q1", "2025-04-01", "2025-06-30"),
        (10, "end", "2026-Q1", "2025-10-01", "2025-12-31"),
        (12, "start", "2023-Q1", "2023-12-01", "2024-02-29"),
    ],
)
def test_a_quarter_has_the_days_of_its_fiscal_calendar(first_month, named_for, quarter, first, last):
    span = FiscalCalendar(first_month, named_for).span(Quarter.parse(quarter))
    assert (str(span.start), str(span.last)) == (first, last)


@given(CALENDARS, DAYS)
def test_every_day_lies_in_the_quarter_that_it_belongs_to_and_in_no_other(calendar, day):
    quarter = calendar.quarter_of(day)
    assert day in calendar.span(quarter)
    assert day not in calendar.span(quarter.plus(1))
    assert calendar.span(quarter).end == calendar.span(quarter.plus(1)).start


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "2026-Q0", "26-Q1", "2026Q1", "", "9999-Q4", "２０２６-Q1"])
def test_what_is_no_quarter_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write it like 2026-Q3"):
        Quarter.parse(text)


def test_quarters_are_counted_across_years():
    assert str(Quarter(2026, 1).plus(-1)) == "2025-Q4"
    assert str(Quarter(2026, 3).plus(6)) == "2028-Q1"
    assert [str(quarter) for quarter in Quarter(2026, 2).last_four()] == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]


def test_a_period_is_a_quarter_or_a_fiscal_year():
    assert parse_period("2026-Q3") == Quarter(2026, 3)
    assert parse_period("FY2026") == parse_period("2026") == FiscalYear(2026)
    assert str(parse_period("2026")) == "2026"
    with pytest.raises(ValueError, match="neither a quarter"):
        parse_period("June")


@pytest.mark.parametrize(("month", "named_for"), [(0, "start"), (13, "start"), (4, "middle")])
def test_a_calendar_that_does_not_exist_is_refused(month, named_for):
    with pytest.raises(ValueError, match="fiscal year"):
        FiscalCalendar(month, named_for)


def test_spans_meet_where_both_have_days():
    august = Span(date(2025, 8, 1), date(2025, 9, 1))
    assert august.days == 31
    assert august.meet(Span(date(2025, 8, 15))) == Span(date(2025, 8, 15), date(2025, 9, 1))
    assert august.meet(Span(date(2025, 9, 1))).days == 0
    assert Span(date(2025, 8, 1)).last == FOREVER
    assert "2025-08-01" not in august


def test_spans_that_touch_do_not_overlap():
    start = date(2025, 1, 1)
    first, second = Span(start, start + timedelta(10)), Span(start + timedelta(10))
    assert overlapping([second, first]) is None
    assert overlapping([second, Span(start, start + timedelta(11))]) == (Span(start, start + timedelta(11)), second)
