"""Who has read which plan version, and where the people whom it pays are on which days."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from comp.models import AssignmentRow, PersonRow, PlanReaderRow
from comp.periods import FOREVER, Span
from comp.plan_members import Stay
from comp.store.bulk import columns_of
from comp.store.visibility import Sight


def note_read(session: Session, version_id: int, employee: str, sha256: str, now: datetime) -> None:
    """Keep that somebody read a version."""
    session.add(PlanReaderRow(version_id=version_id, employee=employee, sha256=sha256, read_at=now))
    session.flush()


def load_reads(session: Session, version_id: int) -> dict[str, datetime]:
    """When each person read a version, by employee number."""
    rows = session.scalars(select(PlanReaderRow).where(col(PlanReaderRow.version_id) == version_id))
    return {row.employee: row.read_at for row in rows}


def load_read_by(session: Session, employee: str) -> dict[int, datetime]:
    """When somebody read each version, by the version's number."""
    rows = session.scalars(select(PlanReaderRow).where(col(PlanReaderRow.employee) == employee))
    return {row.version_id: row.read_at for row in rows}


def stays_of(session: Session, employee: str) -> list[Stay]:
    """Where somebody is on which days, while employed."""
    table = columns_of(AssignmentRow)
    query = _stays().where(table.employee == employee).order_by(table.start_on)
    return [stay for _, _, stay in _read(session, query)]


def load_stays(session: Session, sight: Sight, days: Span) -> Iterator[tuple[str, str, Stay]]:
    """Everybody within sight who is employed on one of some days: number, name, and where; by number and day."""
    table = columns_of(AssignmentRow)
    query = _stays().where(table.start_on < days.end, table.end_on > days.start, sight.covers(table.employee))
    yield from _read(session, query.order_by(table.employee, table.start_on))


def _stays() -> Select[Any]:
    table, person = columns_of(AssignmentRow), columns_of(PersonRow)
    columns = table.employee, person.name, table.unit, table.grade, table.start_on, table.end_on
    return select(*columns, person.hired_on, person.employed_until).join_from(
        AssignmentRow, PersonRow, person.employee == table.employee
    )


def _read(session: Session, query: Select[Any]) -> Iterator[tuple[str, str, Stay]]:
    for employee, name, unit, grade, start, end, hired, left in session.execute(query):
        days = Span(start, end).meet(Span(hired or date.min, left or FOREVER))
        if days.start < days.end:
            yield employee, name, Stay(unit, grade, days)
