from datetime import date

from comp.facts import Unit
from comp.organisation import Organisation
from comp.periods import Span
from comp.scope import Clash, Scopes
from tests.make import plan

QUARTER = Span(date(2025, 7, 1), date(2025, 10, 1))
TREE = Organisation([Unit("CO", "Company"), Unit("A", "A", "CO"), Unit("B", "B", "CO")])


def scopes(*plans):
    return Scopes(plans, QUARTER, TREE)


def test_the_quarter_is_cut_where_a_version_starts():
    made = scopes(
        plan(), plan(starts="2025-08-15"), plan(id="q", starts="2025-07-01"), plan(id="r", starts="2025-10-01")
    )
    assert made.spans == (Span(QUARTER.start, date(2025, 8, 15)), Span(date(2025, 8, 15), QUARTER.end))


def test_the_plan_of_a_unit_at_the_end_is_told_whatever_the_grade():
    here = plan(id="a", applies_to={"units": ["A"], "grades": ["G9"]})
    company, later = plan(id="c"), plan(id="a", starts="2025-09-01", applies_to={"units": ["A"]})
    assert scopes(company, here).any_plan("A") is here
    assert scopes(company, here, later).any_plan("A") is later
    assert scopes(company, here).any_plan("B") is company
    assert scopes(here).any_plan("B") is None


def test_three_plans_that_fit_at_one_place_are_all_named():
    made = scopes(*(plan(id=id_, applies_to={"units": ["CO"]}) for id_ in "abc"))
    clash = made.choose(made.spans[0], "A", "")
    assert isinstance(clash, Clash)
    assert clash.why == (
        "The plan is ambiguous: a@2025-01-01 and b@2025-01-01 and c@2025-01-01 both pay unit CO. "
        "Narrow the units or grades of one of them."
    )
