"""Engines and transactions: one way to read and one way to write, alike on SQLite and PostgreSQL.

SQLite takes its write lock when a writing transaction begins (`BEGIN IMMEDIATE`): with the driver's own transactions,
or a deferred `BEGIN`, concurrent updates were lost or refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlmodel import Session

from comp.errors import LoyaltyPayError, UnavailableError

__all__ = ["Engine", "Session", "connect", "lock_chain", "mark", "noting", "queueing", "reading", "writing"]

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
)
_PATIENCE = "PRAGMA busy_timeout=15000"
_NO_PATIENCE = "PRAGMA busy_timeout=0"
_WRITERS = 0x10_7A_17
"""The advisory lock that writers on PostgreSQL hold."""
_CHAIN = 0x10_7A_18
"""The advisory lock of whoever appends to the audit chain on PostgreSQL: taken last and held for a moment."""

_OPTIONS = "-c lock_timeout=60s -c idle_in_transaction_session_timeout=10min -c datestyle=ISO"


class _DriverConnection(Protocol):
    isolation_level: str | None

    def execute(self, sql: str, /) -> object: ...

    def rollback(self) -> None: ...


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`. Raises `LoyaltyPayError` for any other address.

    Its errors never show the values that were read or written: they end in logs.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _end_sqlite)
        return engine
    address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, pool_pre_ping=True, hide_parameters=True, connect_args={"options": _OPTIONS})
    event.listen(engine, "handle_error", _forget_values)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is None or address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise LoyaltyPayError(
            "LOYALTYPAY_DATABASE_URL is not the address of a database. Write it like sqlite:////folder/loyaltypay.db "
            "or postgresql://user:password@host/database."
        )
    return address


def _forget_values(context: ExceptionContext) -> None:
    """Keep the first line of an error alone: in the others PostgreSQL tells the row that it refused, whole."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that reads one state of the data. What it changed, if anything, is rolled back.

    Raises `UnavailableError` where the database cannot be used.
    """
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ") if _is_postgresql(engine) else engine
    with _told_in_words(engine), Session(snapshot, expire_on_commit=False) as session:
        yield session
        session.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that is committed once, at the end, and rolled back whole where anything is raised.

    Writers take turns: on SQLite by its write lock, on PostgreSQL by an advisory lock, so that what a service read is
    still true when it writes. Raises `UnavailableError` where the database cannot be used.
    """
    with noting(engine) as session:
        if _is_postgresql(engine):
            session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITERS,))
        yield session


@contextmanager
def noting(engine: Engine) -> Iterator[Session]:
    """A session that only appends to the audit chain, and is committed as one of `writing`.

    On PostgreSQL it waits for no writer that has not come to its own entry yet: whoever looks is noted while somebody
    imports. On SQLite there is one writer at a time, whatever it writes.
    """
    with _told_in_words(engine), Session(engine.execution_options(writes=True), expire_on_commit=False) as session:
        yield session
        session.commit()


@contextmanager
def queueing(engine: Engine) -> Iterator[Session]:
    """A session of the queue of jobs, committed as one of `writing`.

    On PostgreSQL it waits for no other writer: each row of the queue has a lock of its own.
    """
    with noting(engine) as session:
        yield session


def lock_chain(session: Session) -> None:
    """Let nobody else append to the audit chain until the session's transaction ends; on SQLite it writes alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_CHAIN,))


def mark(engine: Engine, write: Callable[[Session], None]) -> None:
    """Write a mark that nothing depends on. Where somebody else writes just then it is passed over.

    So whoever only reads never waits for a writer.
    """
    with suppress(OperationalError), Session(engine.execution_options(writes=True, hurries=True)) as session:
        if _is_postgresql(engine):
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        write(session)
        session.commit()


@contextmanager
def _told_in_words(engine: Engine) -> Iterator[None]:
    """Say what keeps a database from being used: a server that is down, a full disk, a damaged file."""
    try:
        yield
    except DatabaseError as error:
        if not isinstance(error, OperationalError) and type(error) is not DatabaseError:
            raise
        reason = str(error.orig).strip().splitlines()[0].rstrip(".")
        raise UnavailableError(
            f"The database {engine.url.render_as_string(hide_password=True)} cannot be used: {reason}. Nothing was "
            "stored. Check LOYALTYPAY_DATABASE_URL and LOYALTYPAY_HOME, that the server runs, and that the disk has "
            "room; then try again."
        ) from error


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _prepare_sqlite(connection: _DriverConnection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(_PATIENCE)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("hurries", False):
        _begin_at_once(connection)
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def _begin_at_once(connection: Connection) -> None:
    """Take the write lock, or raise `OperationalError` where somebody has it."""
    connection.exec_driver_sql(_NO_PATIENCE)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(_PATIENCE)


def _end_sqlite(connection: _DriverConnection | None, _record: object) -> None:
    """Roll back what a failed commit left open: it would hold the write lock for as long as the program runs."""
    if connection is not None:
        connection.rollback()
