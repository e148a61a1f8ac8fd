"""Text and workbook files as one kind of table: a header, and rows of text with the line that each began on."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from comp.errors import Problem, RefusedError
from importers.gate import check_size, check_workbook, looks_like_a_workbook
from importers.sandbox import parse_workbook

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = ",;\t|"
_MOSTLY = 0.3
_LONGEST_CELL = 100_000
_MOST_TOLD = 20


class Row(NamedTuple):
    """The cells of one row and the line of the file on which it begins, counting from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as rows of text. `decimal_comma` says that the file separates cells by `;`, as countries with `1,5` do.

    `base_1904` is the epoch of an unformatted date in a workbook; `warnings` are about what was not, or hardly, seen.
    """

    rows: tuple[Row, ...]
    separator: str
    base_1904: bool = False
    warnings: tuple[Problem, ...] = ()


def read_grid(content: bytes, name: str) -> Grid:
    """The rows of a CSV, TSV or XLSX file, recognised by its content. Raises `RefusedError` with every problem."""
    check_size(content, name)
    grid = _workbook(content, name) if looks_like_a_workbook(content) else _text(content, name)
    if not grid.rows:
        raise RefusedError(f"{name} is empty.")
    return grid


def _workbook(content: bytes, name: str) -> Grid:
    check_workbook(content, name)
    sheet = parse_workbook(content, name)
    return Grid(tuple(Row(line, cells) for line, cells in sheet.rows), "", sheet.base_1904, tuple(sheet.warnings))


def _text(content: bytes, name: str) -> Grid:
    text = _decoded(content, name)
    separator = _separator(text)
    return Grid(tuple(_rows(text, separator, name)), separator)


def _decoded(content: bytes, name: str) -> str:
    """The text of a file. A byte that does not decode is a problem and never replaced."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content[len(bom) :], encoding, name)
    if content[:2000].count(0) > _MOSTLY * len(content[:2000]):
        return _strict(content, "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be", name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(content, "utf-8" if _is_mostly_utf8(content) else "cp1252", name)


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8 but for a few, which another encoding would turn into `Ã©` everywhere."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * broken


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        problems = tuple(_undecodable(content, encoding))
        raise RefusedError(f"{name} has characters in no encoding that it could be in.", problems) from None


def _undecodable(content: bytes, encoding: str) -> Iterator[Problem]:
    """The first bytes that mean nothing, with their lines."""
    start = 0
    for _ in range(_MOST_TOLD):
        try:
            content[start:].decode(encoding)
        except UnicodeDecodeError as error:
            place = start + error.start
            line = content[:place].decode(encoding, "replace").count("\n") + 1
            why = "is neither UTF-8 nor Windows-1252. Save the file as UTF-8 from the program that made it."
            if encoding != "cp1252":
                why = f"is not {encoding.upper()}, as the rest of the file is. Save the file as UTF-8."
            yield Problem(why, line=line, value=f"byte 0x{content[place]:02x}")
            start += error.end
        else:
            return


def _separator(text: str) -> str:
    """The separator that the first record has most often, outside quotes."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    quoted = False
    for character in text[:_LONGEST_CELL]:
        if character == '"':
            quoted = not quoted
        elif character == "\n" and not quoted and any(counts.values()):
            break
        elif character in counts and not quoted:
            counts[character] += 1
    return max(counts, key=lambda delimiter: counts[delimiter]) if any(counts.values()) else ","


def _rows(text: str, separator: str, name: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(_LONGEST_CELL)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        why = f"the row that begins here cannot be read: {error}. Check its quotes, or save the file as .xlsx."
        raise RefusedError(f"{name} cannot be read as a table.", [Problem(why, line=line)]) from None


def cell(cells: Sequence[str], index: int) -> str:
    """The text of a cell without surrounding blanks; empty where the row is too short."""
    return cells[index].strip(" \t\r\n\N{NO-BREAK SPACE}") if index < len(cells) else ""
