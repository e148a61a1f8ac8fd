"""Headers on every answer, the nonce of its scripts, and the key that sessions are signed with."""

import os
import secrets
from datetime import timedelta

from flask import Flask, Response, g, request

from comp.errors import LoyaltyPayError
from web.settings import Settings

LONGEST_SESSION = timedelta(hours=12)
_SHORTEST_KEY = 32


def secret_key(machine: Settings) -> str:
    """The key from the environment, else one that is made once and kept beside the data, readable by its owner only."""
    if machine.secret_key:
        if len(machine.secret_key) < _SHORTEST_KEY:
            raise LoyaltyPayError(
                f"LOYALTYPAY_SECRET_KEY needs at least {_SHORTEST_KEY} characters. Write a longer one, or "
                "leave it out: then one is made and kept in LOYALTYPAY_HOME."
            )
        return machine.secret_key
    path = machine.home / "secret.key"
    machine.home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def install(app: Flask) -> None:
    """Give every request a nonce and every answer its headers."""
    app.before_request(_make_nonce)
    app.after_request(_add_headers)
    app.context_processor(lambda: {"nonce": g.get("nonce", "")})


def _make_nonce() -> None:
    g.nonce = secrets.token_urlsafe(16)


def _add_headers(response: Response) -> Response:
    nonce = g.get("nonce", "")
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types htmx",
        )
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie, HX-Request"
    return response
