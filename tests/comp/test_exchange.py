"""Totals in the group currency: each currency's sum is converted and rounded once, and nothing is guessed."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comp.exchange import Rate, convert, in_group
from comp.exchange_checks import doubts, read_block, sound
from comp.money import Money
from comp.periods import Quarter

Q = Quarter(2026, 2)


def rates(**values):
    return {code: Rate(code, Fraction(value)) for code, value in values.items()}


def test_each_currency_is_summed_first_and_rounded_once_half_up():
    found = in_group(Q, "EUR", rates(JPY="0.006125"), [Money(1, "JPY"), Money(1, "JPY"), Money(1050, "EUR")])
    assert [(str(part.amount), str(part.in_group)) for part in found.parts] == [("10.50", "10.50"), ("2", "0.01")]
    assert (found.total, found.missing, found.says_more) == (Money(1051, "EUR"), (), True)
    assert convert(Money(1, "KWD"), "EUR", Fraction("3.5")) == Money(0, "EUR")
    assert convert(Money(-1, "JPY"), "EUR", Fraction("0.005")) == Money(-1, "EUR"), "halves go away from zero"


def test_a_missing_rate_means_no_total_and_says_which():
    found = in_group(Q, "EUR", rates(JPY="0.006"), [Money(5, "EUR"), Money(5, "KWD"), Money(100, "JPY")])
    assert (found.total, found.missing) == (None, ("KWD",))
    assert [part.amount.currency for part in found.parts] == ["EUR", "JPY"]


def test_a_total_in_the_group_currency_alone_says_nothing_more():
    assert not in_group(Q, "EUR", {}, [Money(5, "EUR")]).says_more


def test_a_rate_is_above_zero():
    with pytest.raises(ValueError, match=r"The rate of JPY must be above 0\."):
        Rate("JPY", Fraction(0))


@settings(max_examples=40)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6), st.integers(1, 10**7))
def test_a_converted_sum_is_never_further_than_half_a_cent_from_the_exact_one(minors, rate):
    exact = Fraction(rate, 10**4)
    found = in_group(Q, "EUR", {"USD": Rate("USD", exact)}, [Money(minor, "USD") for minor in minors])
    assert found.total is not None
    assert abs(found.total.minor - sum(minors) * exact) <= Fraction(1, 2)


def test_a_block_is_read_line_by_line_with_its_words():
    found, problems = read_block("JPY\t0.00613\tECB 2026-06-30\n\nkwd;2.99\nGBP 1.17 Bank of England, 30 June\n")
    assert problems == []
    assert [(each.currency, each.rate, each.source) for each in found] == [
        ("JPY", Fraction("0.00613"), "ECB 2026-06-30"),
        ("KWD", Fraction("2.99"), ""),
        ("GBP", Fraction("1.17"), "Bank of England, 30 June"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("EURO 1.1", "'EURO' is not an ISO 4217 currency"),
        ("JPY", "There is no rate of JPY on this line."),
        ("JPY 1,5", "'1,5' is not a plain decimal number"),
        ("JPY 0", "The rate of JPY must be above 0."),
        ("JPY -1", "The rate of JPY must be above 0."),
        ("JPY 1 " + "x" * 121, "Say in at most 120 plain characters where the rate of JPY is from."),
    ],
)
def test_what_is_no_rate_is_told_with_its_line(row, why):
    found, problems = read_block(f"GBP 1.17\n{row}")
    assert [each.currency for each in found] == ["GBP"]
    assert [(problem.line, problem.why.startswith(why)) for problem in problems] == [(2, True)], problems


def test_a_currency_stands_in_a_block_once():
    assert "stands here twice" in read_block("JPY 0.006\njpy 0.007")[1][0].why


def test_words_that_cannot_be_printed_are_refused():
    with pytest.raises(ValueError, match="plain characters"):
        sound(Rate("JPY", Fraction(1), "a\x00b"))


def doubt(code, rate, group="EUR", before=None):
    known = {code: Rate(code, Fraction(before))} if before else {}
    return list(doubts([Rate(code, Fraction(rate))], group, known))


def test_a_rate_that_is_turned_around_or_far_off_is_noticed():
    assert "looks turned around" in doubt("JPY", "163.2")[0]
    assert "Was 0.006127 EUR meant?" in doubt("JPY", "163.2")[0]
    assert "for 100 units" in doubt("JPY", "0.613")[0]
    assert doubt("JPY", "0.00613") == doubt("GBP", "1.17") == []


def test_a_rate_is_held_against_the_quarter_before():
    assert "40 % away from the quarter before (1)" in doubt("GBP", "1.4", before="1")[0]
    assert doubt("GBP", "1.2", before="1") == []
    assert "43 % away" in doubt("XOF", "0.002", before="0.0035")[0], "a currency of which nothing is known otherwise"
    assert doubt("XOF", "0.002") == []
