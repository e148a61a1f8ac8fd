"""Passkeys: adding and removing one's own, signing in with one, and proving with one who one is."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import NotFoundError
from comp.roles import Account, Permission
from comp.services import factors
from web import access, passkeys
from web.access import PUBLIC, route
from web.addresses import asked_next
from web.forms.accounts import SignInForm
from web.state import account, engine, now, state

blueprint = Blueprint("passkeys", __name__)
_JSON = "application/json"
_REFUSED = "The passkey did not open anything. Try it again, or sign in with your password."


@route(blueprint, "/account/passkeys/options", Permission.SIGNED_IN, ("POST",), fresh=True, local=True)
def creation() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    with reading(engine()) as session:
        known = factors.passkeys_of(session, account().id)
    return Response(passkeys.creation_options(account(), known), mimetype=_JSON)


@route(blueprint, "/account/passkeys", Permission.SIGNED_IN, ("POST",), fresh=True, local=True)
def add() -> ResponseReturnValue:
    """Store the passkey that the browser made."""
    made = passkeys.created(request.form.get("credential", ""), account(), request.form.get("name", ""))
    if made is None:
        flash("The browser made no passkey that can be used. Try it again.")
        return redirect(url_for("account.show"))
    with writing(engine()) as session:
        factors.add_passkey(session, account(), made, now())
    flash("The passkey is added. You may sign in with it from now on.")
    return redirect(url_for("account.show"))


@route(blueprint, "/account/passkeys/remove", Permission.SIGNED_IN, ("POST",), fresh=True, local=True)
def remove() -> ResponseReturnValue:
    """Remove one of one's own passkeys."""
    with writing(engine()) as session:
        factors.remove_passkey(session, account(), request.form.get("passkey", ""), now())
    flash("The passkey is removed.")
    return redirect(url_for("account.show"))


@route(blueprint, "/passkey/options", PUBLIC, ("POST",), local=True)
def proof() -> ResponseReturnValue:
    """What the browser needs to prove a passkey; the same for everybody, so that it tells nothing of anybody."""
    return Response(passkeys.proof_options([]), mimetype=_JSON)


@route(blueprint, "/sign-in/passkey", PUBLIC, ("POST",), local=True)
def sign_in() -> ResponseReturnValue:
    """Sign in with a passkey, which is both something one has and something one is or knows."""
    opened = _opened()
    if opened is None:
        form = SignInForm(formdata=None)
        form.form_errors.append(_REFUSED)
        return render_template("sign_in.html", form=form, settings=state().settings), 422
    there = asked_next() or url_for("home.show")
    access.sign_in(opened, "passkey")
    return redirect(there)


@route(blueprint, "/confirm/passkey", Permission.SIGNED_IN, ("POST",), local=True)
def confirm() -> ResponseReturnValue:
    """Prove with one's own passkey that it is still oneself."""
    opened = _opened()
    if opened is None or opened.id != account().id:
        flash(_REFUSED)
        return redirect(url_for("proof.ask", next=asked_next()))
    access.confirm("passkey")
    return redirect(asked_next() or url_for("home.show"))


def _opened() -> Account | None:
    """The account that the browser's answer opens; None for none."""
    answer = request.form.get("credential", "")
    with reading(engine()) as session:
        passkey = factors.find_passkey(session, passkeys.named(answer))
    count = passkeys.proved(answer, passkey)
    if passkey is None or count is None:
        return None
    try:
        with writing(engine()) as session:
            return factors.use_passkey(session, passkey, count, now())
    except NotFoundError:
        return None
