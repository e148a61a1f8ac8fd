"""The `Changes` sheet: who is paid otherwise than in the batch and in the quarter before, by how much and why."""

from openpyxl import Workbook

from comp.batch_changes import Change
from comp.money import Money
from comp.sheets import PayrollSheets
from exports.cells import Content, Styled, add_row, money_format
from exports.layout import Column, Page, add_list, in_parts, name_table, numbered

SHEET = "Changes"


def add(book: Workbook, sheets: PayrollSheets, page: Page, most_rows: int) -> None:
    """Add everybody who is new, changed or gone, on as many sheets as they need; nobody where nothing was before."""
    columns = [
        Column("Against", 12),
        Column("What", 10),
        Column("Employee", 11).fitted(change.key.employee for change in sheets.changes),
        Column("Name", 20).fitted(change.name for change in sheets.changes),
        Column("Currency", 10),
        Column("Before", 14, is_number=True),
        Column("Now", 14, is_number=True),
        Column("Delta", 14, is_number=True),
        Column("Why, where known", 60),
    ]
    for number, part in enumerate(in_parts(sheets.changes, most_rows), start=1):
        title = numbered(SHEET, number)
        sheet = add_list(book, title, columns, Page(page.heading, page.batch, "landscape"), fixed=4)
        for change in part:
            add_row(sheet, _row(change))
        name_table(sheet, title, columns, len(part))


def _row(change: Change) -> list[Content]:
    texts: tuple[str, ...] = (change.against, change.what, change.key.employee, change.name, change.key.currency)
    return [*texts, *(_amount(money) for money in (change.before, change.now, change.delta)), change.why]


def _amount(money: Money | None) -> Content:
    return Styled(money.amount, money_format(money.currency)) if money else None
