"""Reading a file for commands and pages alike: with what the company knows, and never with an exception."""

import hashlib
from collections.abc import Mapping

from comp.db import Engine, reading
from comp.errors import Problem, RefusedError
from comp.intake import Intake, Kind
from comp.services.mappings import find_mapping, reading_needs
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


def read_or_refuse(kind: Kind, content: bytes, name: str, options: Options) -> Intake:
    """What a file holds; for one that cannot be read, an intake of nothing that says why."""
    try:
        return read_file(kind, content, name, options)
    except RefusedError as refused:
        problems = refused.problems or (Problem(str(refused)),)
        return Intake(kind, UNREADABLE, name, hashlib.sha256(content).hexdigest(), 0, (), problems)
