"""The table of the audit chain. Triggers of the database refuse to change or remove its rows."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class AuditRow(SQLModel, table=True):
    """One sealed entry. No two follow the same one, so the chain cannot fork."""

    __tablename__ = "audit"
    __table_args__ = (check("number", "number > 0"), check("hash", "length(hash) = 64 AND length(previous) = 64"))

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime
    actor: str = Field(index=True)
    action: str = Field(index=True)
    about: str = Field(index=True)
    details: str
    previous: str = Field(unique=True)
    hash: str = Field(unique=True)
