"""Qualtrics CSV and TSV exports, straight as they come: two or three header rows, system columns, status codes.

Row 1 names the fields; row 2 has labels in the exporter's language; row 3 has ImportIds, as JSON or, around 2016, as a
Python literal. Before 2017 the fields were V1, V2, … and row 2 had the names. Sources: Qualtrics support,
"Understanding your dataset"; ropensci/qualtRics pull request 43 for the older layout.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comp.errors import Problem
from comp.scores import Question
from importers.layouts import Layout
from importers.tables import Grid, Row, cell

TOOL = "qualtrics"

_SYSTEM_FIELDS = {
    "response": ("responseid", "_recordid"),
    "answered_on": ("enddate", "recordeddate"),
    "customer": ("recipientemail", "emailaddress", "externalreference", "externaldatareference"),
}
_DROPPED = {
    "1": "Survey Preview",
    "2": "Survey Test",
    "8": "Spam",
    "9": "Survey Preview Spam",
    "12": "Imported Spam",
    "17": "Offline Survey Preview",
    "40": "EX Spam",
}
_ENTERED = {"4", "16", "Imported", "Offline"}
_DETRACTORS, _PASSIVES, _PROMOTERS = range(7), range(7, 9), range(9, 11)
_GROUPS = {
    "1": _DETRACTORS,
    "2": _PASSIVES,
    "3": _PROMOTERS,
    "detractor": _DETRACTORS,
    "passive": _PASSIVES,
    "neutral": _PASSIVES,
    "promoter": _PROMOTERS,
}
_HEADER_ROWS = 5
_SINGLE_QUOTED = re.compile(r"'([^']*)'")


def recognise(grid: Grid) -> bool:
    """Whether the first rows are those of a Qualtrics export."""
    return _import_ids(grid) is not None or _is_legacy(grid)


class Export(NamedTuple):
    """An export as a table with one header row, and what its columns mean.

    `zone` is the zone of its moments; `dropped` how many rows of which status were left out.
    """

    grid: Grid
    columns: Mapping[str, str]
    zone: ZoneInfo | None
    dropped: dict[str, int]
    warnings: tuple[Problem, ...]


def bring_into_form(grid: Grid, columns: Mapping[str, str]) -> Export:
    """The export as one table. `columns` maps a field's name, ImportId or label to a field of the product."""
    ids_at = _import_ids(grid)
    headers = 2 if ids_at is None else ids_at + 1
    fields = [text.strip() for text in grid.rows[1 if ids_at is None else 0].cells]
    labels = [" ".join(text.split()) for text in grid.rows[0 if ids_at is None else 1].cells]
    ids = [] if ids_at is None else grid.rows[ids_at].cells
    header = _header((fields, [_import_id(text) for text in ids], labels), columns)
    kept, dropped, entered = _keep(grid.rows[headers:], fields)
    zone = _zone(ids)
    rows = (Row(grid.rows[headers - 1].line, header), *kept)
    meant = {**dict(_system_columns(fields, columns)), **columns}
    return Export(replace(grid, rows=rows), meant, zone, dropped, tuple(_warnings(zone, entered)))


def _import_ids(grid: Grid) -> int | None:
    """Which row holds ImportIds, counting from 0."""
    for index, row in enumerate(grid.rows[:_HEADER_ROWS]):
        if sum("ImportId" in text for text in row.cells) > len(row.cells) / 2:
            return index
    return None


def _is_legacy(grid: Grid) -> bool:
    first, second = ([*row.cells, ""] for row in (*grid.rows, *[Row(0, [])] * 2)[:2])
    return first[0] == "V1" and second[0].casefold() == "responseid"


def _import_id(text: str) -> str:
    try:
        return str(json.loads(text)["ImportId"])
    except (ValueError, KeyError, TypeError, RecursionError):
        parts = _SINGLE_QUOTED.findall(text)
        return parts[1] if len(parts) > 1 else ""


def _header(names: Sequence[Sequence[str]], columns: Mapping[str, str]) -> list[str]:
    """The name by which each column is mapped, else the tool's name of it."""
    header = []
    for place in range(len(names[0])):
        own = [each[place] if place < len(each) else "" for each in names]
        header.append(next((name for name in own if name in columns), own[0]))
    return header


def _system_columns(fields: Sequence[str], columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The columns that every export has, with the field of the product that each is unless another column is it."""
    there = {field.casefold(): field for field in reversed(fields)}
    for field, system in _SYSTEM_FIELDS.items():
        name = next((there[name] for name in system if name in there), None)
        if name and name not in columns and field not in columns.values():
            yield name, field


def _keep(rows: Sequence[Row], fields: Sequence[str]) -> tuple[list[Row], dict[str, int], int]:
    """The rows of customers, the rows left out by why, and how many of those kept an employee could have entered."""
    place = next((place for place, field in enumerate(fields) if field.casefold() == "status"), len(fields))
    kept, dropped, entered = [], dict[str, int](), 0
    for row in rows:
        status = cell(row.cells, place)
        reason = _DROPPED.get(status) or next((name for name in _DROPPED.values() if name == status), None)
        if reason:
            dropped[reason] = dropped.get(reason, 0) + 1
        else:
            kept.append(row)
            entered += status in _ENTERED
    return kept, dropped, entered


def _warnings(zone: ZoneInfo | None, entered: int) -> Iterator[Problem]:
    if zone is None:
        yield Problem("The export states no time zone: each answer counts for the day that the file writes.", line=1)
    if entered:
        why = f"Imported or entered offline, as an employee can do: {entered:,} of the responses. Check their source."
        yield Problem(why, column="Status")


def _zone(ids: Sequence[str]) -> ZoneInfo | None:
    """The zone that the ImportId row states for the export's moments."""
    for text in ids:
        try:
            return ZoneInfo(json.loads(text)["timeZone"])
        except (ValueError, TypeError, KeyError, RecursionError, OSError, ZoneInfoNotFoundError):
            continue
    return None


def group_problems(layout: Layout, questions: Sequence[Question]) -> Iterator[Problem]:
    """Rows whose Net Promoter group is not the one that their score makes."""
    for question in questions:
        place = layout.places.get(question.id)
        group = f"{layout.names[place]}_NPS_GROUP" if place is not None else ""
        if group not in layout.names:
            continue
        for line, score, stated in zip(layout.lines, layout.texts(question.id), _texts(layout, group), strict=True):
            scores = _GROUPS.get(stated.casefold())
            if scores and score.isdecimal() and int(score) not in scores:
                why = f"is not the group of a score of {score}. One of the two columns is wrong."
                yield Problem(why, line=line, column=group, value=stated)


def _texts(layout: Layout, name: str) -> list[str]:
    return [cell(row.cells, layout.names.index(name)) for row in layout.rows]
