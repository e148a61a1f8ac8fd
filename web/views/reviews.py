"""Reviews: how far each team is, what waits to be decided or answered, the limits, and reminding managers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.adjustments import State
from comp.db import Session, noting, reading, writing
from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import adjusting, confirming, quarters, reads, review_board, review_progress, workflow
from web.access import route
from web.addresses import chosen_quarter
from web.forms.team import LimitsForm, RowForm, limits_form, own_lines, stated_limits
from web.reminders import send_all
from web.state import account, engine, now, state

blueprint = Blueprint("reviews", __name__)


@route(blueprint, "/reviews", Permission.FOLLOW_REVIEWS)
def index() -> ResponseReturnValue:
    """Who has confirmed and who has not, and what waits for HR or an approver."""
    with reading(engine()) as session:
        known = quarters.calculated_quarters(session)
        quarter = chosen_quarter(review_progress.in_review(session) or known)
        board = review_board.view(session, account(), quarter, now()) if quarter in known and quarter else None
    if quarter and board:
        _note(quarter, board)
    undecided = [each for each in board.adjustments if each.adjustment.state is State.PROPOSED] if board else []
    return render_template(
        "reviews.html", known=known, quarter=quarter, board=board, undecided=undecided, form=RowForm(formdata=None)
    )


def _note(quarter: Quarter, board: review_board.ReviewBoard) -> None:
    """Note whose adjustments are about to be shown. Where that cannot be noted, nothing is."""
    others = {each.adjustment.employee for each in board.adjustments} - {account().employee}
    if others:
        with noting(engine()) as session:
            reads.note_read(session, account(), quarter, others, now())


@route(blueprint, "/reviews/<quarter:quarter>/remind", Permission.LEAD_REVIEWS, ("POST",))
def remind(quarter: Quarter) -> ResponseReturnValue:
    """Remind every manager whose team has people whom nobody confirmed; each at most once a day."""
    with reading(engine()) as session:
        adjusting.require_in_review(session, quarter)
        found = review_progress.reminders(session, quarter)
    sent = send_all(engine(), state().settings, found, now(), lambda: True)
    with writing(engine()) as session:
        review_progress.note_reminded(session, account(), quarter, sent, now())
    told = "1 manager gets a mail" if sent == 1 else f"{sent} managers get a mail"
    flash(f"{told}. Who was reminded today, or has no account, gets none.")
    return redirect(url_for("reviews.index", quarter=quarter))


@route(blueprint, "/reviews/<quarter:quarter>/answer", Permission.LEAD_REVIEWS, ("POST",))
def answer(quarter: Quarter) -> ResponseReturnValue:
    """Answer what a manager sent back, so that it can be confirmed."""
    form = RowForm()
    with writing(engine()) as session:
        confirming.answer(session, account(), quarter, form.employee.data or "", form.words.data or "", now())
    flash("The manager reads your answer, and confirms.")
    return redirect(url_for("reviews.index", quarter=quarter))


@route(blueprint, "/reviews/<quarter:quarter>/limits", Permission.LEAD_REVIEWS)
def limits(quarter: Quarter) -> ResponseReturnValue:
    """What managers may propose in a quarter; what the last quarter had is filled in."""
    with reading(engine()) as session:
        form, _ = _form(session, quarter)
    return _limits_page(quarter, form)


def _form(session: Session, quarter: Quarter) -> tuple[LimitsForm, list[str]]:
    workflow.counting_run(session, quarter)
    known = adjusting.limits_of(session, quarter)
    currencies = review_board.currencies(session, account(), quarter, now())
    return limits_form(known, currencies, adjusting.reasons(session), review_board.seen_limits(known)), currencies


def _limits_page(quarter: Quarter, form: LimitsForm, status: int = 200) -> ResponseReturnValue:
    with reading(engine()) as session:
        set_for = adjusting.limits_of(session, quarter).quarter
        currencies = review_board.currencies(session, account(), quarter, now())
    parts = {"currencies": currencies, "lines": own_lines(form), "set_for": set_for}
    return render_template("review_limits.html", quarter=quarter, form=form, **parts), status


@route(blueprint, "/reviews/<quarter:quarter>/limits", Permission.LEAD_REVIEWS, ("POST",), fresh=True)
def set_limits(quarter: Quarter) -> ResponseReturnValue:
    """Set what managers may propose in a quarter, and the reasons that they choose from."""
    with reading(engine()) as session:
        form, currencies = _form(session, quarter)
    if not form.validate():
        return _limits_page(quarter, form, 422)
    try:
        stated = stated_limits(form, currencies)
        with writing(engine()) as session:
            review_board.require_limits_unchanged(session, quarter, request.form.get("seen", ""))
            adjusting.set_limits(session, account(), quarter, stated, now())
            adjusting.set_reasons(session, account(), form.chosen_reasons(), now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _limits_page(quarter, form, 409 if isinstance(refused, ChangedError) else 422)
    flash(f"The limits of {quarter} are set. Later quarters start with them.")
    return redirect(url_for("reviews.index", quarter=quarter))
