"""What the data check finds in a quarter, and that it agrees with the calculation about who is held."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings

from comp.calculate import calculate
from comp.data_check import check_data, held, lacking
from comp.data_findings import TITLES, Check, MendKind, PlaceKind, Stop, write_data_finding
from comp.facts import Person, Result, Unit
from comp.periods import Quarter
from tests.comp.companies import companies
from tests.make import measure, person, plan_document, scenario

Q3 = Quarter(2025, 3)
MANY = range(200)


def facts(**fields):
    return scenario(**fields).facts


def found(check, **fields):
    """The findings of one check in the company with these fields changed."""
    return [finding for finding in check_data(facts(**fields)) if finding.check is check]


def the(check, **fields):
    (finding,) = found(check, **fields)
    return finding


def numbers(finding):
    return [each.employee for each in finding.people]


def asked(**fields):
    """A plan that pays by answers to `nps`, of which it asks for 50."""
    line = {"points": [["0", "0%"], ["100", "100%"]]}
    made = {"metric": "nps", "weight": "100%", "curve": line, **fields}
    return plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [made]}])


def answers(unit, quarter, count):
    return {"unit": unit, "quarter": quarter, "metric": "nps", "promoters": count, "passives": 0, "detractors": 0}


NPS = {"nps": {"question": "recommend", "statistic": "nps", "decimals": 1}}
TREE = [{"unit": "CO", "name": "Company"}, {"unit": "U", "name": "Unit", "parent": "CO"}]


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


def test_a_unit_without_a_usable_score_tells_whom_it_holds_and_how_many_answers_are_missing():
    finding = the(
        Check.NO_SCORE,
        units=TREE,
        metrics=NPS,
        plans=[asked()],
        people=[person("1"), person("2")],
        results=[answers("U", "2025-Q3", 20), answers("U", "2025-Q2", 12)],
    )
    assert finding.held == ("1", "2")
    assert finding.what.startswith("2 people are held. No usable score of nps for U: 20 answers in 2025-Q3")
    assert finding.what.endswith("18 more answers would be enough.")
    assert finding.mend.key == "answers"


def test_so_many_more_answers_are_enough_and_one_fewer_is_not():
    for more, is_held in ((18, False), (17, True)):
        company = facts(
            units=TREE,
            metrics=NPS,
            plans=[asked()],
            results=[answers("U", "2025-Q3", 20 + more), answers("U", "2025-Q2", 12)],
        )
        assert bool(calculate(company).held) is is_held


def test_answers_above_count_only_where_the_plan_asks_the_unit_above():
    results = [answers("U", "2025-Q3", 20), answers("CO", "2025-Q3", 25)]
    parent = the(Check.NO_SCORE, units=TREE, metrics=NPS, plans=[asked()], results=results)
    assert parent.what.endswith("5 more answers would be enough.")
    alone = the(Check.NO_SCORE, units=TREE, metrics=NPS, plans=[asked(too_few=["hold", "parent"])], results=results)
    assert alone.what.endswith("30 more answers would be enough.")
    never = the(Check.NO_SCORE, units=TREE, metrics=NPS, plans=[asked(too_few=["rolling-4"])], results=results)
    assert never.what.endswith("30 more answers would be enough.")


def test_where_no_number_of_answers_helps_none_is_told():
    stated = the(
        Check.NO_SCORE,
        results=[answers("U", "2025-Q2", 1)],
        metrics={**NPS, "k": {"statistic": "value", "decimals": 2}},
    )
    assert (stated.mend.key, "more answer" in stated.what) == ("results", False)
    shares = [["store", "50%"], ["web", "50%"]]
    weighted = the(
        Check.NO_SCORE,
        metrics=NPS,
        plans=[asked(touchpoints=dict(shares))],
        results=[answers("U", "2025-Q3", 5)],
    )
    assert "more answer" not in weighted.what
    unknown = the(Check.NO_SCORE, metrics={"other": {"statistic": "value", "decimals": 1}}, results=[])
    assert (unknown.mend.key, "more answer" in unknown.what) == ("metrics", False)


def test_a_plan_that_measures_where_there_is_no_unit_holds_its_people():
    finding = the(Check.NO_SCORE, metrics=NPS, plans=[asked(measured_at="GONE")], results=[answers("U", "2025-Q3", 60)])
    assert "GONE, which is not a unit" in finding.what
    assert "more answer" not in finding.what


def test_a_curve_that_needs_a_target_holds_at_the_page_of_targets():
    line = {"x": "points_from_target", "points": [["0", "100%"], ["1", "101%"]]}
    finding = the(
        Check.NO_METRIC_TARGET,
        plans=[
            plan_document(
                components=[{"id": "c", "name": "C", "share": "100%", "measures": [{**measure(), "curve": line}]}]
            )
        ],
    )
    assert (finding.held, finding.mend) == (("1",), (MendKind.TARGETS, "2025-Q3"))
    assert "No target of k for U or a unit above it." in finding.what


def test_people_without_their_own_results_are_one_finding_with_a_note_for_each():
    own = plan_document(
        components=[
            {"id": "c", "name": "C", "share": "100%", "measures": [measure(measured_at="person", too_few=["hold"])]}
        ]
    )
    finding = the(Check.NO_SCORE, plans=[own], people=[person(str(n)) for n in range(1, 9)])
    assert finding.what == "8 people are held, each for want of a result of their own."
    assert finding.people[0].note.startswith("No personal score of k for 1 in 2025-Q3.")
    assert finding.mend.key == "personal-results"
    few = the(Check.NO_SCORE, plans=[own])
    assert few.what.startswith("1 person is held. No personal score of k for 1")
    mixed = plan_document(
        components=[
            {
                "id": "c",
                "name": "C",
                "share": "100%",
                "measures": [
                    measure(weight="50%", measured_at="person", too_few=["hold"]),
                    measure(metric="nps", weight="50%"),
                ],
            }
        ]
    )
    metrics = {"k": {"statistic": "value", "decimals": 4}, **NPS}
    both = the(Check.NO_SCORE, plans=[mixed], metrics=metrics, people=[person(str(n)) for n in range(1, 9)])
    assert both.what.startswith("8 people are held. No usable score of nps for U")
    assert all(each.note.startswith("No personal score") for each in both.people)


def test_whoever_forfeits_is_not_held_for_want_of_a_score():
    plans = [plan_document(eligibility={"minimum_days": "60"})]
    assert (
        check_data(
            facts(
                plans=plans,
                results=[answers("U", "2025-Q2", 1)],
                metrics={**NPS, "k": {"statistic": "value", "decimals": 2}},
                people=[person(hired="2025-09-20", from_="2025-09-20")],
            )
        )[0].check
        is Check.NO_RESULTS
    )


def fallen(now, **fields):
    return found(
        Check.FELL_BELOW_MINIMUM,
        units=TREE,
        metrics=NPS,
        plans=[asked(**fields)],
        results=[answers("U", "2025-Q3", now), answers("U", "2025-Q2", 60)],
    )


def test_a_score_that_fell_under_the_plans_minimum_is_told_with_what_counts_instead():
    (finding,) = fallen(20)
    assert finding.what == (
        "20 answers to nps where p@2025-01-01 asks for 50; the quarter before had 60. The last four quarters count."
    )
    assert not finding.is_error
    for fallback, word in (
        ("renormalise", "The measure is left out"),
        ("neutral", "It counts as 100"),
        ("zero", "It counts as 0"),
    ):
        if fallback != "renormalise":
            (finding,) = fallen(20, too_few=[fallback])
            assert word in finding.what
    assert fallen(50) == []
    assert fallen(20, too_few=["hold"]) == []  # that is an error already


def test_the_unit_above_is_named_where_it_counts_instead():
    findings = found(
        Check.FELL_BELOW_MINIMUM,
        units=TREE,
        metrics=NPS,
        plans=[asked(too_few=["parent"])],
        people=[person("1"), person("2", unit="CO")],
        results=[answers("U", "2025-Q3", 20), answers("U", "2025-Q2", 60), answers("CO", "2025-Q3", 60)],
    )
    assert [each.what.rpartition(". ")[2] for each in findings] == ["CO above counts."]


def test_what_is_measured_at_people_or_nowhere_has_no_answers_that_could_fall():
    results = [answers("U", "2025-Q3", 20), answers("U", "2025-Q2", 60)]
    for place in ("person", "GONE"):
        plans = [asked(measured_at=place, too_few=["neutral"])]
        assert found(Check.FELL_BELOW_MINIMUM, metrics=NPS, plans=plans, results=results) == []
    assert found(Check.FELL_BELOW_MINIMUM, metrics={"other": {"statistic": "value", "decimals": 1}}, results=[]) == []


def test_results_that_contradict_each_other_are_told_and_hold_whoever_is_paid_by_them():
    company = facts()
    twice = replace(company, results=company.results * 2)
    checks = {each.check: each for each in check_data(twice)}
    assert checks[Check.CONFLICTING_RESULTS].place.key == "U"
    assert checks[Check.NO_SCORE].held == ("1",)
    assert "more answer" not in checks[Check.NO_SCORE].what


def test_a_contradiction_in_answers_is_lifted_by_no_further_answers():
    stated = {"unit": "U", "quarter": "2025-Q3", "metric": "nps", "value": "10"}
    company = facts(metrics=NPS, plans=[asked()], results=[answers("U", "2025-Q3", 5)])
    second = facts(metrics=NPS, plans=[asked()], results=[stated]).results
    finding = next(
        each
        for each in check_data(replace(company, results=(*company.results, *second)))
        if each.check is Check.NO_SCORE
    )
    assert "more answer" not in finding.what


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
