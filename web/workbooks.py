"""The payroll workbook of many people, made by a worker: written to the disk, then kept with its job's end."""

from datetime import UTC, datetime

from comp.db import Session, reading
from comp.errors import RefusedError
from comp.figures import counted
from comp.made_files import XLSX, FileKind
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import payroll, reads, releases
from comp.sheets import PayrollSheets
from exports.files import whole
from exports.payroll_workbook import write_payroll_workbook
from web.made_files import hand_over, place_of
from web.work import Work

MANY = 2_000
"""A workbook and a batch for more people are made by a worker: some ten thousand rows of formulas take seconds."""

STEPS = ("Read what is to be paid", "Trace the payouts", "Store the file")
_READ, _TRACE, _STORE = range(1, 4)


def make(work: Work) -> None:
    """Make the preview of a quarter that is not released. The file and the end of its job are stored together."""
    quarter = Quarter.parse(work.job.arguments["quarter"])
    work.tell(_READ, 0, 0)
    sheets = _sheets(work, quarter)
    said = f"The preview {sheets.batch} is made: {counted(len(sheets.lines), 'payroll line')}."
    kind = FileKind(sheets.preview_name, XLSX, Permission.TAKE_PAYROLL)
    with place_of(sheets.preview_name) as path:
        with whole(path) as file:
            write_payroll_workbook(sheets, file, lambda done, total: work.tell(_TRACE, done, total))
        hand_over(work, _STORE, path, kind, said, lambda session, _: _note(session, work, sheets))


def _sheets(work: Work, quarter: Quarter) -> PayrollSheets:
    with reading(work.engine) as session:
        actor = work.asker(session)
        if releases.list_releases(session, quarter):
            raise RefusedError(f"{quarter} is released by now. Take the workbook of its batch, which never changes.")
        return payroll.payroll_sheets(session, actor, quarter, datetime.now(UTC))


def _note(session: Session, work: Work, sheets: PayrollSheets) -> None:
    actor = work.asker(session)
    about = f"payroll workbook {sheets.run.quarter}"
    reads.note_taken(session, actor, about, datetime.now(UTC), batch=sheets.batch)
