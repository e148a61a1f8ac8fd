"""The table of who accounts are at an identity provider."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class IdentityRow(SQLModel, table=True):
    """Somebody as a provider knows them: by its own address and by the subject, which it never gives to another."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: int | None = Field(default=None, primary_key=True)
    issuer: str
    subject: str
    account_id: int = Field(foreign_key="account.id", unique=True)
    linked_at: datetime
