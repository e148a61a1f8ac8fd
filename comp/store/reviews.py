"""What was said of people's pay in reviews, and who was reminded of one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from comp.models import AccountRow, PersonRow, ReviewMarkRow, ReviewReminderRow
from comp.periods import Quarter
from comp.results import StoredRun
from comp.review import Mark, Said
from comp.store.bulk import columns_of
from comp.store.visibility import Scope


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says of rows: who, with which words, and their own employee number where they have one."""

    said: Said
    by: str
    by_employee: str | None
    at: datetime
    words: str = ""


def save_marks(session: Session, run: StoredRun, saying: Saying, seen: Iterable[tuple[str, str]]) -> None:
    """Store what was said of some employees' pay, each with the hash of what was seen."""
    session.add_all(
        ReviewMarkRow(
            quarter=str(run.quarter),
            employee=employee,
            run_id=run.id,
            said=saying.said,
            words=saying.words,
            seen_sha256=sha256,
            said_by=saying.by,
            said_as=saying.by_employee,
            said_at=saying.at,
        )
        for employee, sha256 in seen
    )
    session.flush()


def load_marks(session: Session, quarter: Quarter, whose: Scope | None = None) -> dict[str, Mark]:
    """What was said last of each person's pay in a quarter, or of the people of a scope."""
    table = ReviewMarkRow
    last = select(func.max(col(table.id))).where(col(table.quarter) == str(quarter))
    if whose is not None:
        last = last.where(whose.covers(columns_of(table).employee))
    query = select(table).where(col(table.id).in_(last.group_by(col(table.employee))))
    return {
        row.employee: Mark(Said(row.said), row.seen_sha256, row.said_by, row.said_at, row.words)
        for row in session.scalars(query)
    }


def was_reminded(session: Session, quarter: Quarter, employee: str, kind: str, day: date) -> bool:
    """Whether somebody was reminded on a day already; if not, they are now taken to be."""
    if session.get(ReviewReminderRow, (str(quarter), employee, kind, day)) is not None:
        return True
    session.add(ReviewReminderRow(quarter=str(quarter), employee=employee, kind=kind, on_day=day))
    session.flush()
    return False


def last_reminders(session: Session, quarter: Quarter) -> dict[str, date]:
    """The day on which each person was last reminded of a quarter's review."""
    table = ReviewReminderRow
    query = select(col(table.employee), func.max(col(table.on_day))).where(col(table.quarter) == str(quarter))
    return {employee: day for employee, day in session.execute(query.group_by(col(table.employee)))}  # noqa: C416 - rows, not pairs


def addresses(session: Session, employees: Collection[str]) -> dict[str, tuple[str, str]]:
    """Name and the address of the account of each of some employees; without an account the address is empty."""
    query = (
        select(col(PersonRow.employee), col(PersonRow.name), col(AccountRow.email))
        .outerjoin(AccountRow, (col(AccountRow.employee) == col(PersonRow.employee)) & col(AccountRow.is_active))
        .where(col(PersonRow.employee).in_(employees))
    )
    return {employee: (name or employee, email or "") for employee, name, email in session.execute(query)}
