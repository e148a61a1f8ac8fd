"""Users and roles: who may sign in, what each may do, and whose account it is."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import RefusedError
from comp.roles import Account, Permission
from comp.services import access, accounts, conflicts
from web.access import route
from web.forms.access import ROLES, PersonForm, RolesForm, stored_person, stored_roles
from web.state import account, engine, now

blueprint = Blueprint("users", __name__)


@route(blueprint, "/users", Permission.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """Every account."""
    with reading(engine()) as session:
        found = access.list_accounts(session)
    return render_template("users.html", accounts=found)


@route(blueprint, "/users/<int(max=2147483647):account_id>", Permission.MANAGE_ACCOUNTS)
def show(account_id: int) -> ResponseReturnValue:
    """One account, and the forms to change what it may do."""
    with reading(engine()) as session:
        user = access.find_account(session, account_id)
    return _user(user, stored_roles(user), stored_person(user))


def _user(user: Account, roles: RolesForm, person: PersonForm) -> ResponseReturnValue:
    told = conflicts.warnings(user.roles)
    page = render_template("user.html", user=user, roles=roles, person=person, labels=ROLES, warnings=told)
    return page, 422 if roles.errors or person.errors else 200


@route(blueprint, "/users/<int(max=2147483647):account_id>/roles", Permission.MANAGE_ACCOUNTS, ("POST",), fresh=True)
def grant(account_id: int) -> ResponseReturnValue:
    """Give the account these roles and no others."""
    with reading(engine()) as session:
        user = access.find_account(session, account_id)
    form = RolesForm()
    if not form.validate():
        return _user(user, form, stored_person(user))
    try:
        with writing(engine()) as session:
            access.grant_roles(session, account(), _again(session, user), form.chosen(), now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _user(user, form, stored_person(user))
    flash(f"The roles of {user.name} are stored. Whoever uses the account signs in again.")
    return redirect(url_for("users.show", account_id=account_id))


def _again(session: Session, user: Account) -> Account:
    """The account as it is now: what it held before is noted in the audit chain."""
    return access.find_account(session, user.id)


@route(blueprint, "/users/<int(max=2147483647):account_id>/person", Permission.MANAGE_ACCOUNTS, ("POST",), fresh=True)
def link(account_id: int) -> ResponseReturnValue:
    """Say whose account it is."""
    with reading(engine()) as session:
        user = access.find_account(session, account_id)
    form = PersonForm()
    if not form.validate():
        return _user(user, stored_roles(user), form)
    try:
        with writing(engine()) as session:
            access.link_person(session, account(), _again(session, user), form.chosen(), now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _user(user, stored_roles(user), form)
    whose = f"employee {form.chosen()}’s" if form.chosen() else "nobody’s on file"
    flash(f"The account of {user.name} is {whose}.")
    return redirect(url_for("users.show", account_id=account_id))


@route(blueprint, "/users/<int(max=2147483647):account_id>/close", Permission.MANAGE_ACCOUNTS, ("POST",), fresh=True)
def close(account_id: int) -> ResponseReturnValue:
    """Let nobody sign in with the account any more."""
    with writing(engine()) as session:
        closed = accounts.close_account(session, access.find_account(session, account_id).email, account().email, now())
    flash(f"The account of {closed.name} is closed. Whoever used it is signed out everywhere.")
    return redirect(url_for("users.index"))


@route(blueprint, "/users/<int(max=2147483647):account_id>/factors", Permission.MANAGE_ACCOUNTS, ("POST",), fresh=True)
def reset_factors(account_id: int) -> ResponseReturnValue:
    """Take second factors and passkeys away from somebody who lost them."""
    with writing(engine()) as session:
        reset = accounts.reset_factors(session, access.find_account(session, account_id).email, account().email, now())
    flash(f"{reset.name} signs in with the password alone until a factor is set up anew.")
    return redirect(url_for("users.show", account_id=account_id))
