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
    "status": ("status",),
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
    """An export as a table with one header row.

    `zone` is the zone of its moments; `dropped` how many rows of which status were left out.
    """

    grid: Grid
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
    header = [
        _field(place, (fields, [_import_id(text) for text in ids], labels), columns) for place in range(len(fields))
    ]
    kept, dropped = _keep(grid.rows[headers:], header)
    zone = _zone(ids)
    why = "The export states no time zone: each answer counts for the day that the file writes."
    warnings = () if zone else (Problem(why, line=1),)
    rows = (Row(grid.rows[headers - 1].line, header), *kept)
    return Export(replace(grid, rows=rows), zone, dropped, warnings)


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


def _field(place: int, names: Sequence[Sequence[str]], columns: Mapping[str, str]) -> str:
    """The name by which a column is mapped, or a field of the product that it is known to be, else the tool's name."""
    own = [each[place] if place < len(each) else "" for each in names]
    mapped = next((name for name in own if name in columns), None)
    if mapped:
        return mapped
    for field, system in _SYSTEM_FIELDS.items():
        if field not in columns.values() and own[0].casefold() == _first_there(system, names[0]):
            return field
    return own[0]


def _first_there(system: Sequence[str], fields: Sequence[str]) -> str | None:
    there = {field.casefold() for field in fields}
    return next((name for name in system if name in there), None)


def _keep(rows: Sequence[Row], header: Sequence[str]) -> tuple[list[Row], dict[str, int]]:
    """The rows of customers: previews, tests and spam are left out, and counted."""
    if "status" not in header:
        return list(rows), {}
    place = header.index("status")
    kept, dropped = [], dict[str, int]()
    for row in rows:
        status = cell(row.cells, place)
        reason = _DROPPED.get(status) or next((name for name in _DROPPED.values() if name == status), None)
        if reason:
            dropped[reason] = dropped.get(reason, 0) + 1
        else:
            kept.append(row)
    return kept, dropped


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
