"""My pay: one's own payouts of all quarters."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from comp.db import reading
from comp.roles import Permission
from comp.services import payouts, plan_readers
from web.access import route
from web.state import account, engine, now

blueprint = Blueprint("own", __name__)


@route(blueprint, "/my-pay", Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """What each quarter pays whoever is asking, or why it does not."""
    with reading(engine()) as session:
        own = payouts.list_own(session, account())
        own_plans = plan_readers.own_plans(session, account(), now())
    return render_template("own.html", own=own, own_plans=own_plans)
