"""What holds for every company: facts by chance, checked against what the rule of pay promises."""

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from comp.calculate import calculate
from comp.explain import Explainer
from comp.explain_unit import UnitExplainer
from comp.facts import Absence
from comp.periods import Span
from comp.run_documents import write_run
from comp.scores import Sample
from comp.waterfall import waterfall
from tests.comp.companies import METRICS, companies
from tests.comp.oracle import MINOR_UNITS, half_up

BY_ID = {metric.id: metric for metric in METRICS}
NAMES = UnitExplainer(METRICS, {})
places_in_time = st.integers(-40, 130)


def day_of(facts, place):
    """A day in or around the quarter."""
    return facts.calendar.span(facts.quarter).start + timedelta(place)


def amounts_of(run):
    return {(payout.employee, payout.amount.currency): payout.exact for payout in run.payouts}


def paid_in(run):
    """Everything in a run that people see, without the pieces behind it."""
    payouts = [(payout.employee, payout.amount, payout.exact, payout.lines) for payout in run.payouts]
    return payouts, run.held, [person.employee for person in run.outside]


def for_everybody(facts, change):
    return replace(facts, people=tuple(change(person) for person in facts.people))


def cut(dated, day):
    """What has a span, or two of the same where a day lies within."""
    for each in dated:
        if each.span.start < day < each.span.end:
            yield replace(each, span=Span(each.span.start, day))
            yield replace(each, span=Span(day, each.span.end))
        else:
            yield each


@given(companies(), st.randoms(use_true_random=False))
def test_shuffled_facts_give_the_same_run_and_the_same_document(facts, chance):
    def shuffled(items):
        return tuple(chance.sample(items, len(items)))

    def person_shuffled(person):
        own = {name: shuffled(getattr(person, name)) for name in ("assignments", "absences", "results")}
        return replace(person, **own)

    parts = {
        name: shuffled(getattr(facts, name)) for name in ("units", "metrics", "plans", "results", "targets", "people")
    }
    run, again = calculate(facts), calculate(for_everybody(replace(facts, **parts), person_shuffled))
    assert again == run
    assert json.dumps(write_run(again)) == json.dumps(write_run(run))


@given(companies(), places_in_time)
def test_cutting_an_assignment_in_two_changes_nothing_that_is_paid(facts, place):
    day = day_of(facts, place)
    after = for_everybody(facts, lambda person: replace(person, assignments=tuple(cut(person.assignments, day))))
    assert paid_in(calculate(after)) == paid_in(calculate(facts))


@given(companies(), places_in_time)
def test_cutting_an_absence_in_two_changes_nothing_that_is_paid(facts, place):
    day = day_of(facts, place)
    after = for_everybody(facts, lambda person: replace(person, absences=tuple(cut(person.absences, day))))
    assert paid_in(calculate(after)) == paid_in(calculate(facts))


@given(companies(), st.integers(1, 100))
def test_publishing_the_same_plan_again_changes_nothing_that_is_paid(facts, place):
    day = day_of(facts, place)
    in_force = [plan for plan in facts.plans if plan.starts < day]
    latest = max(in_force, key=lambda plan: plan.starts)
    rivals = [plan for plan in facts.plans if plan.id == latest.id and plan.starts >= latest.starts]
    again = replace(facts, plans=(*facts.plans, replace(latest, starts=day))) if len(rivals) == 1 else facts
    before, after = calculate(facts), calculate(again)
    assert paid_in(after)[0] == paid_in(before)[0]
    assert [hold.employee for hold in after.held] == [hold.employee for hold in before.held]


@given(companies(), places_in_time)
def test_an_absence_that_counts_in_full_changes_nothing_that_is_paid(facts, place):
    """So people to whom nothing happens, for whom pay is one multiplication, get what all others get."""
    day = day_of(facts, place)
    away = (Absence(Span(day, day + timedelta(1)), "counted in full"),)
    after = for_everybody(facts, lambda person: replace(person, absences=person.absences or away))
    assert paid_in(calculate(after)) == paid_in(calculate(facts))


@given(companies(rising=True), st.sampled_from(METRICS), st.booleans())
def test_a_better_score_never_pays_less_on_rising_curves(facts, metric, of_people):
    step = -1 if metric.better == "lower" else 1

    def improved(result):
        if result.metric != metric.id:
            return result
        if result.value is not None:
            return replace(result, value=result.value + step)
        answers = result.sample.answers
        best = metric.points(metric.question.high if step > 0 else metric.question.low)
        return replace(result, sample=Sample(answers, best * answers, best * best * answers))

    better = replace(facts, results=facts.results if of_people else tuple(map(improved, facts.results)))
    if of_people:
        better = for_everybody(facts, lambda person: replace(person, results=tuple(map(improved, person.results))))
    before, after = amounts_of(calculate(facts)), amounts_of(calculate(better))
    assert before.keys() == after.keys()
    assert [key for key, amount in before.items() if after[key] < amount] == []


@given(companies())
def test_no_attainment_exceeds_its_cap_and_no_payout_its_target_at_the_cap(facts):
    for payout in calculate(facts).payouts:
        for piece in payout.pieces:
            plan, attainment = piece.stretch.plan, piece.stretch.attainment
            for component, result in zip(plan.components, attainment.components, strict=False):
                assert component.cap is None or result.attainment <= component.cap
            assert plan.cap is None or attainment.total <= plan.cap
            assert plan.cap is None or piece.amount <= piece.target * plan.cap


@given(companies())
def test_lines_and_waterfalls_add_up_to_the_payout(facts):
    for payout in calculate(facts).payouts:
        assert sum(line.amount.minor for line in payout.lines) == payout.amount.minor
        assert sum(step.change.minor for step in waterfall(payout, NAMES)) == payout.amount.minor


@given(companies())
def test_ten_times_the_salary_is_ten_times_every_exact_amount(facts):
    def tenfold(amount):
        return None if amount is None else amount * 10

    def raised(person):
        assignments = (
            replace(each, annual_salary=tenfold(each.annual_salary), target_amount=tenfold(each.target_amount))
            for each in person.assignments
        )
        return replace(person, assignments=tuple(assignments))

    before, after = amounts_of(calculate(facts)), amounts_of(calculate(for_everybody(facts, raised)))
    assert after == {key: amount * 10 for key, amount in before.items()}


@given(companies())
def test_everybody_who_is_employed_is_paid_held_or_listed_once(facts):
    run, days = calculate(facts), facts.calendar.span(facts.quarter)
    told = [{payout.employee for payout in run.payouts}, {hold.employee for hold in run.held}]
    told.append({person.employee for person in run.outside})
    employed = {person.employee for person in facts.people if person.employment.meet(days).days}
    assert set().union(*told) == employed
    assert sum(map(len, told)) == len(employed)


@given(companies())
def test_the_numbers_of_an_explanation_make_the_payout_again(facts):
    explainer = Explainer(METRICS, {})
    for payout in calculate(facts).payouts:
        tree = explainer.payout(payout)
        exact = sum(amount_again(node) for node in tree.parts if node.kind == "piece")
        assert exact == number(tree, "exact") == payout.exact
        step = dict(facts.round_to).get(payout.amount.currency, Fraction(1, MINOR_UNITS[payout.amount.currency]))
        assert number(tree, "amount") == half_up(exact / step) * step == payout.amount.amount


def number(node, name):
    return Fraction(dict(node.numbers)[name])


def of_kind(node, kind):
    return [part for part in node.parts if part.kind == kind]


def amount_again(piece):
    """What a piece's nodes multiply to."""
    (target,) = of_kind(piece, "target")
    annual, share = number(target, "annual_target"), number(target, "share_of_year")
    whole = annual * share * number(target, "counted_days") / number(target, "days_in_quarter")
    assert whole == number(piece, "target")
    components = of_kind(piece, "component")
    if not components:
        assert piece.value.startswith("0 ")
        return Fraction(0)
    earned = sum(number(component, "share") * component_again(component) for component in components)
    (total,) = of_kind(piece, "total")
    assert earned == number(total, "earned")
    assert limited_again(piece, earned, total) == number(total, "attainment")
    assert whole * number(total, "attainment") == number(piece, "amount")
    return number(piece, "amount")


def component_again(component):
    earned = sum(number(each, "weight") * number(each, "attainment") for each in of_kind(component, "measure"))
    assert earned == number(component, "earned")
    assert limited_again(component, earned, component) == number(component, "attainment")
    return number(component, "attainment")


def limited_again(node, earned, capped):
    for modifier in of_kind(node, "modifier"):
        earned *= number(modifier, "multiplier")
    caps = [number(gate, "cap") for gate in of_kind(node, "gate") if gate.value.startswith("fails")]
    caps += [Fraction(text) for name, text in capped.numbers if name == "cap"]
    return min([earned, *caps])


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_scores_of_any_size_are_exact(points, answers):
    assert Sample(answers, points, points).score * answers == points
