"""One's own account: name, password, second factors, passkeys and the browsers that are signed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.locales import LOCALES
from comp.roles import Permission
from comp.services import accounts, factors, sessions
from web import access, local_accounts
from web.access import route
from web.forms.accounts import LocaleForm, NameForm, PasswordForm
from web.locales import number_format, readers
from web.state import account, engine, now, signed_in, state
from web.views.passwords import takes_password
from web.views.proof import is_admitted_by_password

blueprint = Blueprint("account", __name__)


@route(blueprint, "/account", Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """Everything of one's account on one page."""
    return _page(NameForm(name=account().name), PasswordForm())


def _page(name: NameForm, password: PasswordForm) -> ResponseReturnValue:
    user = local_accounts.own_user()
    with reading(engine()) as session:
        found = sessions.of_account(session, account(), access.idle_limit(), now())
        passkeys = factors.passkeys_of(session, account().id)
    page = render_template(
        "account.html",
        name=name,
        locale=LocaleForm(formdata=None, locale=readers().tag),
        examples=[(each, number_format(each)) for each in LOCALES],
        asked_for=_asked_for(),
        now=now(),
        password=password,
        user=user,
        sessions=found,
        here=signed_in(),
        passkeys=passkeys,
        local=state().settings.local_sign_in,
    )
    return page, 422 if name.errors or password.errors else 200


@route(blueprint, "/account/name", Permission.SIGNED_IN, ("POST",))
def rename() -> ResponseReturnValue:
    """Change the name that pages show."""
    form = NameForm()
    if not form.validate():
        return _page(form, PasswordForm(formdata=None))
    with writing(engine()) as session:
        accounts.rename(session, account(), form.name.data or "", now())
    flash("Your name is changed.")
    return redirect(url_for("account.show"))


def _asked_for() -> str:
    """The name of what a browser asks for, where that is offered and nothing was chosen yet. It changes nothing."""
    wanted = request.accept_languages.best_match(LOCALES)
    return LOCALES[wanted] if wanted and account().locale is None and wanted != readers().tag else ""


@route(blueprint, "/account/numbers", Permission.SIGNED_IN, ("POST",))
def choose_locale() -> ResponseReturnValue:
    """Choose how numbers and days are written, and how one types them."""
    form = LocaleForm()
    with writing(engine()) as session:
        accounts.choose_locale(session, account(), form.locale.data or "", now())
    flash("From now on numbers and days are written as you chose, and read so in every form.")
    return redirect(url_for("account.show"))


@route(blueprint, "/account/password", Permission.SIGNED_IN, ("POST",), local=True)
def change_password() -> ResponseReturnValue:
    """Change the password, and end every session but this browser's, which gets a new one."""
    form, user = PasswordForm(), local_accounts.own_user()
    if form.validate() and not is_admitted_by_password(user, form.current.data or ""):
        form.form_errors.append("The present password is not right, or there were too many attempts.")
    if form.errors or not takes_password(form, user):
        return _page(NameForm(formdata=None, name=account().name), form)
    access.sign_in(user.account, "new password")
    flash("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for("account.show"))


@route(blueprint, "/account/sessions/<int:number>/end", Permission.SIGNED_IN, ("POST",))
def end_session(number: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with writing(engine()) as session:
        sessions.end(session, account(), number, now())
    flash("The session has ended.")
    return redirect(url_for("account.show"))


@route(blueprint, "/account/sessions/end-others", Permission.SIGNED_IN, ("POST",))
def end_others() -> ResponseReturnValue:
    """End every session of one's own but this."""
    with writing(engine()) as session:
        ended = sessions.end_others(session, account(), signed_in().id, now())
    flash(f"{ended} other {'session has' if ended == 1 else 'sessions have'} ended.")
    return redirect(url_for("account.show"))
