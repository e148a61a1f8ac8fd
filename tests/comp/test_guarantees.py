"""Guaranteed pay: minima by days, and draws whose balance later earnings give back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.guarantees import Guarantee, Promise, balance_after, settle_guarantee
from comp.money import Money
from comp.periods import Span

QUARTERS = tuple(
    Span(date(2026, month, 1), date(2026 + (month > 9), month % 12 + 3 if month < 10 else 1, 1))
    for month in (1, 4, 7, 10)
)
Q1 = QUARTERS[0]
ALWAYS = Span(date(2020, 1, 1))


def eur(minor):
    return Money(minor, "EUR")


def promised(promise, amount=100_000, days=ALWAYS, floor=0):
    return Guarantee(promise, eur(amount), days, eur(floor))


def test_a_draw_pays_each_period_and_its_balance_grows_by_what_was_not_earned():
    draw, balance, paid, balances = promised(Promise.DRAW), eur(0), [], []
    for quarter, earned in zip(QUARTERS, (50_000, 70_000, 40_000), strict=False):
        done = settle_guarantee(draw, quarter, eur(earned), balance)
        paid.append(earned + done.added.minor - done.recovered.minor)
        balance = done.balance
        balances.append(balance.minor)
    assert paid == [100_000, 100_000, 100_000]
    assert balances == [50_000, 80_000, 140_000]


def test_earnings_above_a_draw_give_it_back_first():
    done = settle_guarantee(promised(Promise.DRAW), Q1, eur(130_000), eur(20_000))
    assert (done.added.minor, done.recovered.minor, done.balance.minor) == (0, 20_000, 0)
    done = settle_guarantee(promised(Promise.DRAW), Q1, eur(110_000), eur(20_000))
    assert (done.recovered.minor, done.balance.minor) == (10_000, 10_000)


def test_a_floor_is_left_by_every_recovery():
    done = settle_guarantee(promised(Promise.DRAW, floor=120_000), Q1, eur(130_000), eur(50_000))
    assert done.recovered.minor == 10_000


def test_after_its_last_day_a_draw_pays_nothing_more_and_is_still_recovered():
    ended = promised(Promise.DRAW, days=Span(date(2025, 1, 1), date(2026, 1, 1)))
    done = settle_guarantee(ended, Q1, eur(30_000), eur(50_000))
    assert (done.added.minor, done.recovered.minor, done.balance.minor) == (0, 30_000, 20_000)


def test_a_minimum_is_given_for_its_days_only_and_owes_nothing():
    new_hire = promised(Promise.MINIMUM, amount=90_000, days=Span(date(2026, 3, 2), date(2027, 1, 1)))
    done = settle_guarantee(new_hire, Q1, eur(10_000), eur(0))
    assert (done.added.minor, done.balance.minor) == (20_000, 0)
    assert settle_guarantee(new_hire, Q1, eur(30_001), eur(0)).added.minor == 0


@pytest.mark.parametrize(("quarter", "amount"), [(QUARTERS[0], 0), (QUARTERS[1], 45_495), (QUARTERS[2], 90_000)])
def test_a_guarantee_counts_by_days_half_up(quarter, amount):
    promise = promised(Promise.MINIMUM, amount=90_000, days=Span(date(2026, 5, 16), date(2027, 1, 1)))
    assert promise.of(quarter).minor == amount


@given(st.lists(st.integers(0, 300_000), max_size=4), st.integers(0, 200_000), st.integers(0, 200_000))
def test_what_is_paid_and_the_balance_together_are_what_was_earned(earnings, amount, floor):
    draw, balance = promised(Promise.DRAW, amount, floor=floor), eur(0)
    for quarter, earned in zip(QUARTERS, earnings, strict=False):
        done = settle_guarantee(draw, quarter, eur(earned), balance)
        paid = earned + done.added.minor - done.recovered.minor
        assert paid - (done.balance.minor - balance.minor) == earned
        assert paid >= min(amount, max(earned, amount))
        assert done.balance.minor >= 0
        balance = done.balance
    given_earnings = [(quarter, eur(earned)) for quarter, earned in zip(QUARTERS, earnings, strict=False)]
    assert balance_after(draw, given_earnings) == balance
