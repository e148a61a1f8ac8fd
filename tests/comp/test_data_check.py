"""What the data check finds in a quarter, and that it agrees with the calculation about who is held."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings

from comp.calculate import calculate
from comp.data_check import check_data, held, lacking
from comp.data_findings import TITLES, Check, MendKind, PlaceKind, Stop, write_data_finding
from comp.facts import Person, Result, Unit
from comp.periods import Quarter
from tests.comp.check_companies import NPS, answers, asked, facts, found, numbers, the
from tests.comp.companies import companies
from tests.make import person, plan_document

Q3 = Quarter(2025, 3)
MANY = range(200)


@given(companies())
@settings(max_examples=100)
def test_whoever_the_data_check_holds_is_held_by_the_calculation_and_the_other_way_round(company):
    run, findings = calculate(company), check_data(company)
    assert held(findings) == {hold.employee for hold in run.held}
    unpaid = {Check.GAP, Check.NO_PLAN}
    told = {employee for finding in findings if finding.check in unpaid for employee in numbers(finding)}
    assert {each.employee for each in run.outside} <= told


@given(companies())
@settings(max_examples=20)
def test_the_order_of_facts_changes_no_finding_and_no_id(company):
    turned = replace(company, people=company.people[::-1], units=company.units[::-1], results=company.results[::-1])
    assert [each.id for each in check_data(turned)] == [each.id for each in check_data(company)]


def test_a_sound_company_has_no_finding():
    assert check_data(facts()) == ()


def test_what_a_quarter_lacks_stops_the_run_and_cannot_be_waived():
    stated = facts(people=[], results=[], plans=[])
    stops = list(lacking(stated))
    assert [each.check for each in stops] == [Check.NOBODY_EMPLOYED, Check.NO_RESULTS, Check.NO_PLAN_PUBLISHED]
    assert {each.stops for each in stops} == {Stop.RUN}
    assert not any(each.is_waivable for each in stops)
    assert stops[0].problem.why == "Nobody was employed in 2025-Q3. Import people whose assignments reach into it."


def test_a_personal_result_is_a_result():
    own = person()
    stated = facts(results=[], people=[own], personal_results=[])
    assert Check.NO_RESULTS in {each.check for each in lacking(stated)}
    (alone,) = stated.people
    paid = replace(stated, people=(replace(alone, results=("a result",)),))
    assert Check.NO_RESULTS not in {each.check for each in lacking(paid)}


def test_employed_days_in_no_assignment_are_told_with_the_days():
    gap = person(assignments=[{"unit": "U", "from": "2025-07-11", "currency": "EUR", "target_amount": "4000"}])
    finding = the(Check.GAP, people=[{**gap, "hired": "2020-01-01"}])
    assert finding.what == "1 person is employed on days that are in no assignment, and earns nothing on them."
    assert [each.note for each in finding.people] == ["1 July 2025 to 10 July 2025"]
    assert not finding.is_error
    assert finding.place.words == "Unit (U)"


def test_a_gap_in_the_middle_and_one_at_the_end_are_both_told():
    spans = [("2025-06-01", "2025-07-14"), ("2025-07-16", "2025-09-29")]
    own = [{"unit": "U", "from": a, "to": b, "currency": "EUR", "target_amount": "4000"} for a, b in spans]
    (each,) = the(Check.GAP, people=[person(assignments=own)]).people
    assert each.note == "15 July 2025, 30 September 2025"


def test_somebody_employed_in_no_unit_at_all_is_told_at_the_quarter():
    own = Person("7", "Nobody's", (), hired=Q3 and facts().calendar.span(Q3).start)
    finding = next(each for each in check_data(replace(facts(), people=(own,))) if each.check is Check.GAP)
    assert (finding.place.kind, finding.place.key) == (PlaceKind.QUARTER, "2025-Q3")
    assert [each.note for each in finding.people] == ["all days"]


def test_two_stays_that_touch_leave_no_gap():
    spans = [("2020-01-01", "2025-08-14"), ("2025-08-15", "2025-12-31")]
    own = [{"unit": "U", "from": a, "to": b, "currency": "EUR", "target_amount": "4000"} for a, b in spans]
    assert check_data(facts(people=[person(assignments=own)])) == ()


def test_days_assigned_before_hiring_and_after_leaving_are_told():
    own = person(hired="2025-07-11", left="2025-08-31", to="2025-09-15")
    (each,) = the(Check.OUTSIDE_EMPLOYMENT, people=[own]).people
    assert each.note == "1 July 2025 to 10 July 2025, 1 September 2025 to 15 September 2025"


def test_an_assignment_that_is_open_ends_with_the_employment():
    assert found(Check.OUTSIDE_EMPLOYMENT, people=[person(left="2025-08-31")]) == []


def test_an_assignment_that_begins_after_somebody_left_is_told():
    own = [
        {"unit": "U", "from": "2020-01-01", "to": "2025-08-31", "currency": "EUR", "target_amount": "4000"},
        {"unit": "U", "from": "2025-09-10", "currency": "EUR", "target_amount": "4000"},
    ]
    (each,) = the(Check.OUTSIDE_EMPLOYMENT, people=[person(assignments=own, left="2025-08-31")]).people
    assert each.note == "10 September 2025 to 30 September 2025"


def test_assignments_that_overlap_hold_the_person():
    spans = [("2020-01-01", "2025-08-14"), ("2025-08-10", "2025-12-31")]
    own = [{"unit": "U", "from": a, "to": b, "currency": "EUR", "target_amount": "4000"} for a, b in spans]
    finding = the(Check.OVERLAPPING_ASSIGNMENTS, people=[person(assignments=own)])
    assert (finding.held, finding.people[0].note) == (("1",), "10 August 2025")
    assert finding.mend.kind is MendKind.IMPORT


def test_absences_that_overlap_hold_the_person_and_are_mended_with_absences():
    away = [
        {"from": "2025-07-01", "to": "2025-07-10", "kind": "a"},
        {"from": "2025-07-10", "to": "2025-07-12", "kind": "b"},
    ]
    finding = the(Check.OVERLAPPING_ABSENCES, people=[person(absences=away)])
    assert (finding.held, finding.mend.key) == (("1",), "absences")


def test_everything_that_is_wrong_with_somebody_is_told_at_once():
    spans = [("2020-01-01", "2025-08-14"), ("2025-08-10", "2025-12-31")]
    own = [{"unit": "U", "from": a, "to": b, "currency": "EUR"} for a, b in spans]
    checks = {
        each.check
        for each in check_data(
            facts(
                people=[person(assignments=own)],
                results=[answers("U", "2025-Q2", 1)],
                metrics={**NPS, "k": {"statistic": "value", "decimals": 4}},
            )
        )
    }
    assert {Check.OVERLAPPING_ASSIGNMENTS, Check.NO_TARGET, Check.NO_SCORE} <= checks


def test_a_number_that_several_people_bear_holds_them_all():
    twice = replace(facts(), people=(*facts().people, *facts(people=[person(name="Other")]).people))
    finding = next(each for each in check_data(twice) if each.check is Check.REPEATED_NUMBER)
    assert finding.held == ("1",)


def test_people_in_a_unit_that_there_is_not_are_held():
    company = facts(people=[person()])
    (own,) = company.people
    lost = replace(own, assignments=(replace(own.assignments[0], unit="NOWHERE"),))
    finding = next(each for each in check_data(replace(company, people=(lost,))) if each.check is Check.UNKNOWN_UNIT)
    assert (finding.place.key, finding.held, finding.mend.key) == ("NOWHERE", ("1",), "units")
    later = replace(lost.assignments[0], span=replace_start(company))
    past = replace(lost, assignments=(own.assignments[0], later))
    assert not [each for each in check_data(replace(company, people=(past,))) if each.check is Check.UNKNOWN_UNIT]


def replace_start(company):
    """Days after the quarter."""
    return company.calendar.span(Q3.plus(1))


def test_a_missing_target_and_what_is_no_currency_hold_and_a_target_of_0_is_worth_a_look():
    company = facts(people=[person("1"), person("2"), person("3")])
    one, two, three = (each.assignments[0] for each in company.people)
    changed = (
        replace(one, target_amount=None),
        replace(two, currency="XXX"),
        replace(three, target_amount=Fraction(0)),
    )
    people = tuple(replace(each, assignments=(own,)) for each, own in zip(company.people, changed, strict=True))
    findings = {each.check: each for each in check_data(replace(company, people=people))}
    assert findings[Check.NO_TARGET].held == ("1",)
    assert (findings[Check.NO_CURRENCY].held, findings[Check.NO_CURRENCY].people[0].note) == (("2",), "'XXX'")
    assert (findings[Check.ZERO_TARGET].is_error, numbers(findings[Check.ZERO_TARGET])) == (False, ["3"])


def test_people_in_no_plan_are_told_with_grade_and_days():
    plans = [plan_document(applies_to={"units": ["U"], "grades": ["T1"]}, starts="2025-08-01")]
    people = [person("1", grade="T1"), person("2", grade="T2"), person("3")]
    finding = the(Check.NO_PLAN, plans=plans, people=people)
    assert finding.what == "3 people are not paid by any plan."
    assert [each.note for each in finding.people] == [
        "grade T1, 1 July 2025 to 31 July 2025",
        "grade T2, 1 July 2025 to 31 July 2025; grade T2, 1 August 2025 to 30 September 2025",
        "1 July 2025 to 31 July 2025; 1 August 2025 to 30 September 2025",
    ]


def test_two_plans_for_the_same_people_hold_them_and_name_both():
    finding = the(Check.PLAN_CLASH, plans=[plan_document(), plan_document(id="q")])
    assert (
        finding.what
        == "The plan is ambiguous: p@2025-01-01 and q@2025-01-01 both pay the whole company. 1 person is held."
    )
    assert (finding.held, finding.mend) == (("1",), (MendKind.PLAN, "p@2025-01-01"))
    more = the(Check.PLAN_CLASH, plans=[plan_document(), plan_document(id="q")], people=[person("1"), person("2")])
    assert more.what.endswith("2 people are held.")


def test_units_in_no_tree_are_told_where_nobody_is_assigned_to_them():
    company = facts()
    lost = replace(company, units=(*company.units, Unit("X", "Lost", "NOWHERE")))
    (finding,) = check_data(lost)
    assert (finding.check, finding.place.words) == (Check.LOST_UNIT, "Lost (X)")
    astray = replace(company, units=(Unit("U", "Unit", "NOWHERE"),))
    assert Check.LOST_UNIT not in {each.check for each in check_data(astray)}


def test_an_id_stays_until_figures_people_or_place_change():
    def finding(count, people=("1",)):
        return the(
            Check.NO_SCORE,
            metrics=NPS,
            plans=[asked()],
            people=[person(each) for each in people],
            results=[answers("U", "2025-Q3", count)],
        )

    assert finding(20).id == finding(20).id
    assert len({finding(20).id, finding(21).id, finding(20, ("1", "2")).id}) == 3
    assert finding(20).key == finding(21).key


def test_every_check_has_its_title():
    assert set(TITLES) == set(Check)
    assert the(Check.ZERO_TARGET, people=[person(target_amount="0")]).title == "Targets of 0"


def test_a_finding_is_written_with_everything_and_money_of_nobody():
    finding = the(Check.GAP, people=[{**person(from_="2025-07-11"), "hired": "2020-01-01"}])
    assert write_data_finding(finding) == {
        "id": finding.id,
        "check": "gap",
        "severity": "warning",
        "stops": None,
        "place": {"kind": "unit", "key": "U", "name": "Unit"},
        "what": finding.what,
        "change": finding.change,
        "mend": {"page": "import", "at": "people"},
        "people": [{"employee": "1", "note": "1 July 2025 to 10 July 2025"}],
        "holds": 0,
    }


def test_a_result_of_a_quarter_before_is_none_of_this_one():
    company = facts()
    old = replace(company, results=(Result("U", Q3.plus(-1), "k", value=Fraction(1)),))
    assert Check.NO_RESULTS in {each.check for each in lacking(old)}


def test_thousands_of_people_with_the_same_fault_are_one_finding():
    (finding,) = found(Check.ZERO_TARGET, people=[person(str(n), target_amount="0") for n in MANY])
    assert finding.what == "200 people have a target of 0 and get 0 whatever the scores."
