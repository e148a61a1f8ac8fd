"""The table of mails that wait to be sent, or were."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class OutboxRow(SQLModel, table=True):
    """One mail to one person. `next_try_at` is empty once it was sent or given up; once it was sent its body is gone.

    `last_error` is empty while somebody tries to send it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        check("attempts", "attempts >= 0"),
        check("sent_once", "sent_at IS NULL OR next_try_at IS NULL"),
        check("body_gone", "sent_at IS NULL OR body = ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    subject: str
    body: str
    queued_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, index=True)
    last_error: str = ""
