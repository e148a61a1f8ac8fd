"""Engines and transactions: one way to read and one way to write, alike on SQLite and PostgreSQL.

SQLite takes its write lock when a writing transaction begins (`BEGIN IMMEDIATE`): with the driver's own transactions,
or a deferred `BEGIN`, concurrent updates were lost or refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlmodel import Session

__all__ = ["Engine", "Session", "connect", "reading", "writing"]

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
)
_WRITERS = 0x10_7A_17
"""The advisory lock that writers on PostgreSQL hold."""

_TIMEOUTS = "-c lock_timeout=60s -c idle_in_transaction_session_timeout=10min"


class _DriverConnection(Protocol):
    isolation_level: str | None

    def execute(self, sql: str, /) -> object: ...


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True, connect_args={"options": _TIMEOUTS})


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that reads one state of the data. What it changed, if anything, is rolled back."""
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ") if _is_postgresql(engine) else engine
    with Session(snapshot, expire_on_commit=False) as session:
        yield session
        session.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that is committed once, at the end, and rolled back whole where anything is raised.

    Writers take turns: on SQLite by its write lock, on PostgreSQL by an advisory lock, so that what a service read is
    still true when it writes.
    """
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session:
        if _is_postgresql(engine):
            session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITERS,))
        yield session
        session.commit()


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _prepare_sqlite(connection: _DriverConnection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
