import pytest

from comp.lint import lint
from comp.metric_documents import read_metrics
from tests.make import measure, plan

METRICS = read_metrics({"k": {"statistic": "value"}, "effort": {"statistic": "value", "better": "lower"}})[1]
EXAMPLE = {"name": "at target", "scores": {"k": "100"}, "target": "1000 EUR", "pays": "1000 EUR"}


def findings(units=("U",), **fields) -> dict[str, list[str]]:
    found = lint(plan(**{"examples": [EXAMPLE], **fields}), METRICS, units)
    return {
        kind: [str(finding.problem) for finding in found if finding.is_error is is_error]
        for kind, is_error in (("errors", True), ("warnings", False))
    }


def component(*measures, **fields):
    return {"id": "c", "name": "C", "share": "100%", "measures": list(measures) or [measure()], **fields}


def test_a_sound_plan_with_a_true_example_has_no_finding():
    assert findings() == {"errors": [], "warnings": []}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"applies_to": None}, "does not say whom it pays"),
        ({"applies_to": {"units": ["X"]}}, "'X' is not a unit"),
        ({"pay_code": ""}, "no pay code"),
        ({"components": [component(measure("z"))]}, "'z' is not a known metric"),
        ({"components": [component(measure(measured_at="X"))]}, "'X' is not a unit"),
        ({"examples": [{**EXAMPLE, "pays": "1000.01 EUR"}]}, "says 1000.01 EUR and the plan pays 1000.00"),
        ({"examples": [{**EXAMPLE, "scores": {}}]}, "It is held: No usable score of k"),
        ({"examples": [{**EXAMPLE, "scores": {"y": "1"}}]}, "'y' is not a known metric"),
    ],
)
def test_what_makes_a_plan_unfit_is_an_error(fields, error):
    errors = findings(**fields)["errors"]
    assert len(errors) == 1
    assert error in errors[0]


def test_examples_are_worked_for_grades_places_targets_and_persons():
    curve = {"x": "percent_of_target", "points": [["0", "0%"], ["100", "100%"]]}
    measures = [
        measure(weight="50%", measured_at="HQ", curve=curve),
        measure("effort", weight="50%", measured_at="person", curve={"points": [["10", "0%"], ["0", "100%"]]}),
    ]
    example = {
        "name": "half",
        "scores": {"k": "40", "effort": "5"},
        "targets": {"k": "80"},
        "target": "700 JPY",
        "pays": "350 JPY",
    }
    fields = {"applies_to": {"units": ["U"], "grades": ["T1"]}, "components": [component(*measures)]}
    assert findings(("U", "HQ"), examples=[example], **fields)["errors"] == []


def test_an_example_is_worked_in_a_quarter_that_pays():
    shares = {"Q1": "0%", "Q4": "100%"}
    assert findings(quarter_shares=shares)["errors"] == []


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"examples": []}, "No worked example"),
        (
            {"components": [component(measure(curve={"points": [["0", "0%"], ["100", "100%"], ["110", "90%"]]}))]},
            "A better score pays less",
        ),
        (
            {"components": [component(measure(curve={"below": "50%", "points": [["0", "0%"], ["100", "100%"]]}))]},
            "A better score pays less",
        ),
        ({"components": [component(cap="250%")]}, "No score reaches the cap of 250"),
        ({"cap": "201%"}, "No scores reach the cap of 201"),
    ],
)
def test_what_an_author_should_think_about_is_a_warning(fields, warning):
    warnings = findings(**fields)["warnings"]
    assert len(warnings) == 1
    assert warning in warnings[0]


def test_a_cap_over_a_curve_without_end_can_be_reached():
    endless = measure(curve={"points": [["0", "0%"], ["100", "100%"]], "above": "extend"})
    assert findings(components=[component(endless, cap="900%")], cap="800%")["warnings"] == []
    assert findings(components=[component(endless)], cap="900%")["warnings"] == []


@pytest.mark.parametrize(
    ("on", "best", "reachable", "unreachable"), [("c", "1.5", "300%", "301%"), ("total", "1.5", "300%", "301%")]
)
def test_a_modifier_lifts_what_a_cap_can_be_reached_by(on, best, reachable, unreachable):
    modifier = {"metric": "k", "on": on, "curve": {"points": [["0", "1"], ["100", best]]}}
    caps = {"cap": reachable} if on == "total" else {"components": [component(cap=reachable)]}
    assert [each for each in findings(modifiers=[modifier], **caps)["warnings"] if "cap" in each] == []
    caps = {"cap": unreachable} if on == "total" else {"components": [component(cap=unreachable)]}
    (warning,) = findings(modifiers=[modifier], **caps)["warnings"]
    assert "the cap of 301" in warning


def test_a_multiplier_without_end_reaches_any_cap():
    endless = {"metric": "k", "curve": {"points": [["0", "1"], ["100", "2"]], "above": "extend"}}
    assert findings(modifiers=[endless], cap="9000%")["warnings"] == []


def test_less_may_be_better():
    rising = measure("effort", curve={"points": [["10", "0%"], ["0", "100%"]]})
    example = {**EXAMPLE, "scores": {"effort": "0"}}
    assert findings(components=[component(rising)], examples=[example])["warnings"] == []


def test_a_modifier_may_lift_the_total_to_its_cap_and_is_checked_for_falls():
    falling = {"metric": "k", "curve": {"points": [["0", "2"], ["100", "1"]]}}
    warnings = findings(cap="300%", modifiers=[falling])["warnings"]
    assert warnings == ["curve of k: A better score pays less somewhere along the curve."]


def test_names_that_are_not_known_are_told_once_each():
    twice = component(measure("z", weight="50%"), measure("y", weight="50%"), cap="250%")
    found = findings(components=[twice])
    assert len(found["errors"]) == 2
