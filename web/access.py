"""Who may use which route: every one is registered with what it needs, and nothing else is served."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading
from comp.roles import Permission
from comp.services.accounts import find_account
from web.state import engine

PUBLIC = "public"
"""What a route needs that strangers may use."""

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


def sign_in(account_id: int, epoch: int) -> None:
    """Start a session for an account."""
    session.clear()
    session.permanent = True
    session["account"], session["epoch"] = account_id, epoch


def sign_out() -> None:
    """End the session."""
    session.clear()


def _check() -> ResponseReturnValue | None:
    g.account = _signed_in()
    if request.endpoint is None:
        return None
    need = need_of(request.endpoint)
    if need == PUBLIC:
        return None
    if g.account is None:
        return redirect(url_for("accounts.sign_in", next=_here()))
    if need not in g.account.permissions:
        abort(404)
    return None


def _here() -> str | None:
    """The address that was asked for, to come back to; None where it was no page or the home page."""
    if request.method != "GET" or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def _signed_in() -> object:
    account_id, epoch = session.get("account"), session.get("epoch")
    if not isinstance(account_id, int) or not isinstance(epoch, int):
        return None
    with reading(engine()) as database:
        return find_account(database, account_id, epoch)
