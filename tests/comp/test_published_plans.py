"""Three plans that were really published, and what the linter says of each."""

from pathlib import Path

import pytest

from comp.lint import read_and_lint
from importers.documents import read_yaml
from tests.comp.lint_companies import facts

PLANS = Path(__file__).parents[1] / "files" / "plans"


def told(name):
    path = PLANS / f"{name}.yaml"
    _, findings = read_and_lint(read_yaml(path.read_bytes(), path.name), lambda _: facts())
    return {finding.check: finding for finding in findings}


def test_bands_that_both_contain_90_are_diagnosed():
    found = told("bands-that-share-90")["unreadable"]
    assert found.is_error
    assert found.path == "components[0].measures[0].curve.points"
    assert "The bands 85–90 and 90–94 overlap: both contain 90." in found.what
    assert "write 80, 85, 90, 95 as x" in found.what


def test_the_same_table_as_steps_says_what_a_score_of_90_would_pay():
    found = told("steps-that-share-90")["points-order"]
    assert found.is_error
    assert found.path == "components[0].measures[0].curve.points"
    assert "90 stands there 2 times, so that steps overlap: a score of 90 would pay 75% and 100%." in found.what
    assert found.change == "Keep one of them, and start the next step where its scores begin."


def test_a_step_from_72_8_percent_to_nothing_for_a_better_result_is_told():
    findings = told("pays-less-for-more")
    assert "from 85 on, nothing is paid, although worse and better scores pay" in findings["steps-hole"].what
    assert "At 85 attainment jumps from 72.8\u202f% to 0\u202f%" in findings["cliff"].what
    assert findings["steps-hole"].path == findings["cliff"].path == "components[0].measures[0].curve"


def test_a_printed_table_whose_own_arithmetic_is_wrong_does_not_come_out():
    found = told("table-that-does-not-add-up")["example-fails"]
    assert found.is_error
    assert (found.where, found.path) == ("example 'row 3 of the table'", "examples[1]")
    assert found.what == "It says 1085 EUR and the plan pays 1122.50."


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_of_them_is_told_with_what_to_change(path):
    findings = told(path.stem)
    assert all(finding.what and (finding.change or finding.check == "unreadable") for finding in findings.values())
