"""What every command needs: the database, the time, and who acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from comp.db import Engine
from comp.roles import COMMAND_LINE, Account, whoever_has_the_machine
from web.database import disposed, open_ready
from web.settings import read_settings


@contextmanager
def database() -> Iterator[Engine]:
    """The company's database, known to be ready."""
    with disposed(open_ready(read_settings())) as engine:
        yield engine


def now() -> datetime:
    """The moment of the command, in UTC."""
    return datetime.now(UTC)


def actor() -> str:
    """Who acts: the name that LOYALTYPAY_ACTOR gives, or the command line itself."""
    return read_settings().actor or COMMAND_LINE


def operator() -> Account:
    """Who acts, as somebody from whom nothing is kept: who has the command line has the database in hand."""
    return whoever_has_the_machine(actor())
