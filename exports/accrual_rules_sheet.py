"""The `Rules` sheet of an accrual: what it rests on, which accounts are missing, the extremes, and the rates used."""

from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.styles import Alignment

from comp.accrual_sheets import StoredAccrual
from comp.accrual_words import assumptions
from comp.exchange import GroupTotal
from comp.figures import exact_text, money_text
from exports.cells import STRONG_FONT, Styled, add_row
from exports.layout import Column, Page, add_header, add_sheet

SHEET = "Rules"
_COLUMNS = (Column("About", 22), Column("What it rests on", 104))
_WRAPPED, _TOP = Alignment("left", "top", wrap_text=True), Alignment("left", "top")
_CHARACTERS, _LINE = 110, 15.5


def add(book: Workbook, stored: StoredAccrual, group: GroupTotal | None, page: Page) -> None:
    """Add the sheet: a row for each thing to know."""
    sheet = add_sheet(book, SHEET, _COLUMNS, page)
    sheet.sheet_view.showGridLines = False
    rows = [*assumptions(stored.accrual), *_missing(stored), *_extremes(stored), *_rates(group)]
    for number, (_, text) in enumerate(rows, start=2):
        sheet.row_dimensions[number].height = _LINE * (len(text) // _CHARACTERS + 1) + 3
    add_header(sheet, _COLUMNS)
    for about, text in rows:
        add_row(sheet, [Styled(about, font=STRONG_FONT, alignment=_TOP), Styled(text, alignment=_WRAPPED)])


def _missing(stored: StoredAccrual) -> Iterator[tuple[str, str]]:
    for why in stored.accrual.unmapped:
        yield "Not mapped", why


def _extremes(stored: StoredAccrual) -> Iterator[tuple[str, str]]:
    if stored.accrual.draws:
        for total in stored.accrual.totals:
            ends = (money_text(total.money(minor)) for minor in (total.bounds.worst, total.bounds.best))
            yield f"Extremes, {total.currency}", " to ".join(ends)


def _rates(group: GroupTotal | None) -> Iterator[tuple[str, str]]:
    for part in group.parts if group else ():
        if part.rate and group:
            source = f" ({part.rate.source})" if part.rate.source else ""
            yield "Rate", f"1 {part.rate.currency} = {exact_text(part.rate.rate)} {group.currency}{source}"
