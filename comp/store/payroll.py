"""Payroll's own layouts, and the maps of its codes and numbers."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel, col

from comp.models import PayrollCodeRow, PayrollCompanyRow, PayrollLayoutRow, PayrollNumberRow
from comp.payroll_layout_documents import layout_sha256, read_layout, write_layout
from comp.payroll_layouts import Layout
from comp.payroll_maps import CompanyRule, PayrollMaps
from comp.store.bulk import columns_of, insert
from comp.store.plans import canonical_text


@dataclass(frozen=True, slots=True)
class StoredLayout:
    """A layout that the company wrote, and who saved it when."""

    layout: Layout
    sha256: str
    saved_by: str
    saved_at: datetime


def load_layouts(session: Session) -> list[StoredLayout]:
    """Every layout that the company wrote, by id."""
    return [_layout(row) for row in session.scalars(select(PayrollLayoutRow).order_by(col(PayrollLayoutRow.id)))]


def find_layout(session: Session, name: str) -> StoredLayout | None:
    """A layout that the company wrote, or None."""
    row = session.get(PayrollLayoutRow, name)
    return _layout(row) if row else None


def save_layout(session: Session, layout: Layout, by: str, now: datetime) -> str:
    """Store a layout in place of the one with its id; gives the hash of what it says."""
    sha256 = layout_sha256(layout)
    document = canonical_text(write_layout(layout))
    session.merge(PayrollLayoutRow(id=layout.id, document=document, sha256=sha256, saved_by=by, saved_at=now))
    session.flush()
    return sha256


def forget_layout(session: Session, name: str) -> None:
    """Drop a layout that the company wrote, and the maps that are kept under its name."""
    for table in (PayrollCodeRow, PayrollCompanyRow, PayrollNumberRow):
        session.execute(delete(table).where(columns_of(table).layout == name))
    session.execute(delete(PayrollLayoutRow).where(col(PayrollLayoutRow.id) == name))


def _layout(row: PayrollLayoutRow) -> StoredLayout:
    layout, problems = read_layout(json.loads(row.document))
    if layout is None:
        raise ValueError(f"the stored document of the layout {row.id} is damaged: {problems[0]}")
    return StoredLayout(layout, row.sha256, row.saved_by, row.saved_at)


def load_maps(session: Session, layout: str) -> PayrollMaps:
    """The maps that are kept under a layout's name."""
    codes, numbers = columns_of(PayrollCodeRow), columns_of(PayrollNumberRow)
    found = session.execute(select(codes.pay_code, codes.code).where(codes.layout == layout).order_by(codes.pay_code))
    pay_codes: dict[str, str] = {pay_code: code for pay_code, code in found}  # noqa: C416 - rows are no pairs to mypy
    known = select(numbers.employee, numbers.number).where(numbers.layout == layout).order_by(numbers.employee)
    by_employee: dict[str, str] = {employee: number for employee, number in session.execute(known)}  # noqa: C416 - as above
    return PayrollMaps(pay_codes, _companies(session, layout), by_employee)


def _companies(session: Session, layout: str) -> tuple[CompanyRule, ...]:
    table = columns_of(PayrollCompanyRow)
    query = select(table.code, table.unit, table.currency, table.cost_centre).where(table.layout == layout)
    return tuple(CompanyRule(*row) for row in session.execute(query.order_by(table.cost_centre, table.unit)))


def save_pay_codes(session: Session, layout: str, codes: Mapping[str, str]) -> None:
    """Store a layout's pay codes in place of those that it had."""
    rows = [(layout, pay_code, code) for pay_code, code in sorted(codes.items())]
    _replace(session, PayrollCodeRow, layout, ("layout", "pay_code", "code"), rows)


def save_companies(session: Session, layout: str, rules: Iterable[CompanyRule]) -> None:
    """Store a layout's company codes in place of those that it had."""
    rows = [(layout, *rule.place, rule.code) for rule in rules]
    _replace(session, PayrollCompanyRow, layout, ("layout", "cost_centre", "unit", "currency", "code"), rows)


def save_numbers(session: Session, layout: str, numbers: Mapping[str, str]) -> None:
    """Store payroll's numbers of people in place of those that it had."""
    rows = [(layout, employee, number) for employee, number in sorted(numbers.items())]
    _replace(session, PayrollNumberRow, layout, ("layout", "employee", "number"), rows)


def _replace(
    session: Session, table: type[SQLModel], layout: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> None:
    session.execute(delete(table).where(columns_of(table).layout == layout))
    insert(session, table, columns, rows)


def fingerprint(content: object) -> str:
    """A short name for what a map held when it was looked at."""
    return hashlib.sha256(repr(content).encode()).hexdigest()
