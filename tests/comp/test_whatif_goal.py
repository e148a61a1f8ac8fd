"""Goal seek: which share, shift or scale meets a budget, and what is said where none does."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.errors import RefusedError
from comp.whatif import Snapshot
from comp.whatif_goal import Goal, seek
from comp.whatif_position import Position, turned
from tests.comp.companies import companies
from tests.comp.test_whatif import two_metrics
from tests.make import measure, plan_document, scenario

GOALS = ["share:c", "shift:k", "scale"]


def sought(facts, goal, budget, currency="EUR"):
    snapshot = Snapshot(facts)
    return snapshot, seek(snapshot, facts.plans[0], Goal.parse(goal), Fraction(budget), currency)


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("budget", [2950, 3050, 3170])
def test_what_is_found_costs_as_much_of_the_budget_as_it_can(goal, budget):
    facts = two_metrics()
    snapshot, found = sought(facts, goal, budget)
    if found.position is None:
        assert not found.least <= budget < found.most
        return
    cost = snapshot.sides(turned(facts.plans[0], found.position))[1].costs["EUR"]
    assert cost == found.cost <= budget < found.beyond
    assert found.beyond - found.cost < 6


def test_the_share_that_meets_a_budget_is_exact_to_a_hundredth_of_a_percent():
    _, found = sought(two_metrics(), "share:c", 3100)
    # each point of the share that income gives to customers costs 1.10 less
    assert found.position.shares["c"] == found.value
    assert found.cost == 3160 - (found.value - Fraction(40, 100)) * 1100
    assert found.cost <= 3100 < found.cost + Fraction(11, 100)


def test_the_nearest_of_several_answers_is_taken():
    up_and_down = {"points": [["0", "0%"], ["100", "100%"], ["150", "0%"]]}
    components = [{"id": "c", "name": "C", "share": "100%", "measures": [measure(curve=up_and_down)]}]
    facts = scenario(plans=[plan_document(components=components)]).facts
    _, found = sought(facts, "shift:k", 800)
    assert found.value == -10
    assert found.cost == 800


@pytest.mark.parametrize(("budget", "least", "most"), [(1, 2500, 3600), (9_000_000, 2500, 3600)])
def test_a_budget_out_of_reach_is_told_with_what_can_be_reached(budget, least, most):
    _, found = sought(two_metrics(), "share:c", budget)
    assert found.position is None
    assert (found.least, found.most) == (least, most)


def test_where_the_cost_jumps_the_answer_stays_within_the_budget_and_says_what_the_next_step_costs():
    cliff = {"shape": "step", "points": [["100", "100%"]]}
    components = [{"id": "c", "name": "C", "share": "100%", "measures": [measure(curve=cliff)]}]
    facts = scenario(plans=[plan_document(components=components)]).facts
    _, found = sought(facts, "shift:k", 500)
    assert (found.value, found.cost, found.beyond) == (Fraction(1, 100), 0, 1000)


def test_a_currency_in_which_nobody_is_paid_costs_nothing_and_has_no_answer():
    _, found = sought(two_metrics(), "scale", 100, "JPY")
    assert (found.position, found.most) == (None, 0)


@pytest.mark.parametrize("text", ["share", "share:", "shift:", "cap:c", "scale:c", ""])
def test_what_is_no_goal_is_refused(text):
    with pytest.raises(ValueError, match="write share:COMPONENT, shift:METRIC or scale"):
        Goal.parse(text)


@pytest.mark.parametrize(
    ("goal", "words"), [("shift:x", "Its metrics: income, k"), ("share:x", "has no component 'x'")]
)
def test_a_goal_of_what_there_is_not_is_refused_with_what_there_is(goal, words):
    with pytest.raises(RefusedError, match=words):
        sought(two_metrics(), goal, 1)


@given(companies(), st.sampled_from(["share:c0", "scale", "shift:nps"]), st.integers(30, 170))
def test_no_answer_goes_beyond_the_budget_and_its_neighbour_does(facts, goal, percent):
    snapshot = Snapshot(facts)
    plan = facts.plans[0]
    usual = snapshot.sides(plan)[1].costs
    for currency, cost in usual.items():
        budget = cost * percent / 100
        try:
            found = seek(snapshot, plan, Goal.parse(goal), budget, currency)
        except RefusedError:
            return
        if found.position is not None:
            assert snapshot.sides(turned(plan, found.position))[1].costs.get(currency, 0) == found.cost
            assert found.cost <= budget < found.beyond
        else:
            assert found.most <= budget or found.least > budget


def test_a_position_that_is_sought_is_one_like_any_other():
    _, found = sought(two_metrics(), "scale", 1580)
    assert found.position == Position(scale=Fraction(1, 2))
