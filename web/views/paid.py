"""What payroll paid of a batch: typed back blind or loaded as a file, differences answered, the quarter closed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading, writing
from comp.errors import Problem, RefusedError
from comp.paid_check import AnswerKind
from comp.periods import Quarter
from comp.releases import Release
from comp.roles import Permission
from comp.services import confirmations, releases
from importers.paid_amounts import read_paid_amounts
from web.access import route
from web.forms.releases import AnswerForm, PaidFileForm, StatedForm, require_sound, stated_form
from web.presentation import counted
from web.state import account, engine, now

blueprint = Blueprint("paid", __name__)
_SHOWN = 50


@route(blueprint, "/payroll/batches/<batch>/paid", Permission.RELEASE)
def ask(batch: str) -> ResponseReturnValue:
    """Fields for what was paid in each currency, without the batch's figures, and a file in place of them."""
    release, form = _look(batch)
    return _page(release, form)


def _look(batch: str) -> tuple[Release, StatedForm]:
    with reading(engine()) as session:
        release = releases.find(session, account(), batch)
        return release, stated_form(confirmations.currencies(session, release))


def _page(release: Release, form: StatedForm, refused: RefusedError | None = None) -> str:
    problems: tuple[Problem, ...] = refused.problems if refused else ()
    if refused:
        form.form_errors.append(str(refused))
    return render_template(
        "paid.html", release=release, form=form, upload=PaidFileForm(formdata=None), problems=problems, shown=_SHOWN
    )


@route(blueprint, "/payroll/batches/<batch>/paid", Permission.RELEASE, ("POST",), fresh=True)
def confirm(batch: str) -> ResponseReturnValue:
    """Hold what was typed against the batch; whoever mistypes is not told what would be right."""
    release, form = _look(batch)
    if not form.validate():
        return _page(release, form), 422
    stated = form.stated()
    try:
        with writing(engine()) as session:
            confirmations.confirm_typed(session, account(), release, stated, now())
    except RefusedError as refused:
        with reading(engine()) as session:
            wrong = confirmations.find_mismatches(session, release, stated)
        if wrong:
            with noting(engine()) as session:
                confirmations.note_mismatch(session, account(), release, wrong, now())
        return _page(release, form, refused), 422
    flash(f"{release.name} was paid as it was released.")
    return redirect(url_for("releases.show", batch=release.name))


@route(blueprint, "/payroll/batches/<batch>/paid/file", Permission.RELEASE, ("POST",), fresh=True)
def upload(batch: str) -> ResponseReturnValue:
    """Hold payroll's list of paid amounts against the batch."""
    release, form = _look(batch)
    given = PaidFileForm()
    try:
        require_sound(given)
        content, name = given.file.data.read(), given.file.data.filename or "the file"
        paid = read_paid_amounts(content, name)
        with writing(engine()) as session:
            _, found = confirmations.confirm_file(session, account(), release, content, paid, now())
    except RefusedError as refused:
        return _page(release, form, refused), 422
    told = f"differs in {counted(len(found), 'payment')}" if found else "agrees in every payment"
    flash(f"{name} is taken in: it {told}.")
    return redirect(url_for("releases.show", batch=release.name))


@route(blueprint, "/payroll/batches/<batch>/differences/<int:number>", Permission.RELEASE, ("POST",))
def answer(batch: str, number: int) -> ResponseReturnValue:
    """Say what became of a difference."""
    form = AnswerForm()
    with reading(engine()) as session:
        release = releases.find(session, account(), batch)
    require_sound(form)
    with writing(engine()) as session:
        said = AnswerKind(form.answer.data), form.words.data or ""
        confirmations.answer(session, account(), release, number, said, now())
    flash("It is kept what became of the difference.")
    return redirect(url_for("releases.show", batch=release.name))


@route(blueprint, "/payroll/<quarter:quarter>/close", Permission.RELEASE, ("POST",), fresh=True)
def close(quarter: Quarter) -> ResponseReturnValue:
    """Close a quarter whose batches were all paid, or whose differences are all answered."""
    with writing(engine()) as session:
        confirmations.close(session, account(), quarter, now())
    flash(f"{quarter} is closed.")
    return redirect(url_for("payroll.index", quarter=quarter))
