"""Rows that bite: umlauts, apostrophes, formulas, leading zeros, long names, negative, zero, JPY and KWD."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from comp.errors import Problem
from comp.money import Money
from comp.payroll_layout_documents import read_layout, write_layout
from comp.payroll_layouts import Column, Formulas, Layout, Quotes
from comp.payroll_rows import Batch, PayrollRow, PayrollRows
from comp.periods import Quarter, Span
from exports.payroll_fields import read_amount
from exports.payroll_files import PayrollExport, PayrollFile, payroll_files
from importers.payroll_layouts import built_in_layouts

BATCH = Batch(
    Quarter(2026, 2), Span(date(2026, 7, 1), date(2026, 10, 1)), 3, date(2026, 10, 28), "26Q2R3", "2026-Q2-B2"
)
LONG = "Maximiliane-Friederike Wolfeschlegelsteinhausenbergerdorff " * 3
PEOPLE = (
    ("000007", "Jürgen Groß-Öztürk", "0815", "1250.00"),
    ("010048", "Marta D’Ávila O'Neill", "Köln", "1012.98"),
    ("010049", "=cmd|' /C calc'!A0", "CC 3", "0.05"),
    ("010050", LONG.strip(), 'CC, "4"', "12500.00"),
    ("010051", "@sum; Ñandú, “Beatriz”", "0815", "-12.50"),
    ("010052", "Łukasz Żółć", "0815", "0.00"),
)
CODES = {
    "adp-workforce-now": ("LQ", ("ABC", "Z9")),
    "adp-run": ("BONUS", ("R1ABC", "R2XYZ")),
    "datev-lodas": ("2300", ("62069", "62070")),
    "paychex-flex": ("Loyalty Bonus", ("00123456", "Y4658815")),
    "paylocity": ("LOY", ("B123", "B124")),
    "sap-infotype-0015": ("2300", ("", "")),
    "oracle-hdl-element-entry": ("Loyalty Bonus", ("DE Legislative Data Group", "DE Legislative Data Group")),
    "erpnext-additional-salary": ("Loyalty Bonus", ("Aurelia GmbH", "Aurelia, Lda")),
}
ALL = list(built_in_layouts())


def filled(layout: Layout) -> Layout:
    """A layout with its values filled in, as a company's copy of it has them."""
    values = {name: value or {"booking_key": "4"}.get(name, "1103899") for name, value in layout.values}
    made, problems = read_layout({**write_layout(layout), "values": values})
    assert made, problems
    return made


def biting_rows(layout: Layout) -> tuple[PayrollRow, ...]:
    """The rows for a layout: cost centres without what the file cannot hold, currencies that it pays in."""
    pay_code, companies = CODES.get(layout.id, ("LOYALTY", ("A1", "B2")))
    made = []
    for place, (employee, name, centre, amount) in enumerate(PEOPLE):
        kept = centre if layout.rows.keeps_cost_centres and layout.file.encoding != "ascii" else "CC1"
        if layout.file.quotes is Quotes.NEVER:
            kept = kept.replace(",", "")
        currency = layout.currencies[0] if layout.currencies else "EUR"
        money = Money(int(amount.replace(".", "")), currency)
        if money.minor or layout.rows.writes_zero:
            made.append(_row(layout, employee, name, (pay_code, companies[place % 2], kept), money))
    if not layout.currencies and "currency" in layout.names:
        made.append(_row(layout, "9", "Fumi Fukuda", (pay_code, companies[1], "CC1"), Money(98765, "JPY")))
        made.append(_row(layout, "8", "Gita Ghanem", (pay_code, companies[1], "CC1"), Money(154321, "KWD")))
    return tuple(made)


def _row(layout: Layout, employee: str, name: str, codes: tuple[str, str, str], amount: Money) -> PayrollRow:
    pay_code, company, centre = codes
    number = str(70 + int(employee)) if "payroll_number" in layout.names and layout.id in CODES else employee
    company = company if "company_code" in layout.names else ""
    centre = centre if layout.rows.keeps_cost_centres else ""
    return PayrollRow(employee, name, number, "LOYQ", pay_code, company, centre, amount)


def made_rows(rows: tuple[PayrollRow, ...], **fields: Any) -> PayrollRows:
    """These rows as they come from a run."""
    return PayrollRows(**{"batch": BATCH, "rows": rows, "elsewhere": (), "refused": (), "left_out": 0, **fields})


def biting_export(name: str) -> PayrollExport:
    """What a layout makes of the rows that bite."""
    layout = filled(built_in_layouts()[name])
    return payroll_files(layout, made_rows(biting_rows(layout)))


def layout_of(**fields: Any) -> Layout:
    """A small layout with these fields of its document changed, which must be sound."""
    made, problems = read_layout(layout_document(**fields))
    assert made, [str(problem) for problem in problems]
    return made


def layout_document(**fields: Any) -> dict[str, Any]:
    """The document of a small layout: number, name, amount and currency."""
    columns = [
        {"header": "No", "field": "payroll_number"},
        {"header": "Name", "field": "name"},
        {"header": "Amount", "field": "amount"},
        {"header": "Currency", "field": "currency"},
    ]
    return {"id": "small", "name": "Small", "file": {"name": "pay.csv"}, "columns": columns, **fields}


def row(employee: str = "1", minor: int = 12345, currency: str = "EUR", **fields: Any) -> PayrollRow:
    """A row of one person."""
    usual = PayrollRow(employee, f"Person {employee}", employee, "LOY", "BONUS", "", "", Money(minor, currency))
    return usual._replace(**fields)


def why(problems: tuple[Problem, ...]) -> list[str]:
    """Problems as a terminal shows them."""
    return [str(problem) for problem in problems]


def parsed(layout: Layout, file: PayrollFile) -> list[list[list[str]]]:
    """The fields of every row of a file, read back from its bytes, for each kind of line: the reader's own way."""
    text = file.content.decode(
        "utf-8-sig" if layout.file.bom and layout.file.encoding == "utf-8" else layout.file.encoding
    )
    text = text.removeprefix("\ufeff")
    lines = text.split(layout.file.line_ends)
    assert lines.pop() == ""
    lines = lines[len(layout.before) : len(lines) - len(layout.after)]
    found = []
    for record in layout.records:
        count = len(file.rows) + layout.file.header
        own, lines = lines[:count], lines[count:]
        found.append([_fields(layout, record.columns, line) for line in own[layout.file.header :]])
    assert not lines
    return found


def _fields(layout: Layout, columns: tuple[Column, ...], line: str) -> list[str]:
    if not layout.file.delimiter:
        return list(_cut(columns, line))
    if layout.file.quotes is Quotes.NEVER:
        fields = line.split(layout.file.delimiter)
    else:
        (fields,) = csv.reader(io.StringIO(line), delimiter=layout.file.delimiter, strict=True)
    return fields[:-1] if layout.file.closes_lines else fields


def _cut(columns: tuple[Column, ...], line: str) -> Iterator[str]:
    for column in columns:
        yield line[: column.width]
        line = line[column.width :]
    assert line == ""


def values(layout: Layout, file: PayrollFile) -> Iterator[dict[str, Any]]:
    """What each row of a file says, by the names of fields: amounts as money, texts without apostrophes and filling."""
    layout = layout if any(row.corrects for row in file.rows) else layout.without_corrections()
    found = parsed(layout, file)
    for place, row in enumerate(file.rows):
        said: dict[str, Any] = {}
        for record, lines in zip(layout.records, found, strict=True):
            for column, text in zip(record.columns, lines[place], strict=True):
                said |= _said(layout, column, text, row.amount.currency)
        yield said


def _said(layout: Layout, column: Column, text: str, currency: str) -> dict[str, Any]:
    names = column.says.names
    if names == {"amount"}:
        return {"amount": read_amount(text, layout.amounts, currency)}
    if len(names) != 1 or column.says.text != f"{{{next(iter(names))}}}":
        return {}
    if layout.file.formulas is Formulas.APOSTROPHE:
        text = text.removeprefix("'") if text.lstrip("'") and text.lstrip("'")[0] in "=+-@ " else text
    return {next(iter(names)): text}
