"""Overtime: what overtime hours add to bonuses in the United States, off until somebody of HR turns it on."""

import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading, writing
from comp.errors import Problem, RefusedError
from comp.figures import exact_text
from comp.made_files import XLSX
from comp.overtime import OvertimeSheets
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import overtime, quarters, reads
from exports.comma_separated import comma_separated
from exports.overtime_workbook import CITATION, COUNSEL, overtime_workbook
from importers.cells import Style
from importers.worked_hours import COLUMNS, read_worked_hours
from web.access import route
from web.addresses import chosen_quarter
from web.forms.overtime import HoursForm, rule_form
from web.state import account, engine, now

blueprint = Blueprint("overtime", __name__)
_MOST_SHOWN, _PROBLEMS_SHOWN = 200, 50


@route(blueprint, "/overtime", Permission.READ_OVERTIME)
def index() -> ResponseReturnValue:
    """What is owed for a quarter, whose hours are missing; how it is turned on while it is off."""
    return _page()


def _page(quarter: Quarter | None = None, **told: Any) -> ResponseReturnValue:  # noqa: ANN401 - what the template shows
    with reading(engine()) as session:
        rule = overtime.find_rule(session)
        known = quarters.calculated_quarters(session)
        chosen = quarter or chosen_quarter(known)
        sheets = overtime.overtime_sheets(session, account(), chosen, now()) if rule.is_on and chosen else None
    if sheets:
        _note(sheets.quarter, [each.employee for each in sheets.companions[:_MOST_SHOWN]])
    usual = {
        "form": rule_form(rule, formdata=None),
        "hours": HoursForm(formdata=None),
        "problems": (),
        "cited": (COUNSEL, CITATION),
    }
    page = render_template(
        "overtime.html",
        rule=rule,
        known=known,
        sheets=sheets,
        most=_MOST_SHOWN,
        shown=_PROBLEMS_SHOWN,
        **{**usual, **told},
    )
    return page, 422 if told else 200


def _note(quarter: Quarter, employees: Sequence[str]) -> None:
    with noting(engine()) as session:
        reads.note_read(session, account(), quarter, employees, now())


@route(blueprint, "/overtime/rule", Permission.SET_OVERTIME, ("POST",), fresh=True)
def set_rule() -> ResponseReturnValue:
    """Say whose overtime is looked at, or nobody's."""
    with reading(engine()) as session:
        form = rule_form(overtime.find_rule(session))
    if not form.validate():
        return _page(form=form)
    try:
        with writing(engine()) as session:
            overtime.set_rule(session, account(), form.rule(), now())
    except RefusedError as refused:
        form.form_errors.extend([str(refused), *map(str, refused.problems)])
        return _page(form=form)
    flash("Overtime is looked at." if form.is_on.data else "Nobody’s overtime is looked at.")
    return redirect(url_for("overtime.index"))


@route(blueprint, "/overtime/<quarter:quarter>/hours", Permission.STATE_HOURS, ("POST",))
def state_hours(quarter: Quarter) -> ResponseReturnValue:
    """Take hours in, from a file or as they were typed: all or none."""
    form = HoursForm()
    if not form.validate():
        return _page(quarter, hours=form)
    content, name = form.stated()
    try:
        stated = read_worked_hours(content, name, Style())
        with writing(engine()) as session:
            taken = overtime.state_hours(session, account(), quarter, stated, content, now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        problems: Sequence[Problem] = refused.problems
        return _page(quarter, hours=form, problems=problems)
    flash(f"The hours are taken in: {taken.new} new, {taken.changed} changed, {taken.unchanged} unchanged.")
    return redirect(url_for("overtime.index", quarter=quarter))


@route(blueprint, "/overtime/<quarter:quarter>/hours.csv", Permission.STATE_HOURS)
def template(quarter: Quarter) -> ResponseReturnValue:
    """Everybody's workweeks of the quarter as a file, with the hours that are known, for the others to be filled in."""
    sheets = _sheets(quarter)
    rows = [
        (each.employee, each.name, week.span.start.isoformat(), _number(week.hours))
        for each in sheets.companions
        for week in each.weeks
    ]
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"hours {quarter}", now(), people=len(sheets.companions))
    employee, *rest = COLUMNS
    content = io.BytesIO(comma_separated((employee, "name", *rest), rows))
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=f"hours-{quarter}.csv")


@route(blueprint, "/overtime/<quarter:quarter>/workbook", Permission.READ_OVERTIME, fresh=True)
def workbook(quarter: Quarter) -> ResponseReturnValue:
    """The companion of a quarter as a workbook with live formulas."""
    sheets = _sheets(quarter)
    with noting(engine()) as session:
        overtime.note_taken(session, account(), sheets, now())
    content = io.BytesIO(overtime_workbook(sheets))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=sheets.file_name)


def _number(hours: Fraction | None) -> Decimal | str:
    return "" if hours is None else Decimal(exact_text(hours))


def _sheets(quarter: Quarter) -> OvertimeSheets:
    with reading(engine()) as session:
        return overtime.overtime_sheets(session, account(), quarter, now())
