"""`mail`: what waits to be sent."""

import click

from comp.db import reading
from comp.errors import LoyaltyPayError
from comp.figures import counted
from comp.services.mail import count_waiting
from web.cli.context import database
from web.mail import Failure, drain
from web.settings import read_settings


@click.group(short_help="Mails that wait to be sent.")
def mail() -> None:
    """Mails that wait to be sent. The clock has them sent by itself."""


@mail.command(short_help="Send what is due now.")
def send() -> None:
    """Send the mails that are due, by the server that LOYALTYPAY_SMTP_URL names; without one they are only printed.

    \b
      loyaltypay mail send
    """
    with database() as engine:
        done = drain(engine, read_settings())
        with reading(engine) as session:
            waiting = count_waiting(session)
    click.echo(f"{counted(done.sent, 'mail')} sent, {waiting} waiting.")
    if done.failures:
        told = "\n".join(map(_told, done.failures))
        raise LoyaltyPayError(f"{counted(len(done.failures), 'mail')} could not be sent.\n{told}")


def _told(failure: Failure) -> str:
    again = f"It is tried again after {failure.again_at:%H:%M} UTC." if failure.again_at else "It was the last try."
    return f"  mail {failure.mail_id}: {failure.why.rstrip('.')}. {again}"
