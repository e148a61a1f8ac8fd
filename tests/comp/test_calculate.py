import gc
from datetime import date
from fractions import Fraction

import pytest

from comp.calculate import calculate
from comp.money import Money
from comp.periods import Span
from tests.make import measure, person, plan_document, run, scenario

REPAIR = {"unit": "U", "from": "2020-01-01", "to": "2025-08-15", "currency": "EUR", "target_amount": "4000"}
STORE = {**REPAIR, "from": "2025-08-16", "to": None}


def test_the_order_of_the_facts_changes_nothing():
    people = [person("2"), person("1"), person("10")]
    assert [payout.employee for payout in run(people=people).payouts] == ["1", "10", "2"]
    assert run(people=people) == run(people=people[::-1])


def test_a_payout_splits_into_lines_by_pay_code_and_cost_centre_that_add_up():
    plans = [plan_document(), plan_document(starts="2025-09-01", pay_code="NEW")]
    assignments = [{**REPAIR, "cost_centre": "10"}, {**STORE, "cost_centre": "20"}]
    people = [person(assignments=assignments)]
    (payout,) = run(plans=plans, people=people).payouts
    assert [(line.pay_code, line.cost_centre, line.amount.minor) for line in payout.lines] == [
        ("LOY", "10", 50000),
        ("LOY", "20", 17391),
        ("NEW", "20", 32609),
    ]
    assert sum(line.amount.minor for line in payout.lines) == payout.amount.minor == 100000


def test_pieces_under_one_code_make_one_line():
    (payout,) = run(people=[person(assignments=[REPAIR, STORE])]).payouts
    assert [line.amount for line in payout.lines] == [Money(100000, "EUR")]


def test_a_payout_of_nothing_has_lines_of_nothing():
    assignments = [{**REPAIR, "cost_centre": "10"}, {**STORE, "cost_centre": "20"}]
    results = [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "0"}]
    (payout,) = run(people=[person(assignments=assignments)], results=results).payouts
    assert [line.amount.minor for line in payout.lines] == [0, 0]


def test_days_without_a_plan_or_an_assignment_are_listed_beside_the_payout():
    plans = [plan_document(starts="2025-08-01")]
    assignments = [{**REPAIR, "to": "2025-08-31"}, {**STORE, "from": "2025-09-11"}]
    (payout,) = run(plans=plans, people=[person(assignments=assignments)]).payouts
    assert [(days.span, days.why) for days in payout.unpaid] == [
        (Span(date(2025, 7, 1), date(2025, 8, 1)), "No plan pays U."),
        (Span(date(2025, 9, 1), date(2025, 9, 11)), "No assignment."),
    ]
    assert payout.target == 1000 * Fraction(31 + 20, 92)


def test_the_last_days_of_the_quarter_may_be_without_an_assignment():
    (payout,) = run(people=[person(assignments=[REPAIR])]).payouts
    assert [days.span for days in payout.unpaid] == [Span(date(2025, 8, 16), date(2025, 10, 1))]


def test_an_attainment_is_earned_over_target():
    (payout,) = run(results=[{"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "85.5"}]).payouts
    assert payout.attainment == Fraction("0.855")
    assert run(people=[person(target_amount="0")]).payouts[0].attainment is None


def test_people_of_a_unit_share_one_attainment_and_one_stretch():
    first, second = run(people=[person("1"), person("2", target_amount="9999")]).payouts
    assert first.pieces[0].stretch is second.pieces[0].stretch


def test_people_share_their_stretches_where_a_version_starts_in_the_quarter_too():
    plans = [plan_document(), plan_document(starts="2025-09-01")]
    first, second = run(plans=plans, people=[person("1"), person("2")]).payouts
    assert [piece.stretch.span.days for piece in first.pieces] == [62, 30]
    assert all(one.stretch is other.stretch for one, other in zip(first.pieces, second.pieces, strict=True))


@pytest.mark.parametrize(
    ("happens", "cents"),
    [
        ({}, 100000),
        ({"hired": "2020-01-01", "from_": "2025-08-01"}, 66304),
        ({"to": "2025-07-31"}, 33696),
        ({"hired": "2025-08-01"}, 66304),
        ({"left": "2025-07-31"}, 33696),
        ({"absences": [{"from": "2025-08-01", "to": "2025-08-31", "kind": "unpaid"}]}, 66304),
        ({"fte": "0.5"}, 50000),
        ({"currency": "JPY"}, 1000),
    ],
)
def test_a_colleague_to_whom_nothing_happens_changes_nobodys_pay(happens, cents):
    plans, people = [plan_document(absences={"unpaid": "0%"})], [person("1"), person("2", **happens)]
    assert [payout.amount.minor for payout in run(plans=plans, people=people).payouts] == [100000, cents]


def test_the_target_that_is_calculated_here_leaves_out_what_is_paid_elsewhere():
    components = [{"id": "c", "name": "C", "share": "40%", "measures": [measure()]}]
    (payout,) = run(plans=[plan_document(components=components, elsewhere="60%")]).payouts
    assert (payout.target, payout.target_here) == (1000, 400)


def test_the_collector_of_garbage_is_left_as_it_was():
    gc.disable()
    try:
        run()
        assert not gc.isenabled()
    finally:
        gc.enable()
    run()
    assert gc.isenabled()


def test_personal_results_are_not_shared():
    plans = [
        plan_document(
            components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure(measured_at="person")]}]
        )
    ]
    own = [{"employee": e, "quarter": "2025-Q3", "metric": "k", "value": v} for e, v in (("1", "50"), ("2", "150"))]
    payouts = run(plans=plans, people=[person("1"), person("2")], personal_results=own).payouts
    assert [str(payout.amount) for payout in payouts] == ["500.00", "1500.00"]


def test_a_unit_whose_parents_run_in_a_circle_holds_its_people_and_is_a_problem():
    units = [{"unit": "U", "name": "U", "parent": "V"}, {"unit": "V", "name": "V", "parent": "U"}]
    outcome = run(units=units)
    assert "no way to the top" in outcome.held[0].why
    assert [problem.where for problem in outcome.problems] == ["unit U", "unit V", "k of U in 2025-Q3"]


def test_a_unit_below_an_unknown_parent_is_a_problem():
    outcome = run(units=[{"unit": "U", "name": "U", "parent": "X"}])
    assert "one of them is not a unit" in outcome.problems[0].why


def test_results_of_a_unit_that_does_not_exist_are_a_problem():
    results = [{"unit": unit, "quarter": "2025-Q3", "metric": "k", "value": "100"} for unit in ("U", "X")]
    outcome = run(results=results)
    assert [str(problem) for problem in outcome.problems] == ["k of X in 2025-Q3: X is not a unit of the company."]
    assert len(outcome.payouts) == 1


def test_a_plan_that_measures_where_there_is_no_unit_holds_everybody():
    components = [{"id": "c", "name": "C", "share": "100%", "measures": [measure(measured_at="NOWHERE")]}]
    outcome = run(plans=[plan_document(components=components)])
    assert "measures k at NOWHERE, which is not a unit" in outcome.held[0].why


def test_a_plan_with_a_metric_that_is_not_defined_holds_everybody():
    for place in ("unit", "person"):
        components = [{"id": "c", "name": "C", "share": "100%", "measures": [measure("z", measured_at=place)]}]
        outcome = run(plans=[plan_document(components=components)])
        assert "z is not a known metric" in outcome.held[0].why


def test_two_versions_of_a_plan_with_one_start_hold_everybody_whom_either_would_pay():
    here, there = ({"applies_to": {"units": [unit]}, "name": unit} for unit in ("U", "V"))
    outcome = run(
        units=[{"unit": unit, "name": unit} for unit in ("U", "V")],
        plans=[plan_document(**here), plan_document(**there)],
        people=[person("1"), person("2", unit="V")],
    )
    assert [hold.why for hold in outcome.held] == [
        "The plan is ambiguous: p@2025-01-01 is there 2 times. Keep one of them."
    ] * 2


def test_plans_that_clash_hold_only_those_who_are_there_on_those_days():
    plans = [plan_document(), plan_document(id="q", starts="2025-09-01")]
    people = [person("1", left="2025-08-31"), person("2", from_="2025-09-01")]
    outcome = run(plans=plans, people=people)
    assert [payout.amount.minor for payout in outcome.payouts] == [67391]
    assert [hold.employee for hold in outcome.held] == ["2"]


def test_every_reason_of_a_hold_is_told_once():
    components = [
        {
            "id": "c",
            "name": "C",
            "share": "100%",
            "measures": [measure("y", weight="50%"), measure("z", weight="50%")],
        }
    ]
    (hold,) = run(plans=[plan_document(components=components)], people=[person(assignments=[REPAIR, STORE])]).held
    assert hold.why.count("y is not a known metric") == hold.why.count("z is not a known metric") == 1


def test_somebody_who_forfeits_is_paid_nothing_even_where_the_unit_has_no_score():
    plans = [plan_document(eligibility={"on_last_day": "true"})]
    (payout,) = run(plans=plans, results=[], people=[person(left="2025-08-31")]).payouts
    assert payout.amount.minor == 0
    assert payout.pieces[0].stretch.forfeited == (
        "Left on 31 August 2025; the plan pays those employed on the quarter's last day."
    )


def test_an_overlap_holds_in_the_quarter_in_which_it_lies_and_in_no_other():
    past = {**REPAIR, "from": "2019-01-01", "to": "2024-12-31"}
    also = {**REPAIR, "from": "2024-01-01", "to": None}
    assert run(people=[person(assignments=[past, also])]).payouts[0].amount.minor == 100000
    assert run(quarter="2024-Q4", people=[person(assignments=[past, also])]).held[0].why == (
        "Two assignments overlap on 1 October 2024. Import them with days that do not overlap."
    )


def test_units_stated_twice_are_a_problem_and_hold_their_people_and_those_below():
    units = [{"unit": "U", "name": "U"}, {"unit": "U", "name": "Other"}, {"unit": "V", "name": "V", "parent": "U"}]
    outcome = run(units=units, people=[person("1"), person("2", unit="V")])
    assert [hold.employee for hold in outcome.held] == ["1", "2"]
    assert [str(problem) for problem in outcome.problems] == [
        "unit U: The unit is stated more than once. Keep one of them.",
        "unit V: The unit has no way to the top: its parents run in a circle, or one of them is not a unit.",
        "k of U in 2025-Q3: U is not a unit of the company.",
    ]


def test_a_target_stated_twice_holds_unless_both_are_the_same():
    curve = {"x": "percent_of_target", "points": [["0", "0%"], ["100", "100%"]]}
    plans = [plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure(curve=curve)]}])]

    def targets(*stated):
        return [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "target": target} for target in stated]

    outcome = run(plans=plans, targets=targets("80", "90"))
    assert outcome.held[0].why == "U has 2 targets of k for one period. Keep one of them."
    assert run(plans=plans, targets=targets("200", "200")).payouts[0].amount.minor == 50000


def test_who_wants_to_know_hears_how_many_people_are_settled_and_may_end_it(monkeypatch):
    monkeypatch.setattr("comp.calculate._HEARD_EVERY", 2)
    facts = scenario(people=[person(str(number)) for number in range(1, 6)]).facts
    heard = []
    told = calculate(facts, lambda done, total: heard.append((done, total)))
    assert heard == [(0, 5), (2, 5), (4, 5)]
    assert told == calculate(facts)

    def enough(done, _total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calculate(facts, enough)
    assert gc.isenabled()
