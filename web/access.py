"""Who may use which route: every one is registered with what it needs, and nothing else is served."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from comp.db import mark, noting, reading, writing
from comp.errors import NotFoundError
from comp.roles import Account, Permission
from comp.services import devices, reads, relations, sessions
from comp.services.sessions import SignedIn
from comp.tokens import Scope
from web.api import bearer
from web.api.problems import PREFIX, is_api
from web.devices import device_words
from web.security import cookie_name
from web.state import engine, now, signed_in, state

PUBLIC = "public"
"""What a route needs that strangers may use."""

FRESH_FOR = timedelta(minutes=10)
"""How long a proof of who one is opens what is sensitive."""

_DEVICE = "device"
_TOKEN = "signed in"  # noqa: S105 - the name of what the cookie holds
View = TypeVar("View", bound=Callable[..., Any])  # a view takes whatever its address holds
_NEEDS: dict[str, Permission | str] = {"static": PUBLIC}
_FRESH: set[str] = set()
_LOCAL: set[str] = set()
_SCOPES: dict[str, Scope] = {}


def route(
    blueprint: Blueprint,
    rule: str,
    needs: Permission | str,
    methods: tuple[str, ...] = ("GET",),
    *,
    fresh: bool = False,
    local: bool = False,
) -> Callable[[View], View]:
    """Register a view together with what it needs.

    A `fresh` one is for those only who proved within ten minutes who they are; a `local` one is there only while people
    sign in with accounts that are kept here.
    """

    def register(view: View) -> View:
        endpoint = f"{blueprint.name}.{view.__name__}"
        _NEEDS[endpoint] = needs
        _FRESH.update({endpoint} if fresh else ())
        _LOCAL.update({endpoint} if local else ())
        blueprint.add_url_rule(rule, view_func=view, methods=list(methods))
        return view

    return register


def token_route(blueprint: Blueprint, rule: str, scope: Scope, method: str) -> Callable[[View], View]:
    """Register a view of the API, for tokens that have a scope and never for browsers."""

    def register(view: View) -> View:
        endpoint = f"{blueprint.name}.{view.__name__}"
        _NEEDS[endpoint], _SCOPES[endpoint] = scope.needs, scope
        blueprint.add_url_rule(rule, view_func=view, methods=[method], provide_automatic_options=False)
        return view

    return register


def need_of(endpoint: str) -> Permission | str:
    """What an endpoint needs. `KeyError` for one that is not registered."""
    return _NEEDS[endpoint]


def scope_of(endpoint: str) -> Scope | None:
    """What a token must be for to use an endpoint; None where no token opens it."""
    return _SCOPES.get(endpoint)


def require_registration(app: Flask) -> None:
    """Raise `RuntimeError` where a route does not say who may use it, or one of the API for which tokens it is."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in _NEEDS:
            raise RuntimeError(f"{rule} does not say who may use it: register it with `web.access.route`")
        if rule.rule.startswith(PREFIX) and _NEEDS[rule.endpoint] != PUBLIC and rule.endpoint not in _SCOPES:
            raise RuntimeError(f"{rule} does not say which scope it needs: register it with `web.api.routing`")


def install(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(_check)
    app.after_request(_let_it_be_known)


def sign_in(account: Account, how: str, proved_at: datetime | None = None) -> None:
    """Start a session for an account, whose person proved themselves now or then, and end the one that the browser had.

    Raises `RefusedError` for a closed account and for somebody who has left the company.
    """
    sign_out()
    with writing(engine()) as database:
        token = sessions.begin(database, account, device_words(request.user_agent.string), how, now(), proved_at)
        g.device = devices.recognise(database, account, device(), now())
    _keep(token)


def confirm(how: str) -> None:
    """Remember that whoever is signed in proved themselves again."""
    with writing(engine()) as database:
        token = sessions.prove(database, signed_in(), how, now())
        g.device = devices.recognise(database, signed_in().account, device(), now())
    _keep(token)


def sign_out() -> None:
    """End the browser's session, if it has one."""
    found: SignedIn | None = g.get("signed_in")
    if found is not None:
        with suppress(NotFoundError), writing(engine()) as database:
            sessions.end(database, found.account, found.id, now())
    session.clear()


def device() -> str:
    """What the browser was given when somebody signed in there; empty in one that is new."""
    return request.cookies.get(cookie_name(_DEVICE, state().settings), "")


def _let_it_be_known(response: Response) -> Response:
    """Let a browser in which somebody signed in be known the next time, whoever fails elsewhere meanwhile."""
    if "device" in g:
        secure, name = state().settings.secure_cookies, cookie_name(_DEVICE, state().settings)
        response.set_cookie(name, g.device, max_age=devices.KEPT, httponly=True, samesite="Lax", secure=secure)
    return response


def idle_limit() -> timedelta:
    """How long a session may rest."""
    return timedelta(minutes=state().settings.idle_minutes)


def _keep(token: str) -> None:
    session.permanent = True
    session[_TOKEN] = token


def _check() -> ResponseReturnValue | None:
    if is_api():
        _check_token()
        return None
    g.signed_in, g.granted = (None, frozenset()) if request.endpoint == "static" else _found()
    g.account = g.signed_in.account if g.signed_in else None
    endpoint = request.endpoint
    if endpoint is None:
        return None
    if endpoint in _LOCAL and not state().settings.local_sign_in:
        abort(404)
    need = need_of(endpoint)
    if need == PUBLIC:
        return None
    if g.signed_in is None:
        return _sent_to(url_for("accounts.sign_in", next=_here()))
    if need not in g.granted:
        note_refused(endpoint)
        abort(404)
    if endpoint in _FRESH and now() - g.signed_in.proved_at >= FRESH_FOR:
        return _to_proof()
    _refuse_other_ids()
    return None


def _check_token() -> None:
    """Let a token in, whatever cookies came with it: they say nothing here."""
    g.signed_in, g.granted, g.account = None, frozenset(), None
    if request.endpoint is not None and need_of(request.endpoint) != PUBLIC:
        bearer.admit(_SCOPES[request.endpoint])


def note_refused(place: str, kind: str = "", name: str = "") -> None:
    """Let the audit chain know that somebody who is signed in asked for what is not there for them."""
    with noting(engine()) as database:
        reads.note_refused(database, g.account, place, now(), kind, name)


def _refuse_other_ids() -> None:
    """A form that names another thing than its address does was put together by nobody's page."""
    for name, value in (request.view_args or {}).items():
        if any(text != str(value) for text in request.form.getlist(name)):
            abort(400)


def _to_proof() -> ResponseReturnValue:
    """Ask for a proof, and then go on where one was: at the page that was asked for, or that a button stands on."""
    if request.method == "GET":
        return _sent_to(url_for("proof.ask", next=_here()))
    flash("Confirm that it is you. Then press the button again.")
    return _sent_to(url_for("proof.ask", next=urlsplit(request.referrer or "").path or None))


def _sent_to(there: str) -> ResponseReturnValue:
    """Send somebody elsewhere; where htmx asked for a part of a page, let it load the whole page there."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": there})
    return redirect(there)


def _here() -> str | None:
    """The address that was asked for, to come back to; None where it was no page or the home page."""
    if request.method != "GET" or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def _found() -> tuple[SignedIn | None, frozenset[Permission]]:
    """The session of the browser, which is noted as in use, and everything that whoever it belongs to may do."""
    token = session.get(_TOKEN)
    if not isinstance(token, str):
        return None, frozenset()
    with reading(engine()) as database:
        found = sessions.find(database, token, idle_limit(), now())
        granted = relations.granted(database, found.account, now()) if found else frozenset()
    if found and found.is_due(now()):
        mark(engine(), lambda database: sessions.note_seen(database, found, now()))
    return found, granted
