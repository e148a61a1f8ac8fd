"""From database to stored run, against the same rows stored as ORM objects; on SQLite and PostgreSQL.

Each contender works in a process of its own, so that the memory is its own.
"""

import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel

from comp.db import connect, reading, writing
from comp.facts import Person
from comp.figures import exact_text
from comp.models import (
    AbsenceRow,
    AssignmentRow,
    PersonRow,
    ResultRow,
    RunAttainmentRow,
    RunPayoutRow,
    RunPieceRow,
    RunRow,
    TallyRow,
    TargetRow,
    UnitRow,
)
from comp.plan_documents import read_plan
from comp.services.calculation import calculate_quarter
from comp.services.company import initialise
from comp.store import bulk
from comp.store.bulk import Value, columns_of
from comp.store.metrics import save_definitions
from comp.store.plans import mark_published, mark_submitted, save_draft
from tests.bench import company
from tests.bench.company import QUARTER, Size
from tests.bench.table import Table
from tests.databases import create_database, postgresql_cluster
from web.database import disposed

_NOW = datetime(2026, 4, 3, 9, tzinfo=UTC)
_EVERY = 10
"""The rival stores every tenth person's rows, and its time is multiplied: the whole takes minutes."""


class Figures(NamedTuple):
    """What a contender needed: seconds, and the most memory of its process in MB."""

    seconds: float
    memory: int


def run(size: Size) -> None:
    """Print what each contender needs on each database."""
    with tempfile.TemporaryDirectory() as folder, postgresql_cluster() as cluster:
        _compare(size, "SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
        _compare(size, "PostgreSQL", create_database(cluster, "bench"))


def _compare(size: Size, name: str, url: str) -> None:
    _alone(fill, url, size)
    ours, theirs = _alone(calculate_and_store, url), _alone(store_objects, url)
    table = Table(f"store: {size.people:,} people in {size.units:,} units, from {name} to a stored run")
    table.row("Loyalty Pay: read, calculate, store", ours.seconds, f"{ours.memory} MB")
    remark = f"extrapolated from every {_EVERY}th person, {theirs.memory} MB for these"
    table.row("session.add_all of the same rows: store only", theirs.seconds, remark)
    table.ratio("add_all, storing only : Loyalty Pay, everything", theirs.seconds, ours.seconds)


def _alone(work: Callable[..., Figures], *arguments: object) -> Figures:
    """What `work` gives in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def calculate_and_store(url: str) -> Figures:
    """From database to stored run, as the product does it."""
    with disposed(connect(url)) as engine:
        start = time.perf_counter()
        with writing(engine) as session:
            calculate_quarter(session, QUARTER, "bench", _NOW)
        return Figures(time.perf_counter() - start, _memory())


def store_objects(url: str) -> Figures:
    """The rows of the stored run once more, as objects. Only making and storing them is timed."""
    with disposed(connect(url)) as engine:
        with reading(engine) as session:
            attainments = list(_stored(session, RunAttainmentRow))
            payouts, pieces = (_every(_stored(session, table)) for table in (RunPayoutRow, RunPieceRow))
        start = time.perf_counter()
        with writing(engine) as session:
            second = _second_run(session)
            session.add_all(RunAttainmentRow(**{**row, "run_id": second}) for row in attainments)
            session.flush()
            shared = time.perf_counter() - start
            session.add_all(RunPayoutRow(**{**row, "run_id": second}) for row in payouts)
            session.flush()
            session.add_all(RunPieceRow(**{**row, "run_id": second}) for row in pieces)
            session.flush()
        return Figures(shared + _EVERY * (time.perf_counter() - start - shared), _memory())


def _stored(session: Session, table: type[SQLModel]) -> Iterator[dict[str, object]]:
    yield from map(dict, session.execute(select(*columns_of(table))).mappings())


def _every(rows: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    return [row for row in rows if int(str(row["employee"])) % _EVERY == 0]


def _second_run(session: Session) -> int:
    first = session.execute(select(*columns_of(RunRow))).mappings().one()
    session.execute(insert(RunRow).values({**first, "id": first["id"] + 1, "number": 2}))
    return int(first["id"] + 1)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def fill(url: str, size: Size) -> Figures:
    """Store the made-up company, as importing it would."""
    start = time.perf_counter()
    with disposed(connect(url)) as engine, writing(engine) as session:
        initialise(session, None)
        save_definitions(session, [*(metric.question for metric in company.ASKED), *company.METRICS])
        for group in range(company.GROUPS):
            plan, _ = read_plan(company.plan_document(group))
            save_draft(session, plan, "author", _NOW)
            mark_submitted(session, plan, "author", _NOW)
            mark_published(session, plan, "publisher", _NOW)
        for table, columns, rows in _tables(size):
            bulk.insert(session, table, columns.split(), rows)
    return Figures(time.perf_counter() - start, _memory())


def _tables(size: Size) -> Iterator[tuple[type[SQLModel], str, Iterable[tuple[Value, ...]]]]:
    yield UnitRow, "code name parent", ((unit.code, unit.name, unit.parent) for unit in company.units(size))
    keys = "unit question month touchpoint segment answer"
    yield TallyRow, f"{keys} count", _tallies(size)
    kpis = ((unit, str(QUARTER), "kpi", exact_text(value)) for unit, value in company.kpis(size))
    yield ResultRow, "unit quarter metric value", kpis
    yield ResultRow, "unit quarter metric value", [("CO", str(QUARTER), "income", "35")]
    yield TargetRow, "unit period metric target", [("CO", str(QUARTER), "income", "100")]
    people = list(company.people(size))
    yield PersonRow, "employee name hired_on leaving_reason", ((p.employee, p.name, str(p.hired), "") for p in people)
    columns = "employee unit start_on end_on currency annual_salary_minor target_percent fte grade cost_centre"
    yield AssignmentRow, columns, (row for person in people for row in _assignments(person))
    away = ((p.employee, str(a.span.start), str(a.span.end), a.kind) for p in people for a in p.absences)
    yield AbsenceRow, "employee start_on end_on kind", away


def _tallies(size: Size) -> Iterator[tuple[Value, ...]]:
    for unit, metric, quarter, groups in company.tallies(size):
        month = date(quarter.year, 3 * quarter.number - 2, 1).isoformat()
        for answer, count in zip((9, 7, 0), groups, strict=True):
            yield unit, metric.question.id, month, "", "", answer, count


def _assignments(person: Person) -> Iterator[tuple[Value, ...]]:
    for each in person.assignments:
        percent, minor = each.target_percent or Fraction(0), int((each.annual_salary or 0) * 100)
        days = str(each.span.start), str(each.span.end)
        yield person.employee, each.unit, *days, each.currency, minor, exact_text(percent), "1", "", ""
