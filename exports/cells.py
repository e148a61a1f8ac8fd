"""Cells of a workbook: text that stays text, numbers at their decimals, formulas on purpose only."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font

from comp.figures import exact_text, fixed_text
from comp.money import minor_unit_decimals
from exports.spreadsheet_text import starts_a_formula

Sheet = Any
"""A write-only sheet: openpyxl puts it together at run time, and its stubs leave most of it out."""

Value = str | int | Fraction | date | None
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot carry. Tabs and line ends it can."""

_LIKE_EXCEL = 12
FONT = "Calibri"
ACCENT = "0A5F73"
HEADER_FONT = Font(FONT, 11, bold=True, color="FFFFFF")
TITLE_FONT = Font(FONT, 18, bold=True, color=ACCENT)
LABEL_FONT = Font(FONT, 11, color="5F6B7A")
STRONG_FONT = Font(FONT, 11, bold=True)

LEFT, RIGHT = Alignment("left"), Alignment("right")
INDENTED = Alignment("left", indent=1)
"""For text that stands at the right of a number."""

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


def near(number: Fraction | None) -> Fraction | None:
    """A number that a cell can hold: a ratio without an end, such as 1/3, to twelve decimals."""
    return None if number is None else Fraction(fixed_text(number, _LIKE_EXCEL))


def heading(text: str) -> str:
    """A text as the title of a column: one line, without what XML cannot carry."""
    return " ".join(_CONTROLS.sub("", text).split())


def add_row(sheet: Sheet, contents: Iterable[Content]) -> None:
    """Add a row of cells; none where there is nothing to say."""
    sheet.append([None if content is None or content == "" else cell(sheet, content) for content in contents])


def placed(cells: Iterable[Cell | None], row: int) -> Iterator[Cell]:
    """The cells of a row, each in its place. openpyxl tries each as a value first, which takes longer than all else."""
    for column, made in enumerate(cells, start=1):
        if made is not None:
            made.row, made.column = row, column
            yield made


def cell(sheet: Sheet, content: Content) -> Cell:
    """A cell. Text is text whatever it starts with; only a `Formula` is one. An empty text leaves the cell empty.

    Raises `TypeError` for anything that is not exact: openpyxl would write NaN as nothing and guess at the rest.
    """
    styled = content if isinstance(content, Styled) else Styled(content)
    made = WriteOnlyCell(sheet)
    quotes = _set_value(made, styled.value)
    look = _USUAL.get(type(styled.value), _PLAIN)
    form, alignment = styled.number_format or look.number_format, styled.alignment or look.alignment
    _set_style(made, _Style(form, styled.font, alignment, quotes))
    return made


class _Style(NamedTuple):
    """How a cell looks; `quotes` keeps text that starts a formula text, after somebody edits it too."""

    number_format: str | None = None
    font: Font | None = None
    alignment: Alignment | None = None
    quotes: bool = False


_PLAIN = _Style()
_USUAL = {str: _Style(TEXT_FORMAT), date: _Style(DAY_FORMAT, alignment=LEFT)}


def _set_style(made: Any, style: _Style) -> None:  # noqa: ANN401 - openpyxl's stubs lack how it keeps styles
    """Give a cell its style. A book has few, and working one out for each cell would take half the time of all."""
    if style == _PLAIN:
        return
    known = made.parent.parent.__dict__.setdefault("_known_styles", {})
    key = (style.number_format, id(style.font), id(style.alignment), style.quotes)
    if key not in known:
        known[key] = _worked_out(made, style)
    made._style = known[key]  # noqa: SLF001 - what openpyxl's own setters write


def _worked_out(made: Any, style: _Style) -> object:  # noqa: ANN401 - openpyxl's stubs lack how it keeps styles
    if style.number_format:
        made.number_format = style.number_format
    if style.font:
        made.font = style.font
    if style.alignment:
        made.alignment = style.alignment
    if style.quotes:
        made.quotePrefix = True
    return made._style  # noqa: SLF001 - as above


def _set_value(made: Cell, value: Value | Formula) -> bool:
    """Write a value; gives whether it is text that a spreadsheet would calculate."""
    match value:
        case None | "":
            pass
        case Formula(text):
            made.value = f"={text}"
        case str():
            return _set_text(made, value)
        case date():
            made.value = value
        case Fraction():
            made.value = Decimal(exact_text(value))
        case int():
            made.value = value
        case _:
            raise TypeError(f"{value!r} is neither text, a day nor an exact number")
    return False


def _set_text(made: Cell, text: str) -> bool:
    kept = _CONTROLS.sub("", text)
    made.value = kept
    made.data_type = "s"
    return starts_a_formula(kept)
