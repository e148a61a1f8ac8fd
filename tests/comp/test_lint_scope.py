"""Whom a plan pays and from when: rivals, units without people or targets, quarters that are over."""

from datetime import date

from comp.lint_facts import Headcount
from comp.periods import Quarter
from tests.comp.lint_companies import EXAMPLE, asks, component, facts, found
from tests.make import measure, plan

OTHER = {"id": "other", "applies_to": {"units": ["U"]}}


def overlap(known, **fields):
    return found(known, "scope-overlap", **fields)


def test_a_published_plan_for_the_same_unit_would_hold_the_people_of_both():
    known = facts(published=(plan(**OTHER),), people=(("U", "T1", 10), ("U", "T2", 4), ("V", "T1", 5)))
    (finding,) = overlap(known, applies_to={"units": ["U", "V"]})
    assert finding.is_error
    assert finding.what == (
        "other@2025-01-01 pays unit U too. From 1 January 2025 on neither would decide, and 14 payouts would be held."
    )
    assert finding.path == "applies_to"


def test_two_plans_for_the_whole_company_overlap():
    known = facts(published=(plan(id="other"), plan(id="third")))
    (finding,) = overlap(known)
    assert "other@2025-01-01 and third@2025-01-01 pay the whole company too." in finding.what
    assert "10 payouts" in finding.what


def test_a_plan_for_a_unit_below_decides_there_and_overlaps_with_nothing():
    known = facts(published=(plan(**OTHER),), people=(("U", "", 3), ("V", "", 2)))
    assert overlap(known, applies_to={"units": ["CO"]}) == []


def test_other_grades_are_other_people():
    known = facts(published=(plan(id="other", applies_to={"units": ["U"], "grades": ["T1"]}),))
    assert overlap(known, applies_to={"units": ["U"], "grades": ["T2"]}) == []


def test_where_nobody_is_yet_an_overlap_is_a_warning():
    (finding,) = overlap(facts(published=(plan(**OTHER),), people=(("V", "", 2),)), applies_to={"units": ["U"]})
    assert (finding.is_error, finding.what.partition(",")[0]) == (False, "other@2025-01-01 pays unit U too")
    (finding,) = overlap(facts(published=(plan(id="other"),), people=()))
    assert "pays the whole company too" in finding.what


def test_a_rival_that_starts_later_overlaps_from_then_on():
    later = plan(**OTHER, starts="2025-07-01")
    (finding,) = overlap(facts(published=(later,)), applies_to={"units": ["U"]})
    assert "From 1 July 2025 on" in finding.what


def test_a_rival_that_starts_after_the_next_version_of_this_plan_is_not_its_rival():
    later = plan(**OTHER, starts="2025-07-01")
    following = plan(starts="2025-04-01", applies_to={"units": ["V"]})
    assert overlap(facts(published=(later, following)), applies_to={"units": ["U"]}) == []


def test_an_earlier_version_of_the_same_plan_is_followed_and_no_rival():
    before = plan(starts="2024-01-01", applies_to={"units": ["U"]})
    assert overlap(facts(published=(before,)), applies_to={"units": ["U"]}) == []


def test_a_published_version_is_no_rival_of_itself():
    itself = plan(applies_to={"units": ["U"]}, examples=[EXAMPLE])
    assert overlap(facts(published=(itself,)), applies_to={"units": ["U"]}) == []


def test_a_unit_in_which_the_plan_pays_nobody_is_told():
    (finding,) = found(facts(), "nobody", applies_to={"units": ["U", "V"]})
    assert finding.path == "applies_to.units[1]"
    assert finding.what.startswith("V and the units below it have nobody whom the plan would pay from 2025-01-01")
    (finding,) = found(facts(), "nobody", applies_to={"units": ["U"], "grades": ["T9"]})
    assert finding.what.startswith("U and")


def test_people_below_a_unit_are_its_people():
    assert found(facts(), "nobody", applies_to={"units": ["CO"]}) == []


def test_people_whom_two_plans_claim_are_not_nobody():
    assert found(facts(published=(plan(**OTHER),)), "nobody", applies_to={"units": ["U"]}) == []


def test_a_plan_for_everybody_that_other_plans_leave_nobody_is_told():
    (finding,) = found(facts(published=(plan(**OTHER),)), "nobody")
    assert "other plans decide for everybody" in finding.what


def test_before_people_are_imported_and_for_units_that_do_not_exist_nobody_is_missed():
    assert found(facts(people=()), "nobody", applies_to={"units": ["U"]}) == []
    assert found(facts(people=(("X", "", 3), ("U", "", 1))), "nobody", applies_to={"units": ["X", "U"]}) == []


def targets(known, axis="points_from_target", **fields):
    curve = {"x": axis, "points": [["90", "0%"], ["100", "100%"]]}
    return found(known, "no-target", components=[component(measure(curve=curve, **fields))], examples=[])


def test_units_without_a_target_are_told_with_the_quarter():
    (finding,) = targets(facts(targets=[("V", "2025-Q1", "k", 5), ("U", "2024", "k", 5)]))
    assert finding.what == "U has no target of k for 2025-Q1: people are held."
    assert finding.path == "components[0].measures[0].curve.x"
    (finding,) = targets(facts(people=(("U", "", 1), ("V", "", 1))))
    assert finding.what.startswith("U and V have no target")


def test_a_target_above_is_inherited_and_a_curve_by_score_needs_none():
    assert targets(facts(targets=[("CO", "2025", "k", 5)])) == []
    assert found(facts(), "no-target") == []


def test_a_plan_that_has_started_needs_the_targets_of_the_latest_quarter():
    known = facts(targets=[("CO", "2025", "k", 5)], quarters=(Quarter(2026, 2),))
    (finding,) = targets(known)
    assert "for 2026-Q2" in finding.what


def test_no_percentage_can_be_taken_of_a_target_of_0():
    known = facts(targets=[("CO", "2025", "k", 0)])
    (finding,) = targets(known, "percent_of_target")
    assert finding.what == "U has a target of k of 0 or less: no percentage can be taken."
    assert targets(known) == []


def test_a_target_where_a_person_is_measured_is_not_looked_for():
    assert targets(facts(), measured_at="person") == []


def test_a_start_in_a_calculated_quarter_is_told_until_the_version_is_published():
    done = frozenset({Quarter(2024, 4), Quarter(2025, 1), Quarter(2025, 2)})
    (finding,) = found(facts(calculated=done), "starts-in-calculated-quarter")
    assert finding.what == "The plan starts in 2025-Q1, and 2025-Q1 and 2025-Q2 have been calculated."
    assert found(facts(calculated=frozenset({Quarter(2024, 4)})), "starts-in-calculated-quarter") == []
    published = (plan(examples=[EXAMPLE]),)
    assert found(facts(calculated=done, published=published), "starts-in-calculated-quarter") == []


def test_a_headcount_says_who_is_there():
    assert facts().people == (Headcount("U", "T1", 10),)
    assert plan(**asks()).starts == date(2025, 1, 1)
