"""The sentences of a comparison: what each part of a difference says, and that none says nothing."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given

from comp import compare_words
from comp.calculate import calculate
from comp.causes import Cause
from comp.compare import Comparison
from comp.compare_totals import add_up, by_cause, movers
from comp.compare_words import Sides, tell
from comp.explain_unit import UnitExplainer
from tests.comp.companies import METRICS
from tests.comp.test_compare import facts_of, pair, pairs, result, with_component
from tests.make import LINE, measure, person, plan_document, scenario

NAMES = {"U": "Lisbon", "V": "Porto"}
UNITS = [{"unit": "U", "name": "Lisbon"}, {"unit": "V", "name": "Porto"}]


def told_of(old, new, employee="1", other=None, **options):
    """The sentences of one person's difference."""
    runs = calculate(old), calculate(new)
    comparison = Comparison(*runs, new.calendar, **options)
    pair = employee, other or employee
    names = UnitExplainer((*runs[1].metrics, *METRICS), NAMES)
    cells = tuple(comparison.cells(*comparison.found(*pair)))
    sides = Sides(*comparison.found(*pair), cells, **options)
    return [told.sentence for change in comparison.between(*pair) for told in tell(change, sides, names)]


def sentences(first, second, **options):
    return told_of(facts_of(**first), facts_of(**second), **options)


def with_target(value, axis="percent_of_target"):
    fields = with_component(measures=[measure(curve={"x": axis, **LINE})])
    return fields | {"targets": [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "target": value}]}


def paid_on_salary(**fields):
    base = person()
    usual = {"annual_salary": "40000", "target_percent": "10%", "fte": "1", **fields}
    base["assignments"][0].pop("target_amount")
    base["assignments"][0].update({key: value for key, value in usual.items() if value is not None})
    return {"people": [base]}


def weighed(first, second):
    components = [
        {"id": "a", "name": "A", "share": first, "measures": [measure("k")]},
        {"id": "b", "name": "B", "share": second, "measures": [measure("m")]},
    ]
    metrics = {name: {"statistic": "value", "decimals": 4} for name in "km"}
    return {
        "plans": [plan_document(components=components)],
        "metrics": metrics,
        "results": [result(100, "k"), result(50, "m")],
    }


LENIENT = with_component(measures=[measure(too_few=["neutral"])])
AWAY = {"plans": [plan_document(absences={"unpaid": "0%"})]}
LEAVERS = {"plans": [plan_document(eligibility={"on_last_day": "true"})]}
TWO_UNITS = {"units": UNITS, "results": [result(100), {**result(50), "unit": "V"}]}
GATE = {"metric": "k", "at_least": "101", "otherwise": {"cap": "0%", "on": "c"}}
HALF = with_component(measures=[measure(curve={"points": [["0", "50%"], ["1", "50%"]]})])["plans"][0]
SHARES = {"Q1": "25%", "Q2": "15%", "Q3": "35%", "Q4": "25%"}
MOVED = [
    {**person()["assignments"][0], "to": "2025-08-15"},
    {**person()["assignments"][0], "currency": "KWD", "from": "2025-08-16"},
]

SAID = [
    ({}, {"results": [result(110)]}, ["k rose from 100.0000 to 110.0000."]),
    ({}, {"results": [result(90)]}, ["k fell from 100.0000 to 90.0000."]),
    (
        LENIENT | {"results": [result(90)]},
        LENIENT | {"results": []},
        ["k had 90.0000 and has no usable score (neutral) now."],
    ),
    (with_target("100"), with_target("80"), ["The unit’s target of k fell from 100 to 80."]),
    (
        {},
        with_component(measures=[measure(curve={"points": [["0", "0%"], ["100", "150%"]]})]),
        ["The plan has another curve for k."],
    ),
    (
        weighed("60%", "40%"),
        weighed("40%", "60%"),
        ["The plan weighs otherwise: A 60\u202f% → 40\u202f%; B 40\u202f% → 60\u202f%."],
    ),
    ({}, {"plans": [plan_document(cap="90%")]}, ["The plan’s cap went from none to 90\u202f%."]),
    (
        {"plans": [plan_document(cap="90%")]},
        {"plans": [plan_document(cap="80%")]},
        ["The plan’s cap went from 90\u202f% to 80\u202f%."],
    ),
    (
        {},
        {"plans": [plan_document(gates=[GATE])]},
        ["Gates, caps or modifiers differ between p@2025-01-01 and p@2025-01-01."],
    ),
    (
        TWO_UNITS,
        TWO_UNITS | {"people": [person(unit="V")]},
        ["In Porto, which attained 50\u202f%, instead of Lisbon with 100\u202f%."],
    ),
    (
        {},
        {"plans": [HALF | {"id": "q", "name": "Other"}]},
        ["Paid under Other (q@2025-01-01) instead of Plan (p@2025-01-01)."],
    ),
    (
        with_target("0", "points_from_target"),
        with_target("80"),
        ["Plan pays by rules that cannot be compared one by one."],
    ),
    (
        {},
        {"plans": [plan_document(quarter_shares=SHARES)]},
        ["The quarter is 35\u202f% of the year’s target instead of 25\u202f%."],
    ),
    (
        paid_on_salary(),
        paid_on_salary(annual_salary="50000.40"),
        ["The annual salary rose from 40,000 to 50,000.40."],
    ),
    (paid_on_salary(), paid_on_salary(fte="0.5"), ["Working time fell from 100\u202f% to 50\u202f%."]),
    (
        paid_on_salary(),
        paid_on_salary(target_percent="20%"),
        ["The target rose from 10\u202f% to 20\u202f% of salary."],
    ),
    ({}, {"people": [person(target_amount="8000")]}, ["The year’s target rose from 4,000 to 8,000."]),
    (
        AWAY,
        AWAY | {"people": [person(absences=[{"from": "2025-07-01", "to": "2025-07-23", "kind": "unpaid"}])]},
        ["69 of 92 days counted instead of 92 of 92 days."],
    ),
    (
        LEAVERS | {"people": [person(left="2025-09-30")]},
        LEAVERS | {"people": [person(left="2025-09-29")]},
        [
            "91 days in a plan instead of 92 days.",
            "Not eligible any more: Left on 29 September 2025; the plan pays those employed on the quarter's last day.",
        ],
    ),
    (
        LEAVERS | {"people": [person(left="2025-09-29")]},
        LEAVERS | {"people": [person(left="2025-09-30")]},
        [
            "92 days in a plan instead of 91 days.",
            "Eligible now. Before: Left on 29 September 2025; the plan pays those employed on the quarter's last day.",
        ],
    ),
    ({}, {"people": [person(currency="KWD")]}, ["Paid in KWD instead of EUR."] * 2),
    (
        {"people": [person(assignments=MOVED)]},
        {"people": [person(assignments=[MOVED[0] | {"to": "2025-08-31"}, MOVED[1] | {"from": "2025-09-01"}])]},
        ["Other days are paid in another currency."] * 2,
    ),
    ({}, {"people": [person("2")]}, ["Not in the new run."]),
    ({"people": [person("2")]}, {}, ["Not in the old run."]),
]


@pytest.mark.parametrize(("first", "second", "said"), SAID)
def test_each_part_says_what_changed(first, second, said):
    assert sentences(first, second) == said


def test_who_is_held_or_in_no_plan_is_told_with_the_reason():
    paid, held = {}, {"results": [{**result(1), "quarter": "2025-Q1"}]}
    (now,) = sentences(paid, held)
    assert now.startswith("No payout now: No usable score of k for U")
    (before,) = sentences(held, paid)
    assert before.startswith("Paid now. Before: No usable score of k for U")
    nobody = {"plans": [plan_document(applies_to={"units": ["U"], "grades": ["none"]})]}
    assert sentences(paid, nobody) == ["No payout now: No plan pays U."]


def test_two_people_are_told_apart_by_their_units_scores():
    facts = facts_of(**TWO_UNITS, people=[person("1"), person("2", unit="V")])
    said = told_of(facts, facts, "1", "2", across_people=True)
    assert said == ["k is 50.0000 for Porto and 100.0000 for Lisbon."]


def test_what_is_alike_on_some_days_is_told_of_the_other_days_alone():
    """The first half of the quarter in Lisbon on both sides, the second in Porto on one: each half by itself."""
    two = [person()["assignments"][0] | {"to": "2025-08-15"}, person()["assignments"][0] | {"from": "2025-08-16"}]
    moved = [two[0], two[1] | {"unit": "V", "fte": "0.5", "target_amount": "5000"}]
    aimed = measure(curve={"x": "points_from_target", "points": [["-200", "0%"], ["0", "100%"]]})
    plans = with_component(measures=[aimed])["plans"]
    cap = with_component(measures=[aimed], cap="90%")["plans"]
    targets = [{"unit": unit, "quarter": "2025-Q3", "metric": "k", "target": "100"} for unit in "UV"]
    higher = [targets[0] | {"target": "120"}, targets[1]]
    old = {**TWO_UNITS, "targets": targets, "plans": plans, "people": [person(assignments=two)]}
    new = {**TWO_UNITS, "targets": higher, "plans": cap, "people": [person(assignments=moved)]}
    assert sentences(old, new) == [
        "The unit’s target of k rose from 100 to 120.",
        "Gates, caps or modifiers differ between p@2025-01-01 and p@2025-01-01.",
        "In Porto, which attained 75\u202f%, instead of Lisbon with 100\u202f%.",
        "Working time fell from 100\u202f% to 50\u202f%.",
        "The year’s target fell from 4,000 to 2,500.",
    ]


def test_days_that_change_places_are_told():
    old = {"people": [person(from_="2025-08-16")], **TWO_UNITS}
    early = person()["assignments"][0] | {"to": "2025-08-15", "unit": "V"}
    said = sentences(old, {**TWO_UNITS, "people": [person(assignments=[early])]})
    assert said == ["Other days of the quarter are in a plan."]


@given(pairs)
def test_every_part_has_a_sentence(facts):
    old, new = facts
    comparison = Comparison(calculate(old), calculate(new), new.calendar)
    names = UnitExplainer(METRICS, {})
    for change in comparison.changes():
        was, now = comparison.found(change.employee, change.employee)
        told = tell(change, Sides(was, now, tuple(comparison.cells(was, now))), names)
        assert [each.part for each in told] == list(change.parts)
        assert all(each.sentence.endswith((".", "%")) for each in told), told


def test_what_was_added_to_payouts_since_is_told():
    part = SimpleNamespace(input=(Cause.ADJUSTMENT, ""), label="Adjustments")
    (told,) = tell(SimpleNamespace(parts=(part,)), Sides(None, None, ()), UnitExplainer(METRICS, {}))
    assert told.sentence == "What was added to the payouts since, or taken off, and approved."


def test_a_score_that_the_plans_read_at_different_places_has_a_sentence_too():
    old, new = pair(Random(786209619))
    comparison = Comparison(calculate(old), calculate(new), new.calendar)
    told = []
    for change in comparison.changes():
        was, now = comparison.found(change.employee, change.employee)
        told += tell(change, Sides(was, now, tuple(comparison.cells(was, now))), UnitExplainer(METRICS, {}))
    assert "Scores differ." in {each.sentence for each in told}


# Added up


@given(pairs)
def test_causes_add_up_to_what_each_currency_gained(facts):
    old, new = map(calculate, facts)
    changes = list(Comparison(old, new, facts[1].calendar).changes())
    totals = add_up(changes)
    for run, side in ((old, "before"), (new, "after")):
        paid = {}
        for payout in run.payouts:
            paid[payout.amount.currency] = paid.get(payout.amount.currency, 0) + payout.amount.minor
        assert {t.currency: getattr(t, side).minor for t in totals if t.currency in paid} == paid
    for total in totals:
        assert sum(each.change.minor for each in total.causes) == total.difference.minor
        steps = total.steps("Before")
        assert sum(step.change.minor for step in steps) == total.after.minor
        assert total.more + total.less <= total.people


def test_people_are_counted_once_for_each_cause_whatever_the_metrics():
    metrics = {name: {"statistic": "value", "decimals": 4} for name in "km"}
    fields = with_component(measures=[measure(weight="50%"), measure("m", "50%")]) | {"metrics": metrics}
    people = [person("1"), person("2")]
    old = facts_of(**fields, people=people, results=[result(100), result(100, "m")])
    new = facts_of(**fields, people=people, results=[result(110), result(120, "m")])
    changes = list(Comparison(calculate(old), calculate(new), scenario().facts.calendar).changes())
    (total,) = add_up(changes)
    assert [(each.label, str(each.change), each.people) for each in total.causes] == [("Scores", "300.00", 2)]
    assert (total.people, total.more, total.less) == (2, 2, 0)
    assert by_cause(changes[0]) == {"score": 15000}


def test_movers_are_those_with_the_largest_difference_either_way():
    amounts = {"1": ("4000", "4400"), "2": ("4000", "2000"), "3": ("4000", "4000"), "4": ("4000", "5000")}
    old, new = (
        facts_of(people=[person(employee, target_amount=pair[place]) for employee, pair in amounts.items()])
        for place in (0, 1)
    )
    changes = list(Comparison(calculate(old), calculate(new), old.calendar).changes())
    assert [change.employee for change in movers(changes, "EUR", 2)] == ["2", "4"]
    assert len(movers(changes, "EUR", 10)) == 3
    assert movers(changes, "JPY", 10) == []
    assert replace(add_up(changes)[0], causes=()).steps("x")[0].label == "x"


def test_another_plan_that_pays_the_same_is_not_told_and_no_more_is_what_makes_nobody_ineligible():
    piece = SimpleNamespace(
        stretch=SimpleNamespace(plan=None, attainment=SimpleNamespace(total=Fraction(1)), forfeited="")
    )
    assert compare_words._plan(piece, piece, None) == ""
    assert compare_words._eligibility(piece, piece, None) == ""
