"""Tables of people: employment, assignments, absences and their own results. Ends of days are excluded."""

from datetime import date
from fractions import Fraction

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import AutoString, Field, SQLModel

from comp.models.base import ExactNumber, check, later


class PersonRow(SQLModel, table=True):
    """An employee."""

    __tablename__ = "person"
    __table_args__ = (check("employment", "employed_until IS NULL OR hired_on IS NULL OR hired_on < employed_until"),)

    employee: str = Field(primary_key=True)
    name: str
    email: str | None = Field(default=None, index=True)
    hired_on: date | None = None
    employed_until: date | None = None
    leaving_reason: str = ""


class AssignmentRow(SQLModel, table=True):
    """A dated stretch in one unit. Amounts are minor units of `currency`; an open end is 9999-12-31."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("employee", "start_on"),
        check("days", "start_on < end_on"),
        check("amounts", "annual_salary_minor >= 0 AND target_amount_minor >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    employee: str = Field(foreign_key="person.employee")
    unit: str = Field(foreign_key="unit.code", index=True)
    start_on: date
    end_on: date
    currency: str
    annual_salary_minor: int | None = Field(default=None, sa_type=BigInteger)
    target_percent: Fraction | None = Field(default=None, sa_type=ExactNumber)
    target_amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    fte: Fraction = Field(sa_type=ExactNumber)
    grade: str = ""
    manager: str | None = Field(default=None, sa_column=Column(AutoString, later("person.employee"), index=True))
    cost_centre: str = ""


class AbsenceRow(SQLModel, table=True):
    """Days away from work of one kind."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("employee", "start_on"), check("days", "start_on < end_on"))

    id: int | None = Field(default=None, primary_key=True)
    employee: str = Field(foreign_key="person.employee")
    start_on: date
    end_on: date
    kind: str


class PersonalResultRow(SQLModel, table=True):
    """A stated result of one person."""

    __tablename__ = "personal_result"

    employee: str = Field(primary_key=True, foreign_key="person.employee")
    quarter: str = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    value: Fraction = Field(sa_type=ExactNumber)
