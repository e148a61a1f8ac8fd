"""Asking whoever is signed in to prove again who they are, before what is sensitive."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.roles import Permission
from comp.services import accounts, factors
from web import access, local_accounts
from web.access import route
from web.account_store import User
from web.addresses import asked_next
from web.forms.accounts import ProofForm
from web.state import account, engine, now, state
from web.views.accounts import is_admitted_by_code

blueprint = Blueprint("proof", __name__)
_WRONG = "That is not right, or there were too many attempts."


@route(blueprint, "/confirm", Permission.SIGNED_IN, ("GET", "POST"))
def ask() -> ResponseReturnValue:
    """Ask for the password or a code, or send on to the identity provider. Whoever has none of these signs in anew."""
    user = local_accounts.own_user()
    with reading(engine()) as session:
        has_passkey = bool(factors.passkeys_of(session, account().id))
    settings = state().settings
    is_local = settings.local_sign_in and bool(user.password or user.tf_totp_secret or has_passkey)
    if not (is_local or settings.oidc_issuer):
        return redirect(url_for("accounts.sign_in", next=asked_next()))
    form = ProofForm()
    if is_local and form.validate_on_submit():
        if _is_proved(user, form.password.data or "", form.code.data or ""):
            return redirect(asked_next() or url_for("home.show"))
        form.form_errors.append(_WRONG)
    known = {"user": user, "has_passkey": is_local and has_passkey, "is_local": is_local, "settings": settings}
    return render_template("confirm.html", form=form, **known), 422 if form.errors else 200


def _is_proved(user: User, password: str, code: str) -> bool:
    if code:
        is_proved, how = is_admitted_by_code(user, code), "code"
    else:
        is_proved, how = is_admitted_by_password(user, password), "password"
    if is_proved:
        access.confirm(how)
    return is_proved


def is_admitted_by_password(user: User, password: str) -> bool:
    """Whether a password is the account's own, with as many attempts as signing in has."""
    is_right = local_accounts.is_password_of(user, password)
    local_accounts.use_up()
    with writing(engine()) as session:
        known = accounts.admit(
            session, user.email, user.password or "", now(), is_right=is_right, device=access.device()
        )
        return known is not None
