"""The calendar of a quarter: by when its steps are due, and the rule that new quarters copy."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.quarter_calendar import WORDS, Step, due
from comp.roles import Permission
from comp.services import quarter_calendar, quarters, relations
from web.access import route
from web.addresses import chosen_quarter
from web.forms.calendar import DaysForm, RuleForm, days_form, rule_form
from web.state import account, engine, now

blueprint = Blueprint("calendar", __name__)


@route(blueprint, "/calendar", Permission.READ_CHECKS)
def index() -> ResponseReturnValue:
    """The days of a quarter, and the rule."""
    with reading(engine()) as session:
        known = _known(session)
    return _page(known, chosen_quarter(known) or known[0])


def _known(session: Session) -> list[Quarter]:
    """The quarters with data, and today's, the newest first."""
    today = quarters.quarter_of(session, relations.today(session, now()))
    return sorted({*quarters.known_quarters(session), today}, reverse=True)


def _page(
    known: list[Quarter],
    quarter: Quarter,
    days: DaysForm | None = None,
    rule: RuleForm | None = None,
    problems: Iterable[object] = (),
    status: int = 200,
) -> ResponseReturnValue:
    with reading(engine()) as session:
        view = quarter_calendar.view(session, quarter)
        rules = quarter_calendar.load_rules(session)
        today = relations.today(session, now())
    page = render_template(
        "calendar.html",
        known=known,
        quarter=quarter,
        view=view,
        rules=rules,
        steps=list(Step),
        words=WORDS,
        due={step: due(view.calendar, step, today) for step in Step},
        days=days or days_form(view),
        rule=rule or rule_form(rules),
        problems=list(problems),
    )
    return page, status


def _again(
    quarter: Quarter | None = None,
    days: DaysForm | None = None,
    rule: RuleForm | None = None,
    refused: RefusedError | None = None,
) -> ResponseReturnValue:
    """The page with what was typed, and what stands against it."""
    with reading(engine()) as session:
        known = _known(session)
    status = 409 if isinstance(refused, ChangedError) else 422
    told = [f"{str(each.where).capitalize()}: {each.why}" for each in refused.problems] if refused else []
    problems = told or ([str(refused)] if refused else [])
    return _page(known, quarter or chosen_quarter(known) or known[0], days, rule, problems, status)


@route(blueprint, "/calendar/rule", Permission.SET_CALENDAR, ("POST",))
def save_rule() -> ResponseReturnValue:
    """Let another rule hold for quarters that have no days of their own yet."""
    form = RuleForm()
    if not form.validate():
        return _again(rule=form)
    try:
        with writing(engine()) as session:
            quarter_calendar.save_rules(session, form.chosen(), form.seen.data or "", account().email, now())
    except RefusedError as refused:
        return _again(rule=form, refused=refused)
    flash("The rule is stored. It holds for every quarter that has no days of its own.")
    return redirect(url_for("calendar.index"))


@route(blueprint, "/calendar/<quarter:quarter>", Permission.SET_CALENDAR, ("POST",))
def save_days(quarter: Quarter) -> ResponseReturnValue:
    """Give a quarter days of its own."""
    form = DaysForm()
    if not form.validate():
        return _again(quarter, days=form)
    try:
        with writing(engine()) as session:
            seen = form.seen.data or ""
            quarter_calendar.save_days(session, quarter, form.chosen(), seen, account().email, now())
    except RefusedError as refused:
        return _again(quarter, days=form, refused=refused)
    flash(f"The days of {quarter} are stored.")
    return redirect(url_for("calendar.index", quarter=quarter))
