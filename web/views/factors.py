"""An authenticator app as a second factor, and the recovery codes for when it is lost."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from comp.roles import Permission
from web import local_accounts
from web.access import route
from web.account_store import User
from web.forms.accounts import CodeForm

blueprint = Blueprint("factors", __name__)
_SECRET = "app secret"  # noqa: S105 - the name of what the cookie holds, encrypted


@route(blueprint, "/account/app", Permission.SIGNED_IN, ("GET", "POST"), fresh=True, local=True)
def set_up() -> ResponseReturnValue:
    """A secret to be put into an app, which shows a code to prove it; then the recovery codes, once."""
    user = local_accounts.own_user()
    secret = session.setdefault(_SECRET, local_accounts.new_app_secret())
    form = CodeForm()
    if form.validate_on_submit():
        if local_accounts.is_app_code(user, secret, "".join((form.code.data or "").split())):
            session.pop(_SECRET)
            return _recovery_codes(local_accounts.set_app(user, secret))
        form.form_errors.append("This is not the code that the app shows now. Check the time of your telephone.")
    return _set_up_page(user, secret, form), 422 if form.errors else 200


def _set_up_page(user: User, secret: str, form: CodeForm) -> str:
    picture, key = local_accounts.app_picture(user, secret), local_accounts.app_key(secret)
    return render_template("app.html", form=form, picture=picture, key=key)


def _recovery_codes(codes: list[str]) -> str:
    return render_template("recovery_codes.html", codes=codes)


@route(blueprint, "/account/recovery-codes", Permission.SIGNED_IN, ("POST",), fresh=True, local=True)
def renew() -> ResponseReturnValue:
    """New recovery codes for whoever has an app."""
    user = local_accounts.own_user()
    if user.tf_totp_secret is None:
        return redirect(url_for("account.show"))
    return _recovery_codes(local_accounts.renew_recovery_codes(user))


@route(blueprint, "/account/app/remove", Permission.SIGNED_IN, ("POST",), fresh=True, local=True)
def remove() -> ResponseReturnValue:
    """Ask for no codes any more."""
    local_accounts.remove_app(local_accounts.own_user())
    flash("No codes are asked for any more when you sign in.")
    return redirect(url_for("account.show"))
