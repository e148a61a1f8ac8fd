"""Signing in with the company's identity provider: there and back."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from comp.db import writing
from comp.errors import RefusedError
from comp.services import audit, identities
from comp.services.identities import Vouched
from web import access, provider
from web.access import PUBLIC, route
from web.addresses import asked_next
from web.provider import DistrustError, SilentError
from web.state import engine, now, state

blueprint = Blueprint("provider", __name__)
_NEXT, _AGAIN, _THERE = "after the provider", "asked again", "began at the provider"


@route(blueprint, "/sign-in/company", PUBLIC)
def start() -> ResponseReturnValue:
    """Go to the provider, with `again` to be asked for a proof there. Nothing is stored but what this browser keeps."""
    _require_provider()
    again = "again" in request.args
    try:
        there = provider.ask(again=again)
    except (DistrustError, SilentError):
        return _page("silent", 503)
    session[_NEXT], session[_AGAIN] = asked_next(), now().isoformat() if again else ""
    return there


@route(blueprint, "/sign-in/company/back", PUBLIC)
def come_back() -> ResponseReturnValue:
    """Come back from the provider, signed in or told why not."""
    _require_provider()
    was_asked, there, again = provider.was_asked(), session.pop(_NEXT, None), session.pop(_AGAIN, "")
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
    proved_at = _proved_at(who, again)
    try:
        access.sign_in(account, "identity provider", proved_at)
    except RefusedError:
        return _page("unknown", 403)
    session[_THERE] = True
    if again and now() - proved_at >= access.FRESH_FOR:
        return _page("not again", 403)
    return redirect(there or url_for("home.show"))


def _proved_at(who: Vouched, again: str) -> datetime:
    """When the person proved themselves: as the provider tells, else now where it was to ask them, else too long ago.

    A provider that knows somebody from this morning vouches without asking: that opens nothing sensitive.
    """
    return who.proved_at or (now() if again else now() - access.FRESH_FOR)


@route(blueprint, "/sign-out/company", PUBLIC)
def leave() -> ResponseReturnValue:
    """Go on to sign out at the provider. A page of its own: forms may lead nowhere else, not even by a redirect."""
    _require_provider()
    there = provider.way_out()
    if there is None:
        return redirect(url_for("accounts.sign_in"))
    page = render_template("signed_out.html", there=there, settings=state().settings)
    return page, {"Refresh": f"0; url={there}"}


def began_there() -> bool:
    """Whether the browser's session began at the provider."""
    return bool(state().settings.oidc_issuer and session.get(_THERE))


def _require_provider() -> None:
    if not state().settings.oidc_issuer:
        abort(404)


def _note_distrust() -> None:
    """Note what followed on a sign-in that this browser began; what strangers make up is not worth an entry."""
    with writing(engine()) as database:
        audit.note(database, state().settings.oidc_issuer, now(), "sign-in refused", "sign-in", why="not proved")


def _page(why: str, status: int) -> tuple[str, int]:
    return render_template("sign_in_refused.html", why=why), status
