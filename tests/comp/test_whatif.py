"""What a plan would have cost: estimates against the calculation itself, and the facts that a what-if rests on."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp import attainment
from comp.calculate import calculate
from comp.errors import RefusedError
from comp.plan import TOTAL, Eligibility, Scope
from comp.whatif import Snapshot, rounding_step
from comp.whatif_moves import moves
from comp.whatif_position import (
    Position,
    balanced,
    measures_of,
    moved,
    on_trial,
    position_problems,
    position_values,
    turned,
    with_share,
)
from tests.comp.companies import companies
from tests.make import measure, person, plan, plan_document, scenario

HALF = Fraction(1, 2)


def facts_of(**fields):
    return scenario(**fields).facts


def two_components(**fields):
    components = [
        {"id": "c", "name": "Customer", "share": "40%", "measures": [measure("k")]},
        {"id": "f", "name": "Income", "share": "60%", "measures": [measure("income")]},
    ]
    return plan_document(components=components, **fields)


def two_metrics(**fields):
    """Two units, U at 100 and 80, V at 50 and 120; one person in each, of 1,000 EUR a quarter, and one who moves."""
    moves = [
        {"unit": "U", "from": "2020-01-01", "to": "2025-08-15", "currency": "EUR", "target_amount": "4000"},
        {"unit": "V", "from": "2025-08-16", "currency": "EUR", "target_amount": "8000"},
    ]
    document = {
        "units": [{"unit": "U", "name": "Unit"}, {"unit": "V", "name": "Other"}],
        "metrics": {"k": {"statistic": "value", "decimals": 4}, "income": {"statistic": "value", "decimals": 4}},
        "plans": [two_components()],
        "results": [
            {"unit": unit, "quarter": "2025-Q3", "metric": metric, "value": value}
            for unit, metric, value in (
                ("U", "k", "100"),
                ("U", "income", "80"),
                ("V", "k", "50"),
                ("V", "income", "120"),
            )
        ],
        "people": [person("1"), person("2", unit="V"), person("3", assignments=moves)],
    }
    return facts_of(**{**document, **fields})


def amounts(run, people=None):
    found = Counter()
    for payout in run.payouts:
        if people is None or payout.employee in people:
            found[payout.amount.currency] += payout.amount.minor
    return {currency: minor for currency, minor in found.items() if minor}


def tried_plans(facts, chance):
    """A version of one of the plans with sliders moved by chance, and sometimes with another scope or eligibility."""
    base = chance.choice(facts.plans)
    shares = {each.id: Fraction(chance.randint(0, 100), 100) for each in base.components}
    shifts = {f"{each.id}.0": Fraction(chance.randint(-20, 20)) for each in base.components if chance.random() < HALF}
    position = Position(shares=shares, shifts=shifts, scale=Fraction(chance.randint(50, 150), 100))
    tried = turned(base, position)
    if chance.random() < 0.3:
        tried = replace(tried, scope=chance.choice([Scope(), Scope(("A",)), Scope(("B",), ("G1",))]))
    if chance.random() < 0.3:
        tried = replace(tried, eligibility=Eligibility(30, on_last_day=True))
    return tried


@given(companies())
def test_the_plan_in_force_changes_nothing_for_anybody(facts):
    days = facts.calendar.span(facts.quarter)
    whole = [
        each for each in facts.plans if [p.id for p in facts.plans].count(each.id) == 1 and each.starts <= days.start
    ]
    for in_force in whole:
        estimate = Snapshot(facts).estimate(in_force)
        assert not estimate.is_frozen_anew
        assert all(not cost.change and cost.people_before == cost.people_after for cost in estimate.costs)
        assert all(not (each.gaining or each.losing or each.largest) for each in estimate.moves.values())
        assert estimate.tenths_before == estimate.tenths_after
        assert estimate.held_before == estimate.held_after


@given(companies(), st.randoms(use_true_random=False))
def test_an_estimate_lies_within_its_bound_of_the_calculation_and_the_exact_line_is_it(facts, chance):
    tried = tried_plans(facts, chance)
    snapshot = Snapshot(facts)
    estimate = snapshot.estimate(tried)
    with_draft = replace(facts, plans=on_trial(facts.plans, tried, snapshot.first_day))
    run, would_be = calculate(facts), calculate(with_draft)
    touched = snapshot._pair(tried).touched
    exact = snapshot.exact_costs(tried)
    assert [{c: m.minor for c, m in side.items() if m.minor} for side in exact] == [
        amounts(run, touched),
        amounts(would_be, touched),
    ]
    for cost in estimate.costs:
        for side, amount in zip(exact, (cost.before, cost.after), strict=True):
            paid = side[cost.currency].amount if cost.currency in side else Fraction(0)
            assert abs(paid - amount) <= cost.bound
    unseen = [{p.employee: p.amount for p in each.payouts if p.employee not in touched} for each in (run, would_be)]
    assert unseen[0] == unseen[1]


@given(companies(), st.randoms(use_true_random=False))
def test_gains_less_losses_and_the_units_costs_add_up_to_the_change(facts, chance):
    estimate = Snapshot(facts).estimate(tried_plans(facts, chance))
    for cost in estimate.costs:
        moved_by = estimate.moves.get(cost.currency)
        assert cost.change == ((moved_by.gained - moved_by.lost) if moved_by else 0)
        units = [unit for unit in estimate.units if unit.currency == cost.currency]
        assert sum(unit.before for unit in units) == cost.before
        assert sum(unit.after for unit in units) == cost.after


@given(companies(), st.randoms(use_true_random=False))
def test_each_side_says_what_the_calculation_says_of_each_person(facts, chance):
    tried = tried_plans(facts, chance)
    snapshot = Snapshot(facts)
    after = snapshot.sides(tried)[1]
    run = calculate(replace(facts, plans=on_trial(facts.plans, tried, snapshot.first_day)))
    touched = snapshot._pair(tried).touched
    paid = {(p.employee, p.amount.currency): p.exact for p in run.payouts if p.employee in touched}
    found = {(p.employee, p.currency): p.amount for p in after.everybody() if p.employee not in after.held}
    assert found == paid
    assert after.held.keys() == {hold.employee for hold in run.held if hold.employee in touched}
    assert +after.people == Counter(currency for _, currency in paid)
    tenths = Counter(p.exact * 10 // p.target_here for p in run.payouts if p.employee in touched and p.target_here)
    assert after.tenths == tenths


@given(companies(), st.randoms(use_true_random=False))
def test_counting_cell_by_cell_gives_what_counting_person_by_person_gives(facts, chance):
    tried = turned(facts.plans[0], Position(scale=Fraction(chance.randint(0, 300), 100)))
    before, after = Snapshot(facts).sides(tried)
    if before.frozen is not after.frozen:
        return
    quick = Snapshot(facts).estimate(tried).moves
    after.frozen = replace(after.frozen)
    slow = moves(before, after)
    assert {c: (m.gaining, m.gained, m.losing, m.lost) for c, m in quick.items()} == {
        c: (m.gaining, m.gained, m.losing, m.lost) for c, m in slow.items()
    }
    changes = [{c: [(e.employee, e.change) for e in m.largest] for c, m in each.items()} for each in (quick, slow)]
    assert changes[0] == changes[1]


def test_a_slider_reweighs_and_everything_is_told():
    facts = two_metrics()
    estimate = Snapshot(facts).estimate(turned(facts.plans[0], with_share(facts.plans[0], "c", HALF)))
    (cost,) = estimate.costs
    # 1: 88 % → 90 %; 2: 92 % → 85 %; 3: 46 days at 1,000 and 46 at 2,000 of 92
    assert (cost.before, cost.after) == (880 + 920 + 440 + 920, 900 + 850 + 450 + 850)
    assert (cost.people_before, cost.people_after, cost.bound) == (3, 3, Fraction(3, 200))
    moved_by = estimate.moves["EUR"]
    assert (moved_by.gaining, moved_by.gained, moved_by.losing, moved_by.lost) == (1, 20, 2, 130)
    assert [(m.employee, m.change) for m in moved_by.largest] == [("2", -70), ("3", -60), ("1", 20)]
    assert [(u.unit, u.name, u.before, u.after) for u in estimate.units] == [
        ("U", "Unit", 1320, 1350),
        ("V", "Other", 1840, 1700),
    ]
    assert [u.attained_after for u in estimate.units] == [Fraction(90, 100), Fraction(85, 100)]
    assert (estimate.tenths_before, estimate.tenths_after) == (Counter({8: 1, 9: 2}), Counter({9: 1, 8: 2}))
    assert estimate.people == 3
    assert (estimate.name("2"), estimate.name("nobody")) == ("Person 2", "nobody")


def test_another_scope_is_frozen_anew_and_those_who_drop_out_lose_everything():
    facts = two_metrics()
    estimate = Snapshot(facts).estimate(replace(facts.plans[0], scope=Scope(("U",))))
    assert estimate.is_frozen_anew
    assert (estimate.costs[0].before, estimate.costs[0].after) == (3160, 880 + 440)
    assert estimate.moves["EUR"].losing == 2
    assert {unit.unit: unit.attained_after for unit in estimate.units} == {"U": Fraction(88, 100), "V": None}


def test_a_plan_that_is_new_costs_nothing_before():
    facts = two_metrics(plans=[two_components(applies_to={"units": ["V"]})])
    new = plan(id="new", applies_to={"units": ["U"]})
    estimate = Snapshot(facts).estimate(new)
    (cost,) = estimate.costs
    assert (cost.before, cost.people_before) == (920, 1)  # the one who moves is paid for the days in V
    assert cost.after == 1000 + 500 + 920


def test_a_draft_counts_from_the_quarters_first_day_whenever_it_starts():
    facts = two_metrics()
    later = replace(facts.plans[0], starts=date(2030, 1, 1))
    assert on_trial(facts.plans, later, date(2025, 7, 1)) == (replace(later, starts=date(2025, 7, 1)),)
    assert Snapshot(facts).estimate(later).costs[0].change == 0


def test_people_whose_unit_has_no_score_are_held_on_that_side_and_cost_nothing():
    results = [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "100"}]
    facts = two_metrics(results=results, plans=[plan_document()], people=two_people_and_one_who_moves())
    held = Snapshot(facts).estimate(facts.plans[0])
    assert held.held_before.keys() == {"2", "3"}
    assert "No usable score of k for V" in held.held_before["3"]
    assert (held.costs[0].before, held.costs[0].people_before) == (1000, 1)
    neutral = plan(components=[component(measure(too_few=["neutral"]))])
    freed = Snapshot(facts).estimate(neutral)
    assert not freed.is_frozen_anew
    assert (freed.held_after, freed.costs[0].after) == ({}, 1000 + 1000 + 1500)
    assert [(m.employee, m.change) for m in freed.moves["EUR"].largest] == [("3", 1500), ("2", 1000)]


def component(*measures):
    return {"id": "c", "name": "Customer", "share": "100%", "measures": list(measures)}


def two_people_and_one_who_moves():
    moves = [
        {"unit": "U", "from": "2020-01-01", "to": "2025-08-15", "currency": "EUR", "target_amount": "4000"},
        {"unit": "V", "from": "2025-08-16", "currency": "EUR", "target_amount": "8000"},
    ]
    return [person("1"), person("2", unit="V"), person("3", assignments=moves)]


def test_a_plan_on_own_results_has_an_attainment_for_each_person():
    own = component(measure(measured_at="person"))
    results = [{"employee": str(n), "quarter": "2025-Q3", "metric": "k", "value": str(n * 50)} for n in (1, 2)]
    facts = facts_of(
        plans=[plan_document(components=[own])], people=[person("1"), person("2")], personal_results=results
    )
    estimate = Snapshot(facts).estimate(turned(facts.plans[0], Position(scale=HALF)))
    assert (estimate.costs[0].before, estimate.costs[0].after) == (1500, 750)
    assert [(m.employee, m.change) for m in estimate.moves["EUR"].largest] == [("2", -500), ("1", -250)]


def test_only_the_five_who_move_most_are_named_and_ties_go_by_number():
    people = [person(f"{n}", target_amount=str(4000 + 4 * (n % 3))) for n in range(1, 10)]
    estimate = Snapshot(facts_of(people=people)).estimate(turned(plan(), Position(scale=HALF)))
    assert [mover.employee for mover in estimate.moves["EUR"].largest] == ["2", "5", "8", "1", "4"]
    assert estimate.moves["EUR"].losing == 9


def test_somebody_without_a_target_neither_gains_nor_loses():
    estimate = Snapshot(facts_of(people=[person("1", target_amount="0")])).estimate(
        turned(plan(), Position(scale=HALF))
    )
    assert estimate.moves["EUR"].unchanged == 1
    assert not estimate.moves["EUR"].largest
    assert estimate.tenths_after == Counter()


def test_the_bound_follows_the_companys_rounding():
    facts = facts_of(settings={"round_to": {"JPY": "100"}}, people=[person("1", currency="JPY")])
    assert (rounding_step(facts, "JPY"), rounding_step(facts, "KWD")) == (100, Fraction(1, 1000))
    assert Snapshot(facts).estimate(plan()).costs[0].bound == 50


def test_what_is_frozen_is_kept_for_some_positions_only():
    facts = two_metrics()
    snapshot = Snapshot(facts)
    for days in range(1, 9):
        snapshot.estimate(replace(facts.plans[0], eligibility=Eligibility(days)))
    assert len(snapshot._frozen) == len(snapshot._pairs) == 4
    assert snapshot.estimate(facts.plans[0]).costs[0].change == 0


def test_measures_of_many_positions_are_not_kept_for_good():
    facts = two_metrics()
    snapshot = Snapshot(facts)
    for step in range(600):
        tried = turned(facts.plans[0], Position(scale=Fraction(step + 1, 600)))
        assert snapshot.sides(tried)[1].costs["EUR"] == 3160 * Fraction(step + 1, 600)
    assert len(snapshot._measures) < 600


# Positions


def test_sliders_change_shares_weights_caps_curves_and_nothing_else():
    base = plan(cap="200%", components=[{**component(measure(), measure("nps", "0%")), "cap": "150%"}])
    position = Position(
        shares={"c": HALF},
        weights={"c.0": HALF, "c.1": HALF},
        caps={"c": None, TOTAL: Fraction(1)},
        shifts={"c.1": Fraction(2)},
        scale=HALF,
    )
    made = turned(base, position)
    (one,) = made.components
    assert (one.share, one.cap, made.cap) == (HALF, None, 1)
    assert [each.weight for each in one.measures] == [HALF, HALF]
    assert [each.curve.points for each in one.measures] == [((0, 0), (200, 1)), ((2, 0), (202, 1))]
    assert turned(made, Position()) is made
    assert list(position_values(position)) == [
        ("shares", "c", HALF),
        ("weights", "c.0", HALF),
        ("weights", "c.1", HALF),
        ("caps", "c", None),
        ("caps", "total", 1),
        ("shifts", "c.1", 2),
        ("scale", "", HALF),
    ]
    assert list(position_values(Position())) == []
    assert measures_of(base, "nps") == ["c.1"]
    assert moved(one.measures[0].curve, Fraction(0), Fraction(1)) is one.measures[0].curve


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position(shares={"x": HALF}), "has no share 'x'. It has: c."),
        (Position(weights={"c.1": HALF}), "has no weight 'c.1'. It has: c.0."),
        (Position(caps={"x": HALF}), "has no cap 'x'. It has: c, total."),
        (Position(shifts={"c": HALF}), "has no shift 'c'. It has: c.0."),
    ],
)
def test_a_slider_of_what_there_is_not_is_refused_with_what_there_is(position, words):
    with pytest.raises(RefusedError, match=re.escape(words)):
        turned(plan(), position)


def test_sliders_that_do_not_make_a_whole_are_told_in_words():
    (problem,) = position_problems(turned(plan(), Position(shares={"c": HALF})))
    assert problem.why.startswith("Component shares with `elsewhere` make 50%, not 100%: 50% is left.")


def test_the_other_components_give_what_one_takes_in_proportion():
    components = [
        {"id": id_, "name": id_, "share": share, "measures": [measure()]}
        for id_, share in (("a", "40%"), ("b", "30%"), ("c", "10%"))
    ]
    base = plan(components=components, elsewhere="20%")
    assert with_share(base, "a", Fraction(60, 100)).shares == {
        "a": Fraction(60, 100),
        "b": Fraction(15, 100),
        "c": Fraction(5, 100),
    }
    assert position_problems(turned(base, with_share(base, "a", Fraction(0)))) == ()


def test_a_share_that_no_other_can_give_is_refused():
    with pytest.raises(RefusedError, match="none can give or take"):
        with_share(plan(), "c", HALF)
    with pytest.raises(RefusedError, match=r"has no component 'x'\. It has: c\."):
        with_share(plan(), "x", HALF)


def test_what_is_not_named_is_scaled_so_that_shares_and_weights_make_a_whole():
    thirds = [measure("k", "50%"), measure("nps", "25%"), measure("csat", "25%")]
    components = [
        {"id": "a", "name": "A", "share": "60%", "measures": thirds},
        {"id": "b", "name": "B", "share": "40%", "measures": [measure()]},
    ]
    base = plan(components=components)
    position = balanced(base, Position(shares={"b": Fraction(10, 100)}, weights={"a.0": Fraction(80, 100)}))
    assert position.shares == {"b": Fraction(10, 100), "a": Fraction(90, 100)}
    assert position.weights == {"a.0": Fraction(80, 100), "a.1": Fraction(10, 100), "a.2": Fraction(10, 100)}
    assert position_problems(turned(base, position)) == ()
    assert balanced(base, Position()) == Position()


def test_what_cannot_be_scaled_to_a_whole_is_left_to_be_told():
    base = plan(components=[component(measure())])
    too_much = balanced(base, Position(weights={"c.0": Fraction(120, 100)}))
    assert too_much.weights == {"c.0": Fraction(120, 100)}
    assert position_problems(turned(base, too_much))
    with pytest.raises(RefusedError, match="has no weight"):
        balanced(base, Position(weights={"c.9": Fraction(1)}))


def test_a_position_on_top_of_another_is_one_position():
    base = two_metrics().plans[0]
    first = Position(shares={"c": HALF, "f": HALF}, shifts={"c.0": Fraction(2)}, scale=HALF)
    second = Position(shifts={"c.0": Fraction(3), "f.0": Fraction(1)}, caps={"c": HALF}, scale=HALF)
    assert turned(turned(base, first), second) == turned(base, first.then(second))


def test_of_many_units_the_five_who_move_most_are_found():
    units = [{"unit": f"U{n}", "name": f"Unit {n}"} for n in range(8)]
    results = [{"unit": f"U{n}", "quarter": "2025-Q3", "metric": "k", "value": str(50 + 10 * n)} for n in range(8)]
    people = [person(f"{n}", unit=f"U{n}") for n in range(8)]
    facts = facts_of(units=units, results=results, people=people)
    largest = Snapshot(facts).estimate(turned(facts.plans[0], Position(scale=HALF))).moves["EUR"].largest
    assert [(mover.employee, mover.change) for mover in largest] == [(str(n), -250 - 50 * n) for n in (7, 6, 5, 4, 3)]


def test_what_measures_earned_is_forgotten_and_worked_out_again(monkeypatch):
    monkeypatch.setattr(attainment, "_MOST_KEPT", 1)
    facts = two_metrics()
    snapshot = Snapshot(facts)
    for share in (10, 40, 90, 10):
        tried = turned(facts.plans[0], with_share(facts.plans[0], "c", Fraction(share, 100)))
        assert snapshot.estimate(tried).costs[0].after == 3160 - 11 * (share - 40)
