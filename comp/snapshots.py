"""The snapshot of a run: the facts that it looked at, written so that they can be read again whatever changes since.

A snapshot is lines of JSON: first everything but results and people, with the names of their columns; then lists of
results, then lists of people, each of them a list of values in the order of its columns.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from comp.errors import LoyaltyPayError
from comp.facts import Absence, Assignment, Facts, Person, PersonalResult, Result
from comp.periods import Quarter, Span
from comp.plain_values import Plain, from_plain, to_plain
from comp.scores import Sample

_FORMAT = 1
_AT_ONCE = 1_000
_COMPRESSION = 1
_PERSON = ("employee", "name", "hired", "left", "leaving_reason", "assignments", "absences", "results")
_ASSIGNMENT = (
    "unit",
    "start",
    "end",
    "currency",
    "annual_salary",
    "target_percent",
    "target_amount",
    "fte",
    "grade",
    "manager",
    "cost_centre",
)
_RESULT = ("unit", "quarter", "metric", "sample", "value", "answers", "touchpoint")
_COLUMNS = {"person": _PERSON, "assignment": _ASSIGNMENT, "result": _RESULT}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run's facts: the SHA-256 of their text, and the text, compressed by zlib."""

    sha256: str
    compressed: bytes


def take_snapshot(facts: Facts) -> Snapshot:
    """The snapshot of some facts. Equal facts have equal snapshots."""
    digest, compressor, parts = hashlib.sha256(), zlib.compressobj(_COMPRESSION), []
    for line in _lines(facts):
        text = line.encode()
        digest.update(text)
        parts.append(compressor.compress(text))
    return Snapshot(digest.hexdigest(), b"".join([*parts, compressor.flush()]))


def read_snapshot(snapshot: Snapshot) -> Facts:
    """The facts of a snapshot. Raises `LoyaltyPayError` for one that is not what was stored, or cannot be read."""
    try:
        text = zlib.decompress(snapshot.compressed)
    except zlib.error:
        text = b""
    if hashlib.sha256(text).hexdigest() != snapshot.sha256:
        raise LoyaltyPayError("The snapshot is damaged: its SHA-256 is not the one that was stored with the run.")
    first, *rest = text.decode().rstrip("\n").split("\n")
    frame = json.loads(first)
    if frame["format"] != _FORMAT:
        raise LoyaltyPayError(f"The snapshot has format {frame['format']}; this program reads format {_FORMAT}.")
    facts: Facts = from_plain(Facts, frame["facts"])
    blocks = [json.loads(line) for line in rest]
    return replace(
        facts,
        results=tuple(_read_result(*row) for block in blocks for row in block.get("results", ())),
        people=tuple(_read_person(*row) for block in blocks for row in block.get("people", ())),
    )


def _lines(facts: Facts) -> Iterator[str]:
    frame = to_plain(replace(facts, results=(), people=()))
    yield _line({"format": _FORMAT, "columns": _COLUMNS, "facts": frame})
    yield from _blocks("results", map(_result, facts.results))
    yield from _blocks("people", map(_person, facts.people))


def _blocks(name: str, rows: Iterable[Plain]) -> Iterator[str]:
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        yield _line({name: some})


def _line(document: Plain) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _result(result: Result) -> Plain:
    known = result.value is not None
    return (
        result.unit,
        str(result.quarter),
        result.metric,
        result.sample,
        _ratio(result.value) if known else None,
        result.answers,
        result.touchpoint,
    )


def _person(person: Person) -> Plain:
    return (
        person.employee,
        person.name,
        person.hired and _day(person.hired),
        person.left and _day(person.left),
        person.leaving_reason,
        [_assignment(each) for each in person.assignments],
        [(_day(each.span.start), _day(each.span.end), each.kind) for each in person.absences],
        [(str(each.quarter), each.metric, _ratio(each.value)) for each in person.results],
    )


def _assignment(each: Assignment) -> Plain:
    salary, percent, amount = each.annual_salary, each.target_percent, each.target_amount
    return (
        each.unit,
        _day(each.span.start),
        _day(each.span.end),
        each.currency,
        None if salary is None else f"{salary.numerator}/{salary.denominator}",
        None if percent is None else _ratio(percent),
        None if amount is None else f"{amount.numerator}/{amount.denominator}",
        _ratio(each.fte),
        each.grade,
        each.manager,
        each.cost_centre,
    )


@lru_cache(maxsize=100_000)
def _day(day: date) -> str:
    return day.isoformat()


@lru_cache(maxsize=100_000)
def _ratio(number: Fraction) -> str:
    """A number of which there are few: what is each person's own is written without being remembered."""
    return f"{number.numerator}/{number.denominator}"


def _read_result(  # noqa: PLR0913, PLR0917 - a result's columns
    unit: str,
    quarter: str,
    metric: str,
    sample: list[int] | None,
    value: str | None,
    answers: int | None,
    touchpoint: str,
) -> Result:
    points = None if sample is None else Sample(*sample)
    return Result(unit, Quarter.parse(quarter), metric, points, _read_ratio(value), answers, touchpoint)


def _read_person(  # noqa: PLR0913, PLR0917 - a person's columns
    employee: str,
    name: str,
    hired: str | None,
    left: str | None,
    leaving_reason: str,
    assignments: list[Plain],
    absences: list[Plain],
    results: list[Plain],
) -> Person:
    return Person(
        employee,
        name,
        tuple(_read_assignment(*each) for each in assignments),
        tuple(Absence(_read_span(start, end), kind) for start, end, kind in absences),
        tuple(PersonalResult(Quarter.parse(of), metric, Fraction(value)) for of, metric, value in results),
        date.fromisoformat(hired) if hired else None,
        date.fromisoformat(left) if left else None,
        leaving_reason,
    )


def _read_assignment(  # noqa: PLR0913, PLR0917 - an assignment's columns
    unit: str,
    start: str,
    end: str,
    currency: str,
    salary: str | None,
    percent: str | None,
    amount: str | None,
    fte: str,
    grade: str,
    manager: str,
    cost_centre: str,
) -> Assignment:
    span, working = _read_span(start, end), Fraction(fte)
    amounts = _read_ratio(salary), _read_ratio(percent), _read_ratio(amount)
    return Assignment(unit, span, currency, *amounts, working, grade, manager, cost_centre)


@lru_cache(maxsize=100_000)
def _read_span(start: str, end: str) -> Span:
    return Span(date.fromisoformat(start), date.fromisoformat(end))


@lru_cache(maxsize=100_000)
def _read_ratio(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
