"""What the linter finds in a plan by itself: names, examples, curves, caps and weights."""

import pytest

from comp.facts import Unit
from comp.findings import write_finding
from comp.lint import lint, read_alone, read_and_lint
from comp.lint_facts import LintFacts
from tests.comp.lint_companies import EXAMPLE, METRICS, asks, component, found
from tests.make import measure, plan, plan_document


def findings(units=("U",), **fields) -> dict[str, list[str]]:
    known = LintFacts(METRICS, tuple(Unit(code, code) for code in units))
    every = found(known, **fields)
    return {
        kind: [str(finding.problem) for finding in every if finding.is_error is is_error]
        for kind, is_error in (("errors", True), ("warnings", False))
    }


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
        ({"quarter_shares": {"Q1": "0%", "Q4": "100%"}}, "Nothing can be earned in Q1"),
    ],
)
def test_what_an_author_should_think_about_is_a_warning(fields, warning):
    warnings = [each for each in findings(**fields)["warnings"] if "a cliff of" not in each]
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
    (warning,) = (each for each in findings(modifiers=[modifier], **caps)["warnings"] if "cap" in each)
    assert "the cap of 301" in warning


def test_a_multiplier_without_end_reaches_any_cap():
    endless = {"metric": "k", "curve": {"points": [["0", "1"], ["100", "2"]], "above": "extend"}}
    assert found(check="cap-unreachable", modifiers=[endless], cap="9000%") == []


def test_less_may_be_better():
    rising = measure("effort", curve={"points": [["10", "0%"], ["0", "100%"]]})
    example = {**EXAMPLE, "scores": {"effort": "0"}}
    assert findings(components=[component(rising)], examples=[example])["warnings"] == []


def test_a_modifier_may_lift_the_total_to_its_cap_and_is_checked_for_falls():
    falling = {"metric": "k", "curve": {"points": [["0", "2"], ["100", "1"]]}}
    warnings = findings(cap="300%", modifiers=[falling])["warnings"]
    (warning,) = (each for each in warnings if "pays less" in each)
    assert warning.startswith(
        "modifier k: A better score pays less somewhere along the curve: 200\u202f% at 0, 100\u202f%"
    )


def test_names_that_are_not_known_are_told_once_each():
    twice = component(measure("z", weight="50%"), measure("y", weight="50%"), cap="250%")
    found = findings(components=[twice])
    assert len(found["errors"]) == 2


def test_a_finding_says_where_what_and_what_to_change():
    (finding,) = found(check="cap-unreachable", components=[component(cap="250%")])
    assert (finding.severity, finding.where, finding.path) == ("warning", "component c", "components[0].cap")
    assert finding.change == "Lower the cap to it, raise the curves, or leave the cap out."
    assert str(finding.problem).endswith(f"{finding.what} {finding.change}")
    assert write_finding(finding) == {
        "check": "cap-unreachable",
        "severity": "warning",
        "where": "component c",
        "path": "components[0].cap",
        "what": finding.what,
        "change": finding.change,
    }


def test_where_less_is_better_a_curve_that_rises_with_the_score_pays_a_better_score_less():
    rising = measure("effort", curve={"points": [["0", "0%"], ["10", "100%"]]})
    (finding,) = found(check="falling", components=[component(rising)], examples=[])
    assert "100\u202f% at 10, 0\u202f% at 0." in finding.what
    assert "lower score" in finding.change


def test_a_curve_that_starts_lower_than_what_lies_below_it_falls():
    curve = {"below": "50%", "points": [["0", "0%"], ["100", "100%"]]}
    (finding,) = found(check="falling", components=[component(measure(curve=curve))])
    assert "50\u202f% below the first point, 0\u202f% at 0." in finding.what


def test_a_step_that_pays_nothing_between_steps_that_pay_is_a_hole():
    curve = {"shape": "step", "points": [["70", "50%"], ["80", "0%"], ["90", "100%"]]}
    (finding,) = found(check="steps-hole", components=[component(measure(curve=curve))], examples=[])
    assert "from 80 on, nothing is paid, although worse and better scores pay" in finding.what
    assert finding.path == "components[0].measures[0].curve"


def test_points_beyond_the_metrics_scale_are_told():
    curve = {"points": [["0", "0%"], ["101", "100%"]]}
    (finding,) = found(check="beyond-scale", **asks(curve=curve))
    assert finding.what == "No score reaches 101: nps lies from −100 to 100 on this axis."
    assert found(check="beyond-scale", **asks(curve={"points": [["0", "0%"], ["100", "100%"]]})) == []


def test_points_farther_from_target_than_the_scale_is_long_are_told():
    curve = {"x": "points_from_target", "points": [["-5", "0%"], ["250", "100%"]]}
    (finding,) = found(check="beyond-scale", **asks(curve=curve))
    assert "No score reaches 250 points from target: nps lies from −200 to 200" in finding.what


def test_of_a_percentage_of_target_no_end_of_the_scale_is_known():
    curve = {"x": "percent_of_target", "points": [["80", "0%"], ["900", "100%"]]}
    assert found(check="beyond-scale", **asks(curve=curve)) == []


def test_a_cap_beyond_the_end_of_the_scale_is_not_reached_by_a_line_without_end():
    endless = {"points": [["0", "0%"], ["50", "100%"]], "above": "extend"}
    fields = {"components": [component(measure("nps", curve=endless), cap="201%")], "examples": []}
    (finding,) = found(check="cap-unreachable", **fields)
    assert "the curves end at 200\u202f%" in finding.what
    fields["components"][0]["cap"] = "200%"
    assert found(check="cap-unreachable", **fields) == []


def test_parts_without_weight_are_told():
    measures = [measure(), measure("effort", weight="0%")]
    parts = [component(*measures), component(id="d", name="D", share="0%")]
    told = found(check="zero-weight", components=parts, examples=[])
    assert [(each.path, each.what.partition(":")[0]) for each in told] == [
        ("components[1].share", "D has a share of 0\u202f%"),
        ("components[0].measures[1].weight", "effort has a weight of 0\u202f%"),
    ]


def test_a_customers_part_of_one_metric_is_told_and_one_of_two_or_of_stated_values_is_not():
    (finding,) = found(check="single-metric", **asks())
    assert finding.what == "Customer rests on nps alone: what is paid for is what gets asked for."
    two = component(measure("nps", weight="60%"), measure("csat", weight="40%"))
    assert found(check="single-metric", components=[two], examples=[]) == []
    assert found(check="single-metric") == []


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (["hold", "parent"], "`parent` is never reached: `hold` stands before it."),
        (["rolling-4", "neutral", "zero"], "`zero` is never reached: `neutral` stands before it."),
        (["parent", "parent", "hold"], "`parent` is never reached: `parent` stands before it."),
        (["renormalise", "hold"], "`hold` is never reached: `renormalise` stands before it."),
    ],
)
def test_a_fallback_after_one_that_always_works_is_never_reached(chain, said):
    (finding,) = found(check="fallback-unreachable", **asks(too_few=chain))
    assert finding.what == said
    assert finding.path.endswith(f"too_few[{1 if chain[0] != 'rolling-4' else 2}]")


def test_a_chain_that_ends_with_what_always_works_is_sound_and_a_persons_is_not_looked_at():
    assert found(check="fallback-unreachable", **asks(too_few=["rolling-4", "parent", "neutral"])) == []
    person = measure(measured_at="person", too_few=["hold", "parent"])
    assert found(check="fallback-unreachable", components=[component(person)]) == []


def test_errors_come_before_warnings():
    severities = [each.severity for each in found(pay_code="", cap="201%")]
    assert severities == ["error", "warning"]


def test_a_plan_whose_parts_do_not_fit_together_is_told_that_alone():
    document = plan_document(components=[component(measure(weight="60%"))])
    made, told = read_and_lint(document, lambda _: LintFacts())
    assert made is None
    assert [(each.check, each.path) for each in told] == [("totals", "components[0].measures")]
    assert told[0].what == "Weights of Customer make 60%, not 100%: 40% is left."
    assert told[0].change == "Raise a measure's weight by 40%."


def test_an_inconsistent_plan_can_be_linted_too():
    from comp.plan_documents import read_unchecked_plan

    made, _ = read_unchecked_plan(plan_document(elsewhere="5%"))
    (finding,) = lint(made, LintFacts(METRICS))
    assert (finding.check, finding.change) == ("totals", "Lower a component's share by 5%.")


def test_a_document_that_is_no_plan_is_told_field_by_field():
    made, told = read_alone({"id": "p", "cap": "a lot"})
    assert made is None
    assert {each.check for each in told} == {"unreadable"}
    assert "cap" in {each.path for each in told}
    assert any(each.what.startswith("'a lot': ") for each in told)


def test_without_a_company_a_plan_is_checked_for_being_complete():
    made, told = read_alone(plan_document(pay_code=""))
    assert made == plan(pay_code="")
    assert [each.check for each in told] == ["no-pay-code"]


def test_of_a_sound_document_everything_is_told_that_the_company_knows():
    made, told = read_and_lint(plan_document(), lambda _: LintFacts(METRICS))
    assert made == plan()
    assert [each.check for each in told] == ["example-missing"]
