"""What the checks of a plan look at: the last quarters' results, people by unit and grade, targets, published plans."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, literal, or_, select
from sqlmodel import Session

from comp.facts import Result, Target
from comp.lint_facts import Headcount, LintFacts
from comp.models import AssignmentRow, PersonRow, TallyRow
from comp.periods import FiscalCalendar, Quarter, parse_period
from comp.plan import Plan
from comp.scores import Metric, Sample
from comp.store import metrics, runs, units
from comp.store.bulk import Reader, columns_of
from comp.store.plans import published_plans
from comp.store.results import answered_months, load_stated, stated_quarters, target_states
from comp.store.settings import load_company

_QUARTERS, _BEFORE = 8, 3


def load_lint_facts(session: Session, plan: Plan) -> LintFacts:
    """What the linter may look at, in a number of queries that does not depend on what is stored."""
    company = load_company(session)
    read = {reading.metric for reading in plan.readings()}
    known = metrics.load_metrics(session, company.calendar.quarter_of(plan.starts))
    quarters = _last_quarters(session, company.calendar)
    wanted = [quarters[-1].plus(back) for back in range(1 - _QUARTERS - _BEFORE, 1)] if quarters else []
    weighted = any(reading.touchpoints for reading in plan.readings())
    used = [metric for metric in known if metric.id in read]
    return LintFacts(
        metrics=known,
        units=units.load_units(session),
        quarters=tuple(quarters),
        results=tuple(_results(Reader(session), wanted, company.calendar, used, by_touchpoint=weighted)),
        targets=tuple(_targets(session, read)),
        people=tuple(_people(session, plan.starts)),
        published=tuple(published_plans(session)),
        calculated=frozenset(run.quarter for run in runs.list_runs(session)),
        calendar=company.calendar,
        cliff=company.cliff,
    )


def _last_quarters(session: Session, calendar: FiscalCalendar) -> list[Quarter]:
    """Those of the last eight quarters that have results, oldest first."""
    known = {calendar.quarter_of(month) for month in answered_months(session)}
    known |= {Quarter.parse(text) for text in stated_quarters(session)}
    return [quarter for quarter in sorted(known) if quarter > max(known).plus(-_QUARTERS)]


def _results(
    reader: Reader,
    quarters: Sequence[Quarter],
    calendar: FiscalCalendar,
    used: Sequence[Metric],
    *,
    by_touchpoint: bool,
) -> Iterator[Result]:
    asked = [metric for metric in used if metric.question]
    if quarters and asked:
        for unit, question, place, touchpoint, *sums in reader.rows(
            _tallied(quarters, calendar, asked, by_touchpoint=by_touchpoint)
        ):
            for number, metric in enumerate(asked):
                answers, points, squares = sums[0], *sums[2 * number + 1 : 2 * number + 3]
                if metric.question and metric.question.id == question and answers:
                    sample = Sample(answers, points, squares)
                    yield Result(unit, quarters[place], metric.id, sample, touchpoint=touchpoint)
    known = {metric.id: metric for metric in used}
    yield from (result for result in load_stated(reader, quarters, known) if result.metric in known)


def _tallied(
    quarters: Sequence[Quarter], calendar: FiscalCalendar, asked: Sequence[Metric], *, by_touchpoint: bool
) -> Select[Any]:
    """The answers, and for each metric the sums of their points and of the squares, by unit, question and quarter."""
    table = columns_of(TallyRow)
    spans = [calendar.span(quarter) for quarter in quarters]
    when = case(*((table.month < span.end, place) for place, span in enumerate(spans)))
    keys = [table.unit, table.question, when, table.touchpoint if by_touchpoint else literal("")]
    sums = [_sum(table["count"])]
    for metric in asked:
        sums += [_sum(table["count"] * _points(metric, power)) for power in (1, 2)]
    here = select(*keys, *sums).where(table.month >= spans[0].start, table.month < spans[-1].end)
    questions = [metric.question.id for metric in asked if metric.question]
    return here.where(table.question.in_(questions)).group_by(*keys[:3], *keys[3:][: int(by_touchpoint)])


def _sum(value: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.sum(value), Integer)


def _points(metric: Metric, power: int) -> ColumnElement[int]:
    """What an answer is worth under a metric, or the square of it."""
    table, question = columns_of(TallyRow), metric.question
    worth = {answer: metric.points(answer) ** power for answer in question.answers} if question else {}
    return case(worth, value=table.answer, else_=0)


def _targets(session: Session, read: set[str]) -> Iterator[Target]:
    for (unit, period, metric), target in target_states(session).items():
        if metric in read:
            yield Target(unit, parse_period(period), metric, target)


def _people(session: Session, starts: date) -> Iterator[Headcount]:
    """Who works in which unit and grade on the day that a version starts or later, each person once in each."""
    table, person = columns_of(AssignmentRow), columns_of(PersonRow)
    query = (
        select(table.unit, table.grade, func.count(table.employee.distinct()))
        .join_from(AssignmentRow, PersonRow, person.employee == table.employee)
        .where(table.end_on > starts, or_(person.employed_until.is_(None), person.employed_until > starts))
        .group_by(table.unit, table.grade)
        .order_by(table.unit, table.grade)
    )
    for unit, grade, people in session.execute(query):
        yield Headcount(unit, grade, people)
