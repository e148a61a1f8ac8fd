"""Adjustments: within which limits they are, and who decides about them."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.adjustments import (
    Act,
    Adjustment,
    Asked,
    Decider,
    End,
    Limits,
    PersonLimit,
    State,
    Team,
    amount_of,
    beyond,
    raised,
    stands_against,
    sum_of,
)
from comp.money import Money
from comp.periods import Quarter

NOW = datetime(2026, 1, 5, tzinfo=UTC)
OURS, OTHERS = Team("m", "EUR"), Team("n", "EUR")
LIMITS = Limits(
    Quarter(2025, 4),
    {"EUR": PersonLimit(Fraction(1, 10), Money(5_000, "EUR"))},
    {Team("", "EUR"): Money(8_000, "EUR"), OTHERS: Money(1_000, "EUR")},
)


def eur(minor):
    return Money(minor, "EUR")


def asked(minor, team=OURS, **fields):
    usual = {"earned": eur(100_000), "others": eur(0), "raised": eur(0)}
    return Asked(eur(minor), team=team, **{**usual, **fields})


def adjustment(**fields):
    usual = {"id": 1, "quarter": Quarter(2025, 4), "employee": "e", "amount": eur(100), "percent": None}
    usual |= {"reason": "Other", "words": "So.", "beyond": False, "team": "m", "run": "2025-Q4/1"}
    return Adjustment(**{**usual, "proposed_by": "m@x", "proposed_as": "m", "proposed_at": NOW, **fields})


@pytest.mark.parametrize("minor", [5_000, -5_000, 1])
def test_what_is_within_every_limit_is_within_them(minor):
    assert beyond(LIMITS, asked(minor)) == ()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (asked(5_001), "may come to 50.00 EUR; these come to 50.01"),
        (asked(-5_001), "may come to 50.00 EUR; these come to 50.01"),
        (asked(1_000, others=eur(4_001)), "these come to 50.01"),
        (asked(1_001, earned=eur(10_000)), "may come to 10.00 EUR, a share of what was earned; these to 10.01"),
        (asked(1_000, raised=eur(7_001)), "raised by 80.00 EUR together; with this it is 80.01"),
        (asked(1_001, OTHERS), "raised by 10.00 EUR together"),
    ],
)
def test_what_is_beyond_a_limit_is_told_with_the_limit(told, said):
    (sentence,) = beyond(LIMITS, told)
    assert said in sentence


def test_a_currency_without_limits_has_no_room_and_an_empty_limit_is_none():
    assert beyond(Limits(), asked(1)) == ("HR has set no limits for adjustments in EUR.",)
    assert beyond(Limits(people={"EUR": PersonLimit()}), asked(10**9)) == ()


def test_what_is_taken_off_needs_no_budget_and_gives_none():
    assert beyond(LIMITS, asked(-1_000, raised=eur(9_999))) == ()
    assert raised([adjustment(amount=eur(-500)), adjustment(amount=eur(300))], OURS) == eur(300)


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_nobody_comes_beyond_a_limit_by_asking_in_two_parts(first, second):
    within = Limits(people={"EUR": PersonLimit(None, eur(5_000))})
    if not beyond(within, asked(first)) and not beyond(within, asked(second, others=eur(first))):
        assert abs(first + second) <= 5_000


def test_a_percentage_is_of_what_was_earned_rounded_half_up():
    assert amount_of(Fraction(5, 1000), eur(1_100)) == eur(6)
    assert amount_of(Fraction(-5, 1000), eur(1_100)) == eur(-6)


def ended(act, by="x@x"):
    return adjustment(end=End(act, by, NOW))


def test_what_is_refused_or_taken_back_takes_no_room():
    found = [adjustment(), ended(Act.APPROVE), ended(Act.REFUSE), ended(Act.TAKE_BACK)]
    assert [each.state for each in found] == [State.PROPOSED, State.APPROVED, State.REFUSED, State.TAKEN_BACK]
    assert (raised(found, OURS), sum_of(found, "e", "EUR"), sum_of(found, "e", "USD").minor) == (eur(200), eur(200), 0)


ABOVE = ("m", "d", "c")
DIRECTOR, HR = Decider("d@x", "d", is_hr=False, is_approver=False), Decider("h@x", None, is_hr=True, is_approver=False)
APPROVER = Decider("a@x", None, is_hr=False, is_approver=True)
PROPOSER = Decider("m@x", "m", is_hr=False, is_approver=False)


@pytest.mark.parametrize("act", [Act.APPROVE, Act.REFUSE])
@pytest.mark.parametrize("by", [DIRECTOR, HR])
def test_within_the_limits_the_next_manager_up_decides_or_hr(act, by):
    assert stands_against(act, adjustment(), by, ABOVE) == ""


@pytest.mark.parametrize(
    ("found", "by", "said"),
    [
        (adjustment(), PROPOSER, "You proposed it"),
        (adjustment(), HR._replace(employee="m"), "You proposed it"),
        (adjustment(), HR._replace(employee="e"), "your own pay"),
        (adjustment(), APPROVER, "A manager above"),
        (adjustment(proposed_as="d", proposed_by="d@x"), PROPOSER, "A manager above"),
        (adjustment(beyond=True), HR, "an approver decides"),
        (adjustment(beyond=True), APPROVER._replace(employee="e"), "your own pay"),
        (ended(Act.REFUSE), HR, "It was refused by x@x already"),
    ],
)
def test_who_may_not_decide_is_told_why(found, by, said):
    assert said in stands_against(Act.APPROVE, found, by, ABOVE)


def test_beyond_the_limits_an_approver_decides():
    assert stands_against(Act.APPROVE, adjustment(beyond=True), APPROVER, ABOVE) == ""


def test_what_hr_proposed_any_manager_above_the_person_decides():
    assert stands_against(Act.APPROVE, adjustment(proposed_as=None, proposed_by="h@x"), PROPOSER, ABOVE) == ""


def test_only_who_proposed_takes_back():
    assert stands_against(Act.TAKE_BACK, adjustment(), PROPOSER, ABOVE) == ""
    assert "Only who proposed it" in stands_against(Act.TAKE_BACK, adjustment(), HR, ABOVE)
