"""Accruals: what of a quarter finance books before it is paid, its journal, and the accounts of that."""

import io
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.accrual_sheets import StoredAccrual
from comp.accrual_words import assumptions
from comp.db import noting, reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.made_files import XLSX
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import accruals, calculation, exchange, quarters, reads, relations
from exports.accrual_workbook import accrual_workbook
from web.access import route
from web.accruing import words_of, work_out
from web.addresses import chosen_quarter
from web.forms.accruals import AccountsForm, DayForm, accounts_form
from web.starting import started
from web.state import account, engine, now
from web.views.rates import known_quarters

blueprint = Blueprint("accruals", __name__)
_SHOWN = 200
_NUMBER = "int(max=2147483647):number"


@route(blueprint, "/accruals", Permission.READ_PAYOUTS)
def index() -> ResponseReturnValue:
    """The last accrual of a quarter, and those before it."""
    with reading(engine()) as session:
        known = known_quarters(session)
        quarter = chosen_quarter(known) or known[0]
        listed = accruals.list_of(session, account(), quarter)
        stored = accruals.find(session, account(), quarter, listed[0].number) if listed else None
    return _shown(quarter, stored)


def _shown(quarter: Quarter, stored: StoredAccrual | None) -> str:
    """The page of an accrual, of which the audit chain knows before it is shown."""
    if stored:
        with noting(engine()) as session:
            lines = len(stored.accrual.lines)
            reads.note_costs_read(session, account(), f"accrual {stored.name}", now(), lines=lines)
    return _page(quarter, stored)


def _page(
    quarter: Quarter, stored: StoredAccrual | None, form: DayForm | None = None, problems: Sequence[Problem] = ()
) -> str:
    with reading(engine()) as session:
        known = known_quarters(session)
        listed = accruals.list_of(session, account(), quarter)
        days = quarters.view_quarter(session, quarter).days
        today = relations.today(session, now())
        totals = stored.accrual.totals if stored else ()
        groups = {
            what: exchange.group_total(session, quarter, amounts)
            for what, amounts in (
                ("accrued", [total.accrued for total in totals]),
                ("change", [total.change for total in totals]),
            )
        }
    usual = min(max(today, days.start), days.last)
    return render_template(
        "accruals.html",
        known=known,
        quarter=quarter,
        days=days,
        listed=listed,
        stored=stored,
        groups=groups,
        assumed=assumptions(stored.accrual) if stored else (),
        shown=_SHOWN,
        form=form or DayForm(formdata=None, data={"as_of": usual}),
        problems=problems,
    )


@route(blueprint, "/accruals/<quarter:quarter>", Permission.BOOK_ACCRUALS, ("POST",))
def make(quarter: Quarter) -> ResponseReturnValue:
    """Work out what a quarter has accrued at the end of a day: at once, or as a job where it takes long."""
    form = DayForm()
    if not form.validate() or not isinstance(form.as_of.data, date):
        return _page(quarter, None, form), 422
    with reading(engine()) as session:
        takes_long = calculation.takes_long(session)
    if takes_long:
        return started("accrual", quarter=str(quarter), as_of=form.as_of.data.isoformat())
    try:
        stored = work_out(engine(), account(), (quarter, form.as_of.data), now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(quarter, None, form, refused.problems), 422
    flash(words_of(stored))
    return redirect(url_for("accruals.show", quarter=quarter, number=stored.number))


@route(blueprint, f"/accruals/<quarter:quarter>/<{_NUMBER}>", Permission.READ_PAYOUTS)
def show(quarter: Quarter, number: int) -> ResponseReturnValue:
    """One accrual: totals with their band, lines, journal, and what it rests on."""
    with reading(engine()) as session:
        stored = accruals.find(session, account(), quarter, number)
    return _shown(quarter, stored)


@route(blueprint, f"/accruals/<quarter:quarter>/<{_NUMBER}>/take", Permission.BOOK_ACCRUALS, ("POST",), fresh=True)
def take(quarter: Quarter, number: int) -> ResponseReturnValue:
    """Say that finance books an accrual."""
    try:
        with writing(engine()) as session:
            stored = accruals.take(session, account(), quarter, number, now())
    except RefusedError as refused:
        form = DayForm(formdata=None)
        form.form_errors.append(str(refused))
        with reading(engine()) as session:
            found = accruals.find(session, account(), quarter, number)
        return _page(quarter, found, form, refused.problems), 409 if isinstance(refused, ChangedError) else 422
    flash(f"{stored.name} is taken. The next accrual of {quarter} states its difference from it.")
    return redirect(url_for("accruals.show", quarter=quarter, number=number))


@route(blueprint, f"/accruals/<quarter:quarter>/<{_NUMBER}>/workbook", Permission.READ_PAYOUTS, fresh=True)
def workbook(quarter: Quarter, number: int) -> ResponseReturnValue:
    """An accrual as a workbook for finance."""
    with reading(engine()) as session:
        stored = accruals.find(session, account(), quarter, number)
        group = exchange.group_total(session, quarter, [total.accrued for total in stored.accrual.totals])
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"accrual {stored.name}", now(), lines=len(stored.accrual.lines))
    content = io.BytesIO(accrual_workbook(stored, group))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=stored.file_name)


@route(blueprint, "/accruals/accounts", Permission.READ_PAYOUTS)
def accounts() -> ResponseReturnValue:
    """The map of accounts."""
    return _accounts_page()


def _accounts_page(wrong: AccountsForm | None = None, problems: Sequence[Problem] = ()) -> str:
    with reading(engine()) as session:
        view = accruals.view_accounts(session)
    form = wrong or accounts_form(view)
    return render_template("accrual_accounts.html", view=view, form=form, problems=problems)


@route(blueprint, "/accruals/accounts", Permission.BOOK_ACCRUALS, ("POST",))
def save_accounts() -> ResponseReturnValue:
    """Store the map of accounts."""
    form = AccountsForm()
    typed, problems = form.accounts()
    if not form.validate() or problems:
        return _accounts_page(form, problems), 422
    try:
        with writing(engine()) as session:
            accruals.save_accounts(session, account(), typed, form.seen.data or "", now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _accounts_page(form, refused.problems), 409 if isinstance(refused, ChangedError) else 422
    flash("The accounts are stored. Accruals that are worked out from now on are booked on them.")
    return redirect(url_for("accruals.accounts"))
