"""Cells of a workbook: text that stays text, numbers at their decimals, formulas on purpose only."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from comp.figures import exact_text
from comp.money import minor_unit_decimals

Sheet = Any
"""A write-only sheet: openpyxl puts it together at run time, and its stubs leave most of it out."""

Value = str | int | Fraction | date | None
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767

HEADER_FONT = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", fgColor="0A5F73")
HEADER_ALIGNMENT = Alignment(vertical="center", wrap_text=True)
TITLE_FONT = Font(bold=True, size=16, color="0A5F73")
LABEL_FONT = Font(color="5F6B7A")
STRONG_FONT = Font(bold=True)
TOP_LINE = Border(top=Side("thin", color="C9D0D8"))

TEXT_FORMAT, DAY_FORMAT, PERCENT_FORMAT = "@", "yyyy-mm-dd", "0.00##%"


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, without its `=`."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """A value with the format that it is shown in."""

    value: Value | Formula
    number_format: str | None = None
    font: Font | None = None


def money_format(currency: str) -> str:
    """How amounts of a currency are shown: at its decimals, negative ones in red."""
    decimals = minor_unit_decimals(currency)
    shown = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return f"{shown};[Red]-{shown}"


def cell(sheet: Sheet, content: Value | Formula | Styled) -> Cell:
    """A cell. Text is text whatever it starts with; only a `Formula` is one."""
    styled = content if isinstance(content, Styled) else Styled(content)
    made = WriteOnlyCell(sheet)
    value = styled.value
    if isinstance(value, Formula):
        made.value = f"={value.text}"
    elif isinstance(value, str):
        _set_text(made, value)
    elif value is not None:
        made.value = Decimal(exact_text(value)) if isinstance(value, Fraction) else value
        if isinstance(value, date):
            made.number_format = DAY_FORMAT
    if styled.number_format:
        made.number_format = styled.number_format
    if styled.font:
        made.font = styled.font
    return made


def _set_text(made: Cell, text: str) -> None:
    made.value = _FORBIDDEN.sub(" ", text)[:_LONGEST]
    made.data_type = "s"
    made.number_format = TEXT_FORMAT
    if text.startswith(_STARTS_A_FORMULA):
        made.quotePrefix = True


def add_header(sheet: Sheet, titles: Sequence[str]) -> None:
    """A header row in the product's colours."""
    cells = []
    for title in titles:
        made = cell(sheet, Styled(title, font=HEADER_FONT))
        made.fill = HEADER_FILL
        made.alignment = HEADER_ALIGNMENT
        cells.append(made)
    sheet.append(cells)


def add_row(sheet: Sheet, contents: Iterable[Value | Formula | Styled]) -> None:
    """A row of cells."""
    sheet.append([cell(sheet, content) for content in contents])
