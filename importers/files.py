"""The door for files: bytes of any known layout in, an intake out."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from comp.errors import Problem, RefusedError
from comp.intake import DefinitionRecord, Intake, Kind
from comp.metric_documents import read_metrics, starts_of
from comp.periods import Quarter
from comp.scores import Metric, Question
from importers import qualtrics
from importers.answers import answer_fields, read_responses
from importers.canonical import fields_of, read_records
from importers.cells import Style
from importers.documents import read_yaml
from importers.gate import check_size
from importers.layouts import lay_out
from importers.options import Options
from importers.tables import Grid, Row, read_grid
from importers.unread import unread_columns

CANONICAL = "loyaltypay"
"""The tool name of the product's own layouts."""


def read_file(kind: Kind, content: bytes, name: str, options: Options | None = None) -> Intake:
    """What a file of a kind holds, with all its problems. Raises `RefusedError` for one that cannot be read at all."""
    options = options or Options()
    sha256 = hashlib.sha256(content).hexdigest()
    if kind is Kind.METRICS:
        return _metrics(content, name, sha256, options)
    grid = read_grid(content, name)
    if kind is Kind.ANSWERS:
        read = _qualtrics if qualtrics.recognise(grid) else _answers
        return read(grid, name, sha256, options)
    layout = lay_out(_in_unit(grid, kind, options), fields_of(kind), options.columns, name)
    records, dropped = read_records(kind, layout, Style(options.date_order, grid.base_1904))
    return Intake(
        kind=kind,
        tool=CANONICAL,
        file_name=name,
        sha256=sha256,
        rows=len(grid.rows) - 1,
        records=tuple(records),
        problems=_in_order(layout.problems),
        warnings=_in_order(layout.warnings),
        dropped=dropped,
    )


def _in_unit(grid: Grid, kind: Kind, options: Options) -> Grid:
    """The grid with a column of the one unit that was told for all rows, where the file has none."""
    names = {options.columns.get(text.strip(), text.strip()).casefold() for text in grid.rows[0].cells}
    if not options.unit or kind is Kind.UNITS or "unit" not in fields_of(kind) or "unit" in names:
        return grid
    header, *rows = grid.rows
    filled = (Row(row.line, [options.unit, *row.cells]) for row in rows)
    return replace(grid, rows=(Row(header.line, ["unit", *header.cells]), *filled))


def _answers(grid: Grid, name: str, sha256: str, options: Options) -> Intake:
    layout = lay_out(grid, answer_fields(options.questions), options.columns, name)
    style = Style(options.date_order, grid.base_1904, None, options.zone)
    records = read_responses(layout, options.questions, options.unit, style)
    return Intake(
        kind=Kind.ANSWERS,
        tool=CANONICAL,
        file_name=name,
        sha256=sha256,
        rows=len(layout.rows),
        records=tuple(records),
        problems=_in_order(layout.problems),
        warnings=_in_order(layout.warnings),
        unread=unread_columns(layout),
    )


def _qualtrics(grid: Grid, name: str, sha256: str, options: Options) -> Intake:
    export = qualtrics.bring_into_form(grid, options.columns)
    warnings = (*grid.warnings, *export.warnings)
    if len(export.grid.rows) == 1 and export.dropped:
        rows = sum(export.dropped.values())
        return Intake(Kind.ANSWERS, qualtrics.TOOL, name, sha256, rows, (), (), warnings, export.dropped)
    layout = lay_out(export.grid, answer_fields(options.questions), export.columns, name)
    layout.warnings[:] = warnings
    style = Style(options.date_order, grid.base_1904, export.zone, options.zone)
    records = read_responses(layout, options.questions, options.unit, style)
    layout.problems += qualtrics.group_problems(layout, options.questions)
    return Intake(
        kind=Kind.ANSWERS,
        tool=qualtrics.TOOL,
        file_name=name,
        sha256=sha256,
        rows=len(layout.rows) + sum(export.dropped.values()),
        records=tuple(records),
        problems=_in_order(layout.problems),
        warnings=_in_order(layout.warnings),
        dropped=export.dropped,
        unread=unread_columns(layout),
    )


def _metrics(content: bytes, name: str, sha256: str, options: Options) -> Intake:
    check_size(content, name)
    document = read_yaml(content, name)
    questions, metrics, problems = read_metrics(document, known=options.questions, dated=True)
    starts = starts_of(document)
    definitions: list[tuple[Question | Metric, Quarter | None]] = [
        *((question, starts.get(("question", question.id))) for question in questions),
        *((metric, starts.get(("metric", metric.id))) for metric in metrics),
    ]
    if not definitions and not problems:
        raise RefusedError(f"{name} describes no question and no metric.")
    return Intake(
        kind=Kind.METRICS,
        tool=CANONICAL,
        file_name=name,
        sha256=sha256,
        rows=len(definitions),
        records=tuple(DefinitionRecord(line, *each) for line, each in enumerate(definitions, start=1)),
        problems=_in_order(problems),
        warnings=tuple(Problem(text, where=f"metrics.{m.id}") for m in metrics if (text := m.scale_warning())),
    )


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, in the order of the file."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0))
