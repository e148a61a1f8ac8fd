"""Queries: a list, one with its thread, and what is done with it; raised from the page where the thing is shown."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, noting, reading, writing
from comp.errors import ChangedError, LoyaltyPayError, NotFoundError, Problem, RefusedError
from comp.periods import Quarter
from comp.queries import DONE, LONGEST, About, Act, State
from comp.roles import Permission
from comp.services import queries, query_moves, reads
from comp.services.queries import Filter, QueryView, Show
from comp.services.query_moves import By
from web.access import route
from web.addresses import own_address
from web.forms.queries import KINDS, AskForm, Forms, SeenForm, ask_form
from web.state import account, engine, now

blueprint = Blueprint("queries", __name__)
_LAST_PAGE = 1_000_000
_ONE = "/queries/<int(max=2147483647):query_id>"
_PAYOUT = "/queries/new/payout/<quarter:quarter>/<path:employee>"
_SCORE = "/queries/new/score/<quarter:quarter>/<path:metric>"


@route(blueprint, "/queries", Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """The queries that one may see: those that wait for one, those that one raised, or all."""
    chosen = _filter()
    with reading(engine()) as session:
        found = queries.list_queries(session, account(), chosen, now())
    return render_template("queries.html", found=found, chosen=chosen, shows=Show, states=State)


def _filter() -> Filter:
    """What the address asks for. Raises `NotFoundError` for what there is not to ask for."""
    named = request.args
    try:
        return Filter(
            Show(named["show"]) if named.get("show") else None,
            State(named["state"]) if named.get("state") else None,
            Quarter.parse(named["quarter"]) if named.get("quarter") else None,
            late=named.get("late") == "yes",
            page=min(max(1, named.get("page", 1, type=int)), _LAST_PAGE),
        )
    except ValueError:
        raise NotFoundError("Queries cannot be narrowed to that.") from None


@route(blueprint, _ONE, Permission.SIGNED_IN)
def show(query_id: int) -> ResponseReturnValue:
    """One query: its thread, what it is about, and what one may do."""
    view = _find(query_id)
    return _page(view, Forms(view))


def _find(query_id: int) -> QueryView:
    with reading(engine()) as session:
        return queries.find_query(session, account(), query_id, now())


def _page(view: QueryView, forms: Forms, problems: Iterable[Problem] = (), form: SeenForm | None = None) -> str:
    """The page of a query; `form` is the one that did not go through. Looks at others' pay are noted first."""
    about = view.query.about
    _note_look(about)
    return render_template(
        "query.html",
        view=view,
        query=view.query,
        forms=forms,
        wrong=form,
        problems=problems,
        done=DONE,
        kinds=KINDS,
        longest=LONGEST,
    )


@route(blueprint, _PAYOUT, Permission.SIGNED_IN)
def ask_payout(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """A form to ask about a payout, one of its lines or measures, or a hold."""
    return _asking(_payout_choices(quarter, employee))


@route(blueprint, _PAYOUT, Permission.SIGNED_IN, ("POST",))
def send_payout(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """Raise a query about a payout."""
    return _asked(_payout_choices(quarter, employee))


def _payout_choices(quarter: Quarter, employee: str) -> Callable[[Session], list[About]]:
    return lambda session: queries.payout_choices(session, account(), quarter, employee, now())


@route(blueprint, _SCORE, Permission.READ_SCORES)
def ask_score(quarter: Quarter, metric: str) -> ResponseReturnValue:
    """A form to ask about a unit's score of a metric."""
    return _asking(lambda session: queries.score_choices(session, quarter, metric))


@route(blueprint, _SCORE, Permission.READ_SCORES, ("POST",))
def send_score(quarter: Quarter, metric: str) -> ResponseReturnValue:
    """Raise a query about a unit's score."""
    return _asked(lambda session: queries.score_choices(session, quarter, metric))


def _asking(load: Callable[[Session], list[About]]) -> ResponseReturnValue:
    with reading(engine()) as session:
        choices = load(session)
    named = request.args.get("about", "")
    chosen = named if named in {each.key for each in choices} else choices[0].key
    return _ask_page(choices, ask_form(choices, chosen))


def _ask_page(choices: list[About], form: AskForm) -> str:
    """The form. It shows figures of others' pay, where it does, so that is noted first."""
    first, seen = choices[0], query_moves.seen_of(choices)
    _note_look(first)
    may_ask = queries.may_ask(account(), first.employee)
    return render_template(
        "query_ask.html", choices=choices, first=first, form=form, may_ask=may_ask, seen=seen, longest=LONGEST
    )


def _note_look(about: About) -> None:
    """Note that somebody else's pay is about to be shown. Where that cannot be noted, nothing is."""
    if about.employee and about.employee != account().employee:
        with noting(engine()) as session:
            reads.note_read(session, account(), about.quarter, [about.employee], now())


def _asked(load: Callable[[Session], list[About]]) -> ResponseReturnValue:
    with reading(engine()) as session:
        choices = load(session)
    form = ask_form(choices, choices[0].key)
    if not form.validate():
        return _ask_page(choices, form), 422
    try:
        with writing(engine()) as session:
            choices = load(session)
            told = form.about.data or "", form.seen.data or "", form.words.data or ""
            number = query_moves.raise_query(session, _by(), choices, *told)
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _ask_page(choices, form), _status(refused)
    flash(f"Query {number} is sent. You find what becomes of it here, and a mail tells you when it is answered.")
    return redirect(url_for("queries.show", query_id=number))


def _by() -> By:
    return By(account(), now(), _where)


def _where(number: int) -> str:
    """The address of a query's page for a mail; empty where nobody told the application its own."""
    with suppress(LoyaltyPayError):
        return own_address() + url_for("queries.show", query_id=number)
    return ""


def _status(refused: RefusedError) -> int:
    return 409 if isinstance(refused, ChangedError) else 422


@route(blueprint, f"{_ONE}/say", Permission.SIGNED_IN, ("POST",))
def say(query_id: int) -> ResponseReturnValue:
    """Answer, ask back or reply."""

    def write(session: Session, by: By, view: QueryView, forms: Forms) -> str:
        query_moves.say(session, by, view, forms.say.chosen, forms.say.words.data or "")
        return "Your reply is sent." if forms.say.chosen is Act.REPLY else "Whoever asked is told by mail."

    return _acted(query_id, lambda forms: forms.say, write)


@route(blueprint, f"{_ONE}/hand-on", Permission.SIGNED_IN, ("POST",))
def hand_on(query_id: int) -> ResponseReturnValue:
    """Let somebody else answer."""

    def give(session: Session, by: By, view: QueryView, forms: Forms) -> str:
        name = query_moves.hand_on(session, by, view, forms.hand.owner.data or "", forms.hand.note.data or "")
        return f"The query is handed on to {name}."

    return _acted(query_id, lambda forms: forms.hand, give)


@route(blueprint, f"{_ONE}/close", Permission.SIGNED_IN, ("POST",))
def close(query_id: int) -> ResponseReturnValue:
    """Close a query with what became of it."""

    def end(session: Session, by: By, view: QueryView, forms: Forms) -> str:
        said = forms.close.answered_by.data or "", forms.close.reason.data or ""
        query_moves.close(session, by, view, forms.close.chosen, *said)
        return "The query is closed."

    return _acted(query_id, lambda forms: forms.close, end)


@route(blueprint, f"{_ONE}/accept", Permission.SIGNED_IN, ("POST",))
def accept(query_id: int) -> ResponseReturnValue:
    """Take the answer as the end of one's own query."""

    def end(session: Session, by: By, view: QueryView, _forms: Forms) -> str:
        query_moves.accept(session, by, view)
        return "The query is closed: it is explained."

    return _acted(query_id, lambda forms: forms.seen, end)


@route(blueprint, f"{_ONE}/withdraw", Permission.SIGNED_IN, ("POST",))
def withdraw(query_id: int) -> ResponseReturnValue:
    """Take one's own query back."""

    def end(session: Session, by: By, view: QueryView, _forms: Forms) -> str:
        query_moves.withdraw(session, by, view)
        return "The query is withdrawn."

    return _acted(query_id, lambda forms: forms.seen, end)


def _acted(
    query_id: int, of: Callable[[Forms], SeenForm], do: Callable[[Session, By, QueryView, Forms], str]
) -> ResponseReturnValue:
    """Do what a form asks for with a query as it was seen; show the page again where that cannot be."""
    view = _find(query_id)
    forms = Forms(view)
    form = of(forms)
    if not form.validate():
        return _page(view, forms, form=form), 422
    try:
        with writing(engine()) as session:
            seen = queries.require_unchanged(session, account(), query_id, form.seen.data or "", now())
            told = do(session, _by(), seen, forms)
    except RefusedError as refused:
        return _refused(_find(query_id), of, refused)
    flash(told)
    return redirect(url_for("queries.show", query_id=query_id))


def _refused(view: QueryView, of: Callable[[Forms], SeenForm], refused: RefusedError) -> ResponseReturnValue:
    """The page as it is now, with what was typed and why it was not done."""
    forms = Forms(view)
    of(forms).form_errors.append(str(refused))
    return _page(view, forms, refused.problems, of(forms)), _status(refused)
