"""Parts of a whole that people type: giving away what is left, and scaling what is there."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.shares import scale, spread

PERCENTS = st.lists(st.integers(0, 10**8).map(lambda n: Fraction(n, 10**8)), min_size=1, max_size=8)


def percents(*stated):
    return [Fraction(each) / 100 for each in stated]


@pytest.mark.parametrize(
    ("stated", "fixed", "made"),
    [
        (("40", "35", "0"), "0", ("40", "35", "25")),
        (("40", "35"), "0", ("52.5", "47.5")),
        (("40", "0", "0", "0"), "0", ("40", "20", "20", "20")),
        (("0", "0", "0"), "0", ("33.34", "33.33", "33.33")),
        (("40", "0"), "10", ("40", "50")),
        (("40", "70"), "0", ("40", "70")),
        (("40", "60"), "0", ("40", "60")),
        (("12.345", "0"), "0", ("12.345", "87.655")),
        ((), "0", ()),
    ],
)
def test_what_is_left_goes_to_what_is_empty_else_to_all(stated, fixed, made):
    assert spread(percents(*stated), Fraction(fixed) / 100) == percents(*made)


@pytest.mark.parametrize(
    ("stated", "fixed", "made"),
    [
        (("1", "1", "1"), "0", ("33.34", "33.33", "33.33")),
        (("55", "40"), "0", ("57.89", "42.11")),
        (("60", "60"), "0", ("50", "50")),
        (("1", "2"), "10", ("30", "60")),
        (("0", "0"), "0", ("0", "0")),
        (("5", "5"), "100", ("5", "5")),
        (("1.234567", "1.234567", "1.234567"), "0", ("33.333334", "33.333333", "33.333333")),
    ],
)
def test_what_is_there_is_scaled_by_largest_remainder(stated, fixed, made):
    assert scale(percents(*stated), Fraction(fixed) / 100) == percents(*made)


@given(PERCENTS)
def test_shared_parts_total_the_whole_and_none_falls_below_what_it_had(stated):
    made = spread(stated)
    assert sum(made) == max(Fraction(1), sum(stated))
    assert all(after >= before for after, before in zip(made, stated, strict=True))


@given(PERCENTS, st.integers(0, 99))
def test_scaled_parts_total_what_is_left_for_them_and_stay_in_order(stated, fixed):
    made = scale(stated, Fraction(fixed, 100))
    if any(stated):
        assert sum(made) == 1 - Fraction(fixed, 100)
        assert all(part >= 0 for part in made)


def test_what_is_finer_than_a_millionth_of_a_percent_is_not_lost():
    third = Fraction(1, 3)
    made = scale([Fraction(1, 2), Fraction(1, 2)], third)
    assert sum(made) == 1 - third
    assert made[1].denominator <= 10**8
