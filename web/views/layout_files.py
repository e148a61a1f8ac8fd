"""Payroll files: a look at what a layout makes of a quarter, what would be refused, and taking the files."""

import io
import mimetypes
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from comp.db import Session, noting, reading
from comp.payroll_layout_documents import layout_sha256
from comp.payroll_layouts import Layout
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import layouts, payroll, quarters, reads
from comp.services.payroll import Told
from comp.sheets import PayrollSheets
from exports.archive import archive
from exports.control_file import control_document, control_files
from exports.payroll_files import PayrollExport, payroll_files
from importers.payroll_layouts import built_in_layouts
from web.access import route
from web.addresses import chosen_quarter
from web.forms.layouts import TakeForm
from web.state import account, engine, now

blueprint = Blueprint("layout_files", __name__)
_SHOWN, _FILES_SHOWN, _LONGEST_LINE = 20, 30, 400
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a layout makes of a quarter, with the content of the workbook beside it."""

    export: PayrollExport
    sheets: PayrollSheets


@route(blueprint, "/payroll/layouts/<name>/preview", Permission.TAKE_PAYROLL)
def preview(name: str) -> ResponseReturnValue:
    """The first rows as a table and as the file's text, the totals, and what would be refused."""
    form = TakeForm(request.args)
    with reading(engine()) as session:
        layout = layouts.find_layout(session, built_in_layouts(), name).layout
        known = quarters.known_quarters(session)
        calculated = [quarter for quarter in known if payroll.is_open(session, quarter)]
        form.quarter.choices = {str(quarter): str(quarter) for quarter in calculated}
        quarter = chosen_quarter(calculated)
        form.quarter.data = str(quarter)
        is_sound = form.validate() if quarter in calculated else False
        taken = _taken(session, quarter, layout, form.told() if is_sound else Told()) if quarter else None
    if quarter and taken:
        _note(quarter, taken)
    return _preview(layout, quarter, form, taken), 422 if form.errors else 200


def _taken(session: Session, quarter: Quarter, layout: Layout, told: Told) -> Taken:
    sheets, rows = payroll.payroll_rows(session, account(), quarter, layout, told, now())
    return Taken(payroll_files(layout, rows), sheets)


def _note(quarter: Quarter, taken: Taken) -> None:
    """Note whose payouts are shown: those of the first rows."""
    shown = {row.employee for file in taken.export.files[:1] for row in file.rows[:_SHOWN]}
    with noting(engine()) as session:
        reads.note_read(session, account(), quarter, shown, now())


def _preview(layout: Layout, quarter: Quarter | None, form: TakeForm, taken: Taken | None) -> str:
    first = taken.export.files[0] if taken and taken.export.files else None
    head = len(layout.before) + layout.file.header
    lines = [line[:_LONGEST_LINE] for line in first.lines[: head + _SHOWN]] if first else []
    return render_template(
        "layout_preview.html",
        layout=layout,
        quarter=quarter,
        form=form,
        export=taken.export if taken else None,
        control=control_document(taken.export, taken.sheets) if taken else None,
        first=first,
        lines=lines,
        shown=_SHOWN,
        files_shown=_FILES_SHOWN,
    )


@route(blueprint, "/payroll/layouts/<name>/<quarter:quarter>/<what>", Permission.TAKE_PAYROLL, fresh=True)
def take(name: str, quarter: Quarter, what: str) -> ResponseReturnValue:
    """The files as one ZIP with the control file, or one of them; refused as a whole where anything is."""
    form = TakeForm(request.args)
    if not form.batch.validate(form) or not form.pay_date.validate(form):
        abort(400)
    with reading(engine()) as session:
        layout = layouts.find_layout(session, built_in_layouts(), name).layout
        taken = _taken(session, quarter, layout, form.told())
    contents = taken.export.contents() | control_files(taken.export, taken.sheets)
    bundle = f"payroll-{taken.sheets.batch}-{layout.id}.zip"
    contents_or_zip = {bundle: archive(contents)} if what == bundle else contents
    if what not in contents_or_zip:
        abort(404)
    with noting(engine()) as session:
        reads.note_taken(
            session,
            account(),
            f"payroll file {quarter} {layout.id}",
            now(),
            batch=taken.sheets.batch,
            number=taken.export.batch.number,
            layout=layout_sha256(layout),
            files=len(taken.export.files) if what == bundle else 1,
        )
    content = io.BytesIO(contents_or_zip[what])
    kind = mimetypes.guess_type(what)[0] or _BINARY
    return send_file(content, mimetype=kind, as_attachment=True, download_name=what)
