"""People, their assignments, absences and own results."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session

from comp.facts import Absence, Assignment, Person, PersonalResult
from comp.intake import AbsenceRecord, PersonalResultRecord, PersonRecord
from comp.models import AbsenceRow, AssignmentRow, PersonalResultRow, PersonRow, main_units, minor_units, read_exact
from comp.periods import Quarter, Span
from comp.store.bulk import Reader, chunks, columns_of, day_text, put, read_day, stored

State = tuple[object, ...]
_ASSIGNMENT = (
    "employee",
    "unit",
    "start_on",
    "end_on",
    "currency",
    "annual_salary_minor",
    "target_percent",
    "target_amount_minor",
    "fte",
    "grade",
    "manager",
    "cost_centre",
)
_DAYS = {"start_on", "end_on"}
_OWN = ("name", "email", "hired_on", "employed_until", "leaving_reason")


def load_people(reader: Reader, quarter: Quarter, days: Span) -> Iterator[Person]:
    """Everybody who was employed on a day of the quarter, with all that its calculation looks at, by number."""
    assignments = _assignments(reader, days)
    absences = _absences(reader, days)
    results = _personal_results(reader, quarter)
    for employee, name, start, left, reason in reader.rows(_employed(days)):
        yield Person(
            employee,
            name,
            tuple(assignments.get(employee, ())),
            tuple(absences.get(employee, ())),
            tuple(results.get(employee, ())),
            read_day(start),
            left and read_day(left),
            reason,
        )


def _employed(days: Span) -> Select[Any]:
    """Who was employed: since the hiring day or, where that is not known, the first assigned day."""
    table, assigned = columns_of(PersonRow), columns_of(AssignmentRow)
    unknown = select(table.employee).where(table.hired_on.is_(None))
    first = select(assigned.employee, func.min(assigned.start_on).label("day")).where(assigned.employee.in_(unknown))
    firsts = first.group_by(assigned.employee).subquery()
    start, left = func.coalesce(table.hired_on, firsts.c.day), table.employed_until
    return (
        select(table.employee, table.name, day_text(start), day_text(left), table.leaving_reason)
        .join_from(PersonRow, firsts, firsts.c.employee == table.employee, isouter=True)
        .where(start < days.end, left.is_(None) | (left > days.start))
        .order_by(table.employee)
    )


def _assignments(reader: Reader, days: Span) -> dict[str, list[Assignment]]:
    table = columns_of(AssignmentRow)
    columns = [day_text(table[name]) if name in _DAYS else table[name] for name in _ASSIGNMENT]
    touching = select(*columns).where(table.start_on < days.end, table.end_on > days.start)
    found: dict[str, list[Assignment]] = {}
    for employee, unit, start, end, *rest in reader.rows(touching.order_by(table.employee, table.start_on)):
        found.setdefault(employee, []).append(_assignment(unit, _span(start, end), *rest))
    return found


def _assignment(  # noqa: PLR0913, PLR0917 - a row's columns
    unit: str,
    span: Span,
    currency: str,
    salary: int | None,
    percent: str | None,
    amount: int | None,
    fte: str,
    grade: str,
    manager: str | None,
    cost_centre: str,
) -> Assignment:
    return Assignment(
        unit,
        span,
        currency,
        main_units(salary, currency),
        None if percent is None else read_exact(percent),
        main_units(amount, currency),
        read_exact(fte),
        grade,
        manager or "",
        cost_centre,
    )


@lru_cache(maxsize=100_000)
def _span(start: str, end: str) -> Span:
    return Span(read_day(start), read_day(end))


def _absences(reader: Reader, days: Span) -> dict[str, list[Absence]]:
    table = columns_of(AbsenceRow)
    columns = select(table.employee, day_text(table.start_on), day_text(table.end_on), table.kind)
    found: dict[str, list[Absence]] = {}
    touching = columns.where(table.start_on < days.end, table.end_on > days.start)
    for employee, start, end, kind in reader.rows(touching.order_by(table.employee, table.start_on)):
        found.setdefault(employee, []).append(Absence(_span(start, end), kind))
    return found


def _personal_results(reader: Reader, quarter: Quarter) -> dict[str, list[PersonalResult]]:
    table = columns_of(PersonalResultRow)
    columns = select(table.employee, table.metric, table.value).where(table.quarter == str(quarter))
    found: dict[str, list[PersonalResult]] = {}
    for employee, metric, value in reader.rows(columns.order_by(table.employee, table.metric)):
        found.setdefault(employee, []).append(PersonalResult(quarter, metric, read_exact(value)))
    return found


def employees(session: Session) -> set[str]:
    """Every employee number."""
    return set(session.scalars(select(columns_of(PersonRow).employee)))


def is_known(session: Session, employee: str) -> bool:
    """Whether anybody has an employee number."""
    return session.get(PersonRow, employee) is not None


def names_of(session: Session, wanted: Iterable[str]) -> dict[str, str]:
    """The names of some employees, by number."""
    table = columns_of(PersonRow)
    query = select(table.employee, table.name)
    found = (session.execute(query.where(table.employee.in_(some))) for some in chunks(wanted))
    return {employee: name for rows in found for employee, name in rows}


def person_states(session: Session, wanted: Iterable[str]) -> dict[str, State]:
    """What is stored of each of these people themselves, to be compared with a file."""
    table = columns_of(PersonRow)
    own = [table[name] for name in _OWN]
    return {
        employee: tuple(state)
        for some in chunks(wanted)
        for employee, *state in session.execute(select(table.employee, *own).where(table.employee.in_(some)))
    }


def assignment_states(session: Session, wanted: Iterable[str]) -> dict[tuple[str, date], State]:
    """The stored assignments of these people by employee and first day, to be compared with a file."""
    table = columns_of(AssignmentRow)
    columns = [table[name] for name in _ASSIGNMENT]
    return {
        (state[0], state[2]): tuple(state)
        for some in chunks(wanted)
        for state in session.execute(select(*columns).where(table.employee.in_(some)))
    }


def manager_spans(session: Session) -> dict[str, dict[Span, str | None]]:
    """Everybody's stored assignments, each with its manager."""
    table = columns_of(AssignmentRow)
    found: dict[str, dict[Span, str | None]] = {}
    for employee, start, end, manager in session.execute(
        select(table.employee, table.start_on, table.end_on, table.manager)
    ):
        found.setdefault(employee, {})[Span(start, end)] = manager
    return found


def assignment_state(record: PersonRecord) -> State:
    """What a record's assignment would be stored as."""
    return (
        record.employee,
        record.unit,
        record.span.start,
        record.span.end,
        record.currency,
        _minor(record.annual_salary, record.currency),
        record.target_percent,
        _minor(record.target_amount, record.currency),
        record.fte,
        record.grade,
        record.manager,
        record.cost_centre,
    )


def _minor(amount: Fraction | None, currency: str) -> int | None:
    """An amount as it would be stored; None for what cannot be: it is told as a problem, and nothing is stored."""
    try:
        return minor_units(amount, currency)
    except (KeyError, ValueError):
        return None


def save_people(session: Session, records: Iterable[PersonRecord]) -> None:
    """Store people, and their assignments in place of those with the same first day."""
    records = list(records)
    people = {record.employee: record.own for record in records}
    put(session, PersonRow, ["employee"], ("employee", *_OWN), (stored((key, *own)) for key, own in people.items()))
    states = (stored(assignment_state(record)) for record in records)
    put(session, AssignmentRow, ["employee", "start_on"], _ASSIGNMENT, states)


def absence_spans(session: Session, wanted: Iterable[str]) -> dict[tuple[str, date], tuple[Span, str]]:
    """The stored absences of these people by employee and first day."""
    table = columns_of(AbsenceRow)
    return {
        (employee, start): (Span(start, end), kind)
        for some in chunks(wanted)
        for employee, start, end, kind in session.execute(
            select(table.employee, table.start_on, table.end_on, table.kind).where(table.employee.in_(some))
        )
    }


def save_absences(session: Session, records: Iterable[AbsenceRecord]) -> None:
    """Store absences, in place of those of the same person with the same first day."""
    rows = (stored((record.employee, *record.span, record.kind)) for record in records)
    put(session, AbsenceRow, ["employee", "start_on"], ("employee", "start_on", "end_on", "kind"), rows)


def personal_result_states(session: Session) -> dict[tuple[str, str, str], Fraction]:
    """Every stored personal result, by employee, quarter and metric."""
    table = columns_of(PersonalResultRow)
    rows = session.execute(select(table.employee, table.quarter, table.metric, table.value))
    return {(employee, quarter, metric): value for employee, quarter, metric, value in rows}


def save_personal_results(session: Session, records: Iterable[PersonalResultRecord]) -> None:
    """Store personal results, in place of those of the same person, quarter and metric."""
    keys = ("employee", "quarter", "metric")
    rows = (stored((record.employee, record.quarter, record.metric, record.value)) for record in records)
    put(session, PersonalResultRow, keys, (*keys, "value"), rows)


def count_people(session: Session) -> int:
    """How many people are known, whenever they were employed."""
    return session.scalar(select(func.count()).select_from(PersonRow)) or 0


def currencies(session: Session, days: Span) -> set[str]:
    """Every currency that somebody has a target in on some of these days."""
    table = columns_of(AssignmentRow)
    query = select(table.currency).where(table.start_on < days.end, table.end_on > days.start).distinct()
    return set(session.scalars(query))


def cost_centres(session: Session) -> set[str]:
    """Every cost centre that an assignment names."""
    found = session.scalars(select(columns_of(AssignmentRow).cost_centre).distinct())
    return {centre for centre in found if centre}


def leavers(session: Session, days: Span) -> Iterator[tuple[str, date, str]]:
    """Who left before the last of some days, by number: the first day that they were not employed, and the reason."""
    table = columns_of(PersonRow)
    until = table.employed_until
    query = select(table.employee, until, table.leaving_reason).where(until > days.start, until < days.end)
    yield from (tuple(row) for row in session.execute(query.order_by(table.employee)))
