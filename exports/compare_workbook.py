"""The workbook of a comparison: what each cause changed in all, and everybody's change split over them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from comp.causes import LABELS, Cause
from comp.compare import Change
from comp.compare_totals import CurrencyChange, by_cause
from comp.money import Money
from comp.results import StoredRun
from exports.cells import (
    STRONG_FONT,
    Content,
    Formula,
    Sheet,
    Styled,
    add_row,
    money_format,
)
from exports.layout import (
    Column,
    Page,
    add_facts,
    add_header,
    add_list,
    add_sheet,
    add_title,
    name_table,
    streamed_book,
)

SHEET = "Changes"
_FIXED = (
    Column("Employee", 12),
    Column("Name", 24),
    Column("Currency", 10),
    Column("Before", 14, is_number=True),
    Column("After", 14, is_number=True),
    Column("Difference", 14, is_number=True),
)
_SUMMARY = (
    Column("Cause", 30),
    Column("Currency", 10),
    Column("Change", 16, is_number=True),
    Column("People", 10, is_number=True),
    Column("On the sheet Changes", 18, is_number=True),
)
_DIFFERENCE = len(_FIXED)


def compare_workbook(
    old: StoredRun, new: StoredRun, changes: Sequence[Change], totals: Sequence[CurrencyChange]
) -> bytes:
    """The workbook as the bytes of an XLSX file: a summary, and a row for each payout of which something changed.

    Formulas beside the figures add up each row's causes and each cause's rows.
    """
    buffer = io.BytesIO()
    rows = [change for change in changes if change.parts]
    causes = [cause for cause in Cause if any(each.cause is cause for total in totals for each in total.causes)]
    page = Page(f"Changes from run {old.name} to {new.name}", f"{old.name} – {new.name}")
    with streamed_book() as book:
        summary = add_sheet(book, "Summary", _SUMMARY, page)
        _write_summary(summary, (old, new), totals, causes, len(rows))
        _add_changes(book, rows, causes, page)
        book.properties.title = page.heading
        book.properties.creator = "Loyalty Pay"
        book.save(buffer)
    return buffer.getvalue()


def _write_summary(
    sheet: Sheet,
    runs: tuple[StoredRun, StoredRun],
    totals: Sequence[CurrencyChange],
    causes: Sequence[Cause],
    rows: int,
) -> None:
    title = f"From run {runs[0].name} to run {runs[1].name}"
    add_title(sheet, title, "Who is paid another amount, by how much, and why. The parts add up.")
    made = (f"{run.origin.calculated_at:%Y-%m-%d %H:%M} UTC by {run.origin.calculated_by}" for run in runs)
    add_facts(sheet, zip((f"Run {run.name}" for run in runs), made, strict=True))
    add_row(sheet, [])
    add_header(sheet, _SUMMARY)
    for total in totals:
        _write_currency(sheet, total, causes, rows)


def _write_currency(sheet: Sheet, total: CurrencyChange, causes: Sequence[Cause], rows: int) -> None:
    shown, currency = money_format(total.currency), total.currency
    add_row(sheet, [Styled("Before", font=STRONG_FONT), currency, Styled(total.before.amount, shown)])
    for each in total.causes:
        column = get_column_letter(_DIFFERENCE + 1 + causes.index(each.cause))
        there = Formula(f'SUMIF({_cells("C", rows)},"{currency}",{_cells(column, rows)})')
        add_row(sheet, [each.label, currency, Styled(each.change.amount, shown), each.people, Styled(there, shown)])
    after = Styled(total.after.amount, shown, STRONG_FONT)
    add_row(sheet, [Styled("After", font=STRONG_FONT), currency, after, total.people])


def _cells(column: str, rows: int) -> str:
    return f"{SHEET}!${column}$2:${column}${rows + 1}"


def _add_changes(book: Workbook, rows: Sequence[Change], causes: Sequence[Cause], page: Page) -> None:
    named = [Column(LABELS[cause], 14, is_number=True) for cause in causes]
    employee, name, *rest = _FIXED
    columns = [
        employee.fitted(change.employee for change in rows),
        name.fitted(change.name for change in rows),
        *rest,
        *named,
        Column("Check", 9, is_number=True),
    ]
    wide = Page(page.heading, page.batch, "landscape", pages_wide=2)
    sheet = add_list(book, SHEET, columns, wide, fixed=2)
    for row, change in enumerate(rows, start=2):
        add_row(sheet, _row(row, change, causes))
    name_table(sheet, SHEET, columns, len(rows))


def _row(row: int, change: Change, causes: Sequence[Cause]) -> list[Content]:
    currency = change.difference.currency
    shown, split = money_format(currency), by_cause(change)
    amounts = [
        change.before.amount if change.before else None,
        change.after.amount if change.after else None,
        change.difference.amount,
        *(Money(split[cause], currency).amount if cause in split else None for cause in causes),
    ]
    first, last = get_column_letter(_DIFFERENCE + 1), get_column_letter(_DIFFERENCE + len(causes))
    check = Formula(
        f'IF(ABS({get_column_letter(_DIFFERENCE)}{row}-SUM({first}{row}:{last}{row}))<0.00001,"OK","CHECK")'
    )
    return [change.employee, change.name, currency, *(Styled(each, shown) for each in amounts), check]
