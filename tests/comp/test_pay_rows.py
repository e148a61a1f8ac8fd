"""A payout as flat rows, and what share of each component was attained."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from comp.pay_rows import GATE, MEASURE, MODIFIER, attained_parts, counted_days, rule_rows, unit_codes
from tests.make import LINE, measure, person, plan_document, run

NPS = {"statistic": "value", "decimals": 0}


def payout(**fields):
    return run(**fields).payouts[0]


def ruled(at_least="50"):
    """A plan with a gate and a modifier, of which the gate fails below a score."""
    gate = {"metric": "k", "at_least": at_least, "otherwise": {"cap": "10%", "on": "c"}}
    modifier = {"metric": "k", "curve": LINE, "on": "total"}
    return plan_document(gates=[gate], modifiers=[modifier])


def test_each_measure_modifier_and_gate_has_a_row_with_the_part_that_it_works_on():
    rows = list(rule_rows(payout(plans=[ruled()])))
    assert [(row.rule, row.part, row.gives, row.said) for row in rows] == [
        (MEASURE, "Customer", 1, ""),
        (MODIFIER, "total", 1, ""),
        (GATE, "Customer", None, "holds"),
    ]
    assert (rows[0].weight, rows[0].share, rows[0].attains, rows[0].score.value) == (1, 1, 1, 100)


def test_a_gate_that_fails_gives_its_cap_and_says_what_it_caps():
    gate = list(rule_rows(payout(plans=[ruled("150")])))[-1]
    assert (gate.gives, gate.said, gate.attains) == (Fraction(1, 10), "fails: caps c", Fraction(1, 10))


def test_a_gate_without_a_score_says_that_it_was_passed_over():
    unread = {"metric": "l", "at_least": "5", "too_few": ["neutral"], "otherwise": {"cap": "10%", "on": "c"}}
    rows = rule_rows(payout(plans=[plan_document(gates=[unread])], metrics={"k": NPS, "l": NPS}))
    assert [row.said for row in rows if row.rule == GATE] == ["passed over, neutral"]


def test_components_are_attained_in_proportion_to_the_targets_of_the_pieces():
    units = [{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}]
    results = [
        {"unit": unit, "quarter": "2025-Q3", "metric": "k", "value": k} for unit, k in (("U", "100"), ("V", "50"))
    ]
    stays = [
        {"unit": "U", "from": "2020-01-01", "to": "2025-08-15", "currency": "EUR", "target_amount": "4000"},
        {"unit": "V", "from": "2025-08-16", "currency": "EUR", "target_amount": "4000"},
    ]
    moved = payout(units=units, results=results, people=[person(assignments=stays)])
    assert attained_parts(moved) == {"Customer": Fraction(46, 92) + Fraction(46, 92) / 2}
    assert (unit_codes(moved), counted_days(moved)) == (("U", "V"), 92)


def test_days_that_are_not_eligible_attain_nothing_and_say_why():
    found = payout(plans=[plan_document(eligibility={"minimum_days": 93})])
    assert attained_parts(found) == {"Customer": 0}
    assert next(rule_rows(found)).said


def test_what_has_no_target_attains_nothing_that_could_be_said():
    assert attained_parts(payout(people=[person(target_amount="0")])) == {}


@given(shares=st.integers(1, 99), score=st.integers(0, 200))
def test_the_parts_weighed_by_their_shares_are_what_was_attained_in_all(shares, score):
    parts = [
        {"id": "a", "name": "A", "share": f"{shares}%", "measures": [measure()]},
        {"id": "b", "name": "B", "share": f"{100 - shares}%", "measures": [measure("l")]},
    ]
    results = [
        {"unit": "U", "quarter": "2025-Q3", "metric": metric, "value": value}
        for metric, value in (("k", str(score)), ("l", "70"))
    ]
    found = payout(plans=[plan_document(components=parts)], metrics={"k": NPS, "l": NPS}, results=results)
    attained = attained_parts(found)
    assert attained["A"] * shares + attained["B"] * (100 - shares) == found.attainment * 100
