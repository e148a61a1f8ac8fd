"""The payroll workbook: a summary with control totals, the lines to book, how each came about, and the rules."""

import io
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from comp.figures import counted
from comp.sheets import PayrollSheets
from exports.cells import (
    LABEL_FONT,
    STRONG_FONT,
    TITLE_FONT,
    Formula,
    Sheet,
    Styled,
    Value,
    add_header,
    add_row,
    money_format,
)
from exports.rules_sheet import SHEET, Rules
from exports.trace_sheet import CHECK, TITLES, Trace, sheet_names

PAYROLL_TITLES = ("Quarter", "Employee", "Name", "Pay code", "Cost centre", "Currency", "Amount")
_PAYROLL_WIDTHS = (11, 14, 30, 12, 14, 10, 16)
_SUMMARY_WIDTHS = (34, 22, 12, 12, 20)
_NARROW, _WIDE = 12, 26


def payroll_workbook(sheets: PayrollSheets) -> bytes:
    """The workbook as the bytes of an XLSX file. Its formulas are calculated when it is opened."""
    book = Workbook(write_only=True)
    summary = _sheet(book, "Summary", sheets, _SUMMARY_WIDTHS)
    _write_payroll(_sheet(book, "Payroll", sheets, _PAYROLL_WIDTHS, freeze="C2"), sheets)
    rules = Rules(sheets)
    checks = list(_write_traces(book, sheets, rules))
    rules_sheet = _sheet(book, SHEET, sheets, (28, 14, 30, *(_NARROW,) * 40), freeze="C2")
    last = rules.write(rules_sheet)
    rules_sheet.auto_filter.ref = f"A1:P{last}"
    _write_summary(summary, sheets, checks)
    _describe(book, sheets)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet(
    book: Workbook, title: str, sheets: PayrollSheets, widths: Sequence[int], freeze: str | None = None
) -> Sheet:
    """A sheet that prints landscape, as wide as a page, with its name and batch below."""
    sheet: Sheet = book.create_sheet(title)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.left.text = f"Loyalty Pay {sheets.batch}"
    sheet.oddFooter.center.text = title
    sheet.oddFooter.right.text = "Page &P of &N"
    if freeze:
        sheet.freeze_panes = freeze
        sheet.print_title_rows = "1:1"
    return sheet


def _write_payroll(sheet: Sheet, sheets: PayrollSheets) -> None:
    add_header(sheet, PAYROLL_TITLES)
    formats = {line.amount.currency: money_format(line.amount.currency) for line in sheets.lines}
    quarter = str(sheets.run.quarter)
    for line in sheets.lines:
        amount = Styled(line.amount.amount, formats[line.amount.currency])
        texts = (quarter, line.employee, line.name, line.pay_code, line.cost_centre, line.amount.currency)
        add_row(sheet, [*texts, amount])
    if sheets.lines:
        table = Table(displayName="Payroll", ref=f"A1:{get_column_letter(len(PAYROLL_TITLES))}{len(sheets.lines) + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        table.tableColumns = [TableColumn(id=n, name=title) for n, title in enumerate(PAYROLL_TITLES, start=1)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl asks for the columns that are set above
            sheet.add_table(table)


def _write_traces(book: Workbook, sheets: PayrollSheets, rules: Rules) -> Iterator[str]:
    """Write as many trace sheets as are needed; gives the cells of each one's check column."""
    trace = Trace(sheets, rules)
    for name in sheet_names():
        widths = [_WIDE if title in {"Name", "Plan version", "Part", "Rule"} else _NARROW for title in TITLES]
        sheet = _sheet(book, name, sheets, widths, freeze="C2")
        last = trace.write(sheet)
        sheet.auto_filter.ref = f"A1:{CHECK}{last}"
        yield f"'{name}'!${CHECK}$2:${CHECK}${max(2, last)}"
        if trace.is_complete:
            return


def _write_summary(sheet: Sheet, sheets: PayrollSheets, checks: Sequence[str]) -> None:
    run, origin = sheets.run, sheets.run.origin
    add_row(sheet, [Styled(f"Payroll {run.quarter}", font=TITLE_FONT)])
    add_row(sheet, [Styled("What is to be paid, and how both sides can tell that nothing was lost.", font=LABEL_FONT)])
    add_row(sheet, [])
    facts: list[tuple[str, Value | Formula]] = [
        ("Batch", sheets.batch),
        ("Payroll lines", len(sheets.lines)),
        ("People", sheets.people),
        ("Held, not in this batch", sheets.held),
        ("In no plan, not in this batch", sheets.outside),
        ("Payouts that the Trace recalculates", Formula(_counted("OK", checks))),
        ("Of them different", Formula(_counted("DIFF", checks))),
    ]
    for label, value in facts:
        add_row(sheet, [Styled(label, font=LABEL_FONT), Styled(value, font=STRONG_FONT)])
    add_row(sheet, [])
    add_header(sheet, ["Control totals", "Pay code", "People", "Lines", "Amount"])
    for total in sheets.totals:
        amount = Styled(total.amount.amount, money_format(total.amount.currency), STRONG_FONT)
        add_row(sheet, [total.amount.currency, total.pay_code, total.people, total.lines, amount])
    add_row(sheet, [])
    for label, text in (
        ("Hash of employee numbers", sheets.employees_sha256),
        ("Hash of payroll lines", sheets.content_sha256),
        ("Hash of the run's inputs", origin.inputs_sha256),
        ("Calculated", f"{origin.calculated_at:%Y-%m-%d %H:%M} UTC by {origin.calculated_by}"),
        ("Prepared", f"{sheets.prepared_at:%Y-%m-%d %H:%M} UTC by {sheets.prepared_by}"),
        ("Calculated with", f"Loyalty Pay {origin.engine}"),
        ("Plan versions", ", ".join(plan.version for plan in sheets.plans)),
    ):
        add_row(sheet, [Styled(label, font=LABEL_FONT), text])


def _counted(word: str, checks: Sequence[str]) -> str:
    return "+".join(f'COUNTIF({cells},"{word}")' for cells in checks)


def _describe(book: Any, sheets: PayrollSheets) -> None:  # noqa: ANN401 - openpyxl's stubs lack custom properties
    properties = book.properties
    properties.title = f"Payroll {sheets.run.quarter}"
    properties.subject = f"Batch {sheets.batch}, {counted(len(sheets.lines), 'line')}"
    properties.creator = "Loyalty Pay"
    properties.created = properties.modified = sheets.prepared_at.replace(tzinfo=None)
    for name, value in (
        ("BatchId", sheets.batch),
        ("RowCount", str(len(sheets.lines))),
        ("ContentSha256", sheets.content_sha256),
    ):
        book.custom_doc_props.append(StringProperty(name=name, value=value))
