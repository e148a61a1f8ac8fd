"""The table of mails that wait to be sent, or were."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class OutboxRow(SQLModel, table=True):
    """One mail to one person."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    subject: str
    body: str
    queued_at: datetime
