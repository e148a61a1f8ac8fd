"""Comparing runs: every cause alone, what happens to people, and what holds for any two runs."""

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from comp.calculate import calculate
from comp.causes import LABELS, Cause
from comp.compare import Comparison
from comp.facts import Facts
from tests.comp import companies
from tests.make import LINE, measure, person, plan_document, scenario


def facts_of(**fields) -> Facts:
    return scenario(**fields).facts


def changes(old: Facts, new: Facts):
    return list(Comparison(calculate(old), calculate(new), new.calendar).changes())


def parts(old, new, employee="1"):
    """What each cause changed one person's payout by."""
    (change,) = (each for each in changes(old, new) if each.employee == employee)
    assert sum(part.change.minor for part in change.parts) == change.difference.minor
    found = {}
    for part in change.parts:
        key = f"{part.input.cause} {part.input.metric}".strip()
        found[key] = str(part.change)
    return found


def between(first, second, employee="1"):
    return parts(facts_of(**first), facts_of(**second), employee)


def result(value, metric="k"):
    return {"unit": "U", "quarter": "2025-Q3", "metric": metric, "value": str(value)}


# One cause alone


def test_a_better_score_is_the_whole_difference():
    assert between({}, {"results": [result(110)]}) == {"score k": "100.00"}


def test_a_salary_a_percentage_and_working_time_have_their_own_parts():
    def paid(**fields):
        usual = {"annual_salary": "40000", "target_percent": "10%", "fte": "1", "target_amount": None}
        stated = {key: value for key, value in {**usual, **fields}.items() if value is not None}
        base = person()
        base["assignments"][0].pop("target_amount")
        base["assignments"][0].update(stated)
        return {"people": [base]}

    assert between(paid(), paid(annual_salary="50000")) == {"salary": "250.00"}
    assert between(paid(), paid(target_percent="20%")) == {"target": "1000.00"}
    assert between(paid(), paid(fte="0.5")) == {"working time": "-500.00"}
    assert between(paid(), paid(annual_salary=None, target_percent=None, target_amount="8000")) == {"target": "1000.00"}


def test_an_amount_that_is_stated_is_the_target():
    assert between({}, {"people": [person(target_amount="8000")]}) == {"target": "1000.00"}


def test_days_before_joining_are_paid_days():
    assert between({}, {"people": [person(from_="2025-08-16")]}) == {"days": "-500.00"}


def test_days_of_absence_have_their_own_part():
    plans = [plan_document(absences={"unpaid": "0%"})]
    away = person(absences=[{"from": "2025-07-01", "to": "2025-07-23", "kind": "unpaid"}])
    assert between({"plans": plans}, {"plans": plans, "people": [away]}) == {"absence": "-250.00"}


def test_who_is_not_eligible_any_more_loses_the_whole_amount_for_that():
    plans = [plan_document(eligibility={"on_last_day": "true"})]
    left = person(left="2025-09-30")
    left_early = person(left="2025-09-29")
    found = between({"plans": plans, "people": [left]}, {"plans": plans, "people": [left_early]})
    assert found == {"days": "-10.87", "eligibility": "-989.13"}


def test_weights_and_shares_are_one_cause():
    def weighed(first, second):
        components = [
            {"id": "a", "name": "A", "share": first, "measures": [measure("k")]},
            {"id": "b", "name": "B", "share": second, "measures": [measure("m")]},
        ]
        metrics = {name: {"statistic": "value", "decimals": 4} for name in "km"}
        results = [result(100, "k"), result(50, "m")]
        return {"plans": [plan_document(components=components)], "metrics": metrics, "results": results}

    assert between(weighed("60%", "40%"), weighed("40%", "60%")) == {"weight": "-100.00"}


def with_component(**fields):
    component = {"id": "c", "name": "C", "share": "100%", "measures": [measure()], **fields}
    return {"plans": [plan_document(components=[component])]}


def test_another_curve_is_a_cause_of_its_measures_metric():
    steeper = measure(curve={"points": [["0", "0%"], ["100", "150%"]]})
    assert between({}, with_component(measures=[steeper])) == {"curve k": "500.00"}


def test_caps_gates_and_modifiers_are_the_plans_rules():
    assert between({}, with_component(cap="80%")) == {"rules": "-200.00"}
    assert between({}, {"plans": [plan_document(cap="90%")]}) == {"rules": "-100.00"}
    gate = {"metric": "k", "at_least": "101", "otherwise": {"cap": "0%", "on": "c"}}
    assert between({}, {"plans": [plan_document(gates=[gate])]}) == {"rules": "-1000.00"}
    modifier = {"metric": "k", "curve": {"points": [["0", "50%"], ["200", "50%"]]}}
    assert between({}, {"plans": [plan_document(modifiers=[modifier])]}) == {"rules": "-500.00"}


def test_a_score_that_makes_a_gate_fail_is_the_cause_not_the_gate():
    gate = {"metric": "k", "at_least": "95", "otherwise": {"cap": "0%", "on": "total"}}
    plans = [plan_document(gates=[gate])]
    assert between({"plans": plans}, {"plans": plans, "results": [result(90)]}) == {"score k": "-1000.00"}


def test_a_modifiers_curve_and_score_are_causes():
    def modified(height, value):
        modifier = {"metric": "k", "curve": {"points": [["0", "100%"], ["100", height]]}}
        return {"plans": [plan_document(modifiers=[modifier])], "results": [result(value)]}

    assert between(modified("100%", 100), modified("150%", 100)) == {"curve k": "500.00"}
    assert between(modified("200%", 100), modified("200%", 50)) == {"score k": "-1250.00"}


def test_another_target_of_the_unit_is_a_cause():
    aimed = measure(curve={"x": "percent_of_target", **LINE})
    fields = with_component(measures=[aimed])

    def target(value):
        return fields | {"targets": [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "target": value}]}

    assert between(target("100"), target("80")) == {"unit target k": "250.00"}


def test_a_quarters_share_of_the_year_is_a_cause():
    shares = {"Q1": "25%", "Q2": "15%", "Q3": "35%", "Q4": "25%"}
    assert between({}, {"plans": [plan_document(quarter_shares=shares)]}) == {"quarter share": "400.00"}


def test_another_plan_and_another_unit_are_told_as_such():
    half = with_component(measures=[measure(curve={"points": [["0", "50%"], ["1", "50%"]]})])["plans"][0]
    assert between({}, {"plans": [half | {"id": "q"}]}) == {"plan": "-500.00"}
    units = [{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}]
    results = [result(100), {**result(80), "unit": "V"}]
    both = {"units": units, "results": results}
    assert between(both, both | {"people": [person(unit="V")]}) == {"unit": "-200.00"}


def test_a_coarser_rounding_is_a_part_of_its_own():
    old = facts_of(results=[result("100.0049")])
    new = replace(old, round_to=(("EUR", Fraction(3)),))
    assert parts(old, new) == {"rounding": "-1.05"}


# What happens to people


def test_who_is_held_or_in_no_plan_or_in_one_run_only_loses_or_gains_the_whole_for_that():
    paid, held = facts_of(), facts_of(results=[{**result(1), "quarter": "2025-Q1"}])
    assert parts(paid, held) == {"hold": "-1000.00"}
    assert parts(held, paid) == {"hold": "1000.00"}
    outside = facts_of(plans=[plan_document(applies_to={"units": ["U"], "grades": ["none"]})])
    assert parts(paid, outside) == {"in no plan": "-1000.00"}
    nobody = facts_of(people=[person("2")])
    assert parts(paid, nobody) == {"person": "-1000.00"}
    assert parts(nobody, paid) == {"person": "1000.00"}


def test_another_currency_is_told_in_both():
    old, new = facts_of(), facts_of(people=[person(currency="KWD")])
    found = {change.difference.currency: change for change in changes(old, new)}
    assert {currency: str(change.difference) for currency, change in found.items()} == {
        "EUR": "-1000.00",
        "KWD": "1000.000",
    }
    assert {part.input.cause for change in found.values() for part in change.parts} == {Cause.CURRENCY}


def test_two_causes_share_what_they_do_together_alike():
    # 1,000 at 100 %; 2,000 at 150 % is 3,000: the score alone gives 500, the target alone 1,000, together 500 more.
    found = between({}, {"results": [result(150)], "people": [person(target_amount="8000")]})
    assert found == {"score k": "750.00", "target": "1250.00"}


def test_people_who_move_within_the_quarter_are_compared_day_by_day():
    units = [{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}]
    results = [result(100), {**result(50), "unit": "V"}]
    stays = person()["assignments"][0]
    moved = [{**stays, "to": "2025-08-15"}, {**stays, "unit": "V", "from": "2025-08-16"}]
    both = {"units": units, "results": results}
    assert between(both, both | {"people": [person(assignments=moved)]}) == {"unit": "-250.00"}


def test_two_quarters_are_laid_over_each_other_whatever_their_lengths():
    old = facts_of()
    new = facts_of(quarter="2025-Q4", results=[{**result(110), "quarter": "2025-Q4"}])
    new = replace(new, people=old.people)
    later = replace(old, quarter=new.quarter, results=new.results)
    assert parts(old, later) == {"score k": "100.00"}


def test_two_people_in_two_units_are_told_apart_by_their_scores():
    units = [{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}]
    results = [result(100), {**result(50), "unit": "V"}]
    run = calculate(facts_of(units=units, results=results, people=[person("1"), person("2", unit="V")]))
    comparison = Comparison(run, run, scenario().facts.calendar, across_people=True)
    (change,) = comparison.between("1", "2")
    assert [(part.input.cause, str(part.change)) for part in change.parts] == [(Cause.SCORE, "-500.00")]
    assert (change.employee, change.name) == ("2", "Person 2")
    assert list(comparison.between("8", "9")) == []


def test_a_total_that_the_rule_does_not_give_again_is_the_plans_as_a_whole():
    old = calculate(facts_of())
    (payout,) = old.payouts
    stretch = payout.pieces[0].stretch
    other = stretch._replace(attainment=replace(stretch.attainment, total=Fraction(2)), rate=(1, 2))
    new = replace(old, payouts=(payout._replace(pieces=(payout.pieces[0]._replace(stretch=other),)),))
    (change,) = Comparison(old, new, scenario().facts.calendar).changes()
    assert {part.input.cause for part in change.parts} == {Cause.PLAN, Cause.ROUNDING}


def test_a_percentage_of_a_target_that_is_none_is_the_plans_as_a_whole():
    def aimed(axis, target):
        curve = {"x": axis, "points": [["-200", "0%"], ["200", "200%"]]}
        targets = [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "target": target}]
        return with_component(measures=[measure(curve=curve)]) | {"targets": targets}

    assert between(aimed("points_from_target", "0"), aimed("percent_of_target", "80")).keys() == {"plan"}


def test_measures_that_one_version_has_alone_come_and_go_with_the_weights():
    two = with_component(measures=[measure(weight="50%"), measure("m", "50%")])
    metrics = {name: {"statistic": "value", "decimals": 4} for name in "km"}
    results = [result(100), result(40, "m")]
    one = {"metrics": metrics, "results": results}
    assert between(one, one | two) == {"weight": "-300.00"}
    own = [
        {"id": "c", "name": "C", "share": "50%", "measures": [measure()]},
        {"id": "d", "name": "D", "share": "50%", "measures": [measure("m")]},
    ]
    assert between(one, one | {"plans": [plan_document(components=own)]}) == {"weight": "-300.00"}


def test_a_measure_that_drops_for_want_of_a_score_is_a_matter_of_the_score():
    dropping = measure("m", "50%", too_few=["renormalise"])
    fields = with_component(measures=[measure(weight="50%"), dropping])
    fields["metrics"] = {name: {"statistic": "value", "decimals": 4} for name in "km"}
    with_both = fields | {"results": [result(100), result(40, "m")]}
    assert between(with_both, fields | {"results": [result(100)]}) == {"score m": "300.00"}


def test_every_cause_has_a_label():
    assert set(LABELS) == set(Cause)
    change = changes(facts_of(), facts_of(results=[result(90)]))[0]
    assert [(part.label, part.size) for part in change.parts] == [("Scores", 10000)]


# What holds for any two runs


pairs = st.integers(0, 2**40).map(lambda number: pair(Random(number)))


def pair(chance):
    """Two companies that have much in common: some parts of the facts are changed, or all."""
    old = companies.company(chance)
    other = companies.company(chance)
    kinds = ["results", "people", "targets", "plans", "round_to", "quarter", "salaries"]
    new = old
    for kind in chance.sample(kinds, chance.randint(1, 4)):
        if kind == "quarter":
            new = replace(new, quarter=new.quarter.plus(chance.choice([-1, 1])))
        elif kind == "salaries":
            new = replace(new, people=tuple(raised(chance, each) for each in new.people))
        elif kind == "plans" and companies.is_so(chance, 70):
            new = replace(new, plans=tuple(revised(chance, each) for each in new.plans))
        else:
            new = replace(new, **{kind: getattr(other, kind)})
    return old, new


def raised(chance, each):
    def change(assignment):
        salary = assignment.annual_salary
        return replace(
            assignment,
            annual_salary=salary and salary * chance.choice([1, 1, Fraction(11, 10)]),
            fte=chance.choice([assignment.fte, Fraction(1, 2)]),
        )

    return replace(each, assignments=tuple(map(change, each.assignments)))


def revised(chance, plan):
    """The same plan with some of its parts taken from another."""
    other = companies.plan(chance, plan.id, plan.starts, rising=False)
    names = chance.sample(["components", "gates", "modifiers", "cap", "quarter_shares", "eligibility"], 2)
    return replace(plan, **{name: getattr(other, name) for name in names})


@given(pairs)
def test_parts_add_up_to_the_difference_exactly(facts):
    for change in changes(*facts):
        before, after = (each.minor if each else 0 for each in (change.before, change.after))
        assert change.difference.minor == after - before
        assert sum(part.change.minor for part in change.parts) == after - before
        assert all(part.change.minor for part in change.parts)


@given(pairs)
def test_everybody_who_is_paid_on_either_side_is_there_once(facts):
    keys = [(change.employee, change.difference.currency) for change in changes(*facts)]
    runs = map(calculate, facts)
    paid = {(payout.employee, payout.amount.currency) for run in runs for payout in run.payouts}
    assert sorted(keys) == keys
    assert set(keys) == paid
    assert len(set(keys)) == len(keys)


def told(old, new):
    return [(change.employee, change.difference.currency, change.parts) for change in changes(old, new)]


@given(pairs)
def test_exchanging_old_and_new_turns_every_sign(facts):
    old, new = facts
    there = {each[:2]: {part.input: part.change.minor for part in each[2]} for each in told(old, new)}
    back = {each[:2]: {part.input: -part.change.minor for part in each[2]} for each in told(new, old)}
    assert there == back


@given(companies.companies())
def test_a_run_compared_with_itself_has_no_parts(facts):
    assert not [change for change in changes(facts, facts) if change.parts or change.difference.minor]


@given(pairs, st.randoms(use_true_random=False))
def test_people_for_whom_nothing_changes_have_no_parts(facts, chance):
    old, _ = facts
    some = tuple(each for each in old.people if companies.is_so(chance, 50))
    new = replace(old, people=tuple(each if each in some else raised(chance, each) for each in old.people))
    kept = {each.employee for each in some} - {each.employee for each in old.people if each not in some}
    assert not [change for change in changes(old, new) if change.employee in kept and change.parts]


@given(companies.companies())
def test_where_only_results_change_only_scores_and_rounding_do(facts):
    other = replace(facts, results=tuple(replace(each, value=each.value and each.value + 1) for each in facts.results))
    causes = {part.input.cause for change in changes(facts, other) for part in change.parts}
    assert causes <= {Cause.SCORE, Cause.ROUNDING, Cause.HOLD, Cause.PLAN}
