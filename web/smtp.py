"""The company's mail server: how it is told in a setting, and mails given to it."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from comp.mails import Mail

_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}
Post = Callable[[Mail], object]


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mails: `encrypts` from the first byte, after STARTTLS, or not at all."""

    host: str
    port: int
    encrypts: str
    user: str
    password: str


def read_server(address: str) -> MailServer:
    """Read `smtp://user:password@host:587?starttls=required` or `smtps://…`. Raises `ValueError` with a sentence."""
    parts = urlsplit(address)
    options = parse_qsl(parts.query, keep_blank_values=True)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ValueError("it is written like smtp://user:password@host:587?starttls=required or smtps://host")
    if options not in ([], [("starttls", "required")]) or (options and parts.scheme == "smtps"):
        raise ValueError("the only option is ?starttls=required, and smtps:// needs none")
    encrypts = "at once" if parts.scheme == "smtps" else "starttls" if options else ""
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("it needs both a user and a password, or neither")
    if user and not encrypts and not is_this_machine(parts.hostname):
        raise ValueError("the password would travel unprotected: add ?starttls=required, or use smtps://")
    return MailServer(parts.hostname, parts.port or _PORTS[parts.scheme], encrypts, user, password)


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine itself, which nobody listens to."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_sender(text: str) -> Address:
    """Read `pay@company.example` or `Loyalty Pay <pay@company.example>`. Raises `ValueError` with a sentence."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = text
        addresses = message["From"].addresses
    except (ValueError, IndexError):
        addresses = ()
    if len(addresses) != 1 or not _is_sound(addresses[0]) or message["From"].defects:
        raise ValueError("it is written like pay@company.example or Loyalty Pay <pay@company.example>")
    return Address(addresses[0].display_name, addr_spec=addresses[0].addr_spec)


def _is_sound(address: Address) -> bool:
    return bool(address.domain) and address.addr_spec.isascii()


@contextmanager
def connected(server: MailServer, sender: Address) -> Iterator[Post]:
    """Gives what hands mails to the server. Raises `OSError` or `SMTPException` where it cannot be talked to."""
    trust = ssl.create_default_context()
    with _opened(server, trust) as smtp:
        if server.encrypts == "starttls":
            smtp.starttls(context=trust)
        if server.user:
            smtp.login(server.user, server.password)
        yield lambda mail: _send(smtp, message(mail, sender))


def _send(smtp: smtplib.SMTP, made: EmailMessage) -> None:
    """Hand a mail over. `send_message` would write `>From` where a line of it starts with `From`."""
    sender, to = (made[name].addresses[0].addr_spec for name in ("From", "To"))
    smtp.sendmail(sender, [to], bytes(made))


def _opened(server: MailServer, trust: ssl.SSLContext) -> smtplib.SMTP:
    if server.encrypts == "at once":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=trust)
    return smtplib.SMTP(server.host, server.port, timeout=_SECONDS)


def message(mail: Mail, sender: Address) -> EmailMessage:
    """A mail as it travels. Sent twice it bears the same name both times, so that receivers can tell."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = Address(addr_spec=mail.recipient)
    made["Subject"] = mail.subject
    made["Date"] = mail.queued_at
    made["Message-ID"] = f"<{mail.id}.{mail.queued_at:%Y%m%d%H%M%S%f}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.body)
    return made
