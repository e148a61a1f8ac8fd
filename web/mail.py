"""Sending what waits in the outbox: by the company's mail server, or into the log where none is set."""

import logging
import smtplib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from comp.db import Engine, writing
from comp.mails import Mail
from comp.services import mail as mails
from web.settings import Settings
from web.smtp import Post, connected, read_sender, read_server

_LOG = logging.getLogger(__name__)
_MOST_AT_ONCE = 200
_ITS_OWN = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError, ValueError)
"""What may be wrong with one mail while the server takes others."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that was not sent, why, and when it is tried again; None where never."""

    mail_id: int
    why: str
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drained:
    """What one pass over the outbox did."""

    sent: int
    failures: tuple[Failure, ...]


def drain(engine: Engine, machine: Settings, may_go_on: Callable[[], bool] = lambda: True) -> Drained:
    """Send what is due, at most some hundred mails, one after the other; any number of processes may do so at once.

    Ends where the server cannot be talked to: the other mails would meet the same.
    """
    sent = 0
    failures: list[Failure] = []
    with ExitStack() as opened:
        post: Post | None = None
        while may_go_on() and sent + len(failures) < _MOST_AT_ONCE and (mail := _taken(engine)):
            try:
                post = post or opened.enter_context(_post(machine))
                post(mail)
            except (OSError, *_ITS_OWN) as error:
                failures.append(_noted(engine, mail, error))
                if post is None or not isinstance(error, _ITS_OWN):
                    break
            else:
                with writing(engine) as session:
                    mails.note_sent(session, mail, _now())
                sent += 1
    return Drained(sent, tuple(failures))


def _taken(engine: Engine) -> Mail | None:
    with writing(engine) as session:
        return mails.take(session, _now())


def _noted(engine: Engine, mail: Mail, error: Exception) -> Failure:
    why = _in_words(error)
    with writing(engine) as session:
        again_at = mails.note_failure(session, mail, why, _now())
    _LOG.warning("mail %d was not sent: %s", mail.id, type(error).__name__)
    return Failure(mail.id, why, again_at)


def _in_words(error: Exception) -> str:
    """What a server said, by its number and words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {said.decode('utf-8', 'replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", "replace")


@contextmanager
def _post(machine: Settings) -> Iterator[Post]:
    if not machine.smtp_url and machine.secure_cookies:
        raise ConnectionError("LOYALTYPAY_SMTP_URL is not set")  # links for new passwords are not for a real log
    if not machine.smtp_url:
        yield _print
        return
    with connected(read_server(machine.smtp_url), read_sender(machine.mail_from)) as post:
        yield post


def _print(mail: Mail) -> None:
    _LOG.warning(
        "LOYALTYPAY_SMTP_URL is not set, so this mail goes here alone.\nTo: %s\nSubject: %s\n\n%s\n",
        mail.recipient,
        mail.subject,
        mail.body,
    )


def _now() -> datetime:
    return datetime.now(UTC)
