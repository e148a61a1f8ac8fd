"""The plan linter: what makes a version unfit to publish, and what its author should think about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from comp.calculate import calculate
from comp.curves import Curve
from comp.errors import Problem
from comp.facts import Assignment, Facts, Person, PersonalResult, Result, Target, Unit
from comp.figures import exact_text, percent
from comp.periods import FiscalCalendar, Quarter, Span
from comp.plan import PARENT, PERSON, TOP, TOTAL, UNIT, Example, Measure, Modifier, Plan, Reading
from comp.scores import Metric

_EXAMPLE_UNIT = "EXAMPLE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. An error keeps the version from being published; a warning asks its author to think."""

    problem: Problem
    is_error: bool


def lint(plan: Plan, metrics: Iterable[Metric], units: Iterable[str]) -> list[Finding]:
    """Everything the linter finds in a plan of a company with these metrics and units."""
    known = {metric.id: metric for metric in metrics}
    errors = [*_names(plan, known, set(units)), *completeness(plan)]
    if not errors:
        errors += _examples(plan, known)
    warnings = [*_falling(plan, known), *_unreachable_caps(plan, known), *_unproven(plan)]
    return [Finding(problem, is_error=True) for problem in errors] + [
        Finding(problem, is_error=False) for problem in warnings
    ]


def _named_units(plan: Plan) -> set[str]:
    """The units at which the plan measures by name."""
    return {reading.measured_at for reading in plan.readings()} - {UNIT, PARENT, TOP, PERSON}


def _names(plan: Plan, metrics: Mapping[str, Metric], units: set[str]) -> Iterator[Problem]:
    for reading in plan.readings():
        if reading.metric not in metrics:
            why = "is not a known metric. Import its definition first, or correct the name."
            yield Problem(f"{reading.metric!r} {why}", where="metric")
    for where, codes in (("measured_at", sorted(_named_units(plan))), ("applies_to", plan.people.units)):
        for code in codes:
            if code not in units:
                yield Problem(f"{code!r} is not a unit. Import the units first, or correct the code.", where=where)


def completeness(plan: Plan) -> Iterator[Problem]:
    """What a plan lacks that it cannot pay without, whatever the company."""
    if plan.scope is None:
        yield Problem(
            "The plan does not say whom it pays. Name units (`applies_to: {units: [SERVICE]}`), "
            "or write `applies_to: everyone` for the whole company.",
            where="applies_to",
        )
    if not plan.pay_code:
        yield Problem("The plan has no pay code, so payroll could not book its payouts.", where="pay_code")


def _examples(plan: Plan, metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    for example in plan.examples:
        comes_out = _worked(plan, metrics, example)
        if comes_out:
            yield Problem(f"{comes_out} Correct the example or the plan.", where=f"example {example.name!r}")


def _worked(plan: Plan, metrics: Mapping[str, Metric], example: Example) -> str:
    """A sentence where a worked example does not come out, else empty."""
    unknown = [metric for metric, _ in (*example.scores, *example.targets) if metric not in metrics]
    if unknown:
        return f"{unknown[0]!r} is not a known metric."
    run = calculate(_example_facts(plan, metrics, example))
    if run.held:
        return f"It is held: {run.held[0].why}"
    (payout,) = run.payouts
    if payout.amount.amount == example.pays:
        return ""
    return f"It says {exact_text(example.pays)} {example.currency} and the plan pays {payout.amount}."


def _example_facts(plan: Plan, metrics: Mapping[str, Metric], example: Example) -> Facts:
    """One person in one unit for a whole quarter whose target is the example's."""
    quarter = next(n for n, share in enumerate(plan.quarter_shares, start=1) if share)
    when, calendar = Quarter(plan.starts.year + 1, quarter), FiscalCalendar()
    annual = example.target / plan.quarter_shares[quarter - 1]
    scope = plan.people
    grade = scope.grades[0] if scope.grades else ""
    unit = scope.units[0] if scope.units else _EXAMPLE_UNIT
    places = {unit, *(_named_units(plan))}
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


def _falling(plan: Plan, metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    for reading, curve in _curves(plan):
        better = metrics[reading.metric].better if reading.metric in metrics else "higher"
        heights = [curve.below, *(height for _, height in curve.from_worst(better))]
        if heights != sorted(heights):
            why = "A better score pays less somewhere along the curve."
            yield Problem(why, where=f"curve of {reading.metric}")


def _unreachable_caps(plan: Plan, metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    best_of_all: Fraction | None = Fraction(0)
    for component in plan.components:
        earned = [(measure.weight, _best(measure, metrics)) for measure in component.measures]
        best = _modified(_weighted(earned), plan, component.id, metrics)
        if component.cap is not None and best is not None and best < component.cap:
            why = f"No score reaches the cap of {percent(component.cap)}: the curves end at {percent(best)}."
            yield Problem(why, where=f"component {component.id}")
        capped = best if component.cap is None else component.cap if best is None else min(best, component.cap)
        best_of_all = _weighted([(Fraction(1), best_of_all), (component.share, capped)])
    best_of_all = _modified(best_of_all, plan, TOTAL, metrics)
    if plan.cap is not None and best_of_all is not None and best_of_all < plan.cap:
        why = f"No scores reach the cap of {percent(plan.cap)}: the components end at {percent(best_of_all)}."
        yield Problem(why, where="cap")


def _best(rule: Measure | Modifier, metrics: Mapping[str, Metric]) -> Fraction | None:
    """The most that a curve can give; None where it goes on without end."""
    known = metrics.get(rule.reading.metric)
    return rule.curve.best(known.better if known else "higher")


def _weighted(parts: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    total = Fraction(0)
    for weight, best in parts:
        if best is None:
            return None
        total += weight * best
    return total


def _modified(best: Fraction | None, plan: Plan, on: str, metrics: Mapping[str, Metric]) -> Fraction | None:
    for multiplier in (_best(modifier, metrics) for modifier in plan.modifiers if modifier.on == on):
        best = None if best is None or multiplier is None else best * multiplier
    return best


def _unproven(plan: Plan) -> Iterator[Problem]:
    if not plan.examples:
        yield Problem("No worked example proves the plan. Add at least one at target.", where="examples")


def _curves(plan: Plan) -> Iterator[tuple[Reading, Curve]]:
    for component in plan.components:
        yield from ((measure.reading, measure.curve) for measure in component.measures)
    yield from ((modifier.reading, modifier.curve) for modifier in plan.modifiers)
