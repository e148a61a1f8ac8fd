"""Bulk reads and writes: one function each, as fast as the database's own driver."""
# ruff: noqa: S608 - the names in its statements are those of the models

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Text, cast
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Session, SQLModel

from comp.figures import exact_text

Value = str | int | bytes | None
Row = tuple[Any, ...]  # each query's own: its columns say of what

_AT_ONCE = 10_000


class Reader:
    """Reads plain rows, and keeps a digest of all that it read: what a run's inputs were."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sha256 = hashlib.sha256()

    def rows(self, query: Select[Any]) -> Iterator[Row]:
        """The rows of a query, which says their order, as the driver gives them: whole numbers and text.

        Days are asked for by `day_text`; exact numbers come as their text.
        """
        cursor = self._session.connection().execute(query).cursor
        while rows := cursor.fetchmany(_AT_ONCE):
            self._sha256.update(repr(rows).encode())
            yield from rows

    def note(self, *inputs: object) -> None:
        """Take other inputs into the digest."""
        self._sha256.update(repr(inputs).encode())

    def digest(self) -> str:
        """The SHA-256 of everything read so far."""
        return self._sha256.hexdigest()


def day_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A column of days as ISO text, alike on all databases."""
    return cast(column, Text)


@lru_cache(maxsize=100_000)
def read_day(text: str) -> date:
    """The day that `day_text` gave."""
    return date.fromisoformat(text)


def columns_of(table: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """A table's columns, for queries that read plain rows instead of objects."""
    return SQLModel.metadata.tables[str(table.__tablename__)].columns


def insert(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Insert rows of plain values: days and moments in ISO form, exact numbers as their text.

    SQLite takes them by its driver's `executemany`, PostgreSQL by `COPY`.
    """
    session.flush()
    connection = session.connection()
    with _sqlalchemy_errors(connection):
        if connection.dialect.name == "postgresql":
            _copy(connection, str(table.__tablename__), columns, rows)
        else:
            _execute_many(connection, str(table.__tablename__), columns, rows)


@contextmanager
def _sqlalchemy_errors(connection: Connection) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy's errors, so that a full disk is told alike wherever it is met."""
    driver = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except driver as error:
        raise DBAPIError.instance(None, None, error, driver, hide_parameters=True) from error


def put(
    session: Session,
    table: type[SQLModel],
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Iterable[Sequence[Value]],
) -> None:
    """Insert rows as `insert` does, in place of those that have the same `keys`, which a constraint makes unique."""
    session.flush()
    connection, name = session.connection(), str(table.__tablename__)
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column not in keys)
    instead = f"ON CONFLICT ({_names(keys)}) DO UPDATE SET {changes}"
    with _sqlalchemy_errors(connection):
        if connection.dialect.name == "postgresql":
            _copy_over(connection, name, columns, instead, rows)
        else:
            _execute_many(connection, name, columns, rows, instead)


def _copy_over(
    connection: Connection, table: str, columns: Sequence[str], instead: str, rows: Iterable[Sequence[Value]]
) -> None:
    names = _names(columns)
    connection.exec_driver_sql(f'CREATE TEMPORARY TABLE incoming AS SELECT {names} FROM "{table}" WITH NO DATA')
    _copy(connection, "incoming", columns, rows)
    connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM incoming {instead}')
    connection.exec_driver_sql("DROP TABLE incoming")


def _execute_many(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], instead: str = ""
) -> None:
    marks = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table}" ({_names(columns)}) VALUES ({marks}) {instead}'
    connection.connection.cursor().executemany(statement, rows)  # type: ignore[arg-type] # SQLite's driver takes any iterable


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    with connection.connection.cursor().copy(f'COPY "{table}" ({_names(columns)}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def stored(state: Iterable[object]) -> list[Value]:
    """A row's values as `insert` and `put` take them."""
    return [_plain(value) for value in state]


def _plain(value: object) -> Value:
    if isinstance(value, Fraction):
        return exact_text(value)
    return value if isinstance(value, int | None) else str(value)


def chunks(values: Iterable[str], size: int = 500) -> Iterable[list[str]]:
    """Values in lists of at most `size`, for `IN (…)`, of which SQLite takes only so many."""
    held: list[str] = []
    for value in values:
        held.append(value)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held
