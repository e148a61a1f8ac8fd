"""A block of targets copied out of a spreadsheet: units below each other, metrics beside each other."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comp.errors import Problem, RefusedError
from comp.scores import Metric

MOST_CELLS = 20_000
_LARGEST = 1_000_000
_PASSED_OVER = {"", "name", "unit name"}
_UNIT = {"unit", "code", "unit code"}
_SIGNS = ("\t", ";", ",")


@dataclass(frozen=True, slots=True)
class Block:
    """What a block states, by unit and metric; None for a cell that is blank. Problems stand against all of it."""

    cells: Mapping[tuple[str, str], Fraction | None]
    problems: tuple[Problem, ...]


def read_block(
    text: str, units: Mapping[str, str], metrics: Mapping[str, Metric], read: Callable[[str], Fraction]
) -> Block:
    """The targets in a block whose first row names metrics, by id or name, and whose first column has unit codes.

    `read` takes a cell's text and raises `ValueError` with a sentence. Raises `RefusedError` for what is no block.
    """
    rows = _rows(text)
    problems: list[Problem] = []
    columns = _columns(rows[0], metrics, problems)
    cells: dict[tuple[str, str], Fraction | None] = {}
    lines: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        code = _code(row[0], units)
        if not any(row):
            continue
        if why := _row_problem(code, row, len(rows[0]), units, lines):
            problems.append(Problem(why, line=line, column=rows[0][0] or "unit", value=code))
            continue
        lines[code] = line
        for place, metric in columns.items():
            stated = row[place] if place < len(row) else ""
            try:
                cells[code, metric] = read(stated.removeprefix("'")) if stated else None
            except ValueError as error:
                problems.append(Problem(str(error), line=line, column=rows[0][place], value=stated[:80]))
    if len(cells) > MOST_CELLS:
        raise RefusedError(f"The block has more than {MOST_CELLS:,} cells. Paste a part of it at a time.")
    return Block(cells, tuple(problems))


def _rows(text: str) -> list[list[str]]:
    if len(text) > _LARGEST:
        raise RefusedError(f"The block is longer than {_LARGEST:,} characters. Paste a part of it at a time.")
    content = text.removeprefix("\ufeff").strip("\r\n")
    first = content.partition("\n")[0]
    sign = next((sign for sign in _SIGNS if sign in first), "\t")
    try:
        rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=sign, strict=True))
    except csv.Error as error:
        raise RefusedError(f"The block cannot be read as a table: {error}. Copy it anew.") from None
    if len(rows) < 2 or len(rows[0]) < 2:  # noqa: PLR2004 - a header and a row, a unit and a metric
        raise RefusedError(
            "That is no block of targets. The first row names metrics, the first column has unit codes, as in the file "
            "that this page gives."
        )
    return [[cell.strip() for cell in row] or [""] for row in rows]


def _columns(header: list[str], metrics: Mapping[str, Metric], problems: list[Problem]) -> dict[int, str]:
    """The metric of each column that has one."""
    known = {metric.name.casefold(): id_ for id_, metric in metrics.items()} | {id_.casefold(): id_ for id_ in metrics}
    if header[0].casefold() not in _UNIT:
        why = "should be `unit`: the first row is the header, and the first column has the units' codes."
        problems.append(Problem(why, line=1, value=header[0][:80]))
    columns: dict[int, str] = {}
    for place, text in enumerate(header[1:], start=1):
        metric = known.get(text.removeprefix("'").casefold())
        if metric is None and text.casefold() not in _PASSED_OVER:
            why = f"is not a metric. Metrics: {', '.join(sorted(metrics))}."
            problems.append(Problem(why, line=1, column=f"column {place + 1}", value=text[:80]))
        elif metric in columns.values():
            problems.append(Problem("stands twice in the header. Keep one of the two.", line=1, value=text))
        elif metric:
            columns[place] = metric
    return columns


def _code(text: str, units: Mapping[str, str]) -> str:
    """A unit's code; without the apostrophe that keeps a spreadsheet from calculating it."""
    return text if text in units else text.removeprefix("'")


def _row_problem(code: str, row: list[str], width: int, units: Mapping[str, str], lines: Mapping[str, int]) -> str:
    if code not in units:
        return "is not a unit. Correct the code, or import the units first."
    if code in lines:
        return f"stands on line {lines[code]} already. Keep one of the two."
    if any(row[width:]):
        return f"has {len(row)} cells, the header {width}."
    return ""
