"""A pool shared out: exactly, above a protected minimum, by one factor."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.funding import Pool, fund
from comp.money import Money
from comp.settlement import Earned


def eur(minor):
    return Money(minor, "EUR")


def awards(*minors, currency="EUR"):
    return [Earned(f"{number:04}", "Ann", Money(minor, currency)) for number, minor in enumerate(minors, 1)]


def paid(funding):
    return [each.paid.minor for each in funding.funded]


def test_the_published_example_comes_out():
    funding = fund(awards(100_000, 200_000, 300_000), Pool(eur(540_000), eur(50_000)))
    assert paid(funding) == [93_333, 180_000, 266_667]
    assert funding.factor == Fraction(13, 15)
    assert [each.change.minor for each in funding.funded] == [-6_667, -20_000, -33_333]


def test_whoever_earned_no_more_than_the_minimum_keeps_it():
    funding = fund(awards(40_000, 50_000, 90_000), Pool(eur(160_000), eur(50_000)))
    assert paid(funding) == [40_000, 50_000, 70_000]
    assert (funding.at_minimum, funding.paid) == (2, 160_000)


def test_a_pool_that_suffices_changes_nothing_unless_it_is_to_be_used_up():
    enough = awards(10_000, 30_000)
    assert paid(fund(enough, Pool(eur(50_000), eur(0)))) == [10_000, 30_000]
    assert paid(fund(enough, Pool(eur(50_000), eur(0), scales_up=True))) == [12_500, 37_500]


def test_nothing_above_the_minimum_can_be_scaled_up():
    funding = fund(awards(10_000), Pool(eur(50_000), eur(20_000), scales_up=True))
    assert (funding.factor, paid(funding)) == (1, [10_000])


def test_a_pool_below_what_is_protected_is_refused_with_what_it_takes():
    with pytest.raises(ValueError, match=r"A pool of 10.00 EUR .* comes to 15.00. Raise the pool or lower"):
        fund(awards(1_000, 2_000), Pool(eur(1_000), eur(750)))


def test_other_currencies_take_no_part():
    funding = fund([*awards(10_000), *awards(500, currency="JPY")], Pool(eur(5_000), eur(0)))
    assert paid(funding) == [5_000]


def test_payouts_stay_multiples_of_the_step_that_they_are_rounded_to():
    funding = fund(awards(1_000, 2_000, 3_000), Pool(eur(4_550), eur(0)), step=100)
    assert paid(funding) == [700, 1_500, 2_300]
    with pytest.raises(ValueError, match=r"finer than payouts are rounded to: make it a multiple of 1.00"):
        fund(awards(1_000), Pool(eur(900), eur(50)), step=100)


CENTS = st.lists(st.integers(0, 500_000), min_size=1, max_size=30)


@given(CENTS, st.integers(0, 100_000), st.fractions(0, 1), st.randoms(use_true_random=False))
def test_the_pool_is_met_to_the_cent_nobody_falls_below_the_minimum_and_order_is_kept(minors, minimum, share, chance):
    protected = sum(min(minor, minimum) for minor in minors)
    amount = protected + int(share * (sum(minors) - protected))
    pool, made = Pool(eur(amount), eur(minimum)), awards(*minors)
    funding = fund(made, pool)
    assert funding.paid == amount
    for each in funding.funded:
        assert min(each.earned.minor, minimum) <= each.paid.minor <= each.earned.minor
    ranked = sorted(funding.funded, key=lambda each: each.earned.minor)
    assert all(one.paid.minor <= other.paid.minor + 1 for one, other in pairwise(ranked))
    chance.shuffle(made)
    assert fund(made, pool) == funding
