"""The `Exceptions` sheet: everybody who gets nothing in this batch, or something else than was earned, and why."""

from collections.abc import Iterator

from openpyxl import Workbook

from comp.results import Payout
from comp.settlement import LineKind, Settled
from comp.sheets import PayrollSheets
from exports.cells import add_row
from exports.layout import Column, Page, add_list, in_parts, name_table, numbered

SHEET = "Exceptions"


def add(book: Workbook, sheets: PayrollSheets, page: Page, most_rows: int) -> None:
    """Add the held, whoever gets 0, leavers, the adjusted, and whom no plan pays, on as many sheets as they need."""
    rows = list(_rows(sheets))
    titles = ("What", "Employee", "Name")
    fitted = [Column(title).fitted(row[place] for row in rows) for place, title in enumerate(titles)]
    columns = [*fitted, Column("Why, and what would lift it", 135)]
    for number, part in enumerate(in_parts(rows, most_rows), start=1):
        title = numbered(SHEET, number)
        sheet = add_list(book, title, columns, Page(page.heading, page.batch, "landscape"), fixed=3)
        for row in part:
            add_row(sheet, row)
        name_table(sheet, title, columns, len(part))


def _rows(sheets: PayrollSheets) -> Iterator[tuple[str, str, str, str]]:
    for hold in sheets.held:
        yield "held", hold.employee, hold.name, hold.why
    for settled in sheets.held_back:
        yield "held back", settled.employee, settled.name, f"{settled.held_back} Somebody else lifts it."
    for payout in sheets.payouts:
        if not payout.amount.minor:
            yield "pays 0", payout.employee, payout.name, _why_nothing(payout)
    for leaver in sheets.leavers:
        yield "left", leaver.employee, leaver.name, f"Employed until {leaver.last}: check how their last pay is run."
    for settled in sheets.settled:
        yield from _settled(settled)
    for person in sheets.outside:
        yield "in no plan", person.employee, person.name, person.why


def _settled(settled: Settled) -> Iterator[tuple[str, str, str, str]]:
    """What was added by hand, and what is left to be taken back."""
    for line in settled.lines:
        if line.kind is LineKind.ADJUSTMENT:
            yield "adjusted", settled.employee, settled.name, f"{line.amount} {settled.currency}: {line.about}"
    if settled.payable.minor < 0:
        yield "pays less than 0", settled.employee, settled.name, "What is taken back is more than what is paid."


def _why_nothing(payout: Payout) -> str:
    forfeited = dict.fromkeys(piece.stretch.forfeited for piece in payout.pieces if piece.stretch.forfeited)
    return " ".join(forfeited) or "The rules give 0: see the Trace."
