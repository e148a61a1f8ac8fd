"""Signing in with the company's identity provider: there and back."""

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from comp.db import writing
from comp.errors import RefusedError
from comp.services import audit, identities
from web import access, provider
from web.access import PUBLIC, route
from web.addresses import asked_next
from web.provider import DistrustError, SilentError
from web.state import engine, now, state

blueprint = Blueprint("provider", __name__)
_NEXT = "after the provider"


@route(blueprint, "/sign-in/company", PUBLIC)
def start() -> ResponseReturnValue:
    """Go to the provider. Nothing is stored but what this browser keeps."""
    _require_provider()
    try:
        there = provider.ask()
    except (DistrustError, SilentError):
        return _page("silent", 503)
    session[_NEXT] = asked_next()
    return there


@route(blueprint, "/sign-in/company/back", PUBLIC)
def come_back() -> ResponseReturnValue:
    """Come back from the provider, signed in or told why not."""
    _require_provider()
    was_asked, there = provider.was_asked(), session.pop(_NEXT, None)
    try:
        who = provider.answer()
    except SilentError:
        return _page("silent", 503)
    except DistrustError:
        if was_asked:
            _note_distrust()
        return _page("unproved", 400)
    finally:
        provider.forget()
    with writing(engine()) as database:
        creates = state().settings.oidc_create_accounts
        account = identities.sign_in(database, who, now(), creates_accounts=creates)
    if account is None:
        return _page("unknown", 403)
    try:
        access.sign_in(account, "identity provider")
    except RefusedError:
        return _page("unknown", 403)
    return redirect(there or url_for("home.show"))


def _require_provider() -> None:
    if not state().settings.oidc_issuer:
        abort(404)


def _note_distrust() -> None:
    """Note what followed on a sign-in that this browser began; what strangers make up is not worth an entry."""
    with writing(engine()) as database:
        audit.note(database, state().settings.oidc_issuer, now(), "sign-in refused", "sign-in", why="not proved")


def _page(why: str, status: int) -> tuple[str, int]:
    return render_template("sign_in_refused.html", why=why), status
