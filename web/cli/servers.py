"""`serve`: the pages, until somebody stops them."""

import logging
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from socket import AF_INET, AF_INET6, socket
from socket import create_server as create_listener
from types import FrameType
from typing import Any

import click

from comp.db import Engine
from comp.errors import LoyaltyPayError
from web.database import disposed, open_ready
from web.settings import Settings, read_settings

a_port = click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port of the pages."
)


@click.command(short_help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 to be reached from other machines.")
@a_port
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many requests are answered at once.",
)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages until it is stopped with Ctrl+C or a signal to end.

    \b
      loyaltypay serve --port 8080

    On SQLite the same process does the clock's jobs and long work; on PostgreSQL `loyaltypay worker` does, unless
    LOYALTYPAY_WORK_IN_SERVE=true. Behind HTTPS set LOYALTYPAY_SECURE_COOKIES=true and
    LOYALTYPAY_TRUSTED_HOSTS, and let the proxy speak to this port.
    """
    serve_pages(read_settings(), host, port, threads)


def serve_pages(machine: Settings, host: str, port: int, threads: int = 8) -> None:
    """Serve until stopped. Raises `LoyaltyPayError` where the port cannot be had."""
    from waitress.server import create_server
    from waitress.wasyncore import close_all

    from web.app import create_app

    with disposed(open_ready(machine)) as engine, _beside(engine, machine):
        app = create_app(machine, engine)
        with _listener(host, port) as listener:
            connections: dict[int, Any] = {}  # Waitress keeps its own kinds of sockets here
            server = create_server(app, connections, sockets=[listener], threads=threads, ident="Loyalty Pay")
            logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of a first request, too, that waits
            signal.signal(signal.SIGTERM, stop)
            click.echo(f"Loyalty Pay is at http://{_in_address(host)}:{port}/ - stop it with Ctrl+C.")
            try:
                server.run()
            finally:
                close_all(connections)
    click.echo("Stopped.")


def _beside(engine: Engine, machine: Settings) -> AbstractContextManager[None]:
    """The clock and workers, where they go in this process."""
    from web.clock import running

    return running(engine, machine) if machine.serves_and_works else nullcontext()


def _listener(host: str, port: int) -> socket:
    try:
        return create_listener((host, port), family=AF_INET6 if ":" in host else AF_INET)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise LoyaltyPayError(
            f"The pages cannot be served at {_in_address(host)}:{port}: {reason}. "
            "Free the port, or choose another with --port."
        ) from None


def _in_address(host: str) -> str:
    """The host as addresses have it: an IPv6 one in brackets."""
    return f"[{host}]" if ":" in host else host


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End as Ctrl+C does: answers that are under way are still given."""
    sys.exit(0)
