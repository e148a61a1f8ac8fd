"""Waivers: asked for where a finding stands, and granted, refused or withdrawn there."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from comp.db import reading, writing
from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import quarters, waivers
from comp.waivers import Outcome, Waiver
from web.access import route
from web.forms.waivers import AskForm, DecideForm
from web.state import account, engine, now
from web.views.data_check import check_page

blueprint = Blueprint("waivers", __name__)


@route(blueprint, "/waivers/<quarter:quarter>", Permission.ASK_WAIVERS, ("POST",))
def ask(quarter: Quarter) -> ResponseReturnValue:
    """Ask that the quarter goes on in spite of an error."""
    form = AskForm()
    said = form.finding.data or "", form.reason.data or ""
    if not form.validate():
        return _again(quarter, _messages(form), said)
    try:
        with writing(engine()) as session:
            waivers.ask(session, account(), quarter, form.seen, form.reason.data or "", now())
    except RefusedError as refused:
        return _again(quarter, [str(refused)], said, _status(refused))
    flash("The waiver is asked for. An approver whom it does not concern grants or refuses it.")
    return redirect(url_for("data_check.index", quarter=quarter))


@route(blueprint, "/waivers/<int:waiver_id>/decide", Permission.DECIDE_WAIVERS, ("POST",), fresh=True)
def decide(waiver_id: int) -> ResponseReturnValue:
    """Grant or refuse a waiver that somebody else asked for."""
    waiver, form = _find(waiver_id), DecideForm()
    quarter = Quarter.parse(waiver.quarter)
    said = str(waiver_id), form.words.data or ""
    if not form.validate():
        return _again(quarter, _messages(form), said)
    try:
        with writing(engine()) as session:
            outcome, words = Outcome(form.outcome.data or ""), form.words.data or ""
            done, finding = waivers.decide(session, account(), waiver_id, outcome, words, now())
    except RefusedError as refused:
        return _again(quarter, [str(refused)], said, _status(refused))
    flash(_told(done, finding.held))
    return redirect(url_for("data_check.index", quarter=quarter))


def _told(waiver: Waiver, held: tuple[str, ...]) -> str:
    if not waiver.is_granted:
        return f"The waiver is refused. {waiver.asked_by} reads why beside the finding."
    whom = "the person" if len(held) == 1 else "the people"
    stay = f", and {whom} whom it holds {'stays' if len(held) == 1 else 'stay'} held" if held else ""
    return f"The waiver is granted: {waiver.quarter} may go on in spite of it{stay}."


@route(blueprint, "/waivers/<int:waiver_id>/withdraw", Permission.ASK_WAIVERS, ("POST",))
def withdraw(waiver_id: int) -> ResponseReturnValue:
    """Take back a waiver that one asked for."""
    with writing(engine()) as session:
        waiver = waivers.withdraw(session, account(), waiver_id, now())
    flash("The waiver is withdrawn.")
    return redirect(url_for("data_check.index", quarter=Quarter.parse(waiver.quarter)))


def _find(waiver_id: int) -> Waiver:
    with reading(engine()) as session:
        return waivers.find(session, waiver_id)


def _messages(form: FlaskForm) -> list[str]:
    return [message for field in form for message in field.errors]


def _again(quarter: Quarter, problems: Iterable[str], said: tuple[str, str], status: int = 422) -> ResponseReturnValue:
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
    return check_page(known, quarter, status, problems, said)


def _status(refused: RefusedError) -> int:
    return 409 if isinstance(refused, ChangedError) else 422
