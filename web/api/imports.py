"""Files in, as JSON or just as they are, through the same dry run and acceptance as the page Imports."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from flask import Blueprint, Response, request
from pydantic import Field, create_model

from comp.db import Session, reading
from comp.errors import Problem, RefusedError
from comp.intake import Batch, Intake, Kind
from comp.made_files import XLSX
from comp.services import imports, uploads
from comp.services.imports import write_dry_run
from comp.tokens import Scope
from comp.uploads import Upload
from importers.canonical import OPTIONAL, REQUIRED
from web.api.jobs import accepted
from web.api.problems import OneProblem
from web.api.routing import JSON, Answer, answered_before, once, operation, require_kind, respond
from web.api.shapes import Moment, Query, Sha256, Shape, Text
from web.intake import import_options, read_or_refuse
from web.state import account, engine, now
from web.views.imports import LARGE

blueprint = Blueprint("api_imports", __name__)
CSV = "text/csv"
FILES = (CSV, XLSX)
KINDS = tuple(REQUIRED)
_EXAMPLES = {
    "absence": "parental",
    "annual_salary": "32600.00",
    "answers": "391",
    "cost_centre": "CC1",
    "currency": "EUR",
    "detractors": "60",
    "email": "marta@company.example",
    "employee": "30417",
    "from": "2026-04-01",
    "fte": "1",
    "grade": "G4",
    "hired": "2020-01-01",
    "kind": "parental",
    "manager": "30412",
    "metric": "nps",
    "name": "Marta Brandt",
    "parent": "SERVICE",
    "passives": "98",
    "promoters": "233",
    "quarter": "2026-Q2",
    "target": "40",
    "target_percent": "10%",
    "to": "",
    "unit": "LIS",
    "value": "82.2",
}


class ImportQuery(Query):
    """What is told about a file."""

    dry_run: Literal["true", "false"] = Field(
        default="false", description="`true` tells what would change, and stores nothing."
    )
    unit: Text = Field(default="", description="The unit of all rows, where these name none.")
    date_order: Literal["", "dmy", "mdy", "ymd"] = Field(
        default="", description="How days are written that can be read in two ways."
    )


class ImportShape(Shape):
    """What `import --json` prints: what a file changes, and everything that stands against it."""

    kind: str = Field(examples=["people"])
    file: str = Field(examples=["people.csv"])
    tool: str = Field(description="What it was recognised as.", examples=["loyaltypay"])
    rows: int = Field(examples=[182])
    new: int = Field(examples=[3])
    changed: int = Field(examples=[1])
    unchanged: int = Field(examples=[178])
    refused: int = Field(examples=[0])
    dropped: dict[str, int] = Field(examples=[{}])
    quarters: dict[str, int] = Field(examples=[{}])
    problems: list[OneProblem] = Field(examples=[[]])
    warnings: list[OneProblem] = Field(examples=[[]])
    accepted: bool = Field(description="Whether it was taken in; false in a dry run.")
    batch: int | None = Field(description="Its number; null where nothing was stored.", examples=[41])


class BatchOfRows(Shape):
    """An accepted file."""

    batch: int = Field(examples=[41])
    kind: str = Field(examples=["people"])
    file: str = Field(examples=["people.csv"])
    sha256: Sha256
    rows: int = Field(examples=[182])
    new: int = Field(examples=[3])
    changed: int = Field(examples=[1])
    unchanged: int = Field(examples=[178])
    accepted_by: str = Field(examples=["ines@company.example"])
    accepted_at: Moment


class BatchesOfRows(Shape):
    """The last hundred accepted files, the newest first."""

    imports: list[BatchOfRows]


@operation(blueprint, "/imports", Scope.IMPORTS_READ, answer=BatchesOfRows)
def list_imports() -> BatchesOfRows:
    """List what was imported."""
    with reading(engine()) as session:
        found = uploads.recent_batches(session)
    return BatchesOfRows(imports=[_batch(each) for each in found])


def _batch(each: Batch) -> BatchOfRows:
    return BatchOfRows(
        batch=each.number,
        kind=each.kind,
        file=each.file_name,
        sha256=each.sha256,
        rows=each.rows,
        new=each.new,
        changed=each.changed,
        unchanged=each.unchanged,
        accepted_by=each.accepted_by,
        accepted_at=f"{each.accepted_at:%Y-%m-%dT%H:%M:%SZ}",
    )


def _register(kind: Kind) -> None:
    """Let rows of a kind be taken in."""

    def take(query: ImportQuery, body: Any = None) -> Response:  # noqa: ANN401 - a shape of its own for each kind
        require_kind(JSON, *FILES)
        rows = None if body is None else [each.model_dump(by_alias=True, exclude_none=True) for each in body.rows]
        content, name = (request.get_data(), _name(kind)) if rows is None else (_as_file(kind, rows), f"{kind}.csv")
        return _taken(kind, content, name, query, _line_of if rows is None else _row_of)

    take.__name__ = f"import_{kind.replace('-', '_')}"
    take.__doc__ = f"""Import {kind.replace("-", " ")}.

    As JSON or as a file, all of it or nothing: 422 tells every problem. The same rows again change nothing. What is
    larger than {LARGE // 1_000_000} MB is left to a worker: then the answer is 202 and a job. A dry run answers 200
    with the problems among its counts.
    """
    told = {"body": _shape_of(kind), "answer": ImportShape, "files": FILES, "refusals": (202, 422)}
    operation(blueprint, f"/imports/{kind}", Scope.IMPORTS_WRITE, "POST", query=ImportQuery, **told)(take)


def _shape_of(kind: Kind) -> type[Shape]:
    """The body with rows of a kind: the columns of its file, each as text."""
    fields: dict[str, Any] = {field: _column(field, is_required=True) for field in REQUIRED[kind]}
    fields |= {field: _column(field, is_required=False) for field in OPTIONAL.get(kind, ())}
    title = "".join(part.title() for part in kind.split("-"))
    safe = {f"{field}_" if field == "from" else field: each for field, each in fields.items()}
    row = create_model(f"{title}Row", __base__=Shape, __doc__=f"A row of {kind}.", **safe)
    rows = (list[row], Field(min_length=1, max_length=1_000_000))  # type: ignore[valid-type] # made just now
    return create_model(f"{title}Rows", __base__=Shape, __doc__=f"Rows of {kind}.", rows=rows)


def _column(field: str, *, is_required: bool) -> tuple[Any, Any]:
    examples = [_EXAMPLES.get(field, "")]
    if is_required:
        return Text, Field(alias=field, examples=examples)
    return Text | None, Field(default=None, alias=field, examples=examples)


def _as_file(kind: Kind, rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as the file that the importers read."""
    written = io.StringIO(newline="")
    columns = (*REQUIRED[kind], *OPTIONAL.get(kind, ()))
    writer = csv.DictWriter(written, columns, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def _name(kind: Kind) -> str:
    return f"{kind}.xlsx" if request.mimetype == XLSX else f"{kind}.csv"


def _taken(kind: Kind, content: bytes, name: str, query: ImportQuery, place: Callable[[Problem], Problem]) -> Response:
    is_dry = query.dry_run == "true"
    before = None if is_dry else answered_before()
    if before:
        return before
    if len(content) > LARGE and not is_dry:
        return once(lambda session: _left_to_worker(session, kind, content, name, query))
    options = import_options(engine(), {}, unit=query.unit, date_order=query.date_order or None)
    intake = read_or_refuse(kind, content, name, options)
    if is_dry:
        with reading(engine()) as session:
            seen = imports.dry_run(session, intake)
        return respond(Answer(_written(write_dry_run(seen, accepted=False), None, place)).answered)
    return once(lambda session: _accepted(session, intake, place))


def _left_to_worker(session: Session, kind: Kind, content: bytes, name: str, query: ImportQuery) -> Answer:
    told = {"unit": query.unit, "date_order": query.date_order}
    upload = uploads.keep_upload(session, Upload(kind, name, content, told, account().email, now()))
    return accepted(session, "import", {"upload": upload})


def _accepted(session: Session, intake: Intake, place: Callable[[Problem], Problem]) -> Answer:
    seen = imports.accept(session, intake, account().email, now())
    if not seen.is_acceptable:
        raise RefusedError("Nothing was stored. Mend the rows and send all of them again.", map(place, seen.problems))
    return Answer(_written(write_dry_run(seen, accepted=True), seen.batch, place))


def _written(document: Mapping[str, Any], batch: int | None, place: Callable[[Problem], Problem]) -> ImportShape:
    told = {name: list(_placed(document[name], place)) for name in ("problems", "warnings")}
    return ImportShape.model_validate({**document, **told, "batch": batch})


def _placed(problems: Iterable[Mapping[str, Any]], place: Callable[[Problem], Problem]) -> Iterator[OneProblem]:
    for each in problems:
        found = place(Problem(**each))
        yield OneProblem(why=found.why, where=found.where, line=found.line, column=found.column, value=found.value)


def _line_of(problem: Problem) -> Problem:
    return problem


def _row_of(problem: Problem) -> Problem:
    """A problem where it stands among the rows, instead of in the file that was made of them."""
    if problem.line is None or problem.line < 2:  # noqa: PLR2004 - the header is the first line
        return replace(problem, line=None)
    return replace(problem, line=None, where=problem.where or f"rows[{problem.line - 2}]")


for _each in KINDS:
    _register(_each)
