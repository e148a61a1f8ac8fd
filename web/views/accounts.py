"""Signing in and out, and how pages look."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from comp.db import writing
from comp.roles import Account, Permission
from comp.services import accounts
from web import access, local_accounts
from web.access import PUBLIC, route
from web.account_store import User
from web.addresses import asked_next
from web.forms.accounts import CodeForm, SignInForm
from web.presentation import THEMES
from web.security import cookie_name
from web.state import engine, now, state
from web.views import provider

blueprint = Blueprint("accounts", __name__)
_A_YEAR = 365 * 24 * 3600
_HALF = "half signed in"
_TIME_FOR_A_CODE = timedelta(minutes=10)
_WRONG = "The address and the password do not belong together, or there were too many attempts."
_WRONG_CODE = "This is not the code, it was used already, or there were too many attempts."


@route(blueprint, "/sign-in", PUBLIC, ("GET", "POST"))
def sign_in() -> ResponseReturnValue:
    """The form, and what it opens."""
    form = SignInForm()
    if request.method == "POST" and not state().settings.local_sign_in:
        abort(404)
    if form.validate_on_submit():
        user = _admitted(form.email.data or "", form.password.data or "")
        if user and user.tf_totp_secret:
            session[_HALF] = [user.fs_uniquifier, (now() + _TIME_FOR_A_CODE).isoformat()]
            return redirect(url_for("accounts.code", next=asked_next()))
        if user:
            return _signed_in(user.account, "password")
        form.form_errors.append(_WRONG)
    return render_template("sign_in.html", form=form, settings=state().settings), 422 if form.errors else 200


def _admitted(email: str, password: str) -> User | None:
    """The user whom an address and a password open. The password is compared before the transaction begins."""
    user = local_accounts.store().find_user(email=email)
    is_right = local_accounts.is_password_of(user, password)
    local_accounts.use_up()
    with writing(engine()) as database:
        known = accounts.admit(
            database, email, (user and user.password) or "", now(), is_right=is_right, device=access.device()
        )
    return user if known else None


@route(blueprint, "/sign-in/code", PUBLIC, ("GET", "POST"), local=True)
def code() -> ResponseReturnValue:
    """The second step for whoever has an authenticator app."""
    user = _half_signed_in()
    if user is None:
        return redirect(url_for("accounts.sign_in", next=asked_next()))
    form = CodeForm()
    if form.validate_on_submit():
        if is_admitted_by_code(user, form.code.data or ""):
            return _signed_in(user.account, "password and code")
        form.form_errors.append(_WRONG_CODE)
    return render_template("sign_in_code.html", form=form), 422 if form.errors else 200


def is_admitted_by_code(user: User, code: str) -> bool:
    """Whether a code opens an account, which it does once."""
    is_right = local_accounts.is_code_of(user, code)
    with writing(engine()) as database:
        known = accounts.admit(
            database, user.email, user.password or "", now(), is_right=is_right, device=access.device()
        )
    return known is not None and local_accounts.use_up()


def _half_signed_in() -> User | None:
    """Whoever gave the password a moment ago."""
    uniquifier, until = session.get(_HALF, ("0.0", datetime.min.replace(tzinfo=now().tzinfo).isoformat()))
    return local_accounts.store().find_user(fs_uniquifier=uniquifier) if datetime.fromisoformat(until) > now() else None


def _signed_in(account: Account, how: str) -> ResponseReturnValue:
    there = asked_next() or url_for("home.show")
    access.sign_in(account, how)
    return redirect(there)


@route(blueprint, "/sign-out", Permission.SIGNED_IN, ("POST",))
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    there = "provider.leave" if provider.began_there() else "accounts.sign_in"
    access.sign_out()
    return redirect(url_for(there))


@route(blueprint, "/theme", PUBLIC, ("POST",))
def choose_theme() -> ResponseReturnValue:
    """Light, dark, or as the device has it."""
    theme = request.form.get("theme", "auto")
    response = redirect(asked_next() or url_for("home.show"))
    if theme in THEMES:
        secure = state().settings.secure_cookies
        response.set_cookie(
            cookie_name("theme", state().settings), theme, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure
        )
    return response
