"""What stands against taking records in: names that are not known, doubles, overlaps, circles, contradictions."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TypeVar

from comp.errors import Problem
from comp.facts import Unit
from comp.figures import exact_text
from comp.intake import (
    PersonalResultRecord,
    Record,
    ResponseRecord,
    ResultRecord,
    TargetRecord,
    UnitRecord,
)
from comp.money import is_currency
from comp.scores import Metric, Statistic

R = TypeVar("R", bound=Record)
_COUNTS = ("answers", "promoters", "passives", "detractors")
_TOO_MANY = 10**9
"""Answers in one quarter that no company has and no database need hold."""


def unit_problems(records: Iterable[UnitRecord], known: Mapping[str, Unit]) -> Iterator[Problem]:
    """A unit twice, an unknown parent, a circle of parents. `known` are the units that the company has."""
    records = list(records)
    yield from doubles(records, lambda record: (record.unit,), "unit")
    yield from lookalikes(records, lambda record: record.unit, "unit")
    parents = {code: unit.parent for code, unit in known.items()} | {record.unit: record.parent for record in records}
    for record in records:
        if record.currency and not is_currency(record.currency):
            yield problem_at(record, "currency", record.currency, "is not an ISO 4217 currency such as EUR.")
        if record.parent and record.parent not in parents:
            why = "is not a unit: neither this file nor an earlier one has it."
            yield problem_at(record, "parent", record.parent, why)
        elif record.parent and _is_above_itself(record.unit, parents):
            yield problem_at(record, "parent", record.parent, "closes a circle: the unit is above itself.")


def _is_above_itself(unit: str, parents: Mapping[str, str | None]) -> bool:
    """Whether the way up from a unit comes back to it. A unit below a circle is not in it."""
    seen: set[str | None] = {None}
    here = parents[unit]
    while here not in seen and here != unit:
        seen.add(here)
        here = parents.get(here) if here else None
    return here == unit


def response_problems(
    records: Iterable[ResponseRecord], units: Container[str], stated: Mapping[tuple[str, str, str], tuple[str, str]]
) -> Iterator[Problem]:
    """A response twice, unknown units, and answers to what a unit already states.

    `stated` tells, by unit, question and month (`2026-04`), which unit, itself or one above, states which metric for
    that month's quarter.
    """
    records = list(records)
    yield from doubles(records, lambda record: (record.key,), "response")
    for record in records:
        if record.unit not in units:
            yield problem_at(record, "unit", record.unit, "is not a unit. Import the units first, or correct the code.")
        for question, _ in record.answers if stated else ():
            whose, metric = stated.get((record.unit, question, f"{record.answered_on:%Y-%m}"), ("", ""))
            if metric:
                why = f"{whose} already states a value of {metric} for this quarter. Withdraw one of the two."
                yield problem_at(record, question, "", why)


def result_problems(
    records: Iterable[ResultRecord],
    units: Container[str],
    metrics: Mapping[str, Metric],
    answered: Mapping[tuple[str, str, str], str],
) -> Iterator[Problem]:
    """Everything that stands against stated results.

    `answered` tells, by unit, quarter and metric, which unit's customers answered: the unit's own or one below.
    """
    records = list(records)
    yield from doubles(records, lambda record: (record.unit, record.quarter, record.metric), "metric")
    for record in records:
        yield from _place_problems(record, record.unit, record.metric, units, metrics)
        metric = metrics.get(record.metric)
        if metric and record.groups and metric.statistic is not Statistic.NPS:
            why = f"{record.metric} is not a Net Promoter Score: promoters, passives and detractors mean nothing to it."
            yield problem_at(record, "promoters", "", why)
        if metric and record.value is not None and (why := metric.off_scale(record.value)):
            yield problem_at(record, "value", exact_text(record.value), why)
        for column, count in zip(_COUNTS, (record.answers, *(record.groups or ())), strict=False):
            if count is not None and count >= _TOO_MANY:
                yield problem_at(record, column, str(count), "is a billion or more. Correct the count.")
        whose = answered.get((record.unit, str(record.quarter), record.metric))
        pools = record.answers is not None and whose != record.unit
        if record.value is not None and whose and not pools:
            why = f"{whose} has customers' answers for it in {record.quarter}. Withdraw one of the two."
            yield problem_at(record, "metric", record.metric, why)


def personal_result_problems(
    records: Iterable[PersonalResultRecord], employees: Container[str], metrics: Mapping[str, Metric]
) -> Iterator[Problem]:
    """Unknown employees and metrics, and a result twice."""
    records = list(records)
    yield from doubles(records, lambda record: (record.employee, record.quarter, record.metric), "metric")
    for record in records:
        if record.employee not in employees:
            yield unknown_employee(record, record.employee)
        if record.metric not in metrics:
            yield _unknown_metric(record, record.metric)


def target_problems(
    records: Iterable[TargetRecord], units: Container[str], metrics: Mapping[str, Metric]
) -> Iterator[Problem]:
    """Unknown units and metrics, a target twice, and targets that no score can reach."""
    records = list(records)
    yield from doubles(records, lambda record: (record.unit, str(record.period), record.metric), "target")
    for record in records:
        yield from _place_problems(record, record.unit, record.metric, units, metrics)
        metric = metrics.get(record.metric)
        if metric and (why := metric.off_scale(record.target)):
            yield problem_at(record, "target", exact_text(record.target), why)


def _place_problems(
    record: Record, unit: str, metric: str, units: Container[str], metrics: Container[str]
) -> Iterator[Problem]:
    if unit not in units:
        yield problem_at(record, "unit", unit, "is not a unit. Import the units first, or correct the code.")
    if metric not in metrics:
        yield _unknown_metric(record, metric)


def doubles(records: list[R], key: Callable[[R], tuple[object, ...]], column: str) -> Iterator[Problem]:
    """Rows that say again what an earlier row said."""
    lines: dict[tuple[object, ...], int] = {}
    for record in records:
        first = lines.setdefault(key(record), record.line)
        if first != record.line:
            shown = ", ".join(map(str, key(record)))
            yield problem_at(record, column, shown, f"stands on line {first} already. Keep one of the two.")


def lookalikes(records: list[R], key: Callable[[R], str], column: str) -> Iterator[Problem]:
    """`007` and `7` in one file: two different identifiers, or one that lost its zeros."""
    seen: dict[str, tuple[str, int]] = {}
    for record in records:
        value = key(record)
        plain, line = seen.setdefault(value.lstrip("0").casefold(), (value, record.line))
        if plain != value:
            why = f"looks like {plain!r} on line {line}. Write both alike, or make them clearly different."
            yield problem_at(record, column, value, why)


def unknown_employee(record: Record, employee: str) -> Problem:
    """The problem of a row about somebody whom the company does not know."""
    why = "is not an employee. Import the people first, or correct the number."
    return problem_at(record, "employee", employee, why)


def _unknown_metric(record: Record, metric: str) -> Problem:
    return problem_at(
        record, "metric", metric, "is not a known metric. Import its definition first, or correct the name."
    )


def problem_at(record: Record, column: str, value: str, why: str) -> Problem:
    """A problem with one cell of a record."""
    return Problem(why, line=record.line, column=column, value=value)
