"""Corrections of paid quarters: what came late, who is owed what and why, proposed and decided."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from comp.correction_life import MOVES, Act
from comp.correction_records import Asked
from comp.db import Session, noting, reading, writing
from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import correction_moves, corrections, late_data, reads
from comp.services.corrections import CorrectionView
from web.access import route
from web.calculating import calculate_and_store
from web.forms.corrections import POLICIES, ChoiceForm, DecideForm, ProposeForm
from web.presentation import counted
from web.state import account, engine, now

blueprint = Blueprint("corrections", __name__)
_LONGEST_SEARCH, _LAST_PAGE = 100, 1_000_000
_ONLY = ("more", "less", *map(str, POLICIES))


@route(blueprint, "/corrections", Permission.READ_PAYOUTS)
def index() -> ResponseReturnValue:
    """Paid quarters with what came late, and every correction."""
    with reading(engine()) as session:
        watched = late_data.watched(session)
        listed = corrections.list_all(session, account(), now())
    return render_template("corrections.html", watched=watched, listed=listed, policies=POLICIES)


@route(blueprint, "/corrections/<quarter:quarter>/look", Permission.CALCULATE, ("POST",))
def look(quarter: Quarter) -> ResponseReturnValue:
    """Hold a paid quarter's inputs against those that it was paid by, and keep what was found."""
    with reading(engine()) as session:
        found = late_data.look(session, quarter, now())
    with writing(engine()) as session:
        late_data.keep(session, found, account().email)
    told = "would be calculated differently" if found.pays_otherwise else "would pay everybody the same"
    flash(f"{quarter} {told}.")
    return redirect(url_for("corrections.index"))


@route(blueprint, "/corrections/<quarter:quarter>/calculate", Permission.PROPOSE_CORRECTIONS, ("POST",), fresh=True)
def calculate(quarter: Quarter) -> ResponseReturnValue:
    """Calculate a paid quarter anew, and make a correction of what comes out otherwise."""
    with reading(engine()) as session:
        correction_moves.require_none_waiting(session, quarter)
    run, _ = calculate_and_store(engine(), quarter, account().email, now())
    with reading(engine()) as session:
        prepared = correction_moves.prepare(session, account(), run, now())
    if not prepared.lines:
        flash(f"Run {run.number} of {quarter} owes nobody anything: everybody was paid what is right.")
        return redirect(url_for("corrections.index"))
    with writing(engine()) as session:
        number = correction_moves.keep(session, account(), prepared, now())
    flash(
        f"Run {run.number} of {quarter} changes {counted(len(prepared.lines), 'amount')}. Look at them, then propose."
    )
    return redirect(url_for("corrections.show", number=number))


@route(blueprint, "/corrections/<int:number>", Permission.READ_PAYOUTS)
def show(number: int) -> ResponseReturnValue:
    """One correction: who is owed what, why, and what is done about it."""
    return _page(number)


def _page(number: int, form: FlaskForm | None = None, status: int = 200) -> ResponseReturnValue:
    asked = _asked()
    with reading(engine()) as session:
        view = corrections.view(session, account(), number, asked, now())
        seen = correction_moves.what_is_seen(session, number)
    _note(view)
    page = render_template(
        "correction.html",
        view=view,
        asked=asked,
        seen=seen,
        policies=POLICIES,
        form=form or FlaskForm(),
        choice=form if isinstance(form, ChoiceForm) else None,
        propose=form if isinstance(form, ProposeForm) else ProposeForm(formdata=None),
        decide=form if isinstance(form, DecideForm) else DecideForm(formdata=None),
    )
    return page, status


def _asked() -> Asked:
    only = request.args.get("only", "")
    page = min(max(1, request.args.get("page", 1, type=int)), _LAST_PAGE)
    return Asked(request.args.get("q", "")[:_LONGEST_SEARCH], only if only in _ONLY else "", page)


def _note(view: CorrectionView) -> None:
    """Note that pay of others is about to be shown."""
    shown = {line.delta.employee for line in view.lines} | {hold.employee for hold in view.held}
    if shown - {account().employee}:
        with noting(engine()) as session:
            reads.note_read(session, account(), view.correction.quarter, shown, now())


@route(blueprint, "/corrections/<int:number>/choose", MOVES[Act.CHANGE].needs, ("POST",))
def choose(number: int) -> ResponseReturnValue:
    """Say what is done about what one person was paid too much."""
    form = ChoiceForm()
    return _done(number, form, lambda session: _choose(session, number, form))


def _choose(session: Session, number: int, form: ChoiceForm) -> str:
    choice = form.choice()
    correction_moves.choose(session, account(), number, choice, now())
    return f"{choice.employee}: {POLICIES[choice.policy]}."


@route(blueprint, "/corrections/<int:number>/propose", MOVES[Act.PROPOSE].needs, ("POST",))
def propose(number: int) -> ResponseReturnValue:
    """Let a correction wait for somebody who approves it."""
    form = ProposeForm()
    return _done(number, form, lambda session: _propose(session, number, form))


def _propose(session: Session, number: int, form: ProposeForm) -> str:
    correction_moves.propose(session, account(), number, form.words.data or "", now())
    return "It is proposed. Somebody who had no hand in it, and whose pay it does not change, approves it."


@route(blueprint, "/corrections/<int:number>/put-aside", MOVES[Act.PUT_ASIDE].needs, ("POST",))
def put_aside(number: int) -> ResponseReturnValue:
    """Let a correction pay nobody."""
    form = FlaskForm()
    return _done(number, form, lambda session: _put_aside(session, number))


def _put_aside(session: Session, number: int) -> str:
    correction_moves.put_aside(session, account(), number, now())
    return "It is put aside and pays nobody. The next one says anew who is owed what."


@route(blueprint, "/corrections/<int:number>/approve", MOVES[Act.APPROVE].needs, ("POST",), fresh=True)
def approve(number: int) -> ResponseReturnValue:
    """Let somebody else's correction be paid, as it was seen."""
    form = DecideForm()
    return _done(number, form, lambda session: _approve(session, number, form))


def _approve(session: Session, number: int, form: DecideForm) -> str:
    pays_with = correction_moves.approve(session, account(), number, form.seen.data or "", now())
    return f"It is approved, and paid with {pays_with}."


@route(blueprint, "/corrections/<int:number>/refuse", MOVES[Act.REFUSE].needs, ("POST",))
def refuse(number: int) -> ResponseReturnValue:
    """Let somebody else's correction pay nobody, with words."""
    form = DecideForm()
    return _done(number, form, lambda session: _refuse(session, number, form))


def _refuse(session: Session, number: int, form: DecideForm) -> str:
    correction_moves.refuse(session, account(), number, form.words.data or "", now())
    return "It is refused and pays nobody."


def _done(number: int, form: FlaskForm, do: Callable[[Session], str]) -> ResponseReturnValue:
    """Do something to a correction; where that is refused, its page says why."""
    if not form.validate():
        return _page(number, form, 422)
    try:
        with writing(engine()) as session:
            told = do(session)
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(number, form, 409 if isinstance(refused, ChangedError) else 422)
    flash(told)
    return redirect(url_for("corrections.show", number=number))
