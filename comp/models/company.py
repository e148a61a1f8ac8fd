"""Tables of the company: its settings, units and accounts."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import AutoString, Field, SQLModel

from comp.models.base import check, later


class SettingRow(SQLModel, table=True):
    """One setting of the company, as text."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str


class UnitRow(SQLModel, table=True):
    """A business unit."""

    __tablename__ = "unit"
    __table_args__ = (check("own_parent", "parent <> code"),)

    code: str = Field(primary_key=True)
    name: str
    parent: str | None = Field(default=None, sa_column=Column(AutoString, later("unit.code"), index=True))
    loyalty_lead: str | None = None
    currency: str | None = None


class AccountRow(SQLModel, table=True):
    """Somebody who may sign in. `email` is stored in lower case; `epoch` rises when what one signs in with changes."""

    __tablename__ = "account"
    __table_args__ = (check("lower_email", "email = lower(email)"),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    is_active: bool = True
    epoch: int = 0
    failures: int = 0
    blocked_until: datetime | None = None
    reset_asked_at: datetime | None = None


class AccountRoleRow(SQLModel, table=True):
    """A role that an account holds."""

    __tablename__ = "account_role"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    role: str = Field(primary_key=True)


class MappingRow(SQLModel, table=True):
    """A saved mapping of a file's columns to fields, as a JSON object."""

    __tablename__ = "mapping"

    name: str = Field(primary_key=True)
    columns: str


class UploadRow(SQLModel, table=True):
    """A file that was uploaded and waits for somebody to accept its dry run."""

    __tablename__ = "upload"

    id: str = Field(primary_key=True)
    kind: str
    file_name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    options: str
    uploaded_by: str
    uploaded_at: datetime
