"""One's tokens for other systems: made, shown once, listed with their last use, and revoked."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.roles import Permission
from comp.services import api_tokens
from comp.tokens import Scope
from web.access import route
from web.forms.tokens import TokenForm
from web.state import account, engine, granted, now

blueprint = Blueprint("tokens", __name__)


@route(blueprint, "/account/tokens", Permission.SIGNED_IN)
def index() -> ResponseReturnValue:
    """One's tokens, and the form for a new one."""
    return _page(TokenForm(formdata=None))


def _page(form: TokenForm) -> ResponseReturnValue:
    with reading(engine()) as session:
        found = api_tokens.list_tokens(session, account())
    opens = [scope for scope in Scope if scope.needs in granted()]
    page = render_template("tokens.html", form=form, tokens=found, opens=opens, now=now())
    return page, 422 if form.errors else 200


@route(blueprint, "/account/tokens", Permission.SIGNED_IN, ("POST",), fresh=True)
def make() -> ResponseReturnValue:
    """Make a token, and show it this once."""
    form = TokenForm()
    if not form.validate():
        return _page(form)
    try:
        with writing(engine()) as session:
            written, token = api_tokens.make(
                session, account(), form.name.data or "", form.chosen(), form.days.data or 0, now()
            )
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        return _page(form)
    return render_template("token_made.html", written=written, token=token)


@route(blueprint, "/account/tokens/<int(max=2147483647):number>/revoke", Permission.SIGNED_IN, ("POST",))
def revoke(number: int) -> ResponseReturnValue:
    """Let a token open nothing any more."""
    with writing(engine()) as session:
        api_tokens.revoke(session, account(), number, now())
    flash("The token is revoked. Whatever used it is refused from now on.")
    return redirect(url_for("tokens.index"))
