"""Accruals as they were worked out, which of them finance took, and the accounts that they are booked on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from comp.accrual_accounts import Accounts
from comp.accrual_sheets import Accrual, AccrualLine, Before, Bounds, StoredAccrual
from comp.accruals import Basis, Booking, Place
from comp.models import AccrualAccountsRow, AccrualLineRow, AccrualRow, AccrualTakenRow, AccrualTotalRow
from comp.periods import Quarter, Span
from comp.store.bulk import insert

_LINE = (
    "accrual_id",
    "company",
    "currency",
    "cost_centre",
    "unit",
    "expense",
    "liability",
    "expected_minor",
    "low_minor",
    "high_minor",
    "accrued_minor",
    "people",
)
_BOUNDS = ("low", "high", "worst", "best", "at_risk", "waiting")


@dataclass(frozen=True, slots=True)
class TypedAccounts:
    """The map of accounts, and who typed it when; `number` is 0 where nobody has."""

    number: int
    accounts: Accounts
    set_by: str = ""
    set_at: datetime | None = None


def load_accounts(session: Session) -> TypedAccounts:
    """The map of accounts that counts: the last that was typed."""
    row = session.scalar(select(AccrualAccountsRow).order_by(col(AccrualAccountsRow.id).desc()).limit(1))
    if row is None:
        return TypedAccounts(0, Accounts())
    return TypedAccounts(row.id or 0, Accounts(**json.loads(row.document)), row.set_by, row.set_at)


def save_accounts(session: Session, accounts: Accounts, by: str, now: datetime) -> str:
    """Store a map of accounts; gives its document."""
    stated = {
        "expenses": dict(accounts.expenses),
        "liabilities": dict(accounts.liabilities),
        "companies": dict(accounts.companies),
    }
    document = json.dumps(stated, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    session.add(AccrualAccountsRow(document=document, set_by=by, set_at=now))
    session.flush()
    return document


def save_accrual(session: Session, accrual: Accrual, by: str, now: datetime) -> int:
    """Store an accrual whole, after the others of its quarter; gives its number there."""
    quarter = col(AccrualRow.quarter) == str(accrual.quarter)
    number = (session.scalar(select(func.max(AccrualRow.number)).where(quarter)) or 0) + 1
    before = find_row(session, accrual.quarter, accrual.before.number) if accrual.before else None
    row = AccrualRow(
        quarter=str(accrual.quarter),
        number=number,
        as_of=accrual.as_of,
        basis=accrual.basis,
        run=accrual.run,
        share=accrual.share,
        draws=accrual.draws,
        people=accrual.people,
        held=accrual.held,
        unpriced=accrual.unpriced,
        notes=json.dumps(accrual.notes, ensure_ascii=False),
        has_companies=accrual.has_companies,
        before_id=before.id if before else None,
        made_by=by,
        made_at=now,
    )
    session.add(row)
    session.flush()
    insert(session, AccrualLineRow, _LINE, (_columns(row.id or 0, line) for line in accrual.lines))
    for each in accrual.bounds:
        amounts = {f"{name}_minor": getattr(each, name) for name in _BOUNDS}
        session.add(AccrualTotalRow(accrual_id=row.id or 0, currency=each.currency, **amounts))
    session.flush()
    return number


def _columns(accrual_id: int, line: AccrualLine) -> tuple[str | int, ...]:
    amounts = (line.expected, line.low, line.high, line.accrued, line.people)
    return (accrual_id, *line.place, line.booking.expense, line.booking.liability, *amounts)


def take(session: Session, accrual_id: int, by: str, now: datetime) -> None:
    """Note that finance took an accrual."""
    session.add(AccrualTakenRow(accrual_id=accrual_id, taken_by=by, taken_at=now))
    session.flush()


def find_row(session: Session, quarter: Quarter, number: int) -> AccrualRow | None:
    """The row of an accrual; None where there is none."""
    query = select(AccrualRow).where(col(AccrualRow.quarter) == str(quarter), col(AccrualRow.number) == number)
    return session.scalar(query)


def find_accrual(session: Session, quarter: Quarter, number: int, days: Span) -> StoredAccrual | None:
    """An accrual of a quarter by its number, whole; None where there is none."""
    row = find_row(session, quarter, number)
    if row is None:
        return None
    taken = session.get(AccrualTakenRow, row.id)
    by, at = (taken.taken_by, taken.taken_at) if taken else (None, None)
    return StoredAccrual(row.id or 0, row.number, _accrual(session, row, days), row.made_by, row.made_at, by, at)


def find_before(session: Session, quarter: Quarter) -> Before | None:
    """The accrual of a quarter that finance took last; None where it took none yet."""
    query = select(AccrualRow).join(AccrualTakenRow, col(AccrualTakenRow.accrual_id) == col(AccrualRow.id))
    query = query.where(col(AccrualRow.quarter) == str(quarter)).order_by(col(AccrualRow.number).desc()).limit(1)
    row = session.scalar(query)
    return _before(session, row) if row else None


@dataclass(frozen=True, slots=True)
class Listed:
    """An accrual in a list."""

    number: int
    as_of: date
    basis: Basis
    made_by: str
    made_at: datetime
    taken_by: str | None
    taken_at: datetime | None


def list_accruals(session: Session, quarter: Quarter) -> list[Listed]:
    """The accruals of a quarter, the newest first."""
    query = select(AccrualRow, AccrualTakenRow).outerjoin(
        AccrualTakenRow, col(AccrualTakenRow.accrual_id) == col(AccrualRow.id)
    )
    query = query.where(col(AccrualRow.quarter) == str(quarter)).order_by(col(AccrualRow.number).desc())
    return [
        Listed(
            row.number,
            row.as_of,
            Basis(row.basis),
            row.made_by,
            row.made_at,
            taken.taken_by if taken else None,
            taken.taken_at if taken else None,
        )
        for row, taken in session.execute(query)
    ]


def _accrual(session: Session, row: AccrualRow, days: Span) -> Accrual:
    before = session.get(AccrualRow, row.before_id) if row.before_id else None
    return Accrual(
        quarter=Quarter.parse(row.quarter),
        days=days,
        as_of=row.as_of,
        basis=Basis(row.basis),
        run=row.run,
        share=row.share,
        draws=row.draws,
        people=row.people,
        held=row.held,
        unpriced=row.unpriced,
        notes=tuple(json.loads(row.notes)),
        has_companies=row.has_companies,
        lines=tuple(_lines(_line_rows(session, row.id or 0))),
        bounds=tuple(_bounds(session, row.id or 0)),
        before=_before(session, before) if before else None,
    )


def _before(session: Session, row: AccrualRow) -> Before:
    return Before(row.number, row.as_of, tuple(line.booking for line in _lines(_line_rows(session, row.id or 0))))


def _line_rows(session: Session, accrual_id: int) -> Iterable[AccrualLineRow]:
    query = select(AccrualLineRow).where(col(AccrualLineRow.accrual_id) == accrual_id)
    keys = (AccrualLineRow.company, AccrualLineRow.currency, AccrualLineRow.cost_centre, AccrualLineRow.unit)
    return session.scalars(query.order_by(*(col(key) for key in keys)))


def _lines(rows: Iterable[AccrualLineRow]) -> Iterable[AccrualLine]:
    for row in rows:
        place = Place(row.company, row.currency, row.cost_centre, row.unit)
        booking = Booking(place, row.expense, row.liability, row.accrued_minor)
        yield AccrualLine(booking, row.expected_minor, row.low_minor, row.high_minor, row.people)


def _bounds(session: Session, accrual_id: int) -> Iterable[Bounds]:
    query = select(AccrualTotalRow).where(col(AccrualTotalRow.accrual_id) == accrual_id)
    for row in session.scalars(query.order_by(col(AccrualTotalRow.currency))):
        yield Bounds(row.currency, *(getattr(row, f"{name}_minor") for name in _BOUNDS))
