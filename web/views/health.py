"""What those ask who watch over the servers: whether the process is up, and whether it can do its work."""

import logging

from flask import Blueprint, Response

from comp.db import reading
from comp.errors import LoyaltyPayError
from comp.services import clock
from comp.services.company import require_ready
from web.access import PUBLIC, route
from web.state import engine, now

blueprint = Blueprint("health", __name__)
_LOG = logging.getLogger(__name__)


@route(blueprint, "/healthz", PUBLIC)
def is_up() -> Response:
    """That the process answers."""
    return Response("up\n", mimetype="text/plain")


@route(blueprint, "/readyz", PUBLIC)
def is_ready() -> Response:
    """That the database is there and up to date, and that the clock goes. What is wrong stands in the log alone."""
    why = _what_is_wrong()
    if why:
        _LOG.warning("not ready: %s", why)
        return Response("not ready\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


def _what_is_wrong() -> str:
    try:
        with reading(engine()) as session:
            require_ready(session)
            is_silent = clock.is_silent(session, now())
    except LoyaltyPayError as error:
        return str(error)
    return "nothing was heard of the clock for two minutes: start `loyaltypay worker`" if is_silent else ""
