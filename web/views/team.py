"""My team: what a manager's people get, looked at, adjusted, confirmed or sent back."""

import io
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.adjustments import Act, Adjustment
from comp.db import Session, noting, reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.made_files import XLSX
from comp.periods import Quarter
from comp.review import Row, Show, Sort, arranged
from comp.roles import Permission
from comp.services import (
    adjusting,
    confirming,
    delegations,
    payouts,
    quarters,
    reads,
    review_progress,
    team_books,
    teams,
)
from comp.services.adjusting import Ending
from comp.services.confirming import Choice
from comp.services.payouts import PersonView
from comp.services.teams import TeamView
from exports.comma_separated import comma_separated
from exports.team_workbook import team_workbook
from web.access import route
from web.charts import Waterfall, waterfall_chart
from web.forms.team import AdjustForm, ManyForm, RowForm
from web.state import account, engine, now

blueprint = Blueprint("team", __name__)
PAGE = 200
_LONGEST_SEARCH, _PARTS = 100, 3
_NOT_AS_SENT = "That did not arrive as it was sent. Load the page again, then choose."
_SHOWN = {
    Show.NEEDS_ME: "needs me",
    Show.OPEN: "to confirm",
    Show.FLAGGED: "with a flag",
    Show.ADJUSTED: "adjusted",
    Show.SENT_BACK: "sent back",
    Show.CONFIRMED: "confirmed",
    Show.ALL: "everybody",
}
_SORTED = {
    Sort.NAME: "name",
    Sort.UNIT: "unit",
    Sort.PAYABLE: "payable",
    Sort.CHANGE: "change",
    Sort.ATTAINMENT: "attainment",
}
_COLUMNS = (
    "employee",
    "name",
    "unit",
    "currency",
    "target",
    "payout",
    "adjustment",
    "payable",
    "before",
    "state",
    "flags",
)


@route(blueprint, "/team", Permission.REVIEW_TEAMS)
def index() -> ResponseReturnValue:
    """Lead to the quarter in review, else to the latest that was calculated."""
    with reading(engine()) as session:
        known = review_progress.in_review(session) or quarters.calculated_quarters(session)
    if not known:
        return render_template("team_none.html")
    return redirect(url_for("team.show", quarter=known[0]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for: whose team, which rows in which order, and whose row is in hand."""

    of: str
    show: Show | None
    sort: Sort
    search: str
    row: str
    page: int

    def shown(self, view: TeamView) -> Show:
        """What is shown where nothing was asked for: what needs whoever looks, if anything does."""
        return self.show or (Show.NEEDS_ME if any(row.needs_me for row in view.rows) else Show.ALL)

    def kept(self) -> dict[str, str | None]:
        """What the addresses of the page carry on."""
        return {
            "of": self.of or None,
            "show": str(self.show) if self.show else None,
            "sort": str(self.sort) if self.sort is not Sort.NAME else None,
            "q": self.search or None,
        }


def _asked(told: Mapping[str, str]) -> _Asked:
    return _Asked(
        of=told.get("of", ""),
        show=Show(told["show"]) if told.get("show") in set(Show) else None,
        sort=Sort(told["sort"]) if told.get("sort") in set(Sort) else Sort.NAME,
        search=told.get("q", "")[:_LONGEST_SEARCH],
        row=told.get("row", ""),
        page=max(1, int(told["page"])) if told.get("page", "").isdecimal() else 1,
    )


@dataclass(frozen=True, slots=True)
class _Panel:
    """The row in hand: with its explanation, its adjustments, and those of them that the actor may decide."""

    rows: tuple[Row, ...]
    person: PersonView
    charts: tuple[Waterfall, ...]
    adjustments: tuple[Adjustment, ...]
    acts: Mapping[Adjustment, frozenset[Act]]
    may_confirm: bool
    may_adjust: bool
    reasons: tuple[str, ...]

    @property
    def row(self) -> Row:
        """The first of the rows: what holds for all of them."""
        return self.rows[0]


@route(blueprint, "/team/<quarter:quarter>", Permission.SEE_TEAMS)
def show(quarter: Quarter) -> ResponseReturnValue:
    """A team with the row in hand; only that where htmx asks for it."""
    asked = _asked(request.args)
    if asked.row and request.headers.get("HX-Request"):
        with reading(engine()) as session:
            panel = _panel(session, quarter, asked.row)
        _note(quarter, [asked.row])
        parts = {"panel": panel, "form": adjust_form(panel), "quarter": quarter, "asked": asked}
        return render_template("parts/team_panel.html", **parts)
    return _page(quarter, asked)


def _page(quarter: Quarter, asked: _Asked, form: AdjustForm | None = None, status: int = 200) -> ResponseReturnValue:
    with reading(engine()) as session:
        view = teams.view_team(session, account(), quarter, asked.of, now())
        known = quarters.calculated_quarters(session)
        if view is None:
            return render_template("team_none.html", quarter=quarter)
        panel = _panel(session, quarter, asked.row) if asked.row else None
        due = review_progress.due_on(session, quarter)
        stood_in_for = delegations.list_delegations(session, account(), now()).taken
    shown = asked.shown(view)
    rows = arranged(view.rows, shown, asked.sort, asked.search)
    people = list(dict.fromkeys(row.employee for row in rows))
    page = rows[(asked.page - 1) * PAGE : asked.page * PAGE]
    _note(quarter, [row.employee for row in page] + ([asked.row] if panel else []))
    return (
        render_template(
            "team.html",
            view=view,
            quarter=quarter,
            known=known,
            rows=page,
            following=dict(itertools.pairwise(people)),
            found=len(rows),
            pages=max(1, -(-len(rows) // PAGE)),
            bulk=len({row.employee for row in rows if row.is_bulk}),
            shown=shown,
            asked=asked,
            shows=_SHOWN,
            sorts=_SORTED,
            panel=panel,
            form=form or (adjust_form(panel) if panel else None),
            row_form=RowForm(formdata=None),
            due=due,
            stood_in_for=stood_in_for,
        ),
        status,
    )


def _panel(session: Session, quarter: Quarter, employee: str) -> _Panel:
    rows = tuple(teams.find_row(session, account(), quarter, employee, now()))
    if not rows:
        raise NotFoundError(f"{employee} has no payout in {quarter}.")
    found = teams.view_adjustments(session, account(), quarter, employee)
    person = payouts.view_person(session, account(), employee, quarter, now())
    may = teams.may(session, account(), quarter, employee, now())
    return _Panel(
        rows=rows,
        person=person,
        charts=tuple(waterfall_chart(each.steps, "Paid" if each.added else "Payout") for each in person.payouts),
        adjustments=tuple(found),
        acts=found,
        may_confirm=may.confirm,
        may_adjust=may.adjust and bool(person.payouts),
        reasons=adjusting.reasons(session),
    )


def adjust_form(panel: _Panel) -> AdjustForm:
    """The form to adjust the row in hand: empty, or as it was posted."""
    form = AdjustForm(data={"seen": panel.row.sha256, "employee": panel.row.employee})
    form.currency.choices = [(row.currency, row.currency) for row in panel.rows if row.currency]
    form.reason.choices = [(reason, reason) for reason in panel.reasons]
    return form


def _note(quarter: Quarter, employees: Iterable[str]) -> None:
    """Note that others' pay is about to be shown. Where that cannot be noted, nothing is."""
    others = set(employees) - {account().employee}
    if others:
        with noting(engine()) as session:
            reads.note_read(session, account(), quarter, others, now())


@route(blueprint, "/team/<quarter:quarter>/file", Permission.SEE_TEAMS, fresh=True)
def file(quarter: Quarter) -> ResponseReturnValue:
    """The rows that the page shows, as a file."""
    asked = _asked(request.args)
    with reading(engine()) as session:
        view = teams.view_team(session, account(), quarter, asked.of, now())
    rows = arranged(view.rows, asked.shown(view), asked.sort, asked.search) if view else ()
    manager = view.scope.manager if view else ""
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"team {quarter}", now(), rows=len(rows), manager=manager)
    content = io.BytesIO(comma_separated(_COLUMNS, map(_line, rows)))
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=f"team-{quarter}.csv")


@route(blueprint, "/team/<quarter:quarter>/workbook", Permission.SEE_TEAMS, fresh=True)
def workbook(quarter: Quarter) -> ResponseReturnValue:
    """Everybody of the team that the page shows, whatever its filter, with why each gets it, as a workbook."""
    with reading(engine()) as session:
        sheets = team_books.team_sheets(session, account(), quarter, _asked(request.args).of, now())
    if sheets is None:
        return render_template("team_none.html", quarter=quarter)
    with noting(engine()) as session:
        team_books.note_taken(session, account(), sheets, now())
    content = io.BytesIO(team_workbook(sheets))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=sheets.file_name)


def _line(row: Row) -> tuple[str | Decimal, ...]:
    amounts = row.target, row.earned, row.adjusted, row.payable, row.before
    written = tuple(Decimal(str(amount)) if amount is not None else "" for amount in amounts)
    flags = " ".join(f"{flag};" for flag in row.flags).rstrip(";")
    return row.employee, row.name, row.unit, row.currency, *written, str(row.standing), flags


@route(blueprint, "/team/<quarter:quarter>/confirm", Permission.REVIEW_TEAMS, ("POST",))
def confirm(quarter: Quarter) -> ResponseReturnValue:
    """Confirm one row as it was seen, and go on with the next."""
    employee, seen, following = _pressed()
    with writing(engine()) as session:
        row = confirming.confirm(session, account(), quarter, employee, seen, now())
    flash(f"The pay of {row.name} is confirmed.")
    return _back(quarter, following=following)


def _pressed() -> tuple[str, str, str]:
    """Whose row was confirmed, the hash that was seen, and whose row is next: of a row's button, or of the panel."""
    told = request.form.get("row")
    if told is None:
        form = RowForm()
        return form.employee.data or "", form.seen.data or "", request.form.get("next", "")
    found = _listed(told)
    if len(found) != _PARTS:
        raise RefusedError(_NOT_AS_SENT)
    return found[0], found[1], found[2]


@route(blueprint, "/team/<quarter:quarter>/send-back", Permission.REVIEW_TEAMS, ("POST",))
def send_back(quarter: Quarter) -> ResponseReturnValue:
    """Send one row back to HR, with words."""
    form = RowForm()
    seen = form.employee.data or "", form.seen.data or ""
    with writing(engine()) as session:
        row = confirming.send_back(session, account(), quarter, seen, form.words.data or "", now())
    flash(f"The pay of {row.name} is sent back. HR reads what you said, and answers here.")
    return _back(quarter, following=request.form.get("next", ""))


def _back(quarter: Quarter, row: str = "", following: str = "") -> ResponseReturnValue:
    """Where the page was, at the next row where it says which one that is."""
    kept: dict[str, Any] = _asked(request.form).kept()  # what `url_for` takes
    anchor = f"row-{following}" if following else None
    return redirect(url_for("team.show", quarter=quarter, row=row or None, _anchor=anchor, **kept))


@route(blueprint, "/team/<quarter:quarter>/confirm-many", Permission.REVIEW_TEAMS)
def look(quarter: Quarter) -> ResponseReturnValue:
    """What would be confirmed together: how many people, what they are paid, and the hash of it."""
    asked = _asked(request.args)
    chosen_ids = tuple(request.args.getlist("e")) or None
    choice = Choice(asked.of, asked.show or Show.ALL, asked.search, chosen_ids)
    with reading(engine()) as session:
        chosen = confirming.choose(session, account(), quarter, choice, now())
    selection = chosen.selection
    _note(quarter, selection.people)
    form = ManyForm(
        formdata=None,
        data={
            "of": choice.of,
            "show": str(choice.show),
            "q": choice.search,
            "ids": json.dumps(selection.people) if chosen_ids else "",
            "count": str(len(selection.people)),
            "sha256": selection.sha256,
            "told": selection.words,
        },
    )
    parts = {"quarter": quarter, "chosen": chosen, "selection": selection, "form": form, "asked": asked}
    return render_template("team_confirm.html", **parts)


@route(blueprint, "/team/<quarter:quarter>/confirm-many", Permission.REVIEW_TEAMS, ("POST",))
def confirm_many(quarter: Quarter) -> ResponseReturnValue:
    """Confirm rows together, as the page before showed them."""
    form, asked = ManyForm(), _asked(request.form)
    choice = Choice(asked.of, asked.show or Show.ALL, asked.search, _ids(form.ids.data or ""))
    count = form.count.data or ""
    seen = int(count) if count.isdecimal() else -1, form.sha256.data or "", form.told.data or ""
    with writing(engine()) as session:
        selection = confirming.confirm_chosen(session, account(), quarter, choice, seen, now())
    flash(f"Confirmed: {selection.words}.")
    return redirect(url_for("team.show", quarter=quarter, of=asked.of or None))


def _ids(text: str) -> tuple[str, ...] | None:
    """The employees that a form names, or None for all that its filter finds. Raises `RefusedError` for other text."""
    return _listed(text) if text else None


def _listed(text: str) -> tuple[str, ...]:
    """The texts of a list in a form. Raises `RefusedError` for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise RefusedError(_NOT_AS_SENT)
    return tuple(map(str, found))


@route(blueprint, "/team/<quarter:quarter>/adjust", Permission.ADJUST, ("POST",))
def adjust(quarter: Quarter) -> ResponseReturnValue:
    """Propose to change what somebody is paid."""
    form, asked = AdjustForm(), _asked(request.form)
    employee = form.employee.data or ""
    with reading(engine()) as session:
        panel = _panel(session, quarter, employee)
    form = adjust_form(panel)
    if not form.validate():
        return _again(quarter, asked, employee, form, 422)
    try:
        with writing(engine()) as session:
            made = adjusting.propose(session, account(), quarter, form.wish(), now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _again(quarter, asked, employee, form, 409 if isinstance(refused, ChangedError) else 422)
    who = "An approver decides: it is beyond the limits." if made.beyond else "The next manager up decides, or HR."
    flash(f"The adjustment is proposed. {who}")
    return _back(quarter, employee)


def _again(quarter: Quarter, asked: _Asked, employee: str, form: AdjustForm, status: int) -> ResponseReturnValue:
    there = _Asked(asked.of, asked.show, asked.sort, asked.search, employee, asked.page)
    return _page(quarter, there, form, status)


_ACTS: Mapping[str, tuple[Act, str]] = {
    "approve": (Act.APPROVE, "The adjustment is approved, and is paid with the quarter."),
    "refuse": (Act.REFUSE, "The adjustment is refused. Who proposed it reads why."),
    "take-back": (Act.TAKE_BACK, "The adjustment is taken back."),
}


@route(
    blueprint,
    "/team/<quarter:quarter>/adjustments/<int(max=2147483647):number>/<any(approve,refuse,'take-back'):act>",
    Permission.DECIDE_ADJUSTMENTS,
    ("POST",),
    fresh=True,
)
def decide(quarter: Quarter, number: int, act: str) -> ResponseReturnValue:
    """Approve, refuse or take back what somebody proposed."""
    done, told = _ACTS[act]
    ending = Ending(done, request.form.get("words", ""), request.form.get("seen", ""))
    with writing(engine()) as session:
        ended = adjusting.end(session, account(), quarter, number, ending, now())
    flash(told)
    if request.form.get("from") == "reviews":
        return redirect(url_for("reviews.index", quarter=quarter))
    return _back(quarter, ended.employee)
