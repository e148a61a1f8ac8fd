"""The `Payroll` sheet: one row per line to book, values only, for payroll's own import."""

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from comp.sheets import PayrollSheets
from exports.cells import Styled, add_row, money_format
from exports.layout import Column, Page, add_list, in_parts, name_table, numbered

SHEET = "Payroll"
_COLUMNS = (
    Column("Quarter", 11),
    Column("Employee", 12),
    Column("Name", 24),
    Column("Company", 11),
    Column("Pay code", 11),
    Column("Cost centre", 13),
    Column("Currency", 10),
    Column("Amount", 16, is_number=True),
)
_CORRECTS = Column("Corrects", 11)
"""Stands to the right of all others, and only where something is corrected: other files stay as they were."""


def add(book: Workbook, sheets: PayrollSheets, page: Page, most_rows: int) -> None:
    """Add the sheet with all its lines, and as many further ones as they need."""
    columns = _fitted(sheets)
    formats = {total.amount.currency: money_format(total.amount.currency) for total in sheets.totals}
    quarter, corrects = str(sheets.run.quarter), sheets.has_corrections
    for number, lines in enumerate(in_parts(sheets.lines, most_rows), start=1):
        sheet = add_list(book, numbered(SHEET, number), columns, page, fixed=3)
        for line in lines:
            texts = (quarter, line.employee, line.name, line.company, line.pay_code, line.cost_centre)
            amount = Styled(line.amount.amount, formats[line.amount.currency])
            add_row(sheet, [*texts, line.amount.currency, amount, *([line.corrects] if corrects else [])])
        name_table(sheet, numbered(SHEET, number), columns, len(lines))


def _fitted(sheets: PayrollSheets) -> list[Column]:
    quarter, employee, name, company, pay_code, cost_centre, *rest = _COLUMNS
    lines = sheets.lines
    return [
        quarter,
        employee.fitted(line.employee for line in lines),
        name.fitted(line.name for line in lines),
        company.fitted(line.company for line in lines),
        pay_code.fitted(line.pay_code for line in lines),
        cost_centre.fitted(line.cost_centre for line in lines),
        *rest,
        *([_CORRECTS] if sheets.has_corrections else []),
    ]


def cells(title: str, sheets: PayrollSheets, most_rows: int) -> list[str]:
    """The cells of a column on each sheet that has lines, as formulas on other sheets name them."""
    letter = get_column_letter([column.title for column in _COLUMNS].index(title) + 1)
    return [
        f"{SHEET if number == 1 else repr(numbered(SHEET, number))}!${letter}$2:${letter}${len(lines) + 1}"
        for number, lines in enumerate(in_parts(sheets.lines, most_rows), start=1)
    ]
