"""Comparing two runs, and replaying one, against calculating it: in memory, and from a SQLite file.

The second run has other scores in this quarter and a raise for every third person.
"""

import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TypeVar

from comp.calculate import calculate, uncollected
from comp.compare import Comparison
from comp.compare_totals import add_up
from comp.db import connect, reading, writing
from comp.facts import Assignment, Facts, Result
from comp.results import RunName
from comp.roles import whoever_has_the_machine
from comp.services import comparisons, replays, run_history
from comp.services.calculation import calculate_quarter
from comp.snapshots import read_snapshot, take_snapshot
from tests.bench.company import QUARTER, Size, facts
from tests.bench.store import fill
from tests.bench.table import Table
from web.database import disposed

T = TypeVar("T")
_NOW = datetime(2026, 4, 3, 9, tzinfo=UTC)
_ACTOR = whoever_has_the_machine()
_RAISE = Fraction(103, 100)


def run(size: Size) -> None:
    """Print what comparing and replaying need beside calculating the same."""
    _in_memory(size)
    with tempfile.TemporaryDirectory() as folder:
        _from_database(size, f"sqlite:///{Path(folder) / 'bench.db'}")


def _in_memory(size: Size) -> None:
    before = facts(size)
    old, new = calculate(before), calculate(_changed(before))
    gc.collect()
    gc.freeze()
    calculating, _ = _timed(lambda: calculate(before))
    comparing, changes = _timed(lambda: list(Comparison(old, new, before.calendar).changes()))
    adding, totals = _timed(lambda: add_up(changes))
    keeping, snapshot = _timed(lambda: take_snapshot(before))
    reading_back, _ = _timed(lambda: read_snapshot(snapshot))
    gc.unfreeze()
    differ = sum(1 for change in changes if change.difference.minor)
    table = Table(f"compare: {size.people:,} people in {size.units:,} units, two runs in memory")
    table.row("calculate one of them", calculating)
    table.row("compare both", comparing, f"{differ:,} differ, for {len(totals[0].causes)} causes")
    table.row("add up", adding)
    table.row("write the snapshot", keeping, f"{len(snapshot.compressed) / 1e6:.1f} MB")
    table.row("read the snapshot", reading_back)
    table.ratio("calculate : compare", calculating, comparing + adding)


def _from_database(size: Size, url: str) -> None:
    fill(url, size)
    with disposed(connect(url)) as engine:
        storing, _ = _timed(lambda: _calculate(engine))
        with writing(engine) as session:
            session.connection().exec_driver_sql("UPDATE result SET value = '50' WHERE metric = 'income'")
            session.connection().exec_driver_sql(
                "UPDATE assignment SET annual_salary_minor = annual_salary_minor + 100000 WHERE employee LIKE '%3'"
            )
        _calculate(engine)
        with reading(engine) as session:
            pair = RunName(QUARTER, 1), RunName(QUARTER, 2)
            comparing, _ = _timed(lambda: comparisons.compare_runs(session, _ACTOR, pair, _NOW))
            replaying, done = _timed(lambda: replays.replay(session, _ACTOR, run_history.find(session, pair[0])))
    table = Table(f"compare: {size.people:,} people in {size.units:,} units, two runs stored in SQLite")
    table.row("read, calculate, store one of them", storing)
    table.row("read both, compare, add up", comparing)
    table.row("replay one", replaying, "identical" if done.is_identical else f"{done.count:,} differ")
    table.ratio("calculate : compare", storing, comparing)
    table.ratio("calculate : replay", storing, replaying)


def _calculate(engine: object) -> None:
    with writing(engine) as session:
        calculate_quarter(session, QUARTER, "bench", _NOW)


def _changed(before: Facts) -> Facts:
    chance = Random(7)
    people = tuple(
        replace(
            person,
            assignments=tuple(replace(a, annual_salary=(a.annual_salary or 0) * _RAISE) for a in person.assignments),
        )
        if place % 3 == 0
        else person
        for place, person in enumerate(before.people)
    )
    return replace(before, people=people, results=tuple(_shifted(result, chance) for result in before.results))


def _raised(assignment: Assignment) -> Assignment:
    return replace(assignment, annual_salary=(assignment.annual_salary or 0) * _RAISE)


def _shifted(result: Result, chance: Random) -> Result:
    """Some promoters fewer, in this quarter."""
    if result.sample is None or result.quarter != QUARTER:
        return result
    points = result.sample.points - 100 * chance.randint(0, 8)
    return replace(result, sample=result.sample._replace(points=points))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    with uncollected():
        start = time.perf_counter()
        done = work()
        return time.perf_counter() - start, done
