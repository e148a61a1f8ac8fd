"""Uploads between their dry run and their acceptance."""

from datetime import timedelta

from sqlmodel import Session

from comp.errors import UnseenError
from comp.intake import Batch
from comp.store import batches, uploads
from comp.uploads import Upload

PLAN = "plan"
"""The kind of a file that holds a plan."""

_KEPT_FOR = timedelta(days=3)


def keep_upload(session: Session, upload: Upload) -> str:
    """Keep a file until its dry run is accepted; files that nobody came back for are dropped after three days."""
    uploads.forget_uploads_before(session, upload.uploaded_at - _KEPT_FOR)
    return uploads.save_upload(session, upload)


def find_upload(session: Session, upload_id: str, by: str, *, is_plan: bool = False) -> Upload:
    """A file that somebody uploaded: a plan, or one of the importers'. Raises `NotFoundError` for all others."""
    upload = uploads.find_upload(session, upload_id)
    if upload is None or upload.uploaded_by != by or (upload.kind == PLAN) != is_plan:
        raise UnseenError(
            "This upload is not kept any more: it was taken in, put aside, or is older than three days.",
            "upload",
            upload_id,
        )
    return upload


def forget_upload(session: Session, upload_id: str) -> None:
    """Put a file aside."""
    uploads.forget_upload(session, upload_id)


def recent_batches(session: Session) -> list[Batch]:
    """The last accepted files, the newest first."""
    return batches.load_batches(session)
