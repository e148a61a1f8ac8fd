"""Bands as tables print them are told apart from steps, in words."""

from fractions import Fraction

import pytest

from comp.bands import read_band
from comp.plan_documents import read_plan
from tests.make import measure, plan_document


def told(points, shape="step"):
    curve = {"shape": shape, "points": points}
    document = plan_document(components=[{"id": "c", "share": "100%", "measures": [measure(curve=curve)]}])
    made, problems = read_plan(document)
    assert made is None
    (problem,) = problems
    assert problem.where == "components[0].measures[0].curve.points"
    return problem.why


@pytest.mark.parametrize(
    "points",
    [
        [["85-90", "50%"], ["90-94", "75%"]],
        [["85–90", "50%"], ["90 to 94", "75%"]],
        [["85", "90", "50%"], ["90", "94", "75%"]],
        [[["85", "90"], "50%"], [["90", "94"], "75%"]],
    ],
)
def test_two_bands_that_both_contain_90_overlap(points):
    why = told(points)
    assert "The bands 85–90 and 90–94 overlap: both contain 90." in why
    assert "write 85, 90 as x" in why


def test_bands_that_overlap_further_are_told_with_all_they_share():
    assert "The bands 85–92 and 90–94 overlap: both contain 90 to 92." in told([["90-94", "1%"], ["85-92", "0%"]])


def test_bands_with_scores_between_them_leave_a_hole():
    assert "The bands 85–90 and 93–95 leave a hole" in told([["85-90", "50%"], ["93-95", "75%"]])
    assert "leave a hole" in told([["85.0-90.0", "50%"], ["91.0-95.0", "75%"]])


def test_bands_that_follow_each_other_are_still_written_as_steps():
    why = told([["85-90", "50%"], ["91-95", "75%"]])
    assert why.startswith("A step is written by the score from which it pays")


@pytest.mark.parametrize("text", ["40", "-40", "a-b", "85-", "", "1-2-3"])
def test_what_is_no_band_is_not_read_as_one(text):
    assert read_band(text) is None


def test_a_band_has_its_ends_in_order_and_knows_its_decimals():
    assert read_band("-10.5 - -20") == (Fraction(-20), Fraction(-21, 2), 1)
