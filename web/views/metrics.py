"""Metrics and questions: what scores are made of, from when on, who is paid by them, and what they came to."""

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.definitions import METRIC, QUESTION, describe
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.scores import Metric, Question
from comp.services import metric_changes, metrics, questions
from comp.services.definitions import Placed
from comp.suggestions import Suggestion, suggest
from web.access import route
from web.charts import trend_chart
from web.forms.metrics import (
    MetricForm,
    QuestionForm,
    metric_form,
    place_problems,
    question_form,
    read_metric,
    read_question,
    refuse_taken,
    starts_of,
)
from web.state import account, engine, now

blueprint = Blueprint("metrics", __name__)
F = TypeVar("F", MetricForm, QuestionForm)


@route(blueprint, "/metrics", Permission.READ_SCORES)
def index() -> ResponseReturnValue:
    """Every metric and every question."""
    with reading(engine()) as session:
        lines, asked = metrics.list_metrics(session)
        unread = questions.unread_columns(session)
    return render_template("metrics.html", lines=lines, questions=asked, unread=unread, describe=describe)


@route(blueprint, "/metrics/<path:metric>", Permission.READ_SCORES)
def show(metric: str) -> ResponseReturnValue:
    """One metric: its definitions, who reads it, and what it came to at the top of the company."""
    with reading(engine()) as session:
        view = metrics.view_metric(session, metric)
    return render_template("metric.html", view=view, chart=trend_chart(view.reached), describe=describe)


@route(blueprint, "/metrics/new", Permission.WRITE_PLANS)
def suggest_new() -> ResponseReturnValue:
    """The form of a new metric, filled with what the scale of a question suggests."""
    asked = request.args.get("question", "")
    with reading(engine()) as session:
        found = suggest(questions.find_question(session, asked)) if asked else None
        proposed = metric_changes.with_free_id(session, found.metric) if found else None
        form = _metric_form(session, proposed, is_new=True, posted=False)
    return _metric_page(form, None, found)


@route(blueprint, "/metrics/new", Permission.WRITE_PLANS, ("POST",))
def add() -> ResponseReturnValue:
    """Store a new metric."""
    with reading(engine()) as session:
        form = _metric_form(session, None, is_new=True, posted=True)
        known, taken = questions.known_questions(session), metric_changes.metric_ids(session)
    made = read_metric(form, known, None) if form.validate() else None
    refuse_taken(form, taken)
    if made is None or form.errors or (placed := _defined(form, made)) is None:
        return _metric_page(form, None, None), 422
    flash(f"{made.name} is a metric now. {_when(placed)}")
    return redirect(url_for("metrics.show", metric=made.id))


@route(blueprint, "/metrics/<path:metric>/edit", Permission.WRITE_PLANS)
def edit(metric: str) -> ResponseReturnValue:
    """The form of a metric as it was defined last."""
    with reading(engine()) as session:
        known = metrics.find_metric(session, metric)
        form = _metric_form(session, known, is_new=False, posted=False)
    return _metric_page(form, known, None)


@route(blueprint, "/metrics/<path:metric>/edit", Permission.WRITE_PLANS, ("POST",))
def save(metric: str) -> ResponseReturnValue:
    """Store a metric's new definition."""
    with reading(engine()) as session:
        known = metrics.find_metric(session, metric)
        form = _metric_form(session, known, is_new=False, posted=True)
        asked = questions.known_questions(session)
    made = read_metric(form, asked, known) if form.validate() else None
    if made is None or (placed := _defined(form, made)) is None:
        return _metric_page(form, known, None), 422
    flash(f"{made.name} is defined. {_when(placed)}")
    return redirect(url_for("metrics.show", metric=metric))


@route(blueprint, "/metrics/<path:metric>/withdraw", Permission.WRITE_PLANS, ("POST",))
def withdraw(metric: str) -> ResponseReturnValue:
    """Drop a definition that nothing was calculated with."""
    try:
        starts = Quarter.parse(request.form.get("starts", ""))
    except ValueError as error:
        raise NotFoundError(str(error)) from None
    with writing(engine()) as session:
        metric_changes.withdraw(session, metric, starts, request.form.get("seen", ""), account().email, now())
    flash(f"The definition from {starts} is withdrawn: the one before it goes on.")
    return redirect(url_for("metrics.show", metric=metric))


def _metric_form(session: Session, metric: Metric | None, *, is_new: bool, posted: bool) -> MetricForm:
    key = (METRIC, metric.id if metric and not is_new else "")
    seen = metric_changes.seen_of(session, (METRIC, metric.id if metric else ""))
    form = metric_form(
        questions.known_questions(session), metric_changes.leeway(session, key), metric, seen, posted=posted
    )
    return form if is_new else _without_id(form)


def _metric_page(form: MetricForm, metric: Metric | None, found: Suggestion | None) -> str:
    return render_template("metric_form.html", form=form, metric=metric, suggestion=found)


@route(blueprint, "/questions/new", Permission.WRITE_PLANS)
def describe_new() -> ResponseReturnValue:
    """The form of a question that is not described yet."""
    with reading(engine()) as session:
        found = questions.proposed_question(session, request.args.get("column", ""))
        form = _question_form(session, found, is_new=True, posted=False)
    return render_template("question_form.html", form=form, question=None)


@route(blueprint, "/questions/new", Permission.WRITE_PLANS, ("POST",))
def add_question() -> ResponseReturnValue:
    """Store a question that was not described before."""
    return _keep_question(None)


@route(blueprint, "/questions/<path:question>/edit", Permission.WRITE_PLANS)
def edit_question(question: str) -> ResponseReturnValue:
    """The form of a question as it was described last."""
    with reading(engine()) as session:
        known = questions.find_question(session, question)
        form = _question_form(session, known, is_new=False, posted=False)
    return render_template("question_form.html", form=form, question=known)


@route(blueprint, "/questions/<path:question>/edit", Permission.WRITE_PLANS, ("POST",))
def save_question(question: str) -> ResponseReturnValue:
    """Store a question's new description."""
    with reading(engine()) as session:
        known = questions.find_question(session, question)
    return _keep_question(known)


def _keep_question(known: Question | None) -> ResponseReturnValue:
    with reading(engine()) as session:
        form = _question_form(session, known, is_new=known is None, posted=True)
        taken = [question.id for question in questions.known_questions(session)]
    made = read_question(form, known) if form.validate() else None
    if known is None:
        refuse_taken(form, taken)
    if made is None or form.errors or (placed := _defined(form, made)) is None:
        return render_template("question_form.html", form=form, question=known), 422
    flash(f"The question {made.id} is described. {_when(placed)}")
    return redirect(url_for("metrics.index"))


def _question_form(session: Session, question: Question | None, *, is_new: bool, posted: bool) -> QuestionForm:
    key = (QUESTION, question.id if question and not is_new else "")
    seen = metric_changes.seen_of(session, (QUESTION, question.id if question else ""))
    form = question_form(metric_changes.leeway(session, key), question, seen, posted=posted)
    return form if is_new else _without_id(form)


def _without_id(form: F) -> F:
    """The form of something that has its id already."""
    del form.id
    return form


def _defined(form: MetricForm | QuestionForm, definition: Metric | Question) -> Placed | None:
    """Store a definition; None, with what stands against it at its fields, where that cannot be."""
    try:
        with writing(engine()) as session:
            return metric_changes.define(
                session, definition, starts_of(form), form.seen.data or "", account().email, now()
            )
    except ChangedError:
        raise
    except RefusedError as refused:
        place_problems(form, refused.problems)
        return None


def _when(placed: Placed) -> str:
    return f"It holds from {placed.starts} on." if placed.starts else "It holds for every quarter."
