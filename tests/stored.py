"""Small companies in a database, taken in through the doors that users' files go through."""

from datetime import UTC, datetime
from inspect import cleandoc
from pathlib import Path
from typing import Any

from comp.db import Engine, Session, reading, writing
from comp.intake import Intake, Kind
from comp.periods import Quarter
from comp.plan import Plan
from comp.results import Run, StoredRun
from comp.roles import whoever_has_the_machine
from comp.services import imports, plan_moves, plans
from comp.services.calculation import calculate_quarter
from comp.services.imports import DryRun
from importers.files import read_file
from tests.make import plan_document
from web.intake import import_options

NOW = datetime(2026, 4, 3, 9, 30, tzinfo=UTC)
Q3 = Quarter(2025, 3)
EVERYBODY = whoever_has_the_machine()
"""An actor from whom nothing is kept."""

UNITS = """
    unit,name,parent
    CO,Company,
    U,Unit,CO
    V,Other unit,CO
"""
METRICS = """
    metrics:
      k: {statistic: value, decimals: 2}
      nps: {question: recommend, statistic: nps, decimals: 1}
"""
PEOPLE = """
    employee,name,unit,from,target_amount,currency
    1,Ann,U,2020-01-01,4000,EUR
    2,Bob,V,2020-01-01,8000,EUR
"""
RESULTS = """
    unit,quarter,metric,value
    U,2025-Q3,k,100
    V,2025-Q3,k,50
"""


def intake(engine: Engine, kind: str, text: str, **told: Any) -> Intake:
    """What the importer reads of a file with this text."""
    options = import_options(engine, told.pop("columns", {}), **told)
    return read_file(Kind(kind), cleandoc(text).encode(), f"{kind}.csv", options)


def look(engine: Engine, kind: str, text: str) -> DryRun:
    """What accepting a file would do."""
    read = intake(engine, kind, text)
    with reading(engine) as session:
        return imports.dry_run(session, read)


def take(engine: Engine, kind: str, text: str, **told: Any) -> DryRun:
    """Accept a file, or learn what stands against it."""
    read = intake(engine, kind, text, **told)
    with writing(engine) as session:
        return imports.accept(session, read, "hr@example.org", NOW)


def take_path(engine: Engine, kind: str, path: Path, **told: Any) -> DryRun:
    """Accept a real file, or learn what stands against it."""
    read = read_file(Kind(kind), path.read_bytes(), path.name, import_options(engine, {}, **told))
    with writing(engine) as session:
        return imports.accept(session, read, "hr@example.org", NOW)


def taken(engine: Engine, kind: str, text: str) -> DryRun:
    """Accept a file that has to be sound."""
    seen = take(engine, kind, text)
    assert not seen.problems, [str(problem) for problem in seen.problems]
    return seen


def company(engine: Engine, **texts: str) -> None:
    """A company of two units with a metric `k` of 100 and 50, and one person in each; files replace the usual ones."""
    usual = {"metrics": METRICS, "units": UNITS, "people": PEOPLE, "results": RESULTS}
    for kind, text in {**usual, **texts}.items():
        if text:
            taken(engine, kind.replace("_", "-"), text)


def publish(engine: Engine, **fields: Any) -> Plan:
    """A published plan for everyone that pays by `k`, with these fields changed."""
    with writing(engine) as session:
        plan, _ = plans.save_draft(session, plan_document(**fields), "author@example.org", NOW)
        submit(session, plan.version, "author@example.org")
    with writing(engine) as session:
        return plan_moves.publish(session, plans.find_plan(session, plan.version), "publisher@example.org", NOW)


def submit(session: Session, name: str, by: str, at: datetime = NOW) -> None:
    """Submit a draft with the same words for each of its warnings."""
    version = plans.find_plan(session, name)
    findings = plans.check_plan(session, version.plan)
    answers = {plan_moves.warning_key(each.problem): "As it was agreed." for each in findings}
    plan_moves.submit(session, version, answers, by, at)


def calculated(engine: Engine, quarter: Quarter = Q3) -> tuple[StoredRun, Run]:
    """A run of the quarter, stored."""
    with writing(engine) as session:
        return calculate_quarter(session, quarter, "hr@example.org", NOW)
