"""Snapshots of runs: stored with the run, and read back for a replay."""

from sqlalchemy import exists, select
from sqlmodel import Session, col

from comp.models import RunSnapshotRow
from comp.results import StoredRun
from comp.snapshots import Snapshot


def save_snapshot(session: Session, run: StoredRun, snapshot: Snapshot) -> None:
    """Store the facts of a run."""
    session.add(RunSnapshotRow(run_id=run.id, document=snapshot.compressed))
    session.flush()


def load_snapshot(session: Session, run: StoredRun) -> Snapshot | None:
    """The facts of a run; None for one that was calculated before snapshots were kept."""
    row = session.get(RunSnapshotRow, run.id)
    return Snapshot(run.origin.inputs_sha256, row.document) if row else None


def has_snapshot(session: Session, run: StoredRun) -> bool:
    """Whether the facts of a run are kept."""
    return bool(session.scalar(select(exists().where(col(RunSnapshotRow.run_id) == run.id))))
