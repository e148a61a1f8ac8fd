"""What a quarter may pay together, and what single people are guaranteed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading, writing
from comp.errors import RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import funding, guarantees, quarters, reads
from web.access import route
from web.addresses import chosen_quarter
from web.forms.funding import EndForm, GuaranteeForm, PoolForm
from web.state import account, engine, now

blueprint = Blueprint("funding", __name__)
_NUMBER = "<int(max=2147483647):number>"


@route(blueprint, "/funding", Permission.READ_QUARTERS)
def index() -> ResponseReturnValue:
    """The pools of a quarter, with what they make of its payouts."""
    return _pools(PoolForm())


def _pools(form: PoolForm, quarter: Quarter | None = None) -> ResponseReturnValue:
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        chosen = quarter or chosen_quarter(known)
        view = funding.view(session, chosen) if chosen else None
    return render_template("funding.html", known=known, view=view, form=form), 422 if form.errors else 200


@route(blueprint, "/funding/<quarter:quarter>", Permission.SET_FUNDING, ("POST",), fresh=True)
def propose(quarter: Quarter) -> ResponseReturnValue:
    """Set a pool, which somebody else confirms."""
    form = PoolForm()
    if not form.validate():
        return _pools(form, quarter)
    try:
        with writing(engine()) as session:
            funding.propose(session, account(), quarter, form.pool(), form.words.data or "", now())
    except (RefusedError, ValueError) as refused:
        form.form_errors.append(str(refused))
        return _pools(form, quarter)
    flash("The pool is set. Somebody else confirms it; until then nothing is scaled.")
    return redirect(url_for("funding.index", quarter=quarter))


@route(blueprint, f"/funding/{_NUMBER}/confirm", Permission.CONFIRM_FUNDING, ("POST",), fresh=True)
def confirm(number: int) -> ResponseReturnValue:
    """Let a pool be in force."""
    with writing(engine()) as session:
        stored = funding.confirm(session, account(), number, now())
    flash(f"Payouts of {stored.quarter} in {stored.currency} are scaled to the pool.")
    return redirect(url_for("funding.index", quarter=stored.quarter))


@route(blueprint, f"/funding/{_NUMBER}/end", Permission.END_FUNDING, ("POST",), fresh=True)
def end(number: int) -> ResponseReturnValue:
    """Put a proposed pool aside, or let one scale nothing more."""
    with writing(engine()) as session:
        stored = funding.end(session, account(), number, now())
    flash("The pool is over: it scales nothing.")
    return redirect(url_for("funding.index", quarter=stored.quarter))


@route(blueprint, "/guarantees", Permission.READ_QUARTERS)
def guaranteed() -> ResponseReturnValue:
    """Everybody who is guaranteed something, with the balances of draws."""
    return _guarantees(GuaranteeForm())


def _guarantees(form: GuaranteeForm) -> ResponseReturnValue:
    with reading(engine()) as session:
        found = guarantees.list_guarantees(session, account())
    if found:
        with noting(engine()) as session:
            reads.note_taken(session, account(), "guarantees", now(), people=len(found))
    return render_template("guarantees.html", found=found, form=form, end=EndForm()), 422 if form.errors else 200


@route(blueprint, "/guarantees", Permission.SET_FUNDING, ("POST",), fresh=True)
def promise() -> ResponseReturnValue:
    """Guarantee somebody something, which somebody else confirms."""
    form = GuaranteeForm()
    if not form.validate():
        return _guarantees(form)
    try:
        with writing(engine()) as session:
            employee = (form.employee.data or "").strip()
            guarantees.propose(session, account(), employee, form.guarantee(), form.words.data or "", now())
    except (RefusedError, ValueError) as refused:
        form.form_errors.append(str(refused))
        return _guarantees(form)
    flash("The guarantee is set. Somebody else confirms it; until then it pays nothing.")
    return redirect(url_for("funding.guaranteed"))


@route(blueprint, f"/guarantees/{_NUMBER}/confirm", Permission.CONFIRM_FUNDING, ("POST",), fresh=True)
def confirm_guarantee(number: int) -> ResponseReturnValue:
    """Let a guarantee be in force."""
    with writing(engine()) as session:
        stored = guarantees.confirm(session, account(), number, now())
    flash(f"Guarantee {number} of {stored.employee} is in force.")
    return redirect(url_for("funding.guaranteed"))


@route(blueprint, f"/guarantees/{_NUMBER}/end", Permission.END_FUNDING, ("POST",), fresh=True)
def end_guarantee(number: int) -> ResponseReturnValue:
    """Let a guarantee pay nothing more from a day on."""
    form = EndForm()
    if not form.validate() or form.day.data is None:
        raise RefusedError("Type the first day without it, such as 2026-10-01.")
    with writing(engine()) as session:
        stored = guarantees.end(session, account(), number, form.day.data, now())
    flash(f"Guarantee {number} of {stored.employee} ends.")
    return redirect(url_for("funding.guaranteed"))
