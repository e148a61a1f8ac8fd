"""What differs between two versions, in words: every field of a plan, and nothing where the documents are equal."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.curves import Axis, Curve, Shape
from comp.explain_unit import UnitExplainer
from comp.plan import Component, Eligibility, Example, Fallback, Gate, Measure, Modifier, Plan, Reading, Scope
from comp.plan_changes import changes
from comp.plan_documents import write_plan
from comp.rule_changes import Kind
from comp.store.plans import canonical_text
from tests.make import LINE, measure, plan

NAMES = UnitExplainer((), {"U": "Lisbon", "V": "Faro", "W": "Faro"})
POINTS = {"points": [["30", "50%"], ["40", "100%"], ["55", "150%"]]}


def told(before, after):
    return [plain(change.sentence) for change in changes(plan(**before), plan(**after), NAMES)]


def plain(text):
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def parts(*shares, **fields):
    return [
        {"id": f"c{n}", "name": f"Part {n}", "share": share, "measures": [measure()], **fields}
        for n, share in enumerate(shares)
    ]


def measures(*each):
    return {"components": [{"id": "c", "name": "Customer", "share": "100%", "measures": list(each)}]}


def reading(**fields):
    return measures(measure(**fields))


def test_a_share_that_moves_is_told_with_both_figures():
    before, after = {"components": parts("40%", "60%")}, {"components": parts("45%", "55%")}
    assert told(before, after) == ["Part 0: share 40 % → 45 %", "Part 1: share 60 % → 55 %"]


def test_equal_plans_have_no_changes():
    assert changes(plan(), plan(), NAMES) == ()


CASES = {
    "id": ({}, {"id": "q"}, ["The plan: id p → q"]),
    "name": ({}, {"name": "Better"}, ["The plan: name Plan → Better"]),
    "start": ({}, {"starts": "2026-04-01"}, ["The plan: pays from 1 January 2025 → 1 April 2026"]),
    "quarter shares": (
        {},
        {"quarter_shares": {"Q1": "10%", "Q2": "25%", "Q3": "25%", "Q4": "40%"}},
        ["The plan: share of quarter 1 25 % → 10 %", "The plan: share of quarter 4 25 % → 40 %"],
    ),
    "elsewhere": (
        {},
        {"elsewhere": "20%", "components": parts("80%")},
        [
            "The plan: calculated elsewhere 0 % → 20 %",
            "Customer: the part is removed: 100 % of variable pay, of which 100 % k",
            "Part 0: the part is added: 80 % of variable pay, of which 100 % k",
        ],
    ),
    "cap": ({}, {"cap": "150%"}, ["The plan: cap none → 150 %"]),
    "pay code": ({}, {"pay_code": ""}, ["The plan: pay code LOY → none"]),
    "scope": ({}, {"applies_to": {"units": ["U"]}}, ["Whom it pays: units the whole company → Lisbon"]),
    "two units of one name": (
        {"applies_to": {"units": ["V"]}},
        {"applies_to": {"units": ["W"]}},
        ["Whom it pays: units Faro (V) → Faro (W)"],
    ),
    "no scope": ({"applies_to": None}, {}, ["Whom it pays: units nobody stated → the whole company"]),
    "grades": (
        {"applies_to": {"units": ["U"]}},
        {"applies_to": {"units": ["U"], "grades": ["A", "B"]}},
        ["Whom it pays: grades all → A and B"],
    ),
    "part's name": (
        {"components": parts("100%")},
        {"components": [{**parts("100%")[0], "name": "New"}]},
        ["New: name Part 0 → New"],
    ),
    "part's cap": (
        {"components": parts("100%")},
        {"components": parts("100%", cap="120%")},
        ["Part 0: cap none → 120 %"],
    ),
    "order of parts": (
        {"components": parts("40%", "60%")},
        {"components": parts("40%", "60%")[::-1]},
        ["The plan: order of parts Part 0 and Part 1 → Part 1 and Part 0"],
    ),
    "a measure": (
        reading(),
        measures(measure(weight="60%"), measure("nps", "40%", measured_at="top")),
        [
            "Customer: weight of k 100 % → 60 %",
            "Customer: the measure is added: 40 % the whole company’s nps; 0 pays 0 % and 200 pays 200 %",
        ],
    ),
    "order of measures": (
        measures(measure("a", "50%"), measure("b", "50%")),
        measures(measure("b", "50%"), measure("a", "50%")),
        ["Customer: order of measures a and b → b and a"],
    ),
    "where it is measured": (
        reading(),
        reading(measured_at="person"),
        ["Customer: k is your unit’s k → your own k"],
    ),
    "two places of one name": (
        reading(measured_at="V"),
        reading(measured_at="W"),
        ["Customer: k is Faro’s k (V) → Faro’s k (W)"],
    ),
    "answers": (
        reading(min_answers="50"),
        reading(min_answers="1"),
        ["Customer: fewest answers to k 50 answers → 1 answer"],
    ),
    "too few": (
        reading(too_few=["zero"]),
        reading(too_few=["parent", "hold"]),
        [
            (
                "Customer: too few answers to k: With fewer than 50 answers: it counts as 0 %. → With fewer than "
                "50 answers: the score of the unit above; if that does not help, the payout is held until somebody "
                "decides."
            )
        ],
    ),
    "touchpoints": (
        reading(),
        reading(touchpoints={"store": "60%", "repair": "40%"}),
        ["Customer: share of store in k not stated → 60 %", "Customer: share of repair in k not stated → 40 %"],
    ),
    "shape and axis": (
        reading(curve=LINE),
        reading(curve={**LINE, "shape": "step", "x": "percent_of_target"}),
        [
            "Customer: the curve of k rises evenly between its points → rises in steps",
            "Customer: the curve of k reads the score → percent of the target",
        ],
    ),
    "ends": (
        reading(curve=LINE),
        reading(curve={**LINE, "below": "5%", "above": "extend"}),
        [
            "Customer: the curve of k pays before its first point 0 % → 5 %",
            "Customer: the curve of k beyond its last point stays as at the last point → goes on along the last slope",
        ],
    ),
    "a higher point": (
        reading(curve=POINTS),
        reading(curve={"points": [["30", "50%"], ["40", "110%"], ["55", "150%"]]}),
        ["Customer: the curve of k pays at 40 100 % → 110 %"],
    ),
    "a moved point": (
        reading(curve=POINTS),
        reading(curve={"points": [["30", "50%"], ["42", "100%"], ["55", "150%"]]}),
        ["Customer: the curve of k pays 100 % at 40 → 42"],
    ),
    "points that come and go": (
        reading(curve=POINTS),
        reading(curve={"points": [["30", "50%"], ["-1.5", "0%"]][::-1]}),
        [
            "Customer: a point of the curve of k is removed: 40 pays 100 %",
            "Customer: a point of the curve of k is removed: 55 pays 150 %",
            "Customer: a point of the curve of k is added: −1.5 pays 0 %",
        ],
    ),
    "points the other way round": (
        reading(curve=LINE),
        reading(curve={"points": LINE["points"][::-1]}),
        [
            "Customer: points of the curve of k 0 pays 0 % and 200 pays 200 % → 200 pays 200 % and 0 pays 0 %",
        ],
    ),
    "a gate": (
        {},
        {"gates": [{"metric": "csat", "at_least": "70", "otherwise": {"cap": "0%", "on": "c"}}]},
        ["Conditions: the condition is added: csat for Customer at least 70, otherwise at most 0 %"],
    ),
    "a gate less": (
        {"gates": [{"metric": "csat", "at_least": "70", "at_most": "90", "otherwise": {"cap": "0%"}}]},
        {},
        [
            (
                "Conditions: the condition is removed: csat for the whole payout at least 70 and at most 90, "
                "otherwise at most 0 %"
            )
        ],
    ),
    "a gate's limits": (
        {"gates": [{"metric": "csat", "at_least": "70", "otherwise": {"cap": "0%"}}]},
        {"gates": [{"metric": "csat", "at_most": "90", "min_answers": "9", "otherwise": {"cap": "50%"}}]},
        [
            "Conditions: csat for the whole payout at least 70 → none",
            "Conditions: csat for the whole payout at most none → 90",
            "Conditions: csat for the whole payout, otherwise at most 0 % → 50 %",
            "Conditions: fewest answers to csat for the whole payout 50 answers → 9 answers",
        ],
    ),
    "the order of gates": (
        {"gates": [{"metric": name, "at_least": "1", "otherwise": {"cap": "0%"}} for name in "ab"]},
        {"gates": [{"metric": name, "at_least": "1", "otherwise": {"cap": "0%"}} for name in "ba"]},
        [
            (
                "Conditions: order a for the whole payout and b for the whole payout → b for the whole payout "
                "and a for the whole payout"
            )
        ],
    ),
    "a multiplier": (
        {},
        {"modifiers": [{"metric": "csat", "curve": {"points": [["70", "1.1"]]}}]},
        ["Multipliers: the multiplier is added: csat for the whole payout; 70 pays 110 %"],
    ),
    "a multiplier's curve": (
        {"modifiers": [{"metric": "csat", "curve": {"points": [["70", "1.1"]]}}]},
        {"modifiers": [{"metric": "csat", "curve": {"points": [["70", "1.2"]]}}]},
        ["Multipliers: the curve of csat for the whole payout pays at 70 110 % → 120 %"],
    ),
    "eligibility": (
        {},
        {"eligibility": {"minimum_days": "30", "on_last_day": True, "leavers": {"retired": "prorate"}}},
        [
            "Joining and leaving: fewest employed days 0 days → 30 days",
            "Joining and leaving: employed on the last day not asked for → asked for",
            "Joining and leaving: reasons of leaving that pay until the last day none → retired",
        ],
    ),
    "absences": (
        {"absences": {"unpaid": "0%", "ill": "100%"}},
        {"absences": {"unpaid": "50%"}},
        ["Absence: a day of unpaid 0 % → 50 %", "Absence: a day of ill 100 % → not stated"],
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_every_field_that_changes_is_told_in_words(what):
    before, after, expected = CASES[what]
    assert told(before, after) == expected


def example(**fields):
    usual = {"name": "at target", "scores": {"k": "100"}, "target": "1000 EUR", "pays": "1000 EUR"}
    return {**usual, **fields}


def test_examples_that_come_go_and_change_are_told():
    more = example(name="below", pays="500 EUR", targets={"k": "90"})
    assert told({}, {"examples": [example()]}) == [
        "Worked examples: “at target” is added: With k 100, a quarter's target of 1,000 EUR pays 1,000 EUR."
    ]
    assert told({"examples": [example(), more]}, {"examples": [more]}) == [
        "Worked examples: “at target” is removed: With k 100, a quarter's target of 1,000 EUR pays 1,000 EUR."
    ]
    assert told({"examples": [more]}, {"examples": [{**more, "pays": "450 EUR"}]}) == [
        (
            "Worked examples: “below” With k 100 and targets of k 90, a quarter's target of 1,000 EUR pays 500 EUR. → "
            "With k 100 and targets of k 90, a quarter's target of 1,000 EUR pays 450 EUR."
        )
    ]
    assert told({"examples": [example(), more]}, {"examples": [more, example()]}) == [
        "Worked examples: order at target and below → below and at target"
    ]


def test_a_change_says_what_kind_it_is():
    found = changes(plan(components=parts("40%", "60%")), plan(components=parts("100%")), NAMES)
    assert [change.kind for change in found] == [Kind.CHANGED, Kind.REMOVED]
    assert (found[1].before != "", found[1].after) == (True, "")


SMALL = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(1, 3)])
WORDS = st.sampled_from(["a", "b", "c"])
NUMBERS = st.sampled_from([Fraction(1), Fraction(2), Fraction(3)])


def pairs(keys, values):
    return st.dictionaries(keys, values, max_size=2).map(lambda found: tuple(found.items()))


def lists(each, most=2):
    return st.lists(each, max_size=most).map(tuple)


READINGS = st.builds(
    Reading,
    WORDS,
    st.sampled_from(["unit", "top", "U"]),
    st.sampled_from([50, 30]),
    st.sampled_from([(Fallback.HOLD,), (Fallback.PARENT, Fallback.HOLD)]),
    pairs(WORDS, SMALL),
)
CURVES = st.builds(
    Curve,
    st.lists(st.tuples(NUMBERS, SMALL), min_size=1, max_size=3, unique_by=lambda point: point[0]).map(tuple),
    st.sampled_from(Shape),
    st.sampled_from(Axis),
    SMALL,
    st.booleans(),
)
COMPONENTS = st.builds(
    Component, WORDS, WORDS, SMALL, lists(st.builds(Measure, READINGS, SMALL, CURVES)), st.none() | SMALL
)
PLANS = st.builds(
    Plan,
    id=WORDS,
    name=WORDS,
    starts=st.sampled_from([date(2025, 1, 1), date(2026, 1, 1)]),
    components=st.lists(COMPONENTS, max_size=2, unique_by=lambda each: each.id).map(tuple),
    scope=st.none()
    | st.builds(Scope, lists(st.sampled_from(["V", "W"])), st.none() | lists(WORDS).filter(lambda found: found != ())),
    quarter_shares=st.tuples(SMALL, SMALL, SMALL, SMALL),
    pay_code=st.sampled_from(["", "X"]),
    gates=lists(
        st.builds(Gate, READINGS, SMALL, st.sampled_from(["total", "a"]), st.none() | NUMBERS, st.none() | NUMBERS)
    ),
    modifiers=lists(st.builds(Modifier, READINGS, CURVES, st.sampled_from(["total", "a"]))),
    cap=st.none() | SMALL,
    eligibility=st.builds(Eligibility, st.sampled_from([0, 30]), st.booleans(), st.frozensets(WORDS, max_size=2)),
    absences=pairs(WORDS, SMALL),
    elsewhere=SMALL,
    examples=lists(
        st.builds(Example, WORDS, pairs(WORDS, NUMBERS), pairs(WORDS, NUMBERS), NUMBERS, NUMBERS, st.just("EUR"))
    ),
)


def documents_equal(one, other):
    return canonical_text(write_plan(one)) == canonical_text(write_plan(other))


@given(PLANS, PLANS)
def test_there_are_changes_exactly_where_the_documents_differ(one, other):
    assert (changes(one, other, NAMES) == ()) is documents_equal(one, other)


@given(PLANS, st.data())
def test_no_single_change_of_a_field_goes_untold(one, data):
    field = data.draw(st.sampled_from(list(Plan.__dataclass_fields__)))
    other = replace(one, **{field: getattr(data.draw(PLANS), field)})
    assert (changes(one, other, NAMES) == ()) is documents_equal(one, other)


@given(PLANS, PLANS)
def test_what_is_added_one_way_is_removed_the_other(one, other):
    there, back = changes(one, other, NAMES), changes(other, one, NAMES)
    added = sorted(change.after for change in there if change.kind is Kind.ADDED)
    assert added == sorted(change.before for change in back if change.kind is Kind.REMOVED)
