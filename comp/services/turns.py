"""Whose turn it is among processes that could all do the same: on PostgreSQL an advisory lock, as long as one lives."""

from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from comp.db import Engine

CLOCK = 0x10_7A_19
"""The lock of the process whose clock counts."""


class Turn:
    """A lock that a connection of its own holds: the server takes it back when the process or its network dies.

    On SQLite, which has no such locks, it is always held: there a row with a lease decides.
    """

    def __init__(self, engine: Engine, number: int = CLOCK) -> None:
        self._engine, self._number = engine, number
        self._connection: Connection | None = None

    @property
    def is_of_database(self) -> bool:
        """Whether the database itself lets one process alone hold the turn."""
        return self._engine.dialect.name == "postgresql"

    def is_held(self) -> bool:
        """Take the turn where nobody has it; whether it is, or still is, this process's."""
        if not self.is_of_database:
            return True
        try:
            return self._lives() if self._connection else self._take()
        except SQLAlchemyError:
            self.give_up()
            return False

    def _lives(self) -> bool:
        assert self._connection is not None  # noqa: S101 - who asks has looked
        self._connection.exec_driver_sql("SELECT 1")
        return True

    def _take(self) -> bool:
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = self._connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (self._number,)).scalar()
        if not taken:
            self.give_up()
        return bool(taken)

    def give_up(self) -> None:
        """Let another have the turn: the connection is closed for good, and the lock goes with it."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (self._number,))
            with suppress(SQLAlchemyError):
                self._connection.invalidate()
            with suppress(SQLAlchemyError):
                self._connection.close()
            self._connection = None
