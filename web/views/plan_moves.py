"""What is done to a plan version: submitting, taking and sending back, publishing, withdrawing, discarding."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.findings import Finding
from comp.plan import Plan
from comp.plan_life import MOVES, Act
from comp.services import plan_moves, plans
from comp.versions import Version
from web.access import route
from web.forms.plan_moves import SubmitForm, WordsForm, submit_form, warning_name
from web.state import account, engine, now

blueprint = Blueprint("plan_moves", __name__)


@route(blueprint, "/plans/<version:name>/submit", MOVES[Act.SUBMIT].needs)
def submit(name: str) -> ResponseReturnValue:
    """Everything that the linter finds, and a field for words at each warning."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        findings = plans.check_plan(session, version.plan)
    return _submit_page(version, findings, submit_form(version.fingerprint, _warnings(findings)))


def _warnings(findings: Iterable[Finding]) -> list[Problem]:
    return [finding.problem for finding in findings if not finding.is_error]


def _submit_page(version: Version, findings: list[Finding], form: SubmitForm, problems: Iterable[Problem] = ()) -> str:
    return render_template(
        "plan_submit.html", version=version, findings=findings, form=form, problems=problems, name_of=warning_name
    )


@route(blueprint, "/plans/<version:name>/submit", MOVES[Act.SUBMIT].needs, ("POST",))
def hand_in(name: str) -> ResponseReturnValue:
    """Submit a draft, with words for each of the linter's warnings."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        findings = plans.check_plan(session, version.plan)
    form = submit_form(version.fingerprint, _warnings(findings))
    if not form.validate():
        return _submit_page(version, findings, form), 422
    try:
        with writing(engine()) as session:
            seen = plans.require_unchanged(session, version.plan.version, form.seen.data or "")
            plan = plan_moves.submit(session, seen, form.answers(), account().email, now(), form.words.data or "")
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _submit_page(version, findings, form, refused.problems), _status(refused)
    flash(f"{plan.name} from {plan.starts} is submitted. Somebody else publishes it, or sends it back.")
    return redirect(url_for("plans.show", name=plan.version))


def _status(refused: RefusedError) -> int:
    return 409 if isinstance(refused, ChangedError) else 422


@route(blueprint, "/plans/<version:name>/take-back", MOVES[Act.TAKE_BACK].needs, ("POST",))
def take_back(name: str) -> ResponseReturnValue:
    """Make one's own submitted version a draft again."""
    return _done(name, plan_moves.take_back, "{} is a draft again.")


@route(blueprint, "/plans/<version:name>/discard", MOVES[Act.DISCARD].needs, ("POST",))
def discard(name: str) -> ResponseReturnValue:
    """Put a draft aside for good."""
    return _done(name, plan_moves.discard, "The draft of {} is discarded. It is kept for the record only.")


@route(blueprint, "/plans/<version:name>/publish", MOVES[Act.PUBLISH].needs, ("POST",), fresh=True)
def publish(name: str) -> ResponseReturnValue:
    """Publish a version that somebody else wrote and submitted."""
    return _done(name, plan_moves.publish, "{} is published: it pays from {starts} on.")


def _done(name: str, act: Callable[..., Plan], told: str) -> ResponseReturnValue:
    with writing(engine()) as session:
        version = plans.require_unchanged(session, name, request.form.get("seen", ""))
        plan = act(session, version, account().email, now())
    flash(told.format(plan.name, starts=plan.starts))
    return redirect(url_for("plans.show", name=plan.version))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page asks before something is done that needs words."""

    act: Act
    do: Callable[[Session, Version, str], Plan]
    title: str
    lead: str
    button: str
    told: str


@route(blueprint, "/plans/<version:name>/send-back", MOVES[Act.SEND_BACK].needs)
def send_back(name: str) -> ResponseReturnValue:
    """Ask what is to be changed."""
    return _ask(name, _sending_back())


@route(blueprint, "/plans/<version:name>/send-back", MOVES[Act.SEND_BACK].needs, ("POST",))
def return_it(name: str) -> ResponseReturnValue:
    """Make somebody else's submitted version a draft again, with words."""
    return _answered(name, _sending_back())


@route(blueprint, "/plans/<version:name>/withdraw", MOVES[Act.WITHDRAW].needs, fresh=True)
def withdraw(name: str) -> ResponseReturnValue:
    """Ask why a published version is withdrawn."""
    return _ask(name, _withdrawing())


@route(blueprint, "/plans/<version:name>/withdraw", MOVES[Act.WITHDRAW].needs, ("POST",), fresh=True)
def call_off(name: str) -> ResponseReturnValue:
    """Withdraw a published version that no run has used, with words."""
    return _answered(name, _withdrawing())


def _sending_back() -> _Asked:
    return _Asked(
        Act.SEND_BACK,
        lambda session, version, words: plan_moves.send_back(session, version, words, account().email, now()),
        "Send back",
        "It becomes a draft again. Say what is to be changed: who wrote it reads it on the version's page.",
        "Send back",
        "{} is sent back to {by}.",
    )


def _withdrawing() -> _Asked:
    return _Asked(
        Act.WITHDRAW,
        lambda session, version, words: plan_moves.withdraw(session, version, words, account().email, now()),
        "Withdraw",
        "It pays nobody from then on, is kept for the record, and its start is free for another version. "
        "A version that a run has used cannot be withdrawn.",
        "Withdraw",
        "{} is withdrawn. It pays nobody, and its start is free for another version.",
    )


def _ask(name: str, asked: _Asked) -> ResponseReturnValue:
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
    return _words_page(version, asked, WordsForm(data={"seen": version.fingerprint}))


def _words_page(version: Version, asked: _Asked, form: WordsForm) -> str:
    return render_template("plan_words.html", version=version, asked=asked, form=form)


def _answered(name: str, asked: _Asked) -> ResponseReturnValue:
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
    form = WordsForm()
    if not form.validate():
        return _words_page(version, asked, form), 422
    try:
        with writing(engine()) as session:
            seen = plans.require_unchanged(session, version.plan.version, form.seen.data or "")
            plan = asked.do(session, seen, form.words.data or "")
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _words_page(version, asked, form), _status(refused)
    flash(asked.told.format(plan.name, by=version.submitted_by))
    return redirect(url_for("plans.show", name=plan.version))
