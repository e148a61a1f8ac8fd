"""LibreOffice as a second opinion: it opens a workbook, calculates every formula, and saves what it came to.

LibreOffice believes the values that a workbook brings along, so a test that does not force it to calculate proves
nothing. It also keeps one profile a user and starts once in it, so every run here has a profile of its own.
"""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

_PROGRAM = shutil.which("soffice")
_ALWAYS, _NEVER = 0, 1
_AS_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,true,false,false,false,-1"
"""Commas, UTF-8, only text in quotes, numbers with all digits and not as they are shown, every sheet."""

_REPEATED = re.compile(rb"<definedNames>.*?</definedNames>", re.DOTALL)
_FIELD = re.compile(r'("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)')
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">\
<value>{mode}</value></prop></item>
</oor:items>
"""


def recalculated(books: Mapping[str, bytes], *, forced: bool = True) -> dict[str, Workbook]:
    """Workbooks as LibreOffice sees them, by name, with values in place of formulas.

    Where not `forced`, it believes the values that stand beside formulas, as it does for its user. Skips the test
    where LibreOffice is not installed.
    """
    if _PROGRAM is None:
        pytest.skip("LibreOffice is not installed: no second opinion on the workbook")
    with tempfile.TemporaryDirectory(prefix="lp-office-") as name:
        folder = Path(name)
        sources = [_written(folder / f"{title}.xlsx", content) for title, content in books.items()]
        _convert(folder, sources, _ALWAYS if forced else _NEVER)
        return {source.stem: _read(folder / "out", source) for source in sources}


def _written(path: Path, content: bytes) -> Path:
    """A workbook without the rows and columns that repeat on paper: LibreOffice spends half its time on them."""
    source = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(path, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            copy.writestr(name, _REPEATED.sub(b"", part) if name == "xl/workbook.xml" else part)
    return path


def _read(folder: Path, source: Path) -> Workbook:
    """What the sheets of a workbook came to. Written as text, it takes a third of the time."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in load_workbook(source, read_only=True).sheetnames:
        sheet = book.create_sheet(title)
        text = (folder / f"{source.stem}-{title}.csv").read_text("utf-8")
        for place, row in enumerate(_rows(text), start=1):
            for column, value in enumerate(row, start=1):
                sheet.cell(place, column, value)
    return book


def _rows(text: str) -> Iterator[list[Any]]:
    """The values of each row. Python's own reader does not tell text in quotes from numbers without."""
    row: list[Any] = []
    for field, end in _FIELD.findall(text):
        if not (field or end):
            continue
        row.append(_value(field))
        if end == "\n":
            yield row
            row = []


def _value(field: str) -> Any:
    """Text, a day, a share of 100 % or a number, each with all its digits; nothing for what is empty."""
    if field.startswith('"'):
        return field[1:-1].replace('""', '"') or None
    if _DAY.fullmatch(field):
        return datetime.fromisoformat(field)
    if field.endswith("%"):
        return float(f"{field[:-1]}e-2")
    return (float(field) if {".", "E"} & {*field} else int(field)) if field else None


def _convert(folder: Path, sources: list[Path], mode: int) -> None:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(mode=mode), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = ["--convert-to", _AS_TEXT, "--outdir", str(folder / "out")]
    done = subprocess.run(  # noqa: S603 - the tests' own command
        [str(_PROGRAM), profile, "--headless", *target, *map(str, sources)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    missing = [source.name for source in sources if not any((folder / "out").glob(f"{source.stem}-*.csv"))]
    assert not missing, f"LibreOffice did not convert {missing}: {done.stdout}{done.stderr}"


def listed(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    """The rows of a list, each by its titles."""
    titles, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def beside(book: Workbook, label: str, sheet: str = "Summary") -> Any:
    """The value that stands beside a label."""
    return next(row[1] for row in book[sheet].iter_rows(values_only=True) if row[0] == label)


def errors(book: Workbook) -> list[str]:
    """Every cell whose formula came to an error."""
    return [
        f"{sheet.title}!{cell.coordinate} {cell.value}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e" or str(cell.value).startswith("Err:")
    ]
