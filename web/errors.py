"""What people see when something does not work: a page that says what and what next, never a trace."""

import logging
from collections.abc import Iterable

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from comp.errors import (
    ChangedError,
    LoyaltyPayError,
    NotFoundError,
    Problem,
    RefusedError,
    UnavailableError,
    UnseenError,
)
from web.access import note_refused
from web.api.problems import ApiError, is_api, problem

_LOG = logging.getLogger(__name__)
_WORDS = {
    400: ("That did not arrive as a form", "Go back, load the page again and repeat it."),
    404: ("There is nothing here", "The page does not exist, or it is not for you."),
    405: ("That cannot be done here", "Use the buttons of the page instead of its address."),
    413: ("That is more than can be taken at once", "Split the file, or save only the sheet with data."),
}


_TO_PROGRAMS = {
    400: ("That cannot be read", "Something in the request has characters that are none. Send plain text in UTF-8."),
    404: ("There is nothing here", "The address does not exist, or it is not for you. /api/v1/openapi.json lists all."),
    405: ("That cannot be done here", "The address answers to the methods that the header Allow names."),
    413: ("That is more than can be taken at once", "Split what you send into several requests."),
}


def install(app: Flask) -> None:
    """Answer every error with a page, and programs with a problem document."""
    app.register_error_handler(ApiError, _told_to_program)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(NotFoundError, _missing)
    app.register_error_handler(UnseenError, _unseen)
    app.register_error_handler(ChangedError, _changed)
    app.register_error_handler(LoyaltyPayError, _refused)
    app.register_error_handler(UnavailableError, _unavailable)
    app.register_error_handler(Exception, _unforeseen)


def _told_to_program(error: ApiError) -> ResponseReturnValue:
    return *problem(error.status, error.title, str(error), error.problems), error.headers


def _page(status: int, title: str, lead: str, problems: Iterable[Problem] = ()) -> tuple[str | Response, int]:
    if is_api():
        return problem(status, title, lead, problems)
    return render_template("error.html", title=title, lead=lead, problems=problems), status


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    title, lead = (_TO_PROGRAMS if is_api() else _WORDS).get(status, ("That did not work", error.description or ""))
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return *_page(status, title, lead), headers


def _strange_host(_error: SecurityError) -> ResponseReturnValue:
    """Answer in one line: a page has links, which would bear the name that was asked for."""
    _LOG.warning(
        "refused to answer as %.100r, which LOYALTYPAY_TRUSTED_HOSTS does not name", request.headers.get("Host")
    )
    return Response("This server does not answer to that name.\n", 400, mimetype="text/plain")


def _stale(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, "This page has been open for too long", "Load it again and repeat what you did.")


def _missing(error: NotFoundError) -> ResponseReturnValue:
    return _page(404, "There is nothing here", str(error))


def _unseen(error: UnseenError) -> ResponseReturnValue:
    try:
        note_refused(request.endpoint or "", error.kind, error.name)
    except UnavailableError as unavailable:
        return _unavailable(unavailable)
    return _missing(error)


def _changed(error: ChangedError) -> ResponseReturnValue:
    return _page(409, "Somebody was faster", str(error), error.problems)


def _refused(error: LoyaltyPayError) -> ResponseReturnValue:
    problems = error.problems if isinstance(error, RefusedError) else ()
    return _page(422, "That cannot be done", str(error), problems)


def _unavailable(error: UnavailableError) -> ResponseReturnValue:
    _LOG.error("the database cannot be used", exc_info=error)
    lead = "The database does not answer. Nothing was stored; try again in a minute, or tell those who run Loyalty Pay."
    return _page(503, "That does not work just now", lead)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    _LOG.exception("unforeseen error", exc_info=error)
    lead = "It is noted for those who run Loyalty Pay. Nothing was stored; try again, or tell them when it happened."
    return _page(500, "Something went wrong that the program did not foresee", lead)
