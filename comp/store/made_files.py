"""Stored files that jobs made: parts first, each on its own; then the row that makes a file of them."""

from datetime import datetime

from sqlalchemy import delete, exists
from sqlmodel import Session, col

from comp.made_files import FileKind, KeptFile
from comp.models import JobRow, MadeFileRow, MadePartRow
from comp.roles import Permission


def add_part(session: Session, job: int, attempt: int, number: int, content: bytes) -> None:
    """Store one part."""
    session.add(MadePartRow(job_id=job, attempt=attempt, number=number, content=content))


def add(session: Session, file: KeptFile) -> None:
    """Let the parts that were stored be a file."""
    session.add(
        MadeFileRow(
            job_id=file.job,
            attempt=file.attempt,
            name=file.kind.name,
            media_type=file.kind.media_type,
            needs=file.kind.needs.name,
            size=file.size,
            parts=file.parts,
            sha256=file.sha256,
            kept_until=file.kept_until,
        )
    )
    session.flush()


def find(session: Session, job: int) -> KeptFile | None:
    """The file that a job made; None where it made none, or where it is forgotten."""
    row = session.get(MadeFileRow, job)
    if row is None:
        return None
    kind = FileKind(row.name, row.media_type, Permission[row.needs])
    return KeptFile(row.job_id, row.attempt, kind, row.size, row.parts, row.sha256, row.kept_until)


def load_part(session: Session, file: KeptFile, number: int) -> bytes:
    """The content of one part of a file that is there."""
    return session.get_one(MadePartRow, (file.job, file.attempt, number)).content


def forget(session: Session, now: datetime) -> None:
    """Remove files that were kept long enough, and parts that no file and no job that still runs has."""
    session.execute(delete(MadeFileRow).where(col(MadeFileRow.kept_until) <= now))
    of_file = (MadeFileRow.job_id == MadePartRow.job_id, MadeFileRow.attempt == MadePartRow.attempt)
    of_job = (JobRow.id == MadePartRow.job_id, JobRow.attempts == MadePartRow.attempt, col(JobRow.ended_at).is_(None))
    orphaned = ~exists().where(*of_file) & ~exists().where(*of_job)  # type: ignore[arg-type] # columns
    session.execute(delete(MadePartRow).where(orphaned))
