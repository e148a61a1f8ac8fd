"""The first sheet with data of an XLSX workbook, every cell as the text that a CSV file would have."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from comp.errors import Problem, RefusedError
from importers.parts import Parts

Cell = int | float | str | bool | time | date | datetime | timedelta

_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 1_000
_BLANK_ROWS_AT_THE_END = 200
_MOST_TOLD = 20


class Sheet(NamedTuple):
    """The rows that are not blank, each with its number in the sheet, and whether dates count from 1904."""

    rows: list[tuple[int, list[str]]]
    base_1904: bool
    warnings: list[Problem]


def read_workbook(content: bytes) -> Sheet:
    """The sheet that a workbook of data has.

    Raises `RefusedError`, whose sentence goes on from the file's name, for a workbook without data, too large a sheet,
    or formulas that were never calculated.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = _visible(workbook)
        sheet = next((sheet for sheet in visible if sheet.height), None)
        parts = Parts(content, workbook.sheet_names)
        _refuse_uncalculated(parts, [sheet.name] if sheet else [sheet.name for sheet in visible])
        if sheet is None:
            raise RefusedError("has no sheet with data that is not hidden.")
        if sheet.total_width > _MOST_COLUMNS:
            raise RefusedError(f"has more than {_MOST_COLUMNS:,} columns. Save only those with data.")
        cells = sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)
    except CalamineError as error:
        raise RefusedError(f"cannot be read as a workbook: {error}.") from None
    rows, stray = _rows(cells, parts.errors(sheet.name))
    warnings = [*_warnings(sheet, visible, parts, rows[-1][0] if rows else 0), *stray]
    return Sheet(rows, parts.counts_from_1904(), warnings)


def _visible(workbook: CalamineWorkbook) -> list[CalamineSheet]:
    return [
        workbook.get_sheet_by_name(metadata.name)
        for metadata in workbook.sheets_metadata
        if metadata.visible is SheetVisibleEnum.Visible and metadata.typ is SheetTypeEnum.WorkSheet
    ]


def _refuse_uncalculated(parts: Parts, sheets: list[str]) -> None:
    """Formulas whose value no program has calculated would read as blanks."""
    why = "holds a formula without a value. Open the workbook in a spreadsheet program and save it."
    problems = [Problem(why, line=line, column=column) for name in sheets for line, column in parts.uncalculated(name)]
    if problems:
        raise RefusedError("has formulas that were never calculated.", problems[:_MOST_TOLD])


def _rows(
    cells: list[list[Cell]], errors: dict[tuple[int, int], str]
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows above the first 200 blank ones, and a warning where something stands below them."""
    rows: list[tuple[int, list[str]]] = []
    for number, texts in _stated(cells, errors):
        if number > (rows[-1][0] if rows else 0) + _BLANK_ROWS_AT_THE_END + 1:
            why = f"stands below {_BLANK_ROWS_AT_THE_END} blank rows and is not read, nor is anything below it."
            return rows, [Problem(why, line=number)]
        rows.append((number, texts))
    return rows, []


def _stated(cells: list[list[Cell]], errors: dict[tuple[int, int], str]) -> Iterator[tuple[int, list[str]]]:
    faulty = {number for number, _ in errors}
    for number, row in enumerate(cells, start=1):
        texts = [cell_text(value) for value in row]
        if number in faulty:
            texts = [errors.get((number, place), text) for place, text in enumerate(texts, start=1)]
        if any(texts):
            yield number, texts


def cell_text(value: Cell) -> str:
    """The text that a cell's value has in a CSV file: whole numbers without a point, days and moments in ISO form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.strip() if isinstance(value, str) else str(value)


def plain_number(value: float) -> str:
    """The decimal text of a spreadsheet's number at its 15 digits: 940.99999999999989 is the 941 that was typed."""
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _warnings(sheet: CalamineSheet, visible: list[CalamineSheet], parts: Parts, last: int) -> Iterator[Problem]:
    others = [other.name for other in visible if other.height and other.name != sheet.name]
    if others:
        yield Problem(f"Only the sheet {sheet.name!r} is read. Not read: {', '.join(map(repr, others))}.")
    hidden = [line for line in parts.hidden_rows(sheet.name) if line <= last]
    if hidden:
        why = f"is hidden in the sheet and read like the others; hidden rows in all: {len(hidden)}."
        yield Problem(why, line=hidden[0])
