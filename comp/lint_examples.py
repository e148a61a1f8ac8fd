"""Checks of a plan's worked examples: each is calculated by the rule of pay itself."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from comp.calculate import calculate
from comp.facts import Assignment, Facts, Person, PersonalResult, Result, Target, Unit
from comp.figures import exact_text
from comp.findings import Finding
from comp.lint_grounds import Grounds
from comp.money import Money
from comp.periods import FiscalCalendar, Quarter, Span
from comp.plan import PARENT, PERSON, TOP, UNIT, Example, Plan
from comp.plan_places import Place, field
from comp.scores import Metric

_EXAMPLE_UNIT = "EXAMPLE"


def failing_examples(grounds: Grounds) -> Iterator[Finding]:
    """Worked examples that do not come out."""
    for number, example in enumerate(grounds.plan.examples):
        said = _worked(grounds.plan, grounds.metrics, example)
        if said:
            place = Place(f"example {example.name!r}", f"examples[{number}]")
            yield place.error("example-fails", said, "Correct the example or the plan.")


def no_examples(grounds: Grounds) -> Iterator[Finding]:
    """A plan that nothing proves."""
    if not grounds.plan.examples:
        what, change = "No worked example proves the plan.", "Add at least one at target."
        yield field("examples").warning("example-missing", what, change)


def _worked(plan: Plan, metrics: Mapping[str, Metric], example: Example) -> str:
    """A sentence where a worked example does not come out, else empty."""
    paid = example_pays(plan, metrics.values(), example)
    if isinstance(paid, str):
        return paid
    if paid.amount == example.pays:
        return ""
    return f"It says {exact_text(example.pays)} {example.currency} and the plan pays {paid}."


def example_pays(plan: Plan, metrics: Iterable[Metric], example: Example) -> Money | str:
    """What a plan pays in a worked example, or a sentence that says why that cannot be told."""
    known = {metric.id: metric for metric in metrics}
    unknown = [metric for metric, _ in (*example.scores, *example.targets) if metric not in known]
    if unknown:
        return f"{unknown[0]!r} is not a known metric."
    run = calculate(_example_facts(plan, known, example))
    return f"It is held: {run.held[0].why}" if run.held else run.payouts[0].amount


def _example_facts(plan: Plan, metrics: Mapping[str, Metric], example: Example) -> Facts:
    """One person in one unit for a whole quarter whose target is the example's."""
    quarter = next(n for n, share in enumerate(plan.quarter_shares, start=1) if share)
    when, calendar = Quarter(plan.starts.year + 1, quarter), FiscalCalendar()
    annual = example.target / plan.quarter_shares[quarter - 1]
    scope = plan.people
    grade = scope.grades[0] if scope.grades else ""
    unit = scope.units[0] if scope.units else _EXAMPLE_UNIT
    named = {reading.measured_at for reading in plan.readings()} - {UNIT, PARENT, TOP, PERSON}
    places = {unit, *named}
    span = Span(date(1, 1, 1))
    personal = {reading.metric for reading in plan.readings() if reading.measured_at == PERSON}
    return Facts(
        quarter=when,
        units=tuple(Unit(place, place) for place in places),
        metrics=tuple(metrics.values()),
        plans=(plan,),
        results=tuple(Result(place, when, m, value=score) for m, score in example.scores for place in places),
        people=(
            Person(
                employee="example",
                name=example.name,
                assignments=(Assignment(unit, span, example.currency, target_amount=annual, grade=grade),),
                results=tuple(PersonalResult(when, m, score) for m, score in example.scores if m in personal),
            ),
        ),
        targets=tuple(Target(place, when, m, target) for m, target in example.targets for place in places),
        calendar=calendar,
    )
