"""Standing in: a manager lets a colleague see the team's payouts for some days."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.roles import Permission
from comp.services import delegations
from web.access import route
from web.forms.access import DelegationForm
from web.presentation import span
from web.state import account, engine, now

blueprint = Blueprint("delegations", __name__)


@route(blueprint, "/standing-in", Permission.DELEGATE)
def index() -> ResponseReturnValue:
    """What was handed over, and the form to do so."""
    return _index(DelegationForm())


def _index(form: DelegationForm) -> ResponseReturnValue:
    with reading(engine()) as session:
        known = delegations.list_delegations(session, account(), now())
    return render_template("delegations.html", form=form, known=known), 422 if form.errors else 200


@route(blueprint, "/standing-in", Permission.DELEGATE, ("POST",), fresh=True)
def hand_over() -> ResponseReturnValue:
    """Let somebody stand in."""
    form = DelegationForm()
    if not form.validate():
        return _index(form)
    try:
        with writing(engine()) as session:
            made = delegations.hand_over(session, account(), form.chosen(), now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _index(form)
    flash(f"{made.delegate_name} stands in for you: {span(made.span)}.")
    return redirect(url_for("delegations.index"))


@route(blueprint, "/standing-in/<int(max=2147483647):delegation_id>/end", Permission.DELEGATE, ("POST",))
def end(delegation_id: int) -> ResponseReturnValue:
    """End it early."""
    with writing(engine()) as session:
        ended = delegations.end_early(session, account(), delegation_id, now())
    flash(f"{ended.delegate_name} does not stand in for you any more.")
    return redirect(url_for("delegations.index"))
