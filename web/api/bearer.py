"""Who asks the API: the owner of the token that a request bears. A browser's cookies say nothing here."""

from typing import cast

from flask import Flask, current_app, g, request

from comp.db import mark, noting, reading
from comp.services import api_tokens, reads
from comp.services.api_tokens import Bearer
from comp.tokens import Scope
from web.api.problems import ApiError
from web.api.throttle import Throttle
from web.state import engine, now, state

_KEY = "loyaltypay throttle"
_ONLY = "Send a token as `Authorization: Bearer lp_…`. Tokens are made on the page Account."


def install(app: Flask, most: int) -> None:
    """Let every token ask so many times within a minute."""
    app.extensions[_KEY] = Throttle(most)


def admit(scope: Scope) -> None:
    """Let whoever bears a token for a scope in. Raises `ApiError` 401, 403 or 429 else, and notes a 403."""
    bearer = _find()
    _count(f"token {bearer.token.id}" if bearer else f"address {request.remote_addr}")
    if bearer is None:
        error = ', error="invalid_token"' if request.authorization else ""
        headers = {"WWW-Authenticate": f'Bearer realm="Loyalty Pay"{error}'}
        raise ApiError(401, "Nobody is known by that", f"There is no living token in the request. {_ONLY}", (), headers)
    g.bearer, g.account, g.granted = bearer, bearer.account, bearer.granted
    _require(bearer, scope)
    if bearer.is_due(now()):
        mark(engine(), lambda session: api_tokens.note_used(session, bearer, now()))


def _find() -> Bearer | None:
    found = request.authorization
    if found is None or found.type != "bearer" or not found.token:
        return None
    with reading(engine()) as session:
        return api_tokens.find(session, found.token, now())


def _count(who: str) -> None:
    seconds = cast("Throttle", current_app.extensions[_KEY]).wait(who)  # what `install` put there
    if seconds:
        most = state().settings.api_requests_a_minute
        told = f"More than {most} requests came within a minute. Wait {seconds} seconds, then send this one again."
        raise ApiError(429, "That is too often", told, (), {"Retry-After": str(seconds)})


def _require(bearer: Bearer, scope: Scope) -> None:
    if scope not in bearer.token.scopes:
        told = f"The token {bearer.token.shown}… is not for {scope}. Make one that is, on the page Account."
    elif scope.needs not in bearer.granted:
        told = f"Whose token it is may not {scope.needs} any more. An admin grants roles."
    else:
        return
    with noting(engine()) as session:
        reads.note_refused(session, bearer.account, request.endpoint or "", now())
    headers = {"WWW-Authenticate": f'Bearer realm="Loyalty Pay", error="insufficient_scope", scope="{scope}"'}
    raise ApiError(403, "The token is not for this", told, (), headers)


def bearer() -> Bearer:
    """The token that is asking. Only routes of the API may ask."""
    return cast("Bearer", g.bearer)  # what `admit` put there
