"""Reading a file for commands and pages alike: with what the company knows, and never with an exception."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from comp.db import Engine, Session, reading, writing
from comp.errors import Problem, RefusedError
from comp.intake import Intake, Kind
from comp.services import imports, uploads
from comp.services.imports import DryRun
from comp.services.mappings import find_mapping, reading_needs
from comp.uploads import Upload
from importers.files import read_file
from importers.options import Options

UNREADABLE = "unreadable"
"""The tool of a file that could not be read at all."""


def import_options(
    engine: Engine,
    columns: Mapping[str, str],
    mapping: str | None = None,
    *,
    unit: str | None = None,
    date_order: str | None = None,
) -> Options:
    """What reading a file needs: what was told about it, else a saved mapping, and the company's questions and zone."""
    with reading(engine) as session:
        company, questions = reading_needs(session)
        if mapping and not columns:
            columns = find_mapping(session, mapping)
    return Options(columns, unit or None, date_order or None, questions, company.calendar, company.zone)


def read_upload(engine: Engine, kept: Upload) -> Intake:
    """What a kept file holds, read as was told when it was uploaded."""
    columns = {key.partition(":")[2]: value for key, value in kept.options.items() if key.startswith("column:")}
    unit, date_order = kept.options["unit"], kept.options["date_order"]
    options = import_options(engine, columns, unit=unit, date_order=date_order)
    return read_or_refuse(Kind(kept.kind), kept.content, kept.file_name, options)


def accept_upload(
    engine: Engine, kept: Upload, now: datetime, ending: Callable[[Session, DryRun], object] | None = None
) -> DryRun:
    """Take a kept file in and forget it, whole or not at all. What `ending` writes is stored together with it."""
    intake = read_upload(engine, kept)
    with writing(engine) as session:
        seen = imports.accept(session, intake, kept.uploaded_by, now)
        if seen.is_acceptable:
            uploads.forget_upload(session, kept.id)
            if ending:
                ending(session, seen)
    return seen


def words_of(kept: Upload, seen: DryRun) -> str:
    """What is said of a file that was just taken in."""
    if not seen.batch:
        return f"{kept.file_name} says nothing new: nothing was stored."
    counts = f"{seen.new} new, {seen.changed} changed, {seen.unchanged} unchanged"
    return f"{kept.file_name} is taken in: {counts}."


def read_or_refuse(kind: Kind, content: bytes, name: str, options: Options) -> Intake:
    """What a file holds; for one that cannot be read, an intake of nothing that says why."""
    try:
        return read_file(kind, content, name, options)
    except RefusedError as refused:
        problems = refused.problems or (Problem(str(refused)),)
        return Intake(kind, UNREADABLE, name, hashlib.sha256(content).hexdigest(), 0, (), problems)
