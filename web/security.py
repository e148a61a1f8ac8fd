"""Headers on every answer, the nonce of its scripts, and the key that sessions are signed with."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, abort, g, request

from comp.errors import LoyaltyPayError
from web.settings import Settings

_SHORTEST_KEY = 32
_A_YEAR = 365 * 24 * 3600
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)


def trusted_hosts(machine: Settings) -> list[str]:
    """The names under which browsers may ask for pages; where none is set, those of the machine itself.

    Raises `LoyaltyPayError` where pages are served by HTTPS and no name is set.
    """
    if machine.secure_cookies and not machine.trusted_hosts:
        raise LoyaltyPayError(
            "LOYALTYPAY_SECURE_COOKIES is set, so LOYALTYPAY_TRUSTED_HOSTS must be too. Write the names under which "
            "browsers reach the pages, such as pay.company.example."
        )
    return [_Host(host) for host in machine.trusted_hosts or _THIS_MACHINE]


class _Host(str):
    """A name without a port: Werkzeug cuts one off at the first colon, and so an IPv6 address to nothing."""

    __slots__ = ()

    def partition(self, sep: str, /) -> tuple[str, str, str]:
        """The whole, where a port would be cut off an IPv6 address."""
        return (self, "", "") if self.startswith("[") else super().partition(sep)


def cookie_name(name: str, machine: Settings) -> str:
    """The name of a cookie: over HTTPS one that browsers take from this very host alone."""
    return f"__Host-{name}" if machine.secure_cookies else name


def secret_key(machine: Settings) -> str:
    """The key from the environment, else one that is made once and kept beside the data, readable by its owner only."""
    if machine.secret_key:
        return _strong(machine.secret_key, "LOYALTYPAY_SECRET_KEY")
    path = machine.home / "secret.key"
    if not path.exists():
        machine.home.mkdir(parents=True, exist_ok=True)
        _keep(secrets.token_hex(32), path)
    return _strong(path.read_text(encoding="utf-8").strip(), str(path))


def _strong(key: str, source: str) -> str:
    if len(key) < _SHORTEST_KEY:
        raise LoyaltyPayError(
            f"{source} needs at least {_SHORTEST_KEY} characters. Write a longer one, or leave it out: then one is "
            "made and kept in LOYALTYPAY_HOME."
        )
    return key


def _keep(key: str, path: Path) -> None:
    """Write a key that nobody else can read. Of several that are written at once the first stays, whole."""
    handle, beside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
    with suppress(FileExistsError):
        os.link(beside, path)
    Path(beside).unlink()


def install(app: Flask) -> None:
    """Give every request a nonce and every answer its headers."""
    app.before_request(_make_nonce)
    app.before_request(_refuse_null_characters)
    app.after_request(_add_headers)
    app.context_processor(lambda: {"nonce": g.nonce})
    if app.config["SESSION_COOKIE_SECURE"]:
        app.after_request(_insist_on_https)


def _make_nonce() -> None:
    g.nonce = secrets.token_urlsafe(16)


def _refuse_null_characters() -> None:
    """No text that anybody types has a null character, and PostgreSQL stores none."""
    typed = [text for _, texts in request.values.lists() for text in texts]
    names = [file.filename or "" for _, files in request.files.lists() for file in files]
    if any("\0" in text for text in (request.path, *typed, *names)):
        abort(400)


def _add_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = _POLICY.format(nonce=g.nonce)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Authorization" if request.path.startswith("/api/") else "Cookie, HX-Request"
    elif "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return response


def _insist_on_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
    return response
