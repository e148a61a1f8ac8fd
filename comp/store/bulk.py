"""Bulk reads and writes: one function each, as fast as the database's own driver."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Session, SQLModel

Value = str | int | bytes | None


class Reader:
    """Reads plain rows, and keeps a digest of all that it read: what a run's inputs were."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sha256 = hashlib.sha256()

    def rows(self, query: Select[Any]) -> Iterator[Any]:
        """The rows of a query, which says their order. They unpack as tuples and have their columns as attributes."""
        for row in self._session.execute(query):
            self._sha256.update(repr(tuple(row)).encode())
            yield row

    def note(self, *inputs: object) -> None:
        """Take other inputs into the digest."""
        self._sha256.update(repr(inputs).encode())

    def digest(self) -> str:
        """The SHA-256 of everything read so far."""
        return self._sha256.hexdigest()


def columns_of(table: type[SQLModel]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """A table's columns, for queries that read plain rows instead of objects."""
    return SQLModel.metadata.tables[str(table.__tablename__)].columns


def insert(session: Session, table: type[SQLModel], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Insert rows of plain values: days and moments in ISO form, exact numbers as their text.

    SQLite takes them by its driver's `executemany`, PostgreSQL by `COPY`.
    """
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, str(table.__tablename__), columns, rows)
    else:
        _execute_many(connection, str(table.__tablename__), columns, rows)


def _execute_many(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - the names are the models' own
    driver = connection.connection.cursor()
    driver.executemany(statement, rows)  # type: ignore[arg-type] # SQLite's driver takes any iterable


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


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
