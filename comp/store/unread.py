"""Columns of accepted answers files that no question described."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session

from comp.intake import UnreadColumn
from comp.models import BatchRow, UnreadColumnRow
from comp.store.bulk import columns_of, put

_COLUMNS = ("name", "answers", "low", "high", "batch_id")


def save_unread(session: Session, batch: int, found: Iterable[UnreadColumn]) -> None:
    """Keep what a file's columns looked like, in place of what an earlier file's of the same name did."""
    rows = ((each.name, each.answers, each.low, each.high, batch) for each in found)
    put(session, UnreadColumnRow, _COLUMNS[:1], _COLUMNS, rows)


def load_unread(session: Session) -> list[tuple[UnreadColumn, str]]:
    """Each column, with the name of the last file that had it, the most answered first."""
    table, batch = columns_of(UnreadColumnRow), columns_of(BatchRow)
    query = (
        select(table.name, table.answers, table.low, table.high, batch.file_name)
        .join_from(UnreadColumnRow, BatchRow, table.batch_id == batch.id)
        .order_by(table.answers.desc(), table.name)
    )
    return [(UnreadColumn(*column), file_name) for *column, file_name in session.execute(query)]
