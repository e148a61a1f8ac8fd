"""Releasing a batch, for pages and the sample company: its files are made while nobody waits, then stored at once."""

from collections.abc import Iterator
from datetime import datetime

from comp.db import Engine, reading, writing
from comp.payroll_layouts import WORKBOOK
from comp.periods import Quarter
from comp.releases import MadeFile, Release
from comp.roles import Account
from comp.services import releases
from comp.services.releases import Prepared, Wish
from exports.control_file import control_files
from exports.payroll_files import payroll_files
from exports.payroll_workbook import payroll_workbook


def release_batch(engine: Engine, actor: Account, quarter: Quarter, wish: Wish, now: datetime) -> Release:
    """Freeze what a quarter pays and no batch has yet, with its workbook and the files of some layouts: all or nothing.

    Raises `RefusedError` with what stands against it, a layout that cannot write somebody among it, and `ChangedError`
    where what it pays is not what was seen, or was changed while the files were made.
    """
    with reading(engine) as session:
        prepared = releases.prepare(session, actor, quarter, wish, now)
    files = list(made_files(prepared))
    with writing(engine) as session:
        return releases.store(session, actor, prepared, files, now)


def made_files(prepared: Prepared) -> Iterator[MadeFile]:
    """The workbook, and for each layout its files with their control file; layouts first, which may be refused."""
    of_layouts = []
    for layout, rows in prepared.rows:
        made = payroll_files(layout, rows)
        contents = made.contents() | control_files(made, prepared.sheets)
        of_layouts += [MadeFile(layout.id, name, content) for name, content in contents.items()]
    yield MadeFile(WORKBOOK, prepared.sheets.file_name, payroll_workbook(prepared.sheets))
    yield from of_layouts
