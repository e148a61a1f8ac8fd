"""The board of a quarter, and what is done to it: review, approval, and what undoes them."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import board, exchange, quarters, workflow
from comp.services.workflow import Seen
from comp.settlement import LineKind
from comp.workflow import MOVES, Act
from web.access import route
from web.addresses import chosen_quarter
from web.forms.quarters import QuarterForm, ReasonForm
from web.state import account, engine, now

blueprint = Blueprint("quarters", __name__)


@route(blueprint, "/quarters", Permission.READ_QUARTERS)
def index() -> ResponseReturnValue:
    """The board of the quarter that is asked for, or of the latest one."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        found = board.board(session, account(), quarter, now()) if quarter else None
    return render_template(
        "board.html", known=known, board=found, form=_form(found) if found else None, today=now().date()
    )


def _form(found: board.Board) -> QuarterForm:
    return QuarterForm(data={"changes": str(found.life.changes)})


@route(blueprint, "/quarters/<quarter:quarter>/begin-review", MOVES[Act.BEGIN_REVIEW].needs, ("POST",))
def begin_review(quarter: Quarter) -> ResponseReturnValue:
    """Let managers look at what their teams get."""
    with writing(engine()) as session:
        workflow.require_unmoved(session, quarter, _changes())
        workflow.begin_review(session, account(), quarter, now())
    flash(f"{quarter} is in review: managers see what their teams get, and confirm it.")
    return redirect(url_for("quarters.index", quarter=quarter))


@route(blueprint, "/quarters/<quarter:quarter>/reopen", MOVES[Act.REOPEN].needs, ("POST",), fresh=True)
def reopen(quarter: Quarter) -> ResponseReturnValue:
    """Reopen an approved quarter because somebody else asked for it."""
    with writing(engine()) as session:
        workflow.require_unmoved(session, quarter, _changes())
        workflow.reopen(session, account(), quarter, now())
    flash(f"{quarter} is in review again. It must be approved anew.")
    return redirect(url_for("quarters.index", quarter=quarter))


def _changes() -> str:
    return request.form.get("changes", "")


@route(blueprint, "/quarters/<quarter:quarter>/approve", MOVES[Act.APPROVE].needs, fresh=True)
def look(quarter: Quarter) -> ResponseReturnValue:
    """What a quarter pays, to be approved."""
    with reading(engine()) as session:
        found = board.for_approval(session, account(), quarter, now())
        shown = board.board(session, account(), quarter, now())
        group = exchange.group_total(session, quarter, [total.payable for total in found.totals])
    form = QuarterForm(data={"changes": str(found.seen.changes), "sha256": found.seen.sha256})
    return render_template(
        "approve.html", quarter=quarter, found=found, board=shown, form=form, kinds=_kinds(found), group=group
    )


@route(blueprint, "/quarters/<quarter:quarter>/approve", MOVES[Act.APPROVE].needs, ("POST",), fresh=True)
def approve(quarter: Quarter) -> ResponseReturnValue:
    """Approve what a quarter pays, as it was seen."""
    seen = Seen(int(_changes()) if _changes().isdecimal() else 0, request.form.get("sha256", ""))
    with writing(engine()) as session:
        workflow.approve(session, account(), quarter, seen, now())
    flash(f"{quarter} is approved. Payroll can release it; until then two people can reopen it.")
    return redirect(url_for("quarters.index", quarter=quarter))


def _kinds(found: board.ForApproval) -> list[LineKind]:
    """The kinds of lines that the quarter has, in the order in which they are made."""
    return [kind for kind in LineKind if any(kind in total.kinds for total in found.totals)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page asks before something is done that needs words."""

    act: Act
    do: Callable[[Session, Quarter, str], None]
    title: str
    lead: str
    told: str


def _asked(act: Act) -> _Asked:
    """The question before an act, with what does it."""
    do, title, lead, told = _WORDS[act]
    return _Asked(act, lambda session, quarter, words: do(session, account(), quarter, words, now()), title, lead, told)


_WORDS = {
    Act.END_REVIEW: (
        workflow.end_review,
        "End the review",
        "Managers see it no more until it is given to review again. Say why: they read it on the board.",
        "{} is out of review.",
    ),
    Act.SEND_BACK: (
        workflow.send_back,
        "Send back",
        "It goes back to HR, and must be given to review again. Say what is to be mended.",
        "{} is sent back to HR.",
    ),
    Act.ASK_TO_REOPEN: (
        workflow.ask_to_reopen,
        "Ask to reopen",
        "An approved quarter is reopened by two people, before anything is released. Say why; an approver decides.",
        "An approver decides whether {} is reopened.",
    ),
    Act.KEEP_APPROVED: (
        workflow.keep_approved,
        "Keep approved",
        "The quarter stays as it is. Say why: whoever asked reads it on the board.",
        "{} stays approved.",
    ),
}


@route(blueprint, "/quarters/<quarter:quarter>/end-review", MOVES[Act.END_REVIEW].needs)
def ask_end_review(quarter: Quarter) -> ResponseReturnValue:
    """Ask why a quarter is taken out of review."""
    return _ask(quarter, Act.END_REVIEW)


@route(blueprint, "/quarters/<quarter:quarter>/end-review", MOVES[Act.END_REVIEW].needs, ("POST",))
def end_review(quarter: Quarter) -> ResponseReturnValue:
    """Take a quarter out of review, with words."""
    return _answered(quarter, Act.END_REVIEW)


@route(blueprint, "/quarters/<quarter:quarter>/send-back", MOVES[Act.SEND_BACK].needs)
def ask_send_back(quarter: Quarter) -> ResponseReturnValue:
    """Ask what is to be mended."""
    return _ask(quarter, Act.SEND_BACK)


@route(blueprint, "/quarters/<quarter:quarter>/send-back", MOVES[Act.SEND_BACK].needs, ("POST",))
def send_back(quarter: Quarter) -> ResponseReturnValue:
    """Send a quarter back to HR, with words."""
    return _answered(quarter, Act.SEND_BACK)


@route(blueprint, "/quarters/<quarter:quarter>/ask-to-reopen", MOVES[Act.ASK_TO_REOPEN].needs)
def ask_to_ask(quarter: Quarter) -> ResponseReturnValue:
    """Ask why an approved quarter is to be reopened."""
    return _ask(quarter, Act.ASK_TO_REOPEN)


@route(blueprint, "/quarters/<quarter:quarter>/ask-to-reopen", MOVES[Act.ASK_TO_REOPEN].needs, ("POST",))
def ask_to_reopen(quarter: Quarter) -> ResponseReturnValue:
    """Ask that an approved quarter be reopened, with words."""
    return _answered(quarter, Act.ASK_TO_REOPEN)


@route(blueprint, "/quarters/<quarter:quarter>/keep-approved", MOVES[Act.KEEP_APPROVED].needs)
def ask_keep_approved(quarter: Quarter) -> ResponseReturnValue:
    """Ask why a quarter stays approved."""
    return _ask(quarter, Act.KEEP_APPROVED)


@route(blueprint, "/quarters/<quarter:quarter>/keep-approved", MOVES[Act.KEEP_APPROVED].needs, ("POST",))
def keep_approved(quarter: Quarter) -> ResponseReturnValue:
    """Leave a quarter approved, with words."""
    return _answered(quarter, Act.KEEP_APPROVED)


def _ask(quarter: Quarter, act: Act) -> ResponseReturnValue:
    with reading(engine()) as session:
        life = workflow.life_of(session, quarter)
    return _words_page(quarter, act, ReasonForm(data={"changes": str(life.changes)}))


def _words_page(quarter: Quarter, act: Act, form: ReasonForm) -> str:
    return render_template("quarter_words.html", quarter=quarter, asked=_asked(act), form=form)


def _answered(quarter: Quarter, act: Act) -> ResponseReturnValue:
    form, asked = ReasonForm(), _asked(act)
    if not form.validate():
        return _words_page(quarter, act, form), 422
    try:
        with writing(engine()) as session:
            workflow.require_unmoved(session, quarter, form.changes.data or "")
            asked.do(session, quarter, form.words.data or "")
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _words_page(quarter, act, form), 409 if isinstance(refused, ChangedError) else 422
    flash(asked.told.format(quarter))
    return redirect(url_for("quarters.index", quarter=quarter))
