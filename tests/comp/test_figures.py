from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.figures import (
    counted,
    decimal_text,
    exact_text,
    fixed_text,
    grouped,
    listed,
    money_text,
    percent,
    shown,
    span_text,
)
from comp.money import Money
from comp.periods import Span


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("0.005", 2, "0.01"), ("-0.004", 2, "0.00"), ("1234.5", 2, "1234.50")],
)
def test_a_number_of_fixed_decimals_is_rounded_half_up_and_never_minus_nothing(value, places, text):
    assert fixed_text(Fraction(value), places) == text


@pytest.mark.parametrize(
    ("value", "text"), [("1/3", "0.3333"), ("100", "100"), ("0.50", "0.5"), ("-0.00001", "0"), ("0", "0")]
)
def test_a_decimal_ends_with_its_last_figure(value, text):
    assert decimal_text(Fraction(value)) == text


@given(st.fractions(max_denominator=10_000))
def test_an_exact_text_is_the_number_itself(value):
    assert Fraction(exact_text(value)) == value


def test_people_read_thousands_signs_and_units():
    assert grouped("-1234567.891") == "-1,234,567.891"
    assert shown(Fraction(-12345, 10)) == "−1,234.5"
    assert percent(Fraction(984, 1000)) == "98.4\N{NARROW NO-BREAK SPACE}%"
    assert money_text(Money(133594, "EUR")) == "1,335.94 EUR"
    assert (counted(1, "day"), counted(Fraction(25, 2), "day"), counted(0, "answer")) == (
        "1 day",
        "12.5 days",
        "0 answers",
    )


def test_a_span_is_told_by_its_first_and_last_day():
    assert span_text(Span(date(2025, 8, 15), date(2025, 9, 1))) == "15 August 2025 to 31 August 2025"
    assert span_text(Span(date(2025, 8, 15))) == "from 15 August 2025"


def test_of_many_names_the_first_few_are_listed():
    assert listed(["A"]) == "A"
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed(list("ABCDEFG")) == "A, B, C, D and 3 more"
