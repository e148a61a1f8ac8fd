"""The sign-off of a batch on one page: put together of what was frozen with it, so it is the same each time."""

from comp.db import Session
from comp.payroll_layouts import WORKBOOK
from comp.releases import Release
from comp.services import releases
from exports.control_file import BookedTotal, read_totals
from exports.sign_off_sheet import read_signatures
from web import paper

_TEMPLATE = "sign_off_paper.html"


def sign_off(session: Session, release: Release) -> tuple[bytes, str]:
    """The sign-off as a PDF, or as a page that stands by itself, with the end of its name: the same for everybody.

    Raises `RefusedError` where a file of the batch has not the bytes that were released.
    """
    files = releases.list_files(session, release)
    (workbook,) = releases.load_files(session, release, WORKBOOK).values()
    control = next((file for file in files if file.name.startswith("control-") and file.name.endswith(".json")), None)
    return paper.made(
        _TEMPLATE,
        None,
        release=release,
        files=files,
        control=control,
        totals=_totals(session, release, control.layout if control else "", control.name if control else ""),
        paid=releases.totals(session, release),
        signatures=read_signatures(workbook),
    )


def _totals(session: Session, release: Release, layout: str, name: str) -> tuple[BookedTotal, ...]:
    """By company code as the batch's control file says; without one by pay code alone."""
    if layout:
        return read_totals(releases.load_files(session, release, layout, name)[name])
    booked = releases.booked_totals(session, release)
    return tuple(BookedTotal("", each.pay_code, each.people, each.lines, each.amount) for each in booked)
