"""Who may use which route: every one is registered with what it needs, and nothing else is served."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading
from comp.roles import Account, Permission
from comp.services.accounts import find_account
from web.state import engine, now

PUBLIC = "public"
"""What a route needs that strangers may use."""

LONGEST_SESSION = timedelta(hours=12)
_SIGNED_IN = "signed in"
View = TypeVar("View", bound=Callable[..., Any])  # a view takes whatever its address holds
_NEEDS: dict[str, Permission | str] = {"static": PUBLIC}


def route(
    blueprint: Blueprint, rule: str, needs: Permission | str, methods: tuple[str, ...] = ("GET",)
) -> Callable[[View], View]:
    """Register a view together with what it needs."""

    def register(view: View) -> View:
        _NEEDS[f"{blueprint.name}.{view.__name__}"] = needs
        blueprint.add_url_rule(rule, view_func=view, methods=list(methods))
        return view

    return register


def need_of(endpoint: str) -> Permission | str:
    """What an endpoint needs. `KeyError` for one that is not registered."""
    return _NEEDS[endpoint]


def require_registration(app: Flask) -> None:
    """Raise `RuntimeError` where a route does not say who may use it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in _NEEDS:
            raise RuntimeError(f"{rule} does not say who may use it: register it with `web.access.route`")


def install(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(_check)


def sign_in(account: Account) -> None:
    """Start a session for an account. It ends after twelve hours, whatever is done in it."""
    session.clear()
    session.permanent = True
    until = now() + LONGEST_SESSION
    session[_SIGNED_IN] = [account.id, account.epoch, until.isoformat()]


def sign_out() -> None:
    """End the session."""
    session.clear()


def _check() -> ResponseReturnValue | None:
    g.account = None if request.endpoint == "static" else _signed_in()
    if request.endpoint is None:
        return None
    need = need_of(request.endpoint)
    if need == PUBLIC:
        return None
    if g.account is None:
        return _to_sign_in()
    if need not in g.account.permissions:
        abort(404)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Send a stranger to the form; where htmx asked for a part of a page, let it load the whole page there."""
    there = url_for("accounts.sign_in", next=_here())
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": there})
    return redirect(there)


def _here() -> str | None:
    """The address that was asked for, to come back to; None where it was no page or the home page."""
    if request.method != "GET" or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def _signed_in() -> Account | None:
    if _SIGNED_IN not in session:
        return None
    account_id, epoch, until = session[_SIGNED_IN]
    if datetime.fromisoformat(until) <= now():
        return None
    with reading(engine()) as database:
        return find_account(database, account_id, epoch)
