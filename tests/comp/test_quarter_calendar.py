"""The calendar of a quarter: days counted from its end, in order, and how far off they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.periods import FiscalCalendar, Quarter
from comp.quarter_calendar import (
    USUAL_RULE,
    CalendarRule,
    Offset,
    QuarterCalendar,
    Step,
    calendar_problems,
    due,
    read_rule,
    rule_problems,
    write_rule,
)

SPAN = FiscalCalendar().span(Quarter(2026, 2))
offsets = st.builds(Offset, st.integers(0, 40), st.booleans())
rules = st.builds(CalendarRule, st.fixed_dictionaries(dict.fromkeys(Step, offsets)), st.integers(0, 60))


def calendar(*days, after=3):
    return QuarterCalendar({step: date.fromisoformat(day) for step, day in zip(Step, days, strict=True)}, after)


@pytest.mark.parametrize(
    ("offset", "day"),
    [
        (Offset(5), "2026-07-07"),  # 30 June 2026 is a Tuesday
        (Offset(3), "2026-07-03"),
        (Offset(4), "2026-07-06"),
        (Offset(5, is_working=False), "2026-07-05"),
        (Offset(0), "2026-06-30"),
    ],
)
def test_working_days_pass_over_weekends_and_plain_days_do_not(offset, day):
    assert offset.after(SPAN.last) == date.fromisoformat(day)


@given(offsets, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_working_day_is_never_on_a_weekend_and_one_more_is_later(offset, last):
    day = offset.after(last)
    assert day >= last
    assert Offset(offset.days + 1, offset.is_working).after(last) > day
    if offset.is_working and offset.days:
        assert day.weekday() < 5


def test_offsets_are_told_in_words():
    assert [str(Offset(1)), str(Offset(5)), str(Offset(2, is_working=False))] == [
        "1 working day",
        "5 working days",
        "2 days",
    ]


def test_the_usual_rule_is_in_order_for_every_quarter():
    assert list(rule_problems(USUAL_RULE)) == []
    made = USUAL_RULE.calendar(SPAN)
    assert list(calendar_problems(made, SPAN)) == []
    assert made.escalates_on == made.days[Step.REVIEW] + timedelta(days=3)


@given(rules, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_rule_without_problems_gives_days_in_order_whatever_the_quarter(rule, day):
    span = FiscalCalendar().span(FiscalCalendar().quarter_of(day))
    if not list(rule_problems(rule)):
        assert list(calendar_problems(rule.calendar(span), span)) == []


def test_a_rule_whose_steps_may_change_places_is_told():
    rule = CalendarRule({**USUAL_RULE.offsets, Step.CHECK: Offset(6, is_working=False)}, 3)
    (problem,) = rule_problems(rule)
    assert problem.where == "check"
    assert problem.why == (
        "The data is checked after 6 days, which may be before 5 working days, after which files are in. Move one of "
        "the two."
    )
    far = CalendarRule({**USUAL_RULE.offsets, Step.RELEASE: Offset(251)}, 3)
    assert [problem.why for problem in rule_problems(far)] == ["Choose from 0 to 250 days."]


def test_days_out_of_order_before_the_end_or_far_from_it_are_told():
    out = calendar("2026-07-06", "2026-07-03", "2026-07-20", "2026-07-24")
    (problem,) = calendar_problems(out, SPAN)
    assert problem.why == (
        "The data is checked by 3 July 2026, before 6 July 2026, by which files are in. Move one of the two days."
    )
    early = calendar("2026-06-29", "2026-07-03", "2026-07-20", "2028-01-01")
    assert [(each.where, each.why.partition(". ")[2]) for each in calendar_problems(early, SPAN)] == [
        ("import", "Choose a later day."),
        ("release", "Choose an earlier day."),
    ]


def test_a_step_is_due_in_some_days_today_or_late():
    made = calendar("2026-07-07", "2026-07-10", "2026-07-20", "2026-07-24")
    told = [due(made, Step.IMPORT, date(2026, 7, day)) for day in (4, 6, 7, 8, 9)]
    assert [each.words for each in told] == ["in 3 days", "in 1 day", "today", "1 day late", "2 days late"]
    assert [each.is_late for each in told] == [False, False, False, True, True]


@given(rules)
def test_a_rule_is_read_as_it_was_written(rule):
    assert read_rule(write_rule(rule)) == rule
