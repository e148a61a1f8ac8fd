"""The data check agrees with the calculation."""

from hypothesis import given, settings

from comp.calculate import calculate
from comp.data_check import check_data, held
from comp.data_findings import Check
from tests.comp.companies import companies


@given(companies())
@settings(max_examples=400)
def test_whoever_the_data_check_holds_is_held_by_the_calculation_and_the_other_way_round(facts):
    run, findings = calculate(facts), check_data(facts)
    assert held(findings) == {hold.employee for hold in run.held}
    told = {
        each.employee for finding in findings if finding.check in {Check.GAP, Check.NO_PLAN} for each in finding.people
    }
    assert {person.employee for person in run.outside} <= told
