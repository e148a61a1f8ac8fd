"""Help: how a payout comes about, and what the words mean."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.access import PUBLIC, route

blueprint = Blueprint("help", __name__)


@route(blueprint, "/help", PUBLIC)
def show() -> ResponseReturnValue:
    """One page that answers most questions."""
    return render_template("help.html")
