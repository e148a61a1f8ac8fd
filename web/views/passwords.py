"""A new password for whoever forgot the one before: by a link that is sent, opens once, and not for long."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import writing
from comp.errors import RefusedError
from comp.services import accounts
from web import local_accounts
from web.access import PUBLIC, route
from web.account_store import User
from web.addresses import own_address
from web.forms.accounts import ForgotForm, NewPasswordForm, PasswordForm
from web.state import engine, now

blueprint = Blueprint("passwords", __name__)
_SENT = "If this address has an account, a link is on its way to it. It opens once, for an hour."


@route(blueprint, "/forgot", PUBLIC, ("GET", "POST"), local=True)
def forgot() -> ResponseReturnValue:
    """The form that asks for a link. Its answer is the same for every address."""
    form = ForgotForm()
    if form.validate_on_submit():
        _ask(form.email.data or "")
        flash(_SENT)
        return redirect(url_for("accounts.sign_in"))
    return render_template("forgot.html", form=form), 422 if form.errors else 200


def _ask(email: str) -> None:
    """Let the link be sent. For an unknown address one is made too, and thrown away: that takes as long."""
    user = local_accounts.store().find_user(email=email)
    token = local_accounts.reset_token(user or local_accounts.nobody())
    link = own_address() + url_for("passwords.reset", token=token)
    with writing(engine()) as session:
        accounts.ask_for_reset(session, email, link, now())


@route(blueprint, "/reset/<token>", PUBLIC, ("GET", "POST"), local=True)
def reset(token: str) -> ResponseReturnValue:
    """The form that a link leads to. Whoever uses it is signed out everywhere, and signs in anew."""
    user = local_accounts.user_of_token(token)
    if user is None:
        return render_template("reset_over.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit() and takes_password(form, user):
        with writing(engine()) as session:
            accounts.note_reset(session, user.account, now())
        flash("Your password is changed. Sign in with it.")
        return redirect(url_for("accounts.sign_in"))
    return render_template("reset.html", form=form, user=user), 422 if form.errors else 200


def takes_password(form: NewPasswordForm | PasswordForm, user: User) -> bool:
    """Whether the new password of a form is the account's from now on; where it cannot be, the form says why."""
    try:
        local_accounts.change_password(user, form.password.data or "")
    except RefusedError as refused:
        form.password.errors = [*form.password.errors, str(refused)]
        return False
    return True
