"""What holds for every company: random facts, checked against what the rule of pay promises."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from comp.calculate import calculate
from comp.curves import Curve, Shape
from comp.explain_unit import UnitExplainer
from comp.facts import Absence, Assignment, Facts, Person, Result, Unit
from comp.periods import FiscalCalendar, Quarter, Span
from comp.plan import Component, Eligibility, Fallback, Gate, Measure, Plan, Reading, Scope
from comp.scores import Metric, Sample, Statistic, groups_tally, sample
from comp.waterfall import waterfall

QUARTER = Quarter(2025, 3)
DAYS = FiscalCalendar().span(QUARTER)
NPS, INCOME = Metric("nps", Statistic.NPS, 1), Metric("income", Statistic.VALUE, 2)
UNITS = (Unit("CO", "Company"), Unit("A", "A", "CO"), Unit("B", "B", "CO"), Unit("A1", "A1", "A"))
NAMES = UnitExplainer([NPS, INCOME], {})

ratios = st.integers(0, 200).map(lambda percent: Fraction(percent, 100))
amounts = st.integers(0, 10_000_000).map(lambda cents: Fraction(cents, 100))
days = st.dates(DAYS.start - timedelta(40), DAYS.end + timedelta(40))


@st.composite
def rising_curves(draw, worst=-100, best=100):
    xs = sorted(draw(st.sets(st.integers(worst, best), min_size=1, max_size=4)))
    ys = sorted(draw(st.lists(ratios, min_size=len(xs) + 1, max_size=len(xs) + 1)))
    points = tuple((Fraction(x), y) for x, y in zip(xs, ys[1:], strict=True))
    shape = draw(st.sampled_from(Shape))
    return Curve(points, shape, below=ys[0], extends=shape is Shape.LINEAR and len(xs) > 1 and draw(st.booleans()))


@st.composite
def plans(draw):
    share, weight = draw(st.integers(0, 100)), draw(st.integers(0, 100))
    chain = tuple(draw(st.lists(st.sampled_from(Fallback), max_size=3)))
    customer = Component(
        "customer",
        "Customer",
        Fraction(share, 100),
        (
            Measure(Reading("nps", too_few=chain), Fraction(weight, 100), draw(rising_curves())),
            Measure(Reading("income", "top"), 1 - Fraction(weight, 100), draw(rising_curves(0, 200))),
        ),
        draw(st.none() | ratios),
    )
    rest = Component(
        "rest", "Rest", 1 - customer.share, (Measure(Reading("income"), Fraction(1), draw(rising_curves(0, 200))),)
    )
    gate = Gate(Reading("nps", too_few=(Fallback.NEUTRAL,)), draw(ratios), "customer", at_least=draw(amounts) / 10**5)
    return Plan(
        id="p",
        name="P",
        starts=draw(st.sampled_from([date(2020, 1, 1), date(2025, 8, 20)])),
        components=(customer, rest),
        scope=Scope(),
        gates=(gate,) if draw(st.booleans()) else (),
        cap=draw(st.none() | ratios),
        eligibility=Eligibility(draw(st.integers(0, 60)), draw(st.booleans())),
        absences=(("unpaid", Fraction(0)), ("sick", Fraction(1, 2))),
    )


@st.composite
def people(draw, employee):
    cuts = sorted(draw(st.sets(days, max_size=2)))
    starts = [date(2020, 1, 1), *cuts]
    ends = [*cuts, date.max]
    assignments = tuple(
        Assignment(
            unit=draw(st.sampled_from(["A", "B", "A1"])),
            span=Span(start, end),
            currency=draw(st.sampled_from(["EUR", "EUR", "JPY"])),
            annual_salary=draw(amounts),
            target_percent=draw(ratios) / 10,
            fte=draw(st.sampled_from([Fraction(1), Fraction(4, 5)])),
            cost_centre=draw(st.sampled_from(["", "10"])),
        )
        for start, end in zip(starts, ends, strict=True)
    )
    away = draw(st.none() | st.tuples(days, st.integers(1, 40), st.sampled_from(["unpaid", "sick", "other"])))
    absences = (Absence(Span(away[0], away[0] + timedelta(away[1])), away[2]),) if away else ()
    return Person(employee, employee, assignments, absences, left=draw(st.none() | days))


results = st.tuples(*[st.tuples(*[st.integers(0, 90)] * 3)] * 3, st.integers(0, 200))


@st.composite
def companies(draw):
    a, b, a1, income = draw(results)
    tallies = zip(("A", "B", "A1"), (a, b, a1), strict=True)
    return Facts(
        quarter=QUARTER,
        units=UNITS,
        metrics=(NPS, INCOME),
        plans=(draw(plans()),),
        results=(
            *(Result(unit, QUARTER, "nps", sample(NPS, groups_tally(*groups))) for unit, groups in tallies),
            Result("CO", QUARTER, "income", value=Fraction(income)),
        ),
        people=tuple(draw(people(str(number))) for number in range(draw(st.integers(1, 3)))),
    )


def amounts_of(run):
    return {(payout.employee, payout.amount.currency): payout.exact for payout in run.payouts}


@given(companies(), st.randoms(use_true_random=False))
def test_shuffled_facts_give_the_same_run(facts, chance):
    def shuffled(items):
        return tuple(chance.sample(items, len(items)))

    again = replace(
        facts,
        people=tuple(replace(person, assignments=shuffled(person.assignments)) for person in shuffled(facts.people)),
        units=shuffled(facts.units),
        results=shuffled(facts.results),
        metrics=shuffled(facts.metrics),
    )
    assert calculate(again) == calculate(facts)


@given(companies(), days)
def test_cutting_an_assignment_in_two_changes_no_amount(facts, day):
    def cut(assignment):
        if assignment.span.start < day < assignment.span.end:
            yield replace(assignment, span=Span(assignment.span.start, day))
            yield replace(assignment, span=Span(day, assignment.span.end))
        else:
            yield assignment

    people_cut = tuple(
        replace(person, assignments=tuple(part for assignment in person.assignments for part in cut(assignment)))
        for person in facts.people
    )
    before, after = calculate(facts), calculate(replace(facts, people=people_cut))
    assert amounts_of(after) == amounts_of(before)
    assert [payout.amount for payout in after.payouts] == [payout.amount for payout in before.payouts]
    assert after.held == before.held


@given(companies(), st.sampled_from(["A", "B", "A1"]))
def test_a_better_score_never_pays_less_on_rising_curves(facts, unit):
    def improved(result):
        if result.sample is None:
            return replace(result, value=result.value + 1)
        if result.unit != unit or not result.sample.answers:
            return result
        promoters, passives, detractors = result.sample.groups
        return replace(result, sample=sample(NPS, groups_tally(promoters + detractors, passives, 0)))

    better = replace(facts, results=tuple(improved(result) for result in facts.results))
    before, after = amounts_of(calculate(facts)), amounts_of(calculate(better))
    assert all(after[key] >= amount for key, amount in before.items() if key in after)


@given(companies())
def test_no_attainment_exceeds_its_cap_and_no_payout_its_target_at_the_cap(facts):
    (plan,) = facts.plans
    for payout in calculate(facts).payouts:
        for piece in payout.pieces:
            attainment = piece.stretch.attainment
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
    def raised(person):
        assignments = (replace(each, annual_salary=each.annual_salary * 10) for each in person.assignments)
        return replace(person, assignments=tuple(assignments))

    tenfold = replace(facts, people=tuple(raised(person) for person in facts.people))
    before, after = amounts_of(calculate(facts)), amounts_of(calculate(tenfold))
    assert after == {key: amount * 10 for key, amount in before.items()}


@given(companies())
@settings(max_examples=50)
def test_everybody_who_is_employed_is_paid_held_or_listed_once(facts):
    run = calculate(facts)
    told = [{payout.employee for payout in run.payouts}, {hold.employee for hold in run.held}]
    told.append({person.employee for person in run.outside})
    employed = {person.employee for person in facts.people if person.employment.meet(DAYS).days}
    assert set().union(*told) == employed
    assert sum(map(len, told)) == len(employed)


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_scores_of_any_size_are_exact(points, answers):
    assert Sample(answers, points, points).score * answers == points
