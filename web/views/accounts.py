"""Signing in and out, and how pages look."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import writing
from comp.roles import Permission
from comp.services import accounts
from web import access
from web.access import PUBLIC, route
from web.addresses import asked_next
from web.forms.accounts import SignInForm
from web.presentation import THEMES
from web.state import account, engine, now, state

blueprint = Blueprint("accounts", __name__)
_A_YEAR = 365 * 24 * 3600


@route(blueprint, "/sign-in", PUBLIC, ("GET", "POST"))
def sign_in() -> ResponseReturnValue:
    """The form, and what it opens."""
    form = SignInForm()
    if request.method == "POST" and not state().settings.local_sign_in:
        abort(404)
    if form.validate_on_submit():
        with writing(engine()) as session:
            known = accounts.sign_in(session, form.email.data or "", form.password.data or "", now())
        if known:
            access.sign_in(known)
            return redirect(asked_next() or url_for("home.show"))
        form.form_errors.append("The address and the password do not belong together, or there were too many attempts.")
    return render_template("sign_in.html", form=form, settings=state().settings), 422 if form.errors else 200


@route(blueprint, "/sign-out", Permission.SIGNED_IN, ("POST",))
def sign_out() -> ResponseReturnValue:
    """End the session, and every other of the account."""
    with writing(engine()) as session:
        accounts.end_sessions(session, account())
    access.sign_out()
    return redirect(url_for("accounts.sign_in"))


@route(blueprint, "/theme", PUBLIC, ("POST",))
def choose_theme() -> ResponseReturnValue:
    """Light, dark, or as the device has it."""
    theme = request.form.get("theme", "auto")
    response = redirect(asked_next() or url_for("home.show"))
    if theme in THEMES:
        secure = state().settings.secure_cookies
        response.set_cookie("theme", theme, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return response
