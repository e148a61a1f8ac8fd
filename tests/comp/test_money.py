from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from comp.money import Money, allocate, exact, exact_percent, is_currency, minor_unit_decimals, paid, round_half_up


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(5, 2, 3), (-5, 2, -3), (3, 2, 2), (249, 100, 2), (-249, 100, -2), (0, 7, 0), (14, 7, 2)],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, whole):
    assert round_half_up(numerator, denominator) == whole


@pytest.mark.parametrize(("currency", "decimals"), [("JPY", 0), ("EUR", 2), ("KWD", 3), ("CLF", 4), ("TWD", 2)])
def test_minor_units_follow_iso_4217(currency, decimals):
    assert minor_unit_decimals(currency) == decimals == get_currency_precision(currency)


def test_words_and_metals_are_not_currencies():
    assert is_currency("EUR")
    assert not any(is_currency(code) for code in ("EURO", "eur", "XAU", "XXX", ""))


@pytest.mark.parametrize(
    ("amount", "currency", "round_to", "text"),
    [
        ("2.675", "EUR", None, "2.68"),
        ("-2.675", "EUR", None, "-2.68"),
        ("0.004", "EUR", None, "0.00"),
        ("1234.5", "JPY", None, "1235"),
        ("1.0005", "KWD", None, "1.001"),
        ("149", "JPY", "100", "100"),
        ("150", "JPY", "100", "200"),
        ("-0.02", "EUR", "0.05", "0.00"),
        ("0.025", "EUR", "0.05", "0.05"),
    ],
)
def test_a_payout_is_rounded_once_to_the_minor_unit_or_a_coarser_step(amount, currency, round_to, text):
    ratio = Fraction(amount)
    step = Fraction(round_to) if round_to else None
    assert str(paid(ratio.numerator, ratio.denominator, currency, step)) == text


@pytest.mark.parametrize("text", ["1e5", "1_000", "NaN", "Infinity", "１２", "1,5", "", " ", "0x1", "1.", ".5", "--1"])
def test_only_plain_decimals_are_numbers(text):
    with pytest.raises(ValueError, match="plain decimal number"):
        exact(text)


@pytest.mark.parametrize("number", [0.5, 2.0, True])
def test_a_float_is_never_a_number_not_even_where_an_equal_number_was_read_before(number):
    exact(Decimal(number))
    with pytest.raises(ValueError, match="plain decimal number"):
        exact(number)


def test_decimals_and_integers_are_read_exactly():
    assert exact("12.50") == exact(Decimal("12.5")) == Fraction(25, 2)
    assert exact(-7) == -7


@pytest.mark.parametrize(("text", "ratio"), [("40%", "0.4"), ("40 %", "0.4"), ("0", "0"), ("112.5%", "1.125")])
def test_percentages_are_ratios(text, ratio):
    assert exact_percent(text) == Fraction(ratio)


def test_a_percentage_needs_its_sign():
    with pytest.raises(ValueError, match="write the % sign"):
        exact_percent("40")


@pytest.mark.parametrize(
    ("total", "parts", "whole"),
    [
        (10000, ["3333", "3333", "3334"], [3333, 3333, 3334]),
        (100, ["100/3", "100/3", "100/3"], [34, 33, 33]),
        (-10000, ["-10000/3", "-10000/3", "-10000/3"], [-3333, -3333, -3334]),
        (5, ["3.5", "1.5"], [4, 1]),
        (1, ["1.5", "-0.5"], [2, -1]),
    ],
)
def test_parts_are_allocated_by_largest_remainder(total, parts, whole):
    assert allocate(total, [Fraction(part) for part in parts]) == whole


def test_a_total_that_is_no_rounding_of_its_parts_is_refused():
    with pytest.raises(ValueError, match="not a rounding"):
        allocate(5, [Fraction(1)])


@given(st.lists(st.fractions(min_value=-1000, max_value=1000), min_size=1, max_size=8))
def test_allocated_parts_always_add_up(parts):
    total = sum(parts)
    whole = round_half_up(total.numerator, total.denominator)
    allocated = allocate(whole, parts)
    assert sum(allocated) == whole
    assert all(abs(got - part) < 1 or abs(got - part) == 1 for got, part in zip(allocated, parts, strict=True))


def test_money_splits_into_parts_that_add_up_even_after_a_coarse_rounding():
    assert [part.minor for part in Money(100, "EUR").split([Fraction(1, 3)] * 3)] == [34, 33, 33]
    assert [part.minor for part in Money(100, "JPY").split([Fraction(40), Fraction(80)])] == [33, 67]
    assert [part.minor for part in Money(0, "JPY").split([Fraction(40)])] == [0]


def test_a_coarse_step_on_parts_that_cancel_out_gives_everything_to_none():
    with pytest.raises(ValueError, match="not a rounding"):
        Money(100, "JPY").split([Fraction(0), Fraction(0)])


def test_money_knows_its_amount_and_order():
    assert Money(133594, "USD").amount == Fraction("1335.94")
    assert Money(5, "EUR") < Money(6, "EUR")
    assert str(Money(-5, "EUR")) == "-0.05"
