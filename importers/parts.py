"""What a workbook's own XML tells that its cells do not: the epoch, hidden rows, errors, formulas without a value."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_BASE_1904 = re.compile(rb"""date1904=["'](?:1|true)["']""")
_SHEET = re.compile(rb"""<(?:\w+:)?sheet\s[^>]*?\w+:id=["']([^"']+)["']""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""(\w+)=["']([^"']*)["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^>/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>([^<]+)</")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LETTERS = 26


class Parts:
    """The XML parts of a workbook whose sheets have these names, in their order."""

    def __init__(self, content: bytes, names: Sequence[str]) -> None:
        """Find the part of each sheet."""
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._workbook = self._read(_WORKBOOK)
        targets = {fields.get(b"Id", b""): fields.get(b"Target", b"") for fields in self._relations()}
        paths = [targets.get(id_, b"").decode("utf-8", "replace") for id_ in _SHEET.findall(self._workbook)]
        self._paths = dict(zip(names, paths, strict=False))
        self._known: dict[str, bytes] = {}

    def counts_from_1904(self) -> bool:
        """Whether the workbook's dates count from 1904."""
        return bool(_BASE_1904.search(self._workbook))

    def hidden_rows(self, sheet: str) -> list[int]:
        """The numbers of the rows that a reader of the sheet does not see."""
        rows = (_attributes(match[1]) for match in _ROW.finditer(self._sheet(sheet)))
        return [
            int(row[b"r"]) for row in rows if row.get(b"hidden") in {b"1", b"true"} and row.get(b"r", b"").isdigit()
        ]

    def errors(self, sheet: str) -> dict[tuple[int, int], str]:
        """The errors, such as `#REF!`, that stand in cells in place of values, by row and column from 1."""
        found = {}
        for attributes, inside in self._cells(sheet):
            place, value = _place(attributes), _VALUE.search(inside)
            if attributes.get(b"t") == b"e" and place and value:
                found[place[0], _number(place[1])] = value[1].decode("utf-8", "replace")
        return found

    def uncalculated(self, sheet: str) -> Iterator[tuple[int, str]]:
        """The row and the column of each formula whose value no program has calculated."""
        for attributes, inside in self._cells(sheet):
            place = _place(attributes)
            if place and _FORMULA.search(inside) and attributes.get(b"t") != b"str" and not _VALUE.search(inside):
                yield place

    def _cells(self, sheet: str) -> Iterator[tuple[dict[bytes, bytes], bytes]]:
        """The cells of a sheet that has formulas or errors, each with its attributes and what it holds."""
        text = self._sheet(sheet)
        if _FORMULA.search(text) or _ERROR.search(text):
            for match in _CELL.finditer(text):
                yield _attributes(match[1]), match[2]

    def _sheet(self, sheet: str) -> bytes:
        if sheet not in self._known:
            path = self._paths.get(sheet, "")
            self._known[sheet] = self._read(posixpath.join("xl", path).lstrip("/"))
        return self._known[sheet]

    def _relations(self) -> Iterator[dict[bytes, bytes]]:
        for match in _RELATION.finditer(self._read(_RELATIONS)):
            yield _attributes(match[0])

    def _read(self, path: str) -> bytes:
        return self._archive.read(path) if path in self._archive.namelist() else b""


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(text))


def _place(attributes: dict[bytes, bytes]) -> tuple[int, str] | None:
    match = _PLACE.fullmatch(attributes.get(b"r", b"").decode("ascii", "replace"))
    return (int(match[2]), match[1]) if match else None


def _number(letters: str) -> int:
    """The number of a column: A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
