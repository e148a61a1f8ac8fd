"""Answers that are given again to the same request of a token."""

from datetime import datetime

from sqlmodel import Session, col, delete

from comp.models import ApiAnswerRow


def find(session: Session, token_id: int, key: str) -> ApiAnswerRow | None:
    """What was answered under a key of a token."""
    return session.get(ApiAnswerRow, (token_id, key))


def save(session: Session, row: ApiAnswerRow) -> None:
    """Keep an answer."""
    session.add(row)
    session.flush()


def forget(session: Session, before: datetime) -> None:
    """Forget the answers that were kept until a moment."""
    session.execute(delete(ApiAnswerRow).where(col(ApiAnswerRow.kept_at) <= before))
