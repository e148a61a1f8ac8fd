"""Writing an analysis for pages, commands and jobs alike: quarter by quarter, so that one is in memory at a time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from comp.analysis import Slice
from comp.db import Engine, Session, reading
from comp.made_files import XLSX, FileKind, KeptFile
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Account, Permission
from comp.services import analysis
from exports.analysis_workbook import About, write_analysis
from web.made_files import hand_over, place_of
from web.work import Work

STEPS = ("Read and write the quarters", "Keep the file")
_WRITE, _KEEP = 1, 2
Told = Callable[[int, int, int], object]


def _unheard(_step: int, _done: int, _total: int) -> None:
    """Nobody wants to know."""


def about(actor: Account, found: list[StoredRun], now: datetime) -> About:
    """What the analysis of some runs says of itself."""
    return About([str(run.quarter) for run in found], actor.email, now)


def write(
    engine: Engine,
    actor: Account,
    found: list[StoredRun],
    target: Path | IO[bytes],
    now: datetime,
    told: Told = _unheard,
) -> None:
    """Write the analysis of some runs; `told` hears how many quarters are written."""
    write_analysis(target, about(actor, found, now), _slices(engine, actor, found, now, told))


def _slices(engine: Engine, actor: Account, found: list[StoredRun], now: datetime, told: Told) -> Iterator[Slice]:
    for done, run in enumerate(found):
        told(_WRITE, done, len(found))
        with reading(engine) as session:
            part = analysis.load_slice(session, actor, run, now)
        yield part
    told(_WRITE, len(found), len(found))


def analyse(work: Work) -> None:
    """Make an analysis as somebody asked for it. The file and the end of its job are stored together."""
    asked, now = work.job.arguments, datetime.now(UTC)
    with reading(work.engine) as session:
        actor = work.asker(session)
        found = analysis.runs_of(session, Quarter.parse(asked["quarter"]), int(asked["quarters"]))

    def noted(session: Session, _file: KeptFile) -> None:
        analysis.note_taken(session, actor, found, now)

    with place_of(about(actor, found, now).file_name) as path:
        write(work.engine, actor, found, path, now, work.tell)
        kind = FileKind(path.name, XLSX, Permission.TAKE_ANALYSIS)
        hand_over(work, _KEEP, path, kind, f"{path.name} is made.", noted)
