"""Accepted files and saved mappings."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from comp.intake import Batch
from comp.models import BatchRow, MappingRow


def save_batch(session: Session, batch: Batch) -> int:
    """Store an accepted file; gives the number that it got."""
    row = BatchRow(**{**asdict(batch), "id": None, "dropped": json.dumps(batch.dropped, sort_keys=True)})
    session.add(row)
    session.flush()
    return row.id or 0


def find_batch(session: Session, kind: str, sha256: str) -> Batch | None:
    """The first batch of this very file, or None."""
    this_file = col(BatchRow.kind) == kind, col(BatchRow.sha256) == sha256
    row = session.scalars(select(BatchRow).where(*this_file).order_by(col(BatchRow.id))).first()
    return _batch(row) if row else None


def get_batch(session: Session, number: int) -> Batch | None:
    """A batch by its number, or None."""
    row = session.get(BatchRow, number)
    return _batch(row) if row else None


def load_batches(session: Session, limit: int = 100) -> list[Batch]:
    """The last accepted files, the newest first."""
    return [_batch(row) for row in session.scalars(select(BatchRow).order_by(col(BatchRow.id).desc()).limit(limit))]


def load_accepted_by(session: Session, moment: datetime) -> Iterator[Batch]:
    """Every file that was accepted up to a moment, in order."""
    query = select(BatchRow).where(col(BatchRow.accepted_at) <= moment).order_by(col(BatchRow.id))
    yield from map(_batch, session.scalars(query))


def _batch(row: BatchRow) -> Batch:
    return Batch(
        row.kind,
        row.tool,
        row.file_name,
        row.sha256,
        row.rows,
        row.new,
        row.changed,
        row.unchanged,
        json.loads(row.dropped),
        row.accepted_by,
        row.accepted_at,
        row.id or 0,
    )


def load_mapping(session: Session, name: str) -> dict[str, str] | None:
    """A saved mapping of columns to fields, or None."""
    row = session.get(MappingRow, name)
    return dict(json.loads(row.columns)) if row else None


def save_mapping(session: Session, name: str, columns: Mapping[str, str]) -> None:
    """Store a mapping of columns to fields under a name."""
    session.merge(MappingRow(name=name, columns=json.dumps(dict(columns), sort_keys=True)))
