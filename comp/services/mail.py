"""Mails: put into the outbox with what they are about, and sent later."""

from datetime import datetime

from sqlmodel import Session

from comp.models import OutboxRow


def queue(session: Session, to: str, subject: str, body: str, now: datetime) -> None:
    """Let a mail be sent once the session is committed."""
    session.add(OutboxRow(recipient=to, subject=subject, body=body, queued_at=now))
    session.flush()
