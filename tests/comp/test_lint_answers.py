"""What eight quarters of answers say of a plan: units with too few, gates that decide nothing."""

from fractions import Fraction

import pytest

from comp.facts import Result
from comp.scores import Sample
from tests.comp.lint_companies import EIGHT, asks, component, facts, found
from tests.make import measure

FEW, MANY = (6, 3, 1), (60, 30, 10)
NEVER = "never-enough-answers"


@pytest.mark.parametrize(
    ("chain", "answers", "outcome"),
    [
        (["hold"], FEW, "their people would be held"),
        (["parent", "hold"], FEW, "CO would count"),
        (["rolling-4", "hold"], (9, 3, 1), "the last four quarters would count"),
        (["neutral"], FEW, "it would count as 100\u202f% whatever customers say"),
        (["zero"], FEW, "it would count as 0\u202f% whatever customers say"),
        (["renormalise"], FEW, "the measure would be left out"),
    ],
)
def test_a_unit_that_never_had_enough_answers_is_told_with_what_would_happen(chain, answers, outcome):
    known = facts(answers={"U": answers, "V": MANY})
    (finding,) = found(known, NEVER, **asks(too_few=chain))
    most = sum(answers)
    assert finding.what == (
        f"Never 50 answers to nps in the last 8 quarters: U (at most {most}). By the latest of them {outcome}."
    )
    assert finding.path == "components[0].measures[0].min_answers"


def test_held_people_are_told_first_and_units_are_listed_once():
    people = (("U", "", 3), ("V", "T1", 2), ("V", "T2", 2))
    known = facts(people=people, answers={"U": FEW, "V": (11, 6, 3)})
    told = found(known, NEVER, **asks(too_few=["rolling-4", "hold"]))
    assert [each.what.partition(": ")[2] for each in told] == [
        "U (at most 10). By the latest of them their people would be held.",
        "V (at most 20). By the latest of them the last four quarters would count.",
    ]


def test_a_unit_that_once_had_enough_is_not_told():
    known = facts(answers={"U": MANY})
    assert found(known, NEVER, **asks()) == []


def test_a_unit_without_any_answer_is_told():
    (finding,) = found(facts(answers={"V": MANY}), NEVER, **asks(too_few=["hold"]))
    assert "U (at most none)" in finding.what


def test_a_value_that_was_never_stated_is_told():
    (finding,) = found(facts(stated={("V", "k"): 5}), NEVER)
    assert finding.what.startswith("No value of k in the last 8 quarters: U. By the latest of them their people")
    assert found(facts(stated={("CO", "k"): 5}), NEVER) == []


def test_weighted_touchpoints_count_as_the_plans_minimum_counts_them():
    results = tuple(
        Result("U", quarter, "nps", Sample(answers, 0, 0), touchpoint=touchpoint)
        for quarter in EIGHT
        for touchpoint, answers in (("store", 90), ("web", 2))
    )
    known = facts(results=results)
    weighted = {"touchpoints": {"store": "50%", "web": "50%"}, "too_few": ["hold"]}
    (finding,) = found(known, NEVER, **asks(**weighted))
    assert "U (at most 7)" in finding.what
    assert found(known, NEVER, **asks(**{**weighted, "min_answers": "7"})) == []
    lone = {"touchpoints": {"store": "50%", "repair": "50%"}, "too_few": ["hold"]}
    (finding,) = found(known, NEVER, **asks(**lone))
    assert "U (at most none)" in finding.what


def test_without_history_people_or_a_known_metric_nothing_is_said():
    assert found(facts(quarters=()), NEVER, **asks()) == []
    assert found(facts(people=()), NEVER, **asks()) == []
    assert found(facts(), NEVER, **asks("z")) == []
    person = component(measure(measured_at="person"))
    assert found(facts(stated={("V", "k"): 5}), NEVER, components=[person]) == []


def gate(**limits):
    return {"gates": [{"metric": "nps", "otherwise": {"cap": "90%"}, **limits}]}


def told_of(known, **limits):
    return [(each.check, each.what) for each in found(known, **gate(**limits)) if each.check.startswith("gate-")]


def test_a_gate_that_held_or_failed_every_time_is_told():
    known = facts(people=(("U", "", 1), ("V", "", 1)), answers={"U": MANY, "V": (50, 30, 20)})
    assert told_of(known, at_least="20") == [
        ("gate-never-fails", "The gate nps at least 20 never fails: it held in 2 units in each of the last 8 quarters.")
    ]
    ((check, what),) = told_of(known, at_least="60", at_most="90")
    assert check == "gate-always-fails"
    assert "at least 60 and at most 90 always fails: it failed in 2 units in each of the last 8 quarters." in what
    assert told_of(known, at_least="40") == []


def test_a_gate_is_tried_on_a_year_at_least_and_where_somebody_is_paid():
    assert told_of(facts(answers={"U": MANY}, quarters=EIGHT[:3]), at_least="20") == []
    assert told_of(facts(answers={"V": FEW}), at_least="20") == []


def test_a_gate_at_the_end_of_the_scale_is_told_without_history():
    assert told_of(None, at_least="-100")[0][0] == "gate-never-fails"
    assert told_of(None, at_least="100.5") == [
        ("gate-always-fails", "The gate nps at least 100.5 always fails: nps lies from −100 to 100.")
    ]
    assert told_of(None, at_most="-101")[0][0] == "gate-always-fails"
    assert told_of(None, at_least="0") == []


def test_a_gate_on_a_stated_value_or_an_unknown_metric_has_no_scale():
    known = facts(stated={("U", "k"): Fraction(5)})
    stated = {"gates": [{"metric": "k", "at_least": "1", "otherwise": {"cap": "90%"}}]}
    assert [each.check for each in found(known, **stated) if "gate" in each.check] == ["gate-never-fails"]
    stated["gates"][0]["metric"] = "z"
    assert [each.check for each in found(known, **stated) if "gate" in each.check] == []
