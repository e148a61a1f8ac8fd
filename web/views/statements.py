"""Statements: one's own and those of others whom one may see, quarter by quarter, as a page and as a PDF."""

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading
from comp.explain_settlement import LABELS
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import queries, reads, statements
from comp.services.statements import Statement
from exports.archive import safe_name
from exports.pdf import has_pdf
from web import statement_files
from web.access import route
from web.addresses import chosen_quarter
from web.starting import started
from web.state import account, engine, now, state
from web.statement_files import drawings

blueprint = Blueprint("statements", __name__)


@route(blueprint, "/my-statement", Permission.SIGNED_IN)
def own() -> ResponseReturnValue:
    """One's own statement of the quarter that is asked for, else the latest; a page that says where there is none."""
    with reading(engine()) as session:
        employee = account().employee
        known = statements.quarters_of(session, account(), employee, now()) if employee else []
    if not employee or not known:
        return render_template("statement_none.html")
    asked = chosen_quarter(known)
    return _page(asked if asked in known else known[0], employee)


@route(blueprint, "/statements/<quarter:quarter>/<path:employee>", Permission.SIGNED_IN)
def show(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """One person's statement of a quarter, with the way to the quarters before and after."""
    return _page(quarter, employee)


def _page(quarter: Quarter, employee: str) -> str:
    with reading(engine()) as session:
        view = statements.find(session, account(), quarter, employee, now())
        known = sorted(statements.quarters_of(session, account(), employee, now()))
        may_ask = queries.may_ask(account(), employee)
    _note(view)
    place = known.index(quarter)
    return render_template(
        "statement.html",
        view=view,
        drawn=drawings(view),
        labels=LABELS,
        earlier=known[place - 1] if place else None,
        later=known[place + 1] if place + 1 < len(known) else None,
        may_ask=may_ask,
        has_pdf=has_pdf(),
    )


def _note(view: Statement) -> None:
    """Note that another's pay is about to be shown. Where that cannot be noted, nothing is shown."""
    if view.employee != account().employee:
        with noting(engine()) as session:
            reads.note_read(session, account(), view.quarter, [view.employee], now())


@route(blueprint, "/statement-files/<quarter:quarter>/<path:employee>", Permission.SIGNED_IN)
def pdf(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """One person's statement as a PDF; where none can be made here, the page itself, which prints."""
    with reading(engine()) as session:
        view = statements.find(session, account(), quarter, employee, now())
    if not has_pdf():
        flash("PDFs cannot be made here, as their extra is not installed. Print this page: it prints as a statement.")
        return redirect(url_for("statements.show", quarter=quarter, employee=employee))
    if view.employee != account().employee:
        with noting(engine()) as session:
            reads.note_taken(session, account(), f"statement {quarter} {view.employee}", now())
    content, ending = statement_files.statement_file(view, account().locale, state().settings.address)
    called = f"statement-{quarter}-{safe_name(view.employee)}{ending}"
    return send_file(io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=called)


@route(blueprint, "/statement-files/<quarter:quarter>", Permission.TAKE_STATEMENTS, ("POST",), fresh=True)
def make_all(quarter: Quarter) -> ResponseReturnValue:
    """Let a worker make all statements of a quarter as one ZIP."""
    return started("statements", quarter=str(quarter))
