"""What the data check reads besides the facts of a quarter, and how its last result is kept."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, or_, select
from sqlmodel import Session, SQLModel

from comp.data_check_before import Before, PayJump, PayTotal, Volumes
from comp.models import AssignmentRow, DataCheckRow, PersonRow
from comp.periods import FiscalCalendar, FiscalYear, Quarter, Span
from comp.store.bulk import columns_of
from comp.store.results import load_targets


def load_before(session: Session, quarter: Quarter, calendar: FiscalCalendar, swing: Fraction) -> Before:
    """What a quarter and the one before it have on their last days, and whose pay differs between the two."""
    earlier = quarter.plus(-1)
    days, before = calendar.span(quarter), calendar.span(earlier)
    return Before(
        now=_volumes(session, days),
        before=_volumes(session, before),
        targets=load_targets(session, (earlier, FiscalYear(earlier.year))),
        jumps=tuple(_jumps(session, days, before, swing)),
        swing=swing,
    )


def _volumes(session: Session, days: Span) -> Volumes:
    table = columns_of(AssignmentRow)
    sums = (_sum(table.annual_salary_minor), _sum(table.target_amount_minor))
    query = _on_the_last_day(select(table.currency, func.count(), *sums), days).group_by(table.currency)
    people = _on_the_last_day(select(func.count(table.employee.distinct())), days)
    rows = session.execute(query.order_by(table.currency))
    return Volumes(session.scalar(people) or 0, tuple(PayTotal(*row) for row in rows))


def _sum(column: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _on_the_last_day(query: Select[Any], days: Span) -> Select[Any]:
    """Of a query over assignments those that hold on the last of some days, of people who had not left by then."""
    table, person = columns_of(AssignmentRow), columns_of(PersonRow)
    joined = query.join_from(AssignmentRow, PersonRow, person.employee == table.employee)
    holds = table.start_on < days.end, table.end_on >= days.end
    return joined.where(*holds, person.employed_until.is_(None) | (person.employed_until >= days.end))


def _jumps(session: Session, days: Span, before: Span, swing: Fraction) -> list[PayJump]:
    """Whose full-time salary or target amount is farther from that of before than a share of it, in one currency."""
    person, now = columns_of(PersonRow), columns_of(AssignmentRow)
    earlier = SQLModel.metadata.tables["assignment"].alias("earlier")
    then = earlier.columns
    salary = _is_far(now.annual_salary_minor, then.annual_salary_minor, swing)
    amount = _is_far(now.target_amount_minor, then.target_amount_minor, swing)
    shown = [case((salary, each.annual_salary_minor), else_=each.target_amount_minor) for each in (then, now)]
    query = (
        _on_the_last_day(select(now.employee, person.name, now.unit, *shown), days)
        .join(earlier, then.employee == now.employee)
        .where(then.start_on < before.end, then.end_on >= before.end)
        .where(then.currency == now.currency, or_(salary, amount))
    )
    return [PayJump(*row) for row in session.execute(query.order_by(now.employee))]


def _is_far(now: ColumnElement[Any], then: ColumnElement[Any], swing: Fraction) -> ColumnElement[bool]:
    return func.abs(now - then) * swing.denominator > then * swing.numerator


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """How many findings there were when a quarter's data was checked last. `errors` are those that nobody waived."""

    errors: int
    warnings: int
    waived: int
    held: int
    checked_at: datetime


def save_counts(session: Session, quarter: str, counts: CheckCounts) -> None:
    """Keep the last result of a quarter."""
    session.merge(
        DataCheckRow(
            quarter=quarter,
            errors=counts.errors,
            warnings=counts.warnings,
            waived=counts.waived,
            held=counts.held,
            checked_at=counts.checked_at,
        )
    )
    session.flush()


def load_counts(session: Session, quarter: str) -> CheckCounts | None:
    """The last result of a quarter, or None."""
    row = session.get(DataCheckRow, quarter)
    return CheckCounts(row.errors, row.warnings, row.waived, row.held, row.checked_at) if row else None
