"""The `Sign-off` sheet: who prepared, reviewed, approved and released what is paid, on one page to be signed."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment

from comp.sheets import PayrollSheets, Signature
from exports.cells import (
    COUNT_FORMAT,
    STRONG_FONT,
    Content,
    Sheet,
    Styled,
    add_row,
    money_format,
)
from exports.layout import HEADER_HEIGHT, Column, Page, add_facts, add_header, add_sheet, add_title

SHEET = "Sign-off"
_COLUMNS = (
    Column("What", 18),
    Column("By", 26),
    Column("Address", 32),
    Column("When, in UTC", 20),
    Column("Hash of what was seen", 36),
    Column("Signature", 34),
)
_TOTALS = (
    Column("Currency", 18),
    Column("Company", 26),
    Column("Pay code", 32),
    Column("People", 20, is_number=True),
    Column("Lines", 36, is_number=True),
    Column("Amount", 34, is_number=True),
)
_WRAPPED = Alignment("left", "bottom", wrap_text=True)
_ROOM, _LINE = 34, "_" * 30
"""How high a row is that somebody signs, and on what."""

_STEPS = ("calculated", "given to review", "approved", "released")


def add(book: Workbook, sheets: PayrollSheets, page: Page) -> None:
    """Add the sheet: the batch and its hashes, its control totals, and a row for each who stands for it."""
    sheet = add_sheet(book, SHEET, _COLUMNS, Page(page.heading, page.batch, "landscape", is_locked=False))
    totals = len(sheets.totals)
    heads = (7, 9 + totals)
    for head in heads:
        sheet.row_dimensions[head].height = HEADER_HEIGHT
    rows = list(_signatures(sheets))
    for place in range(len(rows)):
        sheet.row_dimensions[heads[1] + 1 + place].height = _ROOM
    _write(sheet, sheets, rows)


def _write(sheet: Sheet, sheets: PayrollSheets, rows: list[list[Content]]) -> None:
    add_title(sheet, f"Sign-off of {sheets.batch}")
    known = (
        ("Status", status(sheets)),
        ("Payroll lines", sheets.content_sha256),
        ("Employee numbers", sheets.employees_sha256),
        ("Audit chain", str(sheets.anchor) if sheets.anchor else "empty"),
    )
    add_facts(sheet, known)
    add_row(sheet, [])
    add_header(sheet, _TOTALS)
    for total in sheets.totals:
        counts = (Styled(total.people, COUNT_FORMAT), Styled(total.lines, COUNT_FORMAT))
        amount = Styled(total.amount.amount, money_format(total.amount.currency), STRONG_FONT)
        add_row(sheet, [total.amount.currency, total.company, total.pay_code, *counts, amount])
    add_row(sheet, [])
    add_header(sheet, _COLUMNS)
    for row in rows:
        add_row(sheet, row)


def status(sheets: PayrollSheets) -> str:
    """Whether the workbook is what was released, in words."""
    if sheets.is_released:
        return "released: this batch is frozen"
    return "PREVIEW: not released, nothing of it may be paid"


def _signatures(sheets: PayrollSheets) -> Iterator[list[Content]]:
    """A row for each step, with who took it; blank where nobody did yet."""
    given = {signature.done: signature for signature in sheets.signatures}
    steps = dict.fromkeys([*_STEPS, *given])
    if "released in part" in given:
        del steps["released"]
    for step in steps:
        yield [step, *_given(given.get(step)), _LINE]


def _given(signature: Signature | None) -> tuple[Content, ...]:
    if signature is None:
        return "", "", "", ""
    return signature.name, signature.by, f"{signature.at:%Y-%m-%d %H:%M:%S}", Styled(signature.saw, alignment=_WRAPPED)


def read_signatures(workbook: bytes) -> tuple[Signature, ...]:
    """Who prepared, reviewed, approved and released, as a workbook says that `add` wrote: names as they were then."""
    book = load_workbook(io.BytesIO(workbook), read_only=True)
    try:
        rows = [[str(each or "") for each in row] for row in book[SHEET].iter_rows(max_col=5, values_only=True) if row]
    finally:
        book.close()
    head = next(number for number, row in enumerate(rows) if row[0] == _COLUMNS[0].title)
    return tuple(_signature(row) for row in rows[head + 1 :] if row[0] and row[3])


def _signature(row: list[str]) -> Signature:
    done, name, by, at, saw = row[:5]
    return Signature(done, by, name, datetime.fromisoformat(at).replace(tzinfo=UTC), saw)
