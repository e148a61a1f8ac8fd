"""Tables of the company: its settings and units, accounts and what they may."""

from datetime import date, datetime

from sqlalchemy import Column, LargeBinary, false
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
    """Somebody who may sign in. `email` is stored in lower case; `epoch` rises when what one signs in with changes.

    `employee` is the person whose account it is; no person has two. `locale` is how numbers and days are written.
    """

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
    employee: str | None = Field(default=None, foreign_key="person.employee", unique=True, index=True)
    locale: str | None = None


class AccountRoleRow(SQLModel, table=True):
    """A role that an account holds, who granted it, and when."""

    __tablename__ = "account_role"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    role: str = Field(primary_key=True)
    granted_by: str | None = None
    granted_at: datetime | None = None


class DelegationRow(SQLModel, table=True):
    """Days on which somebody stands in for a manager and may read what the manager may. Their end is excluded.

    With `may_confirm` they also confirm the team's pay in the manager's place.
    """

    __tablename__ = "delegation"
    __table_args__ = (check("days", "start_on <= end_on"), check("other", "manager <> delegate"))

    id: int | None = Field(default=None, primary_key=True)
    manager: str = Field(foreign_key="person.employee", index=True)
    delegate: str = Field(foreign_key="person.employee", index=True)
    start_on: date
    end_on: date
    made_by: str
    made_at: datetime
    may_confirm: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


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
