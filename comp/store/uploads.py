"""Files that were uploaded and wait for somebody to accept their dry run."""

import json
import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from comp.models import UploadRow
from comp.uploads import Upload


def save_upload(session: Session, upload: Upload) -> str:
    """Keep an upload; gives the name by which it is found again, which nobody can guess."""
    row = UploadRow(
        id=secrets.token_urlsafe(18),
        kind=upload.kind,
        file_name=upload.file_name,
        content=upload.content,
        options=json.dumps(dict(upload.options)),
        uploaded_by=upload.uploaded_by,
        uploaded_at=upload.uploaded_at,
    )
    session.add(row)
    session.flush()
    return row.id


def find_upload(session: Session, upload_id: str) -> Upload | None:
    """A kept upload, or None."""
    row = session.get(UploadRow, upload_id)
    if row is None:
        return None
    options = json.loads(row.options)
    return Upload(row.kind, row.file_name, row.content, options, row.uploaded_by, row.uploaded_at, row.id)


def forget_upload(session: Session, upload_id: str) -> None:
    """Drop an upload."""
    session.execute(delete(UploadRow).where(col(UploadRow.id) == upload_id))


def forget_uploads_before(session: Session, moment: datetime) -> None:
    """Drop uploads that nobody came back for."""
    session.execute(delete(UploadRow).where(col(UploadRow.uploaded_at) < moment))
