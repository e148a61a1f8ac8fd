"""The database that commands and pages work on: opened, and known to be there and up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from comp.db import Engine, connect, reading
from comp.errors import LoyaltyPayError, NotFoundError
from comp.services.company import require_ready
from web.settings import Settings


def open_engine(machine: Settings) -> Engine:
    """An engine for the database that the settings name. Makes the home for a SQLite file in it.

    Raises `LoyaltyPayError` where there is no such place or address.
    """
    if not machine.database_url:
        try:
            machine.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LoyaltyPayError(
                f"The folder {machine.home} cannot be made: {error.strerror}. Set LOYALTYPAY_HOME to a folder of yours."
            ) from None
    return connect(machine.database)


def open_ready(machine: Settings) -> Engine:
    """An engine for a database that was initialised and has every migration. Raises `LoyaltyPayError` otherwise."""
    if not machine.database_url and not machine.database_file.is_file():
        raise NotFoundError(f"There is no database in {machine.home.resolve()}. Run `loyaltypay init` first.")
    engine = open_engine(machine)
    try:
        with reading(engine) as session:
            require_ready(session)
    except LoyaltyPayError:
        engine.dispose()
        raise
    return engine


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    """The engine, whose connections are closed in the end."""
    try:
        yield engine
    finally:
        engine.dispose()
