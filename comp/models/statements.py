"""The table of who was told that a statement is there."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class StatementMailRow(SQLModel, table=True):
    """That one person was told of what a batch pays them: once for each batch, whatever becomes of the mail."""

    __tablename__ = "statement_mail"
    __table_args__ = ({"sqlite_with_rowid": False},)

    release: str = Field(primary_key=True, foreign_key="release.name")
    employee: str = Field(primary_key=True)
    queued_at: datetime
