"""Withdrawing a file that was taken in: one asks, another decides."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.roles import Permission
from comp.services import withdrawals
from web.access import route
from web.forms.corrections import WithdrawForm
from web.presentation import counted
from web.state import account, engine, now

blueprint = Blueprint("withdrawals", __name__)


@route(blueprint, "/imports/batches/<int:number>", Permission.READ_IMPORTS)
def show(number: int) -> ResponseReturnValue:
    """One file that was taken in, and whether it still counts."""
    return _page(number, WithdrawForm())


def _page(number: int, form: WithdrawForm, status: int = 200) -> ResponseReturnValue:
    with reading(engine()) as session:
        batch, known = withdrawals.find(session, number)
        against = withdrawals.why_not(session, batch)
    return render_template("imported_file.html", batch=batch, known=known, against=against, form=form), status


@route(blueprint, "/imports/batches/<int:number>/ask", Permission.IMPORT, ("POST",))
def ask(number: int) -> ResponseReturnValue:
    """Ask that a file be withdrawn, with words."""
    form = WithdrawForm()
    if not form.validate():
        return _page(number, form, 422)
    try:
        with writing(engine()) as session:
            withdrawals.ask(session, account(), number, form.words.data or "", now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(number, form, 422)
    flash("Somebody else confirms now that the file counts no more, or lets it count on.")
    return redirect(url_for("withdrawals.show", number=number))


@route(blueprint, "/imports/batches/<int:number>/confirm", Permission.WITHDRAW_FILES, ("POST",))
def confirm(number: int) -> ResponseReturnValue:
    """Let a file that somebody else asked about count no more."""
    with writing(engine()) as session:
        statements = withdrawals.confirm(session, account(), number, now())
    flash(f"The file is withdrawn: {counted(statements, 'statement')} of it counted, and no more.")
    return redirect(url_for("withdrawals.show", number=number))


@route(blueprint, "/imports/batches/<int:number>/keep", Permission.WITHDRAW_FILES, ("POST",))
def keep(number: int) -> ResponseReturnValue:
    """Let a file count on though somebody asked to withdraw it."""
    with writing(engine()) as session:
        withdrawals.keep(session, account(), number, now())
    flash("The file counts on.")
    return redirect(url_for("withdrawals.show", number=number))
