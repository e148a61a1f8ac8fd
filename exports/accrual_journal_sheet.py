"""The `Journal` sheet: the reversal of what was taken before, and the accrual, line by line as they are posted."""

from collections.abc import Iterator

from openpyxl import Workbook

from comp.accrual_sheets import StoredAccrual
from comp.accruals import JournalLine, Part
from comp.money import Money
from exports.cells import Content, Styled, add_row, money_format
from exports.layout import Column, Page, add_list, name_table

SHEET, DELTA_SHEET = "Journal", "Delta"
NOT_MAPPED = "NOT MAPPED"
_COLUMNS = (
    Column("Entry", 11),
    Column("Date", 12),
    Column("Company", 10),
    Column("Currency", 10),
    Column("Account", 14),
    Column("Cost centre", 14),
    Column("Text", 46),
    Column("Reference", 16),
    Column("Debit", 15, is_number=True),
    Column("Credit", 15, is_number=True),
)


def add(book: Workbook, stored: StoredAccrual, page: Page) -> None:
    """Add the sheet with both entries, and one with their difference alone; who posts one must not post the other."""
    _add(book, SHEET, stored, list(stored.accrual.journal), page)
    _add(book, DELTA_SHEET, stored, list(stored.accrual.delta), page)


def _add(book: Workbook, title: str, stored: StoredAccrual, lines: list[JournalLine], page: Page) -> None:
    sheet = add_list(book, title, _COLUMNS, page, fixed=2)
    for line in lines:
        add_row(sheet, list(_row(stored, line)))
    name_table(sheet, title, _COLUMNS, len(lines))


def cells(title: str, column: str, lines: int) -> str:
    """The cells of a column, for formulas on other sheets."""
    return f"{title}!${column}$2:${column}${max(2, lines + 1)}"


def _row(stored: StoredAccrual, line: JournalLine) -> Iterator[Content]:
    yield from (str(line.part).capitalize(), stored.accrual.as_of, *line.ledger)
    yield from (line.account or NOT_MAPPED, line.centre, _text(stored, line), stored.name)
    for minor in (line.debit, line.credit):
        amount = Money(minor, line.ledger.currency).amount if minor else None
        yield Styled(amount, money_format(line.ledger.currency))


def _text(stored: StoredAccrual, line: JournalLine) -> str:
    accrual = stored.accrual
    if line.part is Part.REVERSAL and accrual.before:
        return f"Reversal of the accrual of {accrual.before.as_of:%Y-%m-%d}"
    what = "Change of accrued" if line.part is Part.DELTA else "Accrued"
    return f"{what} variable pay {accrual.quarter}, at {accrual.as_of:%Y-%m-%d}"
