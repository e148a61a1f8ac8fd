"""The first sheet with data of an XLSX workbook, every cell as the text that a CSV file would have."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from comp.errors import Problem, RefusedError

Cell = int | float | str | bool | time | date | datetime | timedelta

_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 1_000
_BLANK_ROWS_AT_THE_END = 200
_FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_BASE_1904 = re.compile(rb"date1904=\"(?:1|true)\"")


def read_workbook(content: bytes, name: str) -> tuple[list[tuple[int, list[str]]], bool]:
    """The rows that are not blank, each with its number in the sheet, and whether dates count from 1904.

    Raises `RefusedError` for a workbook without data, too large a sheet, or formulas that were never calculated.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = _sheet(workbook, name)
        cells = sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)
    except CalamineError as error:
        raise RefusedError(f"{name} cannot be read as a workbook: {error}.") from None
    _refuse_uncalculated(content, name)
    return list(_rows(cells, name)), _counts_from_1904(content)


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    for metadata in workbook.sheets_metadata:
        if metadata.visible is SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_name(metadata.name)
            if sheet.height:
                return sheet
    raise RefusedError(f"{name} has no sheet with data that is not hidden.")


def _rows(cells: list[list[Cell]], name: str) -> Iterator[tuple[int, list[str]]]:
    blank = 0
    for number, row in enumerate(cells, start=1):
        texts = [cell_text(value) for value in row]
        if not any(texts):
            blank += 1
            if blank > _BLANK_ROWS_AT_THE_END:
                return
            continue
        blank = 0
        if len(texts) > _MOST_COLUMNS:
            raise RefusedError(f"{name} has more than {_MOST_COLUMNS} columns. Save only those with data.")
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
    text = format(value, ".15g")
    if "e" in text:
        text = format(value, ".10f") if abs(value) < 1 else format(value, ".0f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _refuse_uncalculated(content: bytes, name: str) -> None:
    """Formulas whose value no program has calculated would read as blanks."""
    problems: list[Problem] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.namelist():
            if entry.startswith("xl/worksheets/") and entry.endswith(".xml"):
                sheet = archive.read(entry)
                if b"<f" in sheet:
                    problems += [_uncalculated(match) for match in _FORMULA_WITHOUT_VALUE.finditer(sheet)]
    if problems:
        raise RefusedError(f"{name} has formulas that were never calculated.", problems[:20])


def _uncalculated(match: re.Match[bytes]) -> Problem:
    why = "holds a formula without a value. Open the workbook in a spreadsheet program and save it."
    return Problem(why, line=int(match[2]), column=match[1].decode())


def _counts_from_1904(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist() and bool(_BASE_1904.search(archive.read("xl/workbook.xml")))
