"""Workbooks for tests: made by openpyxl, with single parts replaced where no program would write them so."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"


def book(*rows: Iterable[object], fill: Callable[[Worksheet], object] | None = None) -> bytes:
    """A workbook whose only sheet has these rows, after `fill` has had its way with it."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    if fill:
        fill(workbook.active)
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def rebuilt(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A workbook in which these parts stand in place of, or beside, its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


def edited(content: bytes, name: str, old: str, new: str) -> bytes:
    """A workbook in one of whose parts a text is replaced; the text must be there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(name).decode()
    assert old in part, part[:2000]
    return rebuilt(content, {name: part.replace(old, new).encode()})
