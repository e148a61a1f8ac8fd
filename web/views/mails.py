"""Mails that did not go out: to whom by number or domain, why by code, and another try. What they say is not shown."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.roles import Permission
from comp.services import mail
from web.access import route
from web.state import account, engine, now, state

blueprint = Blueprint("mails", __name__)


@route(blueprint, "/mails", Permission.MANAGE_ACCOUNTS)
def index() -> str:
    """What failed and was not sent since, and how much waits."""
    with reading(engine()) as session:
        failed, waiting = mail.list_failed(session), mail.count_waiting(session)
    has_server = bool(state().settings.smtp_url)
    return render_template("mails.html", failed=failed, waiting=waiting, has_server=has_server, most=mail.MOST_SHOWN)


@route(blueprint, "/mails/<int(max=2147483647):mail_id>/retry", Permission.MANAGE_ACCOUNTS, ("POST",))
def retry(mail_id: int) -> ResponseReturnValue:
    """Try one again at once."""
    with writing(engine()) as session:
        mail.retry(session, account(), mail_id, now())
    flash(f"Mail {mail_id} is tried again within a minute.")
    return redirect(url_for("mails.index"))
