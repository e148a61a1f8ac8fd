"""Releasing a batch with its total typed, and every batch that was: its hashes, and its files byte for byte."""

import io
import mimetypes

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading
from comp.errors import ChangedError, RefusedError
from comp.made_files import XLSX
from comp.payroll_layouts import WORKBOOK, Layout
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import confirmations, layouts, reads, releases, statement_mails
from comp.services.releases import Ready, Wish
from comp.services.workflow import life_of
from exports.archive import archive
from importers.payroll_layouts import built_in_layouts
from web import sign_offs
from web.access import route
from web.forms.releases import AnswerForm, ReleaseForm, release_form
from web.releasing import release_batch, words_of
from web.starting import started
from web.state import account, engine, now
from web.workbooks import MANY

blueprint = Blueprint("releases", __name__)
_BINARY = "application/octet-stream"


@route(blueprint, "/payroll/<quarter:quarter>/release", Permission.RELEASE, fresh=True)
def ask(quarter: Quarter) -> ResponseReturnValue:
    """What the next batch pays, with a field in which each total is typed."""
    ready, known = _look(quarter)
    return _page(quarter, ready, _form(ready, known))


def _look(quarter: Quarter) -> tuple[Ready, dict[str, Layout]]:
    with reading(engine()) as session:
        known = {each.layout.id: each.layout for each in layouts.list_layouts(session, built_in_layouts())}
        return releases.ready(session, account(), quarter), known


def _form(ready: Ready, known: dict[str, Layout]) -> ReleaseForm:
    names = {layout.id: layout.name for layout in known.values()}
    return release_form(ready.seen, ready.content.totals, names)


def _page(quarter: Quarter, ready: Ready, form: ReleaseForm, refused: RefusedError | None = None) -> str:
    problems = refused.problems if refused else ()
    return render_template("release.html", quarter=quarter, ready=ready, form=form, problems=problems)


@route(blueprint, "/payroll/<quarter:quarter>/release", Permission.RELEASE, ("POST",), fresh=True)
def release(quarter: Quarter) -> ResponseReturnValue:
    """Freeze the next batch of a quarter, with the files of the layouts that were ticked."""
    ready, known = _look(quarter)
    form = _form(ready, known)
    if not form.validate():
        return _page(quarter, ready, form), 422
    chosen = tuple(known[name] for name in form.layouts.data or ())
    wish = Wish(form.totals(), chosen, form.told(), form.seen.data or "")
    try:
        if ready.content.people > MANY:
            return _as_job(quarter, ready, wish)
        made = release_batch(engine(), account(), quarter, wish, now())
    except ChangedError:
        raise
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(quarter, ready, form, refused), 422
    flash(words_of(made))
    return redirect(url_for("releases.show", batch=made.name))


def _as_job(quarter: Quarter, ready: Ready, wish: Wish) -> ResponseReturnValue:
    """Let a worker release what was seen. Raises `RefusedError` where a total was typed otherwise."""
    releases.require_totals(ready.content, wish.totals or {})
    day = wish.told.pay_date.isoformat() if wish.told.pay_date else ""
    chosen = ",".join(layout.id for layout in wish.layouts)
    told = {"layouts": chosen, "pay_date": day, "batch": wish.told.number, "seen": wish.seen}
    return started("release", quarter=str(quarter), **told)


@route(blueprint, "/payroll/batches/<batch>", Permission.TAKE_PAYROLL)
def show(batch: str) -> ResponseReturnValue:
    """One batch: what it paid, its hashes and files, and what payroll said of it."""
    with reading(engine()) as session:
        found = releases.find(session, account(), batch)
        differences = confirmations.list_differences(session, [found])
        shown = {
            "release": found,
            "totals": releases.totals(session, found),
            "files": releases.list_files(session, found),
            "names": releases.names_of(session, found),
            "confirmation": confirmations.find_confirmation(session, found),
            "differences": differences,
            "life": life_of(session, found.quarter),
            "told": statement_mails.count_told(session, found.name),
        }
    with noting(engine()) as session:
        employees = {each.difference.key.employee for each in differences}
        reads.note_read(session, account(), found.quarter, employees, now())
    return render_template("batch.html", workbook=WORKBOOK, answer=AnswerForm(formdata=None), **shown)


@route(blueprint, "/payroll/batches/<batch>/files/<layout>/<name>", Permission.TAKE_PAYROLL, fresh=True)
def take(batch: str, layout: str, name: str) -> ResponseReturnValue:
    """One file of a batch as it was stored, or as `all.zip` those of a layout."""
    with reading(engine()) as session:
        found = releases.find(session, account(), batch)
        contents = releases.load_files(session, found, layout, "" if name == "all.zip" else name)
    with noting(engine()) as session:
        about = f"payroll file {found.quarter} {layout}"
        reads.note_taken(session, account(), about, now(), batch=found.name, files=len(contents))
    called = f"payroll-{found.name}-{layout}.zip" if name == "all.zip" else name
    content = archive(contents) if name == "all.zip" else contents[name]
    kind = XLSX if called.endswith(".xlsx") else mimetypes.guess_type(called)[0] or _BINARY
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=called)


@route(blueprint, "/payroll/batches/<batch>/sign-off", Permission.TAKE_PAYROLL, fresh=True)
def sign_off(batch: str) -> ResponseReturnValue:
    """The sign-off of a batch on one page, with room for signatures."""
    with reading(engine()) as session:
        found = releases.find(session, account(), batch)
        content, ending = sign_offs.sign_off(session, found)
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"sign-off {found.name}", now())
    called = f"sign-off-{found.name}{ending}"
    kind = mimetypes.guess_type(called)[0] or _BINARY
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=called)
