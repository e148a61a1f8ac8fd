"""What the data check finds of scores: units with none, scores that fell, results that contradict each other."""

from dataclasses import replace

from comp.calculate import calculate
from comp.data_check import check_data
from comp.data_findings import Check, MendKind
from tests.comp.check_companies import NPS, TREE, answers, asked, facts, found, the
from tests.make import measure, person, plan_document


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
