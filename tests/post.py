"""A mail server of a test's own, on a port of its own: it keeps what it is given, or says no."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Lock

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "pay", "p@ss/word"


class Postbox:
    """What a server was given. `refusals` has what it answers to addresses instead; it `rings` for a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.encrypted: list[bool] = []
        self.refusals: dict[str, str] = {}
        self.port = 0
        self.rings = Event()
        self._lock = Lock()

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        with self._lock:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.rings.set()
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        """Who got a mail, in order."""
        return [to for _, recipients in self.envelopes for to in recipients]

    def url(self, scheme: str = "smtp", user: str = "", options: str = "") -> str:
        """The setting that names this server."""
        return f"{scheme}://{user}localhost:{self.port}{options}"


class _Server(Controller):
    """A server on a port that nobody else has."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def postbox(kind: str = "plain", authority: trustme.CA | None = None) -> Iterator[Postbox]:
    """A running server: `plain`, `starttls` with a user, or `tls` from the first byte."""
    box = Postbox()
    options: dict[str, object] = {"hostname": "127.0.0.1", "port": 0}
    if kind != "plain":
        options["authenticator"] = _known
    if kind == "starttls":
        options |= {"tls_context": _context(authority), "require_starttls": True, "auth_required": True}
    if kind == "tls":
        options |= {"ssl_context": _context(authority), "auth_require_tls": False}
    server = _Server(box, **options)
    server.start()
    box.port = server.port
    try:
        yield box
    finally:
        server.stop()


def _context(authority: trustme.CA | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    (authority or trustme.CA()).issue_cert("localhost").configure_cert(context)
    return context


def _known(_server, _session, _envelope, _mechanism, told) -> AuthResult:
    is_known = isinstance(told, LoginPassword) and (told.login, told.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=False)
