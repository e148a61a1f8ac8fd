"""Cells of a workbook: text that stays text, numbers at their decimals, formulas on purpose only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font

from comp.figures import exact_text
from comp.money import minor_unit_decimals
from exports.spreadsheet_text import starts_a_formula

Sheet = Any
"""A write-only sheet: openpyxl puts it together at run time, and its stubs leave most of it out."""

Value = str | int | Fraction | date | None
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot carry. Tabs and line ends it can."""

FONT = "Calibri"
ACCENT = "0A5F73"
HEADER_FONT = Font(FONT, 11, bold=True, color="FFFFFF")
TITLE_FONT = Font(FONT, 18, bold=True, color=ACCENT)
LABEL_FONT = Font(FONT, 11, color="5F6B7A")
STRONG_FONT = Font(FONT, 11, bold=True)

LEFT, RIGHT = Alignment("left"), Alignment("right")

TEXT_FORMAT, DAY_FORMAT, PERCENT_FORMAT, COUNT_FORMAT = "@", "yyyy-mm-dd", "0.00##%", "#,##0"
ALARM_FORMAT = "[Red][<>0]#,##0;#,##0"
"""How a count is shown that should be 0."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, without its `=`."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """A value with the way in which it is shown."""

    value: Value | Formula
    number_format: str | None = None
    font: Font | None = None
    alignment: Alignment | None = None


Content = Value | Formula | Styled


def money_format(currency: str) -> str:
    """How amounts of a currency are shown: at its decimals, negative ones in red."""
    shown = decimals_format(minor_unit_decimals(currency))
    return f"{shown};[Red]-{shown}"


def decimals_format(decimals: int) -> str:
    """How numbers are shown at a fixed number of decimals."""
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def add_row(sheet: Sheet, contents: Iterable[Content]) -> None:
    """Add a row of cells."""
    sheet.append([cell(sheet, content) for content in contents])


def cell(sheet: Sheet, content: Content) -> Cell:
    """A cell. Text is text whatever it starts with; only a `Formula` is one. An empty text leaves the cell empty.

    Raises `TypeError` for anything that is not exact: openpyxl would write NaN as nothing and guess at the rest.
    """
    styled = content if isinstance(content, Styled) else Styled(content)
    made = WriteOnlyCell(sheet)
    _set_value(made, styled.value)
    if styled.number_format:
        made.number_format = styled.number_format
    if styled.font:
        made.font = styled.font
    if styled.alignment:
        made.alignment = styled.alignment
    return made


def _set_value(made: Cell, value: Value | Formula) -> None:
    match value:
        case None | "":
            return
        case Formula(text):
            made.value = f"={text}"
        case str():
            _set_text(made, value)
        case date():
            made.value = value
            made.number_format = DAY_FORMAT
            made.alignment = LEFT
        case Fraction():
            made.value = Decimal(exact_text(value))
        case int():
            made.value = value
        case _:
            raise TypeError(f"{value!r} is neither text, a day nor an exact number")


def _set_text(made: Cell, text: str) -> None:
    kept = _CONTROLS.sub("", text)
    made.value = kept
    made.data_type = "s"
    made.number_format = TEXT_FORMAT
    if starts_a_formula(kept):
        made.quotePrefix = True
