"""Files that were taken in and count no more: who asked, who decided, and what counts in place of what they said."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from comp.figures import exact_text
from comp.models import BatchResultRow, BatchWithdrawalRow, read_exact
from comp.store.bulk import columns_of, insert
from comp.store.results import State as ResultState

ASKED, WITHDRAWN, KEPT = "asked", "withdrawn", "kept"
ResultKey = tuple[str, str, str]
"""Unit, quarter and metric."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A wish that a file which was taken in counts no more, and what was decided about it."""

    id: int
    batch: int
    state: str
    words: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None


def add_withdrawal(session: Session, batch: int, words: str, by: str, at: datetime) -> int:
    """Store a wish; gives its number."""
    row = BatchWithdrawalRow(batch_id=batch, state=ASKED, words=words, asked_by=by, asked_at=at)
    session.add(row)
    session.flush()
    return row.id or 0


def mark_decided(session: Session, number: int, state: str, by: str, at: datetime) -> None:
    """Store what was decided about a wish."""
    row = session.get_one(BatchWithdrawalRow, number)
    row.state, row.decided_by, row.decided_at = state, by, at
    session.flush()


def load_withdrawals(session: Session, batches: Collection[int]) -> dict[int, Withdrawal]:
    """The last wish about each of some files, by file."""
    query = select(BatchWithdrawalRow).where(col(BatchWithdrawalRow.batch_id).in_(batches))
    return {row.batch_id: _read(row) for row in session.scalars(query.order_by(col(BatchWithdrawalRow.id)))}


def _read(row: BatchWithdrawalRow) -> Withdrawal:
    return Withdrawal(
        row.id or 0, row.batch_id, row.state, row.words, row.asked_by, row.asked_at, row.decided_by, row.decided_at
    )


def withdrawn_batches(session: Session) -> frozenset[int]:
    """The files that count no more."""
    query = select(col(BatchWithdrawalRow.batch_id)).where(col(BatchWithdrawalRow.state) == WITHDRAWN)
    return frozenset(session.scalars(query))


def save_result_history(
    session: Session, batch: int, before: Mapping[Any, ResultState], after: Mapping[Any, ResultState]
) -> None:
    """Keep what a file of results says, and what counted before, both by unit, quarter and metric."""
    rows = ((batch, *key, _text(before.get(key)), _text(state)) for key, state in after.items())
    insert(session, BatchResultRow, ("batch_id", "unit", "quarter", "metric", "before", "after"), rows)


def _text(state: ResultState | None) -> str | None:
    if state is None:
        return None
    return json.dumps([exact_text(value) if isinstance(value, Fraction) else value for value in state])


def results_without(session: Session, batch: int, without: Collection[int]) -> dict[ResultKey, ResultState | None]:
    """What counts of the results that a file stated once it and others count no more; None for nothing.

    That is what the last file that still counts said of each, or what there was before the first that is known of.
    """
    table = columns_of(BatchResultRow)
    keys = (table.unit, table.quarter, table.metric)
    query = select(table.batch_id, *keys, table.before, table.after).order_by(table.batch_id)
    own = {tuple(row) for row in session.execute(select(*keys).where(table.batch_id == batch))}
    found: dict[ResultKey, ResultState | None] = {}
    for number, unit, quarter, metric, before, after in session.execute(query):
        key = unit, quarter, metric
        if key in own:
            found.setdefault(key, _state(before))
            found |= {} if number in without else {key: _state(after)}
    return found


def _state(text: str | None) -> ResultState | None:
    if text is None:
        return None
    value, *counts = json.loads(text)
    return (read_exact(value) if value is not None else None, *counts)


def has_result_history(session: Session, batch: int) -> bool:
    """Whether it is known what a file of results replaced: those taken in before that was kept cannot be withdrawn."""
    table = columns_of(BatchResultRow)
    return session.scalar(select(table.batch_id).where(table.batch_id == batch).limit(1)) is not None
