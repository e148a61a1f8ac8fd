"""What overtime adds to a bonus that covers many weeks (29 CFR 778.209)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comp.money import Money
from comp.overtime import Part, bonus_of, companion, parts_of, week_of, workweeks
from comp.periods import Quarter, Span
from comp.settlement import LineKind, Settled, SettledLine

MONDAY, SUNDAY = 0, 6
START = date(2026, 1, 5)  # a Monday
THIRTEEN = Span(START, START + timedelta(weeks=13))
WHO = ("1", "Ann")
Q1 = Quarter(2026, 1)


def usd(minor):
    return Money(minor, "USD")


def made(bonus=130_000, spans=((THIRTEEN, Fraction(1)),), hours=None, usual=40, first=MONDAY):
    """The companion of somebody who works the usual hours in every week but some."""
    parts = parts_of(usd(bonus), spans)
    days = Span(min(span.start for span, _ in spans), max(span.end for span, _ in spans))
    worked = {week.start: Fraction(usual) for week in workweeks(days, first)} | (hours or {})
    return companion(WHO, usd(bonus), parts, worked, first)


def test_a_bonus_of_13_weeks_and_one_week_of_50_hours_come_to_ten_dollars():
    found = made(hours={START + timedelta(weeks=4): Fraction(50)})
    week = found.weeks[4]
    assert {each.bonus for each in found.weeks} == {100}
    assert (week.increase, week.overtime, week.extra) == (2, 10, 10)
    assert (len(found.weeks), found.owed, found.overtime) == (13, usd(1_000), 10)


def test_a_week_that_straddles_the_end_gets_its_days_within_and_its_overtime_counts_all_its_hours():
    quarter = Span(date(2026, 1, 1), date(2026, 4, 1))  # Thursday to Tuesday: 4 days, 12 weeks, 2 days
    first = date(2025, 12, 29)
    found = made(bonus=90_00, spans=((quarter, Fraction(1)),), hours={first: Fraction(50)})
    assert [week.bonus for week in found.weeks] == [4, *[7] * 12, 2]
    assert found.weeks[0].span == Span(first, first + timedelta(days=7))
    assert found.weeks[0].extra == Fraction(4, 50) / 2 * 10


def test_the_two_quarters_of_a_straddling_week_share_its_days_and_neither_loses_one():
    halves = [
        made(bonus=700, spans=((Span(start, end), Fraction(1)),))
        for start, end in ((date(2026, 3, 25), date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 4, 8)))
    ]
    shared = week_of(date(2026, 4, 1), MONDAY)
    assert sum(week.bonus for half in halves for week in half.weeks if week.span == shared) == 7


def test_what_stretches_earned_goes_to_their_own_days():
    weeks = [Span(START, START + timedelta(weeks=1)), Span(START + timedelta(weeks=1), START + timedelta(weeks=2))]
    found = made(bonus=400_00, spans=tuple(zip(weeks, (Fraction(3), Fraction(1)), strict=True)))
    assert [week.bonus for week in found.weeks] == [300, 100]


def test_a_week_in_two_stretches_gets_the_days_of_each():
    cut = START + timedelta(days=3)
    found = made(bonus=100_00, spans=((Span(START, cut), Fraction(3)), (Span(cut, START + timedelta(7)), Fraction(1))))
    assert [(week.days, week.bonus) for week in found.weeks] == [((3, 4), 100)]


def test_where_no_stretch_earned_anything_each_day_gets_the_same():
    spans = ((Span(START, START + timedelta(days=7)), Fraction(0)),) * 1
    assert parts_of(usd(700), spans) == (Part(spans[0][0], Fraction(7)),)


def test_a_stretch_that_earned_nothing_beside_one_that_did_gets_nothing():
    later = Span(START + timedelta(weeks=1), START + timedelta(weeks=2))
    found = made(bonus=700, spans=((Span(START, later.start), Fraction(0)), (later, Fraction(1))))
    assert [week.span.start for week in found.weeks] == [later.start]


def test_without_the_hours_of_a_week_nothing_is_said_to_be_owed():
    parts = parts_of(usd(130_000), [(THIRTEEN, Fraction(1))])
    found = companion(WHO, usd(130_000), parts, {START: Fraction(50)}, MONDAY)
    assert (found.owed, len(found.missing), found.weeks[1].extra, found.weeks[1].increase) == (None, 12, None, None)
    assert found.weeks[1].overtime is None
    assert found.overtime == 10


def test_a_week_in_which_nobody_worked_adds_nothing():
    assert made(usual=0).owed == usd(0)


def test_no_bonus_needs_no_hours():
    assert made(bonus=0).weeks == ()
    assert companion(WHO, usd(5), (), {}, MONDAY).owed == usd(0)


@pytest.mark.parametrize(("first", "start"), [(MONDAY, 29), (SUNDAY, 28), (3, 25)])
def test_workweeks_begin_on_the_day_that_is_set(first, start):
    weeks = list(workweeks(Span(date(2026, 1, 1), date(2026, 1, 6)), first))
    expected = date(2026, 1, 1) if first == 3 else date(2025, 12, start)
    assert weeks[0].start == expected
    assert all(week.days == 7 and week.start.weekday() == first for week in weeks)


def test_half_a_cent_is_rounded_up_once_for_the_whole_person():
    quarters_of_a_cent = {START + timedelta(weeks=number): Fraction(80) for number in range(2)}
    found = made(bonus=2_00, spans=((Span(START, START + timedelta(weeks=2)), Fraction(1)),), hours=quarters_of_a_cent)
    assert [week.extra for week in found.weeks] == [Fraction(1, 4), Fraction(1, 4)]
    assert found.owed == usd(50)
    assert made(bonus=3, spans=((THIRTEEN, Fraction(1)),), usual=60).owed == usd(1)  # 0.5 of a cent in all


def settled(*lines):
    return Settled("1", "Ann", "USD", tuple(SettledLine(kind, usd(minor), when) for kind, minor, when in lines))


def test_the_bonus_is_what_is_paid_for_the_quarter_itself():
    lines = (LineKind.EARNED, 1_000, Q1), (LineKind.ADJUSTMENT, 50, Q1), (LineKind.GUARANTEE, 25, Q1)
    others = (LineKind.CORRECTION, 700, Q1.plus(-1)), (LineKind.CARRIED, -20, Q1)
    assert bonus_of(settled(*lines, *others)) == usd(1_075)


def test_the_bonus_is_never_below_nothing_and_a_correction_alone_is_none_of_the_quarters():
    assert bonus_of(settled((LineKind.EARNED, 100, Q1), (LineKind.ADJUSTMENT, -300, Q1))) == usd(0)
    assert bonus_of(settled((LineKind.CORRECTION, 300, Q1.plus(-1)))) == usd(0)


HOURS = st.integers(0, 16_800).map(lambda hundredths: Fraction(hundredths, 100))


@settings(max_examples=50)
@given(
    bonus=st.integers(0, 10_000_000),
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=4),
    earned=st.integers(0, 9),
    hours=st.lists(HOURS, min_size=40, max_size=40),
    first=st.integers(0, 6),
)
def test_weeks_add_up_to_the_bonus_and_never_owe_less_than_nothing(bonus, lengths, earned, hours, first):
    start, spans = START, []
    for number, length in enumerate(lengths):
        spans.append((Span(start, start + timedelta(days=length)), Fraction(earned * number)))
        start += timedelta(days=length)
    weeks = list(workweeks(Span(START, start), first))
    worked = {week.start: each for week, each in zip(weeks, hours, strict=False)}
    found = made(bonus, tuple(spans), worked, first=first)
    assert sum(week.bonus for week in found.weeks) == usd(bonus).amount
    assert found.owed.minor >= 0
    assert found.owed.amount <= usd(bonus).amount / 2 + Fraction(1, 200)
    if all(each <= 40 for each in hours):
        assert found.owed.minor == 0
