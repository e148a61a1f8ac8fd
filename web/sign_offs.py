"""The sign-off of a batch on one page: put together of what was frozen with it, so it is the same each time."""

from collections.abc import Iterable

from comp.db import Session
from comp.payroll_layouts import WORKBOOK
from comp.releases import Release, ReleasedFile
from comp.services import releases
from exports.control_file import PREFIX, read_totals
from exports.sign_off_sheet import read_signatures
from web import paper

_TEMPLATE = "sign_off_paper.html"


def sign_off(session: Session, release: Release) -> tuple[bytes, str]:
    """The sign-off as a PDF, or as a page that stands by itself, with the end of its name: the same for everybody.

    Raises `RefusedError` where a file of the batch has not the bytes that were released.
    """
    files = releases.list_files(session, release)
    workbook = next(file for file in files if file.layout == WORKBOOK)
    content = releases.load_files(session, release, WORKBOOK, workbook.name)[workbook.name]
    control = _control(files)
    return paper.made(
        _TEMPLATE,
        None,
        release=release,
        files=files,
        control=control,
        totals=read_totals(releases.load_files(session, release, control.layout, control.name)[control.name]),
        paid=releases.totals(session, release),
        signatures=read_signatures(content),
    )


def _control(files: Iterable[ReleasedFile]) -> ReleasedFile:
    """The control file of a layout, which has payroll's own codes of companies; else the workbook's."""
    found = [file for file in files if file.name.startswith(PREFIX) and file.name.endswith(".json")]
    return next((file for file in found if file.layout != WORKBOOK), found[0])
