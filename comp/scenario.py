"""Scenarios: a small company, its results, and what everybody in it must be paid. The executable specification."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from comp.company import read_company
from comp.documents import Fields, answer_number, iso_day, positive_percent, whole_number
from comp.errors import Problem
from comp.expectations import Expectation
from comp.facts import Absence, Assignment, Facts, Person, PersonalResult, Result, Target, Unit
from comp.metric_documents import read_metrics
from comp.money import exact
from comp.periods import FOREVER, Period, Quarter, Span, day_after, parse_period
from comp.plan import Plan
from comp.plan_documents import read_plan
from comp.scores import Metric, Question, Statistic, Tally, groups_tally, sample

_FIRST = date(1, 1, 1)
_NO_PERIOD: Period = Quarter(2000, 1)
_GROUPS = ("promoters", "passives", "detractors")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of facts with what must come out of them."""

    name: str
    facts: Facts
    expect: tuple[Expectation, ...]


def read_scenario(document: object) -> tuple[Scenario | None, list[Problem]]:
    """The scenario that a document states, or None with every problem found in it."""
    problems: list[Problem] = []
    fields = Fields(document, problems)
    scenario = _scenario(fields, problems)
    return (None if problems else scenario), problems


def _scenario(fields: Fields, problems: list[Problem]) -> Scenario:
    name = fields.text("name")
    fields.text("source", default="")
    quarter = fields.value("quarter", Quarter.parse, Quarter(2000, 1))
    company = read_company(fields.inner("settings"))
    metrics = _metrics(fields, problems)
    facts = Facts(
        quarter=quarter,
        units=tuple(_unit(each) for each in fields.each("units")),
        metrics=tuple(metrics.values()),
        plans=tuple(_plans(fields, problems)),
        results=tuple(_result(each, metrics) for each in fields.each("results")),
        people=tuple(_people(fields)),
        targets=tuple(_target(each) for each in fields.each("targets")),
        calendar=company.calendar,
        round_to=company.round_to,
    )
    expect = tuple(_expectation(each) for each in fields.each("expect"))
    fields.finish()
    return Scenario(name, facts, expect)


def _metrics(fields: Fields, problems: list[Problem]) -> dict[str, Metric]:
    document = {"metrics": fields.raw("metrics"), "questions": fields.raw("questions")}
    _, metrics, found = read_metrics({key: value for key, value in document.items() if value is not None})
    problems += found
    return {metric.id: metric for metric in metrics}


def _plans(fields: Fields, problems: list[Problem]) -> Iterator[Plan]:
    for place, document in fields.listed("plans"):
        plan, found = read_plan(document, place)
        problems += found
        if plan:
            yield plan


def _unit(fields: Fields) -> Unit:
    unit = Unit(fields.text("unit"), fields.text("name"), fields.text("parent", default="") or None)
    for ignored in ("loyalty_lead", "currency"):
        fields.raw(ignored)
    fields.finish()
    return unit


def _result(fields: Fields, metrics: Mapping[str, Metric]) -> Result:
    id_ = fields.text("metric")
    metric = metrics.get(id_)
    tally = _tally(fields, metric)
    result = Result(
        unit=fields.text("unit"),
        quarter=fields.value("quarter", Quarter.parse, Quarter(2000, 1)),
        metric=id_,
        sample=sample(metric, tally) if metric and tally else None,
        value=fields.optional("value", exact),
        answers=fields.optional("answers", whole_number),
        touchpoint=fields.text("touchpoint", default=""),
    )
    if metric is None:
        fields.problem(f"{id_!r} is not one of the scenario's metrics", "metric")
    if (result.value is None) == (tally is None):
        fields.problem("needs either a `value` or counts of answers")
    fields.finish()
    return result


def _tally(fields: Fields, metric: Metric | None) -> Tally | None:
    if fields.has("counts"):
        question = metric.question if metric else None
        return dict(_counts(fields.inner("counts"), question))
    if not any(fields.has(group) for group in _GROUPS):
        return None
    if metric and metric.statistic is not Statistic.NPS:
        fields.problem("promoters, passives and detractors belong to a Net Promoter Score; use `counts`")
    return groups_tally(*(fields.whole(group, default=0) for group in _GROUPS))


def _counts(fields: Fields, question: Question | None) -> Iterator[tuple[int, int]]:
    for answer, _ in fields.entries():
        number = answer_number(answer)
        if question is None or number is None or number not in question.answers:
            scale = f"{question.low}-{question.high}" if question else "of a metric with a question"
            fields.problem(f"is not an answer on the scale {scale}", answer)
        else:
            yield number, fields.whole(answer)


def _people(fields: Fields) -> list[Person]:
    own: dict[str, list[PersonalResult]] = {}
    for each in fields.each("personal_results"):
        quarter = each.value("quarter", Quarter.parse, Quarter(2000, 1))
        own.setdefault(each.text("employee"), []).append(
            PersonalResult(quarter, each.text("metric"), each.number("value"))
        )
        each.finish()
    people = [_person(each, own) for each in fields.each("people")]
    for employee in own.keys() - {person.employee for person in people}:
        fields.problem(f"{employee!r} is none of the scenario's people", "personal_results")
    return people


def _person(fields: Fields, own: dict[str, list[PersonalResult]]) -> Person:
    employee = fields.text("employee")
    person = Person(
        employee=employee,
        name=fields.text("name", default=""),
        assignments=tuple(_assignment(each) for each in fields.each("assignments")),
        absences=tuple(_absence(each) for each in fields.each("absences")),
        results=tuple(own.get(employee, ())),
        hired=fields.optional("hired", iso_day),
        left=fields.optional("left", _day_after),
        leaving_reason=fields.text("leaving_reason", default=""),
    )
    fields.raw("email")
    fields.finish()
    return person


def _assignment(fields: Fields) -> Assignment:
    assignment = Assignment(
        unit=fields.text("unit"),
        span=_span(fields),
        currency=fields.text("currency"),
        annual_salary=fields.optional("annual_salary", exact),
        target_percent=fields.optional("target_percent", positive_percent),
        target_amount=fields.optional("target_amount", exact),
        fte=fields.value("fte", exact, Fraction(1), default=Fraction(1)),
        grade=fields.text("grade", default=""),
        manager=fields.text("manager", default=""),
        cost_centre=fields.text("cost_centre", default=""),
    )
    fields.finish()
    return assignment


def _absence(fields: Fields) -> Absence:
    absence = Absence(_span(fields), fields.text("kind"))
    fields.finish()
    return absence


def _span(fields: Fields) -> Span:
    start, end = fields.day("from"), fields.optional("to", _day_after) or FOREVER
    if end <= start:
        fields.problem("is before `from`", "to")
    return Span(start, end)


def _day_after(text: str) -> date:
    return day_after(iso_day(text))


def _target(fields: Fields) -> Target:
    target = Target(
        unit=fields.text("unit"),
        period=fields.value("quarter", parse_period, _NO_PERIOD),
        metric=fields.text("metric"),
        target=fields.number("target"),
    )
    fields.finish()
    return target


def _percent_as_written(text: str) -> str:
    positive_percent(text)
    return text.removesuffix("%").strip()


def _expectation(fields: Fields) -> Expectation:
    expectation = Expectation(
        employee=fields.text("employee"),
        currency=fields.text("currency", default="") or None,
        pays=fields.optional("pays", exact),
        attainment=fields.optional("attainment", _percent_as_written),
        held=fields.optional("held", str),
        outside=fields.optional("outside", str),
    )
    if (expectation.pays, expectation.attainment, expectation.held, expectation.outside) == (None, None, None, None):
        fields.problem("says nothing to expect: give `pays`, `attainment`, `held` or `outside`")
    fields.finish()
    return expectation
