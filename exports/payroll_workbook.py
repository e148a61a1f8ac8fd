"""The payroll workbook: control totals, lines to book, how each came about, rules, changes, exceptions, sign-off."""

import io
from collections.abc import Callable, Iterator
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from comp.figures import counted
from comp.sheets import PayrollSheets
from exports import changes_sheet, exceptions_sheet, lines_sheet, settlement_sheet, sign_off_sheet, summary_sheet
from exports.layout import Page, add_list, add_sheet, name_table, numbered, streamed_book
from exports.rules_sheet import Rules
from exports.summary_sheet import Checks
from exports.trace_columns import CHECK, trace_columns
from exports.trace_sheet import Trace

_MOST_ROWS = 1_048_576
"""How many rows a sheet can have."""


Traced = Callable[[int, int], object]
"""Hears how many payouts are traced, of how many."""


def payroll_workbook(sheets: PayrollSheets, most_rows: int = _MOST_ROWS) -> bytes:
    """The workbook as the bytes of an XLSX file; raises as `write_payroll_workbook` does."""
    buffer = io.BytesIO()
    write_payroll_workbook(sheets, buffer, most_rows=most_rows)
    return buffer.getvalue()


def write_payroll_workbook(
    sheets: PayrollSheets,
    file: IO[bytes],
    told: Traced = lambda _done, _total: None,
    *,
    most_rows: int = _MOST_ROWS,
) -> None:
    """Write the workbook into a file. Its formulas are calculated when it is opened.

    Lists go on to further sheets where one has `most_rows`, header included; rows go through temporary files, so that
    memory does not grow with them. Raises `LoyaltyPayError` where there is no room for these or for the file.
    """
    with streamed_book() as book:
        _write(book, sheets, most_rows, told)
        book.save(file)


def _write(book: Workbook, sheets: PayrollSheets, most_rows: int, told: Traced) -> None:
    upright = Page(f"Payroll {sheets.run.quarter}", sheets.batch)
    summary = add_sheet(book, "Summary", summary_sheet.COLUMNS, upright)
    lines_sheet.add(book, sheets, upright, most_rows)
    rules = Rules(sheets)
    trace = Trace(sheets, rules, most_rows, told)
    traces = list(_add_traces(book, sheets, trace))
    settled = settlement_sheet.add(book, sheets, upright, most_rows, trace.payouts)
    rules.add(book, Page(upright.heading, upright.batch, "landscape", pages_wide=2, is_locked=False))
    changes_sheet.add(book, sheets, upright, most_rows)
    exceptions_sheet.add(book, sheets, upright, most_rows)
    sign_off_sheet.add(book, sheets, upright)
    summary_sheet.write(summary, sheets, Checks(traces, settled), most_rows)
    _describe(book, sheets)


def _add_traces(book: Workbook, sheets: PayrollSheets, trace: Trace) -> Iterator[str]:
    """Add as many trace sheets as are needed; gives the cells of each one's check column."""
    columns = trace_columns(sheets)
    page = Page(f"Payroll {sheets.run.quarter}", sheets.batch, "landscape", pages_wide=3)
    number = 0
    while not number or not trace.is_complete:
        number += 1
        name = numbered("Trace", number)
        sheet = add_list(book, name, columns, page, fixed=2)
        rows = trace.write(sheet, name)
        name_table(sheet, name, columns, rows)
        yield f"'{name}'!${CHECK}$2:${CHECK}${max(2, rows + 1)}"


def _describe(book: Any, sheets: PayrollSheets) -> None:  # noqa: ANN401 - openpyxl's stubs lack custom properties
    properties = book.properties
    properties.title = f"Payroll {sheets.run.quarter}"
    properties.subject = f"Batch {sheets.batch}, {counted(len(sheets.lines), 'line')}"
    properties.creator = "Loyalty Pay"
    properties.created = sheets.prepared_at.replace(tzinfo=None)
    for name, value in (
        ("BatchId", sheets.batch),
        ("Status", "released" if sheets.is_released else "preview"),
        ("RowCount", str(len(sheets.lines))),
        ("PeopleCount", str(sheets.people)),
        ("EmployeesSha256", sheets.employees_sha256),
        ("RulesVersion", ", ".join(plan.version for plan in sheets.plans)[:255]),
        ("ContentSha256", sheets.content_sha256),
    ):
        book.custom_doc_props.append(StringProperty(name=name, value=value))
