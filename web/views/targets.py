"""Targets: the grid of a quarter or a fiscal year, a block out of a spreadsheet, and what a change would do."""

import io

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.figures import MINUS, counted
from comp.periods import FiscalYear, Period, Quarter, parse_period
from comp.roles import Permission
from comp.services import target_changes, targets
from comp.services.target_changes import Change
from comp.services.targets import Grid
from exports.comma_separated import comma_separated
from importers.target_blocks import read_block
from web.access import route
from web.forms.targets import (
    ConfirmForm,
    GridForm,
    PasteForm,
    grid_form,
    read_target,
    seen_name,
    shown_target,
    target_name,
    write_changes,
)
from web.state import account, engine, now

blueprint = Blueprint("targets", __name__)
_MOST_SHOWN = 500


@route(blueprint, "/targets", Permission.READ_PLANS)
def index() -> ResponseReturnValue:
    """The targets of a period, unit by unit and metric by metric."""
    found, years = _asked()
    return _page(found, years, grid_form(found.rows), PasteForm())


def _asked() -> tuple[Grid, list[int]]:
    """The grid that the address names."""
    with reading(engine()) as session:
        years = targets.years(session, now())
        period = _period(years)
        search, under = request.args.get("q", ""), request.args.get("under", "")
        found = targets.grid(session, period, search, under, request.args.get("page", 1, int))
    return found, sorted({*years, period.year}, reverse=True)


def _period(years: list[int]) -> Period:
    """The quarter or fiscal year that the address names, else the fiscal year of today's or the last data."""
    named = request.args.get("period") or request.args.get("year")
    if not named:
        return FiscalYear(years[1] if len(years) > 1 else years[0])
    try:
        return parse_period(named)
    except ValueError as error:
        raise NotFoundError(str(error)) from None


def _page(
    found: Grid, years: list[int], form: GridForm, paste: PasteForm, problems: tuple[Problem, ...] = ()
) -> ResponseReturnValue:
    is_faulty = bool(form.errors or paste.errors or problems)
    page = render_template(
        "targets.html",
        found=found,
        years=years,
        quarters=[Quarter(found.period.year, number) for number in (1, 2, 3, 4)],
        year=FiscalYear(found.period.year),
        form=form,
        paste=paste,
        problems=problems,
        search=request.args.get("q", ""),
        under=request.args.get("under", ""),
        target_name=target_name,
        seen_name=seen_name,
        shown=_MOST_SHOWN,
    )
    return page, 422 if is_faulty else 200


@route(blueprint, "/targets", Permission.WRITE_PLANS, ("POST",))
def look() -> ResponseReturnValue:
    """Show what the grid as it came back would change. Nothing is stored."""
    found, years = _asked()
    form = grid_form(found.rows, request.form)
    if not form.validate():
        return _page(found, years, form, PasteForm(formdata=None))
    try:
        with reading(engine()) as session:
            changes = target_changes.plan_changes(session, found.period, form.wanted, form.seen)
    except ChangedError:
        raise
    except RefusedError as refused:
        return _page(found, years, form, PasteForm(formdata=None), refused.problems)
    return _review(found.period, changes)


@route(blueprint, "/targets/block", Permission.WRITE_PLANS, ("POST",))
def look_at_block() -> ResponseReturnValue:
    """Show what a block out of a spreadsheet would change. Nothing is stored."""
    found, years = _asked()
    paste = PasteForm()
    try:
        changes = _block_changes(found.period, paste)
    except ChangedError:
        raise
    except RefusedError as refused:
        paste.form_errors.append(str(refused))
        return _page(found, years, grid_form(found.rows, None), paste, refused.problems)
    except ValueError as error:
        paste.form_errors.append(str(error))
        return _page(found, years, grid_form(found.rows, None), paste)
    return _review(found.period, changes)


def _block_changes(period: Period, paste: PasteForm) -> tuple[Change, ...]:
    with reading(engine()) as session:
        units, metrics = targets.known(session)
        block = read_block(paste.text(), units, metrics, read_target)
        if block.problems:
            raise RefusedError("The block was not taken: nothing is changed.", block.problems)
        wanted = {key: target for key, target in block.cells.items() if target is not None or paste.blanks.data}
        return target_changes.plan_changes(session, period, wanted)


def _review(period: Period, changes: tuple[Change, ...], *, unticked: bool = False) -> ResponseReturnValue:
    if not changes:
        flash("Nothing is different from what is stored.")
        return redirect(url_for("targets.index", period=str(period)))
    with reading(engine()) as session:
        told = target_changes.told(session, period, changes)
    form = ConfirmForm(formdata=None, changes=write_changes(changes))
    if unticked:
        form.removing.errors = ["Tick it: these targets would be gone."]
    return render_template("targets_review.html", told=told, form=form, shown=_MOST_SHOWN), 422 if unticked else 200


@route(blueprint, "/targets/save", Permission.WRITE_PLANS, ("POST",))
def save() -> ResponseReturnValue:
    """Store changes that were looked at, all of them or none."""
    form = ConfirmForm()
    try:
        changes = form.read() if form.validate() else ()
    except ValueError:
        changes = ()
    if not changes:
        abort(400)
    period = changes[0].period
    if any(change.after is None for change in changes) and not form.removing.data:
        return _review(period, changes, unticked=True)
    with writing(engine()) as session:
        target_changes.save_changes(session, changes, account().email, now())
    flash(f"{counted(len(changes), 'target')} of {period} {'is' if len(changes) == 1 else 'are'} stored.")
    return redirect(url_for("targets.index", period=str(period)))


@route(blueprint, "/targets/file", Permission.READ_PLANS)
def file() -> ResponseReturnValue:
    """The whole grid of a period as CSV, which can be filled in and given back."""
    with reading(engine()) as session:
        period = _period(targets.years(session, now()))
        found = targets.grid(session, period, page=None)
    header = ("unit", "name", *(metric.id for metric in found.metrics))
    rows = (
        (row.unit, row.name, *(shown_target(cell.own).replace(MINUS, "-") for cell in row.cells)) for row in found.rows
    )
    content = io.BytesIO(comma_separated(header, rows))
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=f"targets-{period}.csv")
