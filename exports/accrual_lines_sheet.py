"""The `Accrual` sheet: for each cost centre and unit the quarter's cost with its band, and what has accrued."""

from collections.abc import Iterator

from openpyxl import Workbook

from comp.accrual_sheets import Accrual, AccrualLine
from comp.accruals import Booking
from comp.money import Money
from exports.cells import COUNT_FORMAT, Content, Formula, Styled, add_row, money_format
from exports.layout import Column, Page, add_list, name_table

SHEET = "Accrual"
_COLUMNS = (
    Column("Company", 10),
    Column("Currency", 10),
    Column("Cost centre", 13),
    Column("Unit", 12),
    Column("Expense account", 16),
    Column("Liability account", 16),
    Column("People", 9, is_number=True),
    Column("Low", 15, is_number=True),
    Column("Expected cost of the quarter", 16, is_number=True),
    Column("High", 15, is_number=True),
    Column("Accrued", 15, is_number=True),
    Column("Taken before", 15, is_number=True),
    Column("Change", 15, is_number=True),
)


def add(book: Workbook, accrual: Accrual, page: Page) -> None:
    """Add the sheet: a row for each line, and for each place that only has a reversal."""
    rows = [*_lines(accrual), *_gone(accrual)]
    company, currency, centre, unit, *rest = _COLUMNS
    columns = (
        company.fitted(row[0] for row in rows),
        currency,
        centre.fitted(row[2] for row in rows),
        unit.fitted(row[3] for row in rows),
        *rest,
    )
    sheet = add_list(book, SHEET, columns, page, fixed=4)
    for row, contents in enumerate(rows, start=2):
        shown = money_format(str(contents[1]))
        change = Styled(Formula(f"K{row}-L{row}"), shown)
        add_row(sheet, [*contents, change])
    name_table(sheet, SHEET, columns, len(rows))


def row_count(accrual: Accrual) -> int:
    """How many rows the sheet has below its header."""
    return len(accrual.lines) + len(accrual.gone)


def cells(column: str, accrual: Accrual) -> str:
    """The cells of a column, for formulas on other sheets."""
    return f"{SHEET}!${column}$2:${column}${max(2, row_count(accrual) + 1)}"


def _lines(accrual: Accrual) -> Iterator[list[Content]]:
    before = accrual.taken_before
    for line in accrual.lines:
        yield [*_where(line.booking), *_amounts(line, before.get(line.place, 0))]


def _where(booking: Booking) -> tuple[str, ...]:
    return *booking.place, booking.expense, booking.liability


def _amounts(line: AccrualLine, before: int) -> Iterator[Content]:
    currency = line.place.currency
    yield Styled(line.people, COUNT_FORMAT)
    for minor in (line.low, line.expected, line.high, line.accrued, before):
        yield _money(minor, currency)


def _gone(accrual: Accrual) -> Iterator[list[Content]]:
    """Places of the accrual before that have no cost any more: what was booked there is taken back."""
    before = {each.place: each for each in accrual.booked_before}
    for place in accrual.gone:
        booked = before[place]
        minors = [_money(minor, place.currency) for minor in (0, 0, 0, 0, booked.minor)]
        yield [*_where(booked), Styled(0, COUNT_FORMAT), *minors]


def _money(minor: int, currency: str) -> Styled:
    return Styled(Money(minor, currency).amount, money_format(currency))
