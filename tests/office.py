"""LibreOffice as a second opinion: it opens a workbook, calculates every formula, and saves what it came to.

LibreOffice believes the values that a workbook brings along, so a test that does not force it to calculate proves
nothing. It also keeps one profile a user and starts once in it, so every run here has a profile of its own.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

_PROGRAM = shutil.which("soffice")
_ALWAYS, _NEVER = 0, 1
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
        return {title: load_workbook(folder / "out" / f"{title}.xlsx", data_only=True) for title in books}


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _convert(folder: Path, sources: list[Path], mode: int) -> None:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(mode=mode), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")]
    done = subprocess.run(  # noqa: S603 - the tests' own command
        [str(_PROGRAM), profile, "--headless", *target, *map(str, sources)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    missing = [source.name for source in sources if not (folder / "out" / source.name).exists()]
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
        if cell.data_type == "e"
    ]
