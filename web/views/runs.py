"""Runs: what was calculated, that it still comes out, and why two of them differ."""

import io
from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading, writing
from comp.errors import NotFoundError
from comp.made_files import XLSX
from comp.periods import Quarter
from comp.results import RunName, StoredRun
from comp.roles import Permission
from comp.services import comparisons, exchange, reads, replays, run_history
from comp.services.comparisons import Pair
from comp.services.replays import Replay
from exports.compare_workbook import compare_workbook
from web.access import route
from web.charts import histogram, waterfall_chart
from web.presentation import whole
from web.state import account, engine, now

blueprint = Blueprint("runs", __name__)
_TWO = 2


@route(blueprint, "/runs", Permission.LIST_PAYOUTS)
def index() -> ResponseReturnValue:
    """Every run with what it pays those whom one may see."""
    with reading(engine()) as session:
        lines = run_history.list_lines(session, account(), now())
    return render_template("runs.html", lines=lines)


@route(blueprint, "/runs/<quarter:quarter>/<int:number>", Permission.LIST_PAYOUTS)
def show(quarter: Quarter, number: int) -> ResponseReturnValue:
    """One run: totals, distribution, holds, and what it was made of."""
    with reading(engine()) as session:
        view = run_history.view(session, account(), RunName(quarter, number), now())
        group = exchange.group_total(session, quarter, [total.amount for total in view.line.totals])
    _note(quarter, (hold.employee for hold in view.held))
    return render_template("run.html", view=view, run=view.line.run, group=group, spread=histogram(view.spread))


@route(blueprint, "/runs/<quarter:quarter>/<int:number>/replay", Permission.READ_AUDIT, ("POST",))
def replay(quarter: Quarter, number: int) -> ResponseReturnValue:
    """Calculate a run again from its snapshot; what differs is shown, and how it came out is noted."""
    with reading(engine()) as session:
        done = replays.replay(session, account(), run_history.find(session, RunName(quarter, number)))
    with writing(engine()) as session:
        replays.note_replay(session, done, account().email, now())
    if not done.is_identical:
        return render_template("replay.html", done=done, run=done.run), 409
    flash(_told(done))
    return redirect(url_for("runs.show", quarter=quarter, number=number))


def _told(done: Replay) -> str:
    people = "1 person" if done.people == 1 else f"{whole(done.people)} people"
    versions = f" Version {done.run.origin.engine} calculated it, version {done.engine} replayed it."
    by = versions if done.other_engine else ""
    return f"Replayed from its snapshot: every payout, step and hold of {people} is identical.{by}"


@route(blueprint, "/runs/compare", Permission.LIST_PAYOUTS)
def compare() -> ResponseReturnValue:
    """Two runs side by side; with `?employee=` one person's difference, with `&other=` too two people."""
    with reading(engine()) as session:
        known = run_history.known_runs(session)
    if len(known) < _TWO and not request.args:
        return render_template("compare.html", known=known, found=None)
    pair = _asked(known)
    employee = request.args.get("employee", "").strip()
    return _person(known, pair, employee) if employee else _runs(known, pair)


def _runs(known: list[StoredRun], pair: Pair) -> ResponseReturnValue:
    with reading(engine()) as session:
        found = comparisons.compare_runs(session, account(), pair, now())
    movers = {total.currency: found.movers(total.currency) for total in found.totals}
    _note(found.new.quarter, (change.employee for moved in movers.values() for change in moved))
    charts = [waterfall_chart(total.steps(f"Run {found.old.name}"), f"Run {found.new.name}") for total in found.totals]
    return render_template("compare.html", known=known, found=found, movers=movers, charts_drawn=charts)


def _person(known: list[StoredRun], pair: Pair, employee: str) -> ResponseReturnValue:
    other = request.args.get("other", "").strip() or employee
    with reading(engine()) as session:
        found = comparisons.compare_people(session, account(), pair, (employee, other), now())
    _note(found.new.quarter, found.employees)
    first, last = (f"{found.names[0]}", f"{found.names[1]}") if found.is_of_two else (found.old.name, found.new.name)
    charts = [waterfall_chart(each.total.steps(first), last) for each in found.changes]
    return render_template("compare_person.html", known=known, found=found, charts_drawn=charts)


@route(blueprint, "/runs/compare/workbook", Permission.READ_PAYOUTS, fresh=True)
def workbook() -> ResponseReturnValue:
    """Everybody's changes between two runs, as a workbook."""
    with reading(engine()) as session:
        known = run_history.known_runs(session)
        found = comparisons.compare_runs(session, account(), _asked(known), now())
    names = f"{found.old.name} {found.new.name}"
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"changes {names}", now(), payouts=len(found.changes))
    content = io.BytesIO(compare_workbook(found.old, found.new, found.changes, found.totals))
    file_name = f"changes-{names}.xlsx".replace("/", "-").replace(" ", "-to-")
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=file_name)


def _asked(known: list[StoredRun]) -> Pair:
    """The runs that `?old=` and `&new=` name; else the newest one, and the newest of those before it.

    Raises `NotFoundError` for what names no run.
    """
    old, new = request.args.get("old", ""), request.args.get("new", "")
    names = [known[_TWO - 1].name, known[0].name] if len(known) >= _TWO else ["", ""]
    try:
        return RunName.parse(old or names[0]), RunName.parse(new or names[1])
    except ValueError as error:
        raise NotFoundError(str(error)) from None


def _note(quarter: Quarter, employees: Iterable[str]) -> None:
    """Note that others' pay is shown, in a transaction of its own: what was read kept no writer waiting."""
    others = set(employees) - {account().employee}
    if others:
        with noting(engine()) as session:
            reads.note_read(session, account(), quarter, others, now())
