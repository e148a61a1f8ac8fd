"""The database that commands and pages work on: opened, and known to be there and up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from comp.db import Engine, connect, reading
from comp.services.company import require_ready
from web.settings import Settings


def open_engine(machine: Settings) -> Engine:
    """An engine for the database that the settings name. Makes the folder of a SQLite file."""
    if machine.database.startswith("sqlite"):
        machine.home.mkdir(parents=True, exist_ok=True)
    return connect(machine.database)


def open_ready(machine: Settings) -> Engine:
    """An engine for a database that was initialised and has every migration. Raises `LoyaltyPayError` otherwise."""
    engine = open_engine(machine)
    with reading(engine) as session:
        require_ready(session)
    return engine


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    """The engine, whose connections are closed in the end."""
    try:
        yield engine
    finally:
        engine.dispose()
