"""Releasing a batch, for pages and the sample company: its files are made while nobody waits, then stored at once."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from comp.db import Engine, Session, reading, writing
from comp.payroll_layouts import WORKBOOK
from comp.periods import Quarter
from comp.releases import MadeFile, Release
from comp.roles import Account
from comp.services import releases
from comp.services.releases import Prepared, Wish
from exports.control_file import control_files, workbook_control_files
from exports.payroll_files import payroll_files
from exports.payroll_workbook import Traced, write_payroll_workbook

STEPS = ("Read what is approved", "Write the files", "Store the batch")
_READ, _WRITE, _STORE = range(1, 4)


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears the step that is under way, and what is stored together with the batch."""

    told: Callable[[int, int, int], object] = lambda _step, _done, _total: None
    ending: Callable[[Session, Release], object] = lambda _session, _release: None


_NOBODY = Hearing()


def release_batch(
    engine: Engine, actor: Account, quarter: Quarter, wish: Wish, now: datetime, hearing: Hearing = _NOBODY
) -> Release:
    """Freeze what a quarter pays and no batch has yet, with its workbook and the files of some layouts: all or nothing.

    Raises `RefusedError` with what stands against it, a layout that cannot write somebody among it, and `ChangedError`
    where what it pays is not what was seen, or was changed while the files were made.
    """
    hearing.told(_READ, 0, 0)
    with reading(engine) as session:
        prepared = releases.prepare(session, actor, quarter, wish, now)
    files = list(made_files(prepared, lambda done, total: hearing.told(_WRITE, done, total)))
    hearing.told(_STORE, 0, 0)
    with writing(engine) as session:
        release = releases.store(session, actor, prepared, files, now)
        hearing.ending(session, release)
    return release


def words_of(release: Release) -> str:
    """What is said of a batch that was just released."""
    return f"{release.name} is released: {release.people:,} people. Its files never change."


def made_files(prepared: Prepared, told: Traced = lambda _done, _total: None) -> Iterator[MadeFile]:
    """The workbook, and for each layout its files, each with a control file; layouts first, which may be refused."""
    of_layouts = []
    for layout, rows in prepared.rows:
        made = payroll_files(layout, rows)
        contents = made.contents() | control_files(made, prepared.sheets)
        of_layouts += [MadeFile(layout.id, name, content) for name, content in contents.items()]
    buffer = io.BytesIO()
    write_payroll_workbook(prepared.sheets, buffer, told)
    workbook = buffer.getvalue()
    yield MadeFile(WORKBOOK, prepared.sheets.file_name, workbook)
    control = workbook_control_files(prepared.sheets, prepared.batch, workbook)
    yield from (MadeFile(WORKBOOK, name, content) for name, content in control.items())
    yield from of_layouts
