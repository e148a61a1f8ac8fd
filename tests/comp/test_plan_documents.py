from fractions import Fraction

import pytest

from comp.curves import Axis, Shape
from comp.plan import Fallback, Scope
from comp.plan_documents import read_plan, write_plan
from tests.make import LINE, measure, plan, plan_document

FULL = {
    "id": "service-incentive",
    "name": "Service group quarterly incentive",
    "starts": "2026-04-01",
    "applies_to": {"units": ["SERVICE"], "grades": ["T1", "T2"]},
    "quarter_shares": {"Q1": "20%", "Q2": "25%", "Q3": "25%", "Q4": "30%"},
    "pay_code": "LOYQ",
    "components": [
        {
            "id": "customer",
            "name": "Customer loyalty",
            "share": "40%",
            "cap": "150%",
            "measures": [
                {
                    "metric": "nps",
                    "weight": "60%",
                    "min_answers": "100",
                    "too_few": ["rolling-4", "parent", "hold"],
                    "touchpoints": {"store": "70%", "web": "30%"},
                    "curve": {"shape": "linear", "points": [["30", "50%"], ["40", "100%"], ["55", "150%"]]},
                },
                {
                    "metric": "csat",
                    "weight": "40%",
                    "curve": {"x": "points_from_target", "points": [["-5", "0%"], ["0", "100%"]], "above": "extend"},
                },
            ],
        },
        {
            "id": "financial",
            "name": "Operating income",
            "share": "50%",
            "measures": [
                {
                    "metric": "income",
                    "weight": "100%",
                    "measured_at": "top",
                    "curve": {"shape": "step", "x": "percent_of_target", "below": "10%", "points": [["80", "50%"]]},
                }
            ],
        },
    ],
    "gates": [
        {"metric": "csat", "at_least": "70", "otherwise": {"cap": "0%", "on": "customer"}},
        {"metric": "complaints", "at_most": "3.5", "otherwise": {"cap": "50%", "on": "total"}},
    ],
    "modifiers": [{"metric": "rating", "measured_at": "person", "curve": {"points": [["1", "0.9"], ["5", "110%"]]}}],
    "cap": "150%",
    "eligibility": {"minimum_days": "30", "on_last_day": "true", "leavers": {"retired": "prorate"}},
    "absences": {"unpaid": "0%", "sick": "50%"},
    "elsewhere": "10%",
    "examples": [
        {
            "name": "at target",
            "scores": {"nps": "40"},
            "targets": {"csat": "85"},
            "target": "1000.00 EUR",
            "pays": "1000.00 EUR",
        }
    ],
}


def test_a_document_is_read_into_a_plan():
    made, problems = read_plan(FULL)
    assert problems == []
    nps, csat = made.components[0].measures
    assert made.scope == Scope(("SERVICE",), ("T1", "T2"))
    assert nps.weight == Fraction(3, 5)
    assert nps.reading.min_answers == 100
    assert nps.reading.touchpoints == (("store", Fraction(7, 10)), ("web", Fraction(3, 10)))
    assert csat.reading.too_few == (Fallback.ROLLING_4, Fallback.PARENT, Fallback.HOLD)
    assert csat.curve.axis is Axis.POINTS_FROM_TARGET
    assert csat.curve.extends
    assert made.components[1].measures[0].curve.shape is Shape.STEP
    assert made.modifiers[0].curve.points[0][1] == Fraction(9, 10)
    assert made.modifiers[0].curve.points[1][1] == Fraction(11, 10)
    assert made.eligibility.prorated_leavers == {"retired"}
    assert made.version == "service-incentive@2026-04-01"


def test_a_plan_that_is_written_and_read_again_is_the_same_plan():
    made, _ = read_plan(FULL)
    assert read_plan(write_plan(made)) == (made, [])
    assert write_plan(read_plan(write_plan(made))[0]) == write_plan(made)


@pytest.mark.parametrize("scope", ["everyone", {"grades": ["T1"]}, {"units": ["U"]}])
def test_every_kind_of_scope_survives_being_written(scope):
    made = plan(applies_to=scope)
    assert read_plan(write_plan(made))[0].scope == made.scope is not None


@pytest.mark.parametrize("scope", [None, {}, {"units": []}])
def test_a_document_may_state_no_scope_and_then_has_none(scope):
    made = plan(applies_to=scope)
    assert made.scope is None
    assert made.people == Scope()
    assert "applies_to" not in write_plan(made)


def test_what_a_document_leaves_out_has_the_usual_value():
    made = plan()
    assert made.quarter_shares == (Fraction(1, 4),) * 4
    assert made.cap is None
    assert made.elsewhere == 0
    assert made.counts_absence("sick") == 1
    assert not made.reads_personal_results


def component(**fields):
    return {"id": "c", "name": "Customer", "share": "100%", "measures": [measure()], **fields}


@pytest.mark.parametrize(
    ("fields", "where", "why"),
    [
        ({"components": [component(share="99%")]}, "components", "make 99%, not 100%: 1% is left"),
        ({"components": [component()], "elsewhere": "1%"}, "components", "make 101%, not 100%: 1% is too much"),
        ({"components": [component(measures=[measure(weight="99%")])]}, "component c", "Weights of Customer make 99%"),
        ({"starts": "9999-12-31"}, "starts", "A plan cannot wait until 9999-12-31"),
        ({"components": [], "elsewhere": "100%"}, "components", "at least one component"),
        ({"components": [component(measures=[])]}, "component c", "at least one measure"),
        ({"components": [component(share="50%")] * 2}, "component c", "the name is taken"),
        ({"components": [component(id="total")]}, "component total", "the name is taken"),
        ({"quarter_shares": {"Q1": "50%"}}, "quarter_shares", "make 50%, not 100%"),
        ({"absences": {"sick": "101%"}}, "absences.sick", "more than a day"),
        ({"gates": [{"metric": "k", "at_least": "1", "otherwise": {"cap": "0%", "on": "x"}}]}, "gate k", "'x'"),
        ({"gates": [{"metric": "k", "otherwise": {"cap": "0%"}}]}, "gate k", "at_least"),
        ({"modifiers": [{"metric": "k", "on": "x", "curve": LINE}]}, "modifier k", "'x'"),
        (
            {"modifiers": [{"metric": "k", "curve": {"points": [["0", "1"], ["5", "-1"]]}}]},
            "modifier k",
            "cannot fall below 0%",
        ),
        (
            {"components": [component(measures=[measure(curve={"points": [["1", "0%"], ["0", "1%"], ["2", "2%"]]})])]},
            "component c k",
            "out of order",
        ),
        (
            {"components": [component(measures=[measure(curve={"points": [["1", "0%"], ["1", "1%"]]})])]},
            "component c k",
            "out of order",
        ),
        (
            {"components": [component(measures=[measure(curve={"points": [["1", "0%"]], "above": "extend"})])]},
            "component c k",
            "at least two points",
        ),
        (
            {"components": [component(measures=[measure(touchpoints={"store": "90%"})])]},
            "component c k",
            "Touchpoint shares make 90%",
        ),
        (
            {"components": [component(measures=[measure(touchpoints={"store": "100%", "web": "0%"})])]},
            "component c k",
            "above 0%",
        ),
    ],
)
def test_a_plan_that_is_inconsistent_is_refused_in_words(fields, where, why):
    made, problems = read_plan(plan_document(**fields))
    assert made is None
    assert [problem for problem in problems if problem.where == where and why in problem.why], problems


@pytest.mark.parametrize(
    ("fields", "where", "why"),
    [
        ({"starts": "1 April 2026"}, "starts", "write it like 2026-04-01"),
        ({"starts": "2026-13-01"}, "starts", "write it like 2026-04-01"),
        ({"id": None}, "id", "is missing"),
        ({"id": "service incentive"}, "id", "has other signs than a-z, A-Z, 0-9 and . _ - in it"),
        ({"id": "service/2026"}, "id", "has other signs"),
        ({"id": "service@2026"}, "id", "has other signs"),
        ({"id": "-service"}, "id", "has other signs"),
        ({"id": "dienst-prämie"}, "id", "has other signs"),
        ({"components": [component(id="a b")]}, "components[0].id", "has other signs"),
        ({"cap": "150"}, "cap", "write the % sign"),
        ({"cap": "-1%"}, "cap", "below 0%"),
        ({"shere": "1"}, "shere", "is not a known field"),
        ({"components": {"id": "c"}}, "components", "should be a list"),
        ({"components": ["c"]}, "components[0]", "should be fields with values"),
        ({"applies_to": "nobody"}, "applies_to", "should be fields with values"),
        ({"applies_to": {"units": {"a": "b"}}}, "applies_to.units", "should be a list"),
        ({"applies_to": {"units": [None]}}, "applies_to.units", "should be a text"),
        ({"applies_to": {"units": ["U"], "grades": []}}, "applies_to.grades", "leave the field out for all grades"),
        ({"eligibility": {"on_last_day": "yes"}}, "eligibility.on_last_day", "neither true nor false"),
        ({"eligibility": {"leavers": {"resigned": "maybe"}}}, "eligibility.leavers.resigned", "neither prorate"),
        ({"eligibility": {"minimum_days": "1.5"}}, "eligibility.minimum_days", "not a whole number"),
        (
            {"components": [component(measures=[measure(too_few=["luck"])])]},
            "components[0].measures[0].too_few",
            "'luck'",
        ),
        (
            {"components": [component(measures=[measure(curve={"shape": "round", "points": [["1", "1%"]]})])]},
            "components[0].measures[0].curve.shape",
            "is not one of linear, step",
        ),
        ({"components": [component(measures=[measure(curve={})])]}, "components[0].measures[0].curve.points", "a list"),
        (
            {"components": [component(measures=[measure(curve={"points": [["1"]]})])]},
            "components[0].measures[0].curve.points[0]",
            "a score and an attainment",
        ),
        (
            {"components": [component(measures=[measure(curve={"points": [["1", "50"]]})])]},
            "components[0].measures[0].curve.points[0]",
            "write the % sign",
        ),
        (
            {"components": [component(measures=[measure(curve={"points": [[0.1, "50%"]]})])]},
            "components[0].measures[0].curve.points[0]",
            "not exact",
        ),
        ({"examples": [{"name": "x", "target": "1", "pays": "1 EUR"}]}, "examples[0].target", "with its currency"),
        ({"examples": [{"name": "x", "target": "1 EUR", "pays": "1 USD"}]}, "examples[0].pays", "is in USD"),
        ({"elsewhere": 0.5}, "elsewhere", "exact number"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(fields, where, why):
    made, problems = read_plan(plan_document(**fields))
    assert made is None
    assert [problem for problem in problems if problem.where == where and why in problem.why], problems


def test_all_problems_of_a_document_are_told_at_once():
    _, problems = read_plan({"id": "p", "starts": "x", "components": [{"share": "y"}]}, "plans[0]")
    assert {problem.where for problem in problems} >= {
        "plans[0].name",
        "plans[0].starts",
        "plans[0].components[0].id",
        "plans[0].components[0].share",
    }


def test_a_long_value_is_shortened_where_it_is_quoted():
    _, problems = read_plan(plan_document(starts="x" * 100))
    assert problems[0].value.endswith("...")


def test_true_and_false_may_be_real_ones():
    assert plan(eligibility={"on_last_day": True}).eligibility.on_last_day
