"""The `Changes` sheet: who is paid otherwise than in the batch and in the quarter before, by how much and why."""

from fractions import Fraction

from openpyxl import Workbook
from openpyxl.styles import Alignment

from comp.batch_changes import Change
from comp.figures import fixed_text, percent
from comp.money import Money
from comp.sheets import PayrollSheets
from exports.cells import Content, Styled, add_row, money_format
from exports.layout import Column, Page, add_list, in_parts, name_table, numbered

SHEET = "Changes"
_APART = Alignment("left", indent=1)
"""Keeps text off the number before it."""


def add(book: Workbook, sheets: PayrollSheets, page: Page, most_rows: int) -> None:
    """Add everybody who is new, changed or gone, on as many sheets as they need; nobody where nothing was before."""
    columns = [
        Column("Against", 13),
        Column("What", 10),
        Column("Look at", 12),
        Column("Employee", 11).fitted(change.key.employee for change in sheets.changes),
        Column("Name", 20).fitted(change.name for change in sheets.changes),
        Column("Currency", 10),
        Column("Before", 14, is_number=True),
        Column("Now", 14, is_number=True),
        Column("Delta", 14, is_number=True),
        Column("Delta %", 10, is_number=True),
        Column("Why, where known", 56),
    ]
    for number, part in enumerate(in_parts(sheets.changes, most_rows), start=1):
        title = numbered(SHEET, number)
        sheet = add_list(book, title, columns, Page(page.heading, page.batch, "landscape"), fixed=5)
        for change in part:
            add_row(sheet, _row(change, sheets.swing))
        name_table(sheet, title, columns, len(part))


def _row(change: Change, swing: Fraction | None) -> list[Content]:
    whose = (change.key.employee, change.name, change.key.currency)
    amounts = (_amount(money) for money in (change.before, change.now, change.delta))
    share = change.share
    return [
        change.against,
        change.what,
        _flag(change, swing),
        *whose,
        *amounts,
        None if share is None else Styled(Fraction(fixed_text(share, 6)), "0.0%"),
        Styled(change.why, alignment=_APART),
    ]


def _flag(change: Change, swing: Fraction | None) -> str:
    """What makes one look at a change: that nothing is paid now, or how far it is from before."""
    if change.now and not change.now.minor:
        return "pays 0"
    is_far = swing is not None and change.share is not None and abs(change.share) > swing
    return f"over {percent(swing)}" if is_far and swing is not None else ""


def _amount(money: Money | None) -> Content:
    return Styled(money.amount, money_format(money.currency)) if money else None
