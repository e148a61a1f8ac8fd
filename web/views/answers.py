"""Customers' answers of a unit and quarter as people judge them, and the proposal to leave some out."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.exclusions import Reason
from comp.integrity import Sign
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import answers, exclusions, quarters
from comp.services.answers import AnswerPage
from comp.services.exclusions import Asked
from web.access import route
from web.addresses import chosen_quarter
from web.forms.exclusions import ProposeForm, propose_form
from web.state import account, engine, now

blueprint = Blueprint("answers", __name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody looks: quarter, unit and sign as the address or the form names them, and what there is."""

    known: list[Quarter]
    quarter: Quarter | None
    units: dict[str, tuple[str, int]]
    unit: str | None
    sign: Sign | None


@route(blueprint, "/answers", Permission.READ_ANSWERS)
def index() -> ResponseReturnValue:
    """The answers of a unit, the newest first, with what makes one look twice."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        units = answers.units_in_sight(session, account(), quarter) if quarter else {}
        unit = request.args.get("unit") or next(iter(units), None)
        place = _Place(known, quarter, units, unit, _sign(request.args.get("sign", "")))
        page = (
            answers.view_answers(session, account(), unit, quarter, place.sign, _number()) if quarter and unit else None
        )
    return _page(place, page, _form(place, page))


def _sign(text: str) -> Sign | None:
    """A sign by its words; none for no words. Raises `NotFoundError` for others."""
    try:
        return Sign(text) if text else None
    except ValueError:
        raise NotFoundError(f"{text!r} is no sign that answers are looked at for.") from None


def _number() -> int:
    return max(1, request.args.get("page", 1, type=int))


def _form(place: _Place, page: AnswerPage | None) -> ProposeForm | None:
    if page is None or not page.may_propose:
        return None
    values = {"quarter": str(place.quarter), "unit": page.unit, "sign": str(place.sign or "")}
    return propose_form(page.questions, values)


def _page(place: _Place, page: AnswerPage | None, form: ProposeForm | None) -> str:
    return render_template("answers.html", place=place, page=page, form=form, signs=list(Sign))


@route(blueprint, "/answers", Permission.PROPOSE_EXCLUSIONS, ("POST",))
def propose() -> ResponseReturnValue:
    """Propose to leave the ticked answers out, or all that the filter finds; somebody else decides it."""
    quarter, unit, sign = _named()
    with reading(engine()) as session:
        units = answers.units_in_sight(session, account(), quarter)
        page = answers.view_answers(session, account(), unit, quarter, sign)
        every = answers.numbers_with(session, unit, quarter, sign)
        place = _Place(quarters.known_quarters(session), quarter, units, unit, sign)
    form = propose_form(page.questions)
    if not form.validate():
        return _page(place, page, form), 422
    numbers = every if form.everything.data else form.answer.data or []
    asked = Asked(unit, quarter, numbers, form.question.data, Reason(form.reason.data), form.words.data or "")
    try:
        with writing(engine()) as session:
            number = exclusions.propose(session, account(), asked, now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(place, page, form), 422
    flash(f"Proposal {number} is stored. Everything counts until somebody else grants it.")
    return redirect(url_for("exclusions.show", number=number))


def _named() -> tuple[Quarter, str, Sign | None]:
    """What the form names. Raises `NotFoundError` for what is no quarter or no sign."""
    try:
        quarter = Quarter.parse(request.form.get("quarter", ""))
    except ValueError as error:
        raise NotFoundError(str(error)) from None
    return quarter, request.form.get("unit", ""), _sign(request.form.get("sign", ""))
