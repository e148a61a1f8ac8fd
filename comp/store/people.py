"""People, their assignments, absences and own results."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, Text, delete, func, select, type_coerce
from sqlmodel import Session, col

from comp.facts import Absence, Assignment, Person, PersonalResult
from comp.figures import exact_text
from comp.intake import AbsenceRecord, PersonalResultRecord, PersonRecord
from comp.models import AbsenceRow, AssignmentRow, PersonalResultRow, PersonRow, read_exact
from comp.money import minor_unit_decimals
from comp.periods import FOREVER, Quarter, Span
from comp.store.bulk import Reader, Value, chunks, columns_of, insert

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
_OWN = ("name", "email", "hired_on", "employed_until", "leaving_reason")


def load_people(reader: Reader, quarter: Quarter, days: Span) -> Iterator[Person]:
    """Everybody who was employed on a day of the quarter, with all that its calculation looks at, by number."""
    assignments = _assignments(reader, days)
    absences = _absences(reader, days)
    results = _personal_results(reader, quarter)
    first_days = _first_days(reader)
    table = columns_of(PersonRow)
    columns = (table.employee, table.name, table.hired_on, table.employed_until, table.leaving_reason)
    for employee, name, hired, left, reason in reader.rows(select(*columns).order_by(table.employee)):
        start = hired or first_days.get(employee, FOREVER)
        if start < days.end and (left is None or left > days.start):
            own = assignments.get(employee, []), absences.get(employee, []), results.get(employee, [])
            yield Person(employee, name, tuple(own[0]), tuple(own[1]), tuple(own[2]), start, left, reason)


def _assignments(reader: Reader, days: Span) -> dict[str, list[Assignment]]:
    found: dict[str, list[Assignment]] = {}
    spans: dict[Span, Span] = {}
    for row in reader.rows(_assignment_columns(days)):
        span = Span(row.start_on, row.end_on)
        found.setdefault(row.employee, []).append(_assignment(row, spans.setdefault(span, span)))
    return found


def _assignment_columns(days: Span) -> Select[Any]:
    table = columns_of(AssignmentRow)
    as_text = {"target_percent", "fte"}
    columns = [type_coerce(table[name], Text).label(name) if name in as_text else table[name] for name in _ASSIGNMENT]
    return (
        select(*columns)
        .where(table.start_on < days.end, table.end_on > days.start)
        .order_by(table.employee, table.start_on)
    )


def _assignment(row: Row[Any], span: Span) -> Assignment:
    scale = 10 ** minor_unit_decimals(row.currency)
    return Assignment(
        row.unit,
        span,
        row.currency,
        None if row.annual_salary_minor is None else Fraction(row.annual_salary_minor, scale),
        None if row.target_percent is None else read_exact(row.target_percent),
        None if row.target_amount_minor is None else Fraction(row.target_amount_minor, scale),
        read_exact(row.fte),
        row.grade,
        row.manager or "",
        row.cost_centre,
    )


def _first_days(reader: Reader) -> dict[str, date]:
    """The first assigned day of those whose hiring day is not known."""
    table = columns_of(AssignmentRow)
    people = columns_of(PersonRow)
    unknown = select(people.employee).where(people.hired_on.is_(None))
    first = select(table.employee, func.min(table.start_on)).where(table.employee.in_(unknown))
    grouped = first.group_by(table.employee).order_by(table.employee)
    return {employee: day for employee, day in reader.rows(grouped)}  # noqa: C416 - rows, not pairs


def _absences(reader: Reader, days: Span) -> dict[str, list[Absence]]:
    table = columns_of(AbsenceRow)
    columns = select(table.employee, table.start_on, table.end_on, table.kind)
    found: dict[str, list[Absence]] = {}
    touching = columns.where(table.start_on < days.end, table.end_on > days.start)
    for employee, start, end, kind in reader.rows(touching.order_by(table.employee, table.start_on)):
        found.setdefault(employee, []).append(Absence(Span(start, end), kind))
    return found


def _personal_results(reader: Reader, quarter: Quarter) -> dict[str, list[PersonalResult]]:
    table = columns_of(PersonalResultRow)
    columns = select(table.employee, table.metric, table.value).where(table.quarter == str(quarter))
    found: dict[str, list[PersonalResult]] = {}
    for employee, metric, value in reader.rows(columns.order_by(table.employee, table.metric)):
        found.setdefault(employee, []).append(PersonalResult(quarter, metric, value))
    return found


def employees(session: Session) -> set[str]:
    """Every employee number."""
    return set(session.scalars(select(columns_of(PersonRow).employee)))


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


def save_people(session: Session, records: Iterable[PersonRecord], is_known: set[str]) -> None:
    """Store people and the assignments of the records; those with the same first day are replaced."""
    records = list(records)
    people = {record.employee: record for record in records}
    new = [_stored((employee, *person.own)) for employee, person in people.items() if employee not in is_known]
    insert(session, PersonRow, ("employee", *_OWN), new)
    for employee, person in people.items():
        if employee in is_known:
            session.merge(PersonRow.model_validate({"employee": employee, **dict(zip(_OWN, person.own, strict=True))}))
    session.flush()
    for record in records:
        if record.employee in is_known:
            session.execute(
                delete(AssignmentRow).where(
                    col(AssignmentRow.employee) == record.employee, col(AssignmentRow.start_on) == record.span.start
                )
            )
    insert(session, AssignmentRow, _ASSIGNMENT, (_stored(assignment_state(record)) for record in records))


def _stored(state: State) -> list[Value]:
    """Plain values for a bulk insert."""
    return [_plain(value) for value in state]


def _plain(value: object) -> Value:
    if isinstance(value, Fraction):
        return exact_text(value)
    return value if isinstance(value, int | None) else str(value)


def _minor(amount: Fraction | None, currency: str) -> int | None:
    return None if amount is None else int(amount * 10 ** minor_unit_decimals(currency))


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
    """Store absences; those of the same person with the same first day are replaced."""
    for record in records:
        employee, span = record.employee, record.span
        session.execute(
            delete(AbsenceRow).where(col(AbsenceRow.employee) == employee, col(AbsenceRow.start_on) == span.start)
        )
        session.add(AbsenceRow(employee=employee, start_on=span.start, end_on=span.end, kind=record.kind))


def personal_result_states(session: Session) -> dict[tuple[str, str, str], Fraction]:
    """Every stored personal result, by employee, quarter and metric."""
    table = columns_of(PersonalResultRow)
    rows = session.execute(select(table.employee, table.quarter, table.metric, table.value))
    return {(employee, quarter, metric): value for employee, quarter, metric, value in rows}


def save_personal_results(session: Session, records: Iterable[PersonalResultRecord]) -> None:
    """Store personal results; those of the same person, quarter and metric are replaced."""
    for record in records:
        session.merge(
            PersonalResultRow(
                employee=record.employee, quarter=str(record.quarter), metric=record.metric, value=record.value
            )
        )
