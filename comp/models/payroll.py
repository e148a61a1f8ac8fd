"""Tables of payroll's own layouts, and of its codes and numbers for what the product names otherwise."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class PayrollLayoutRow(SQLModel, table=True):
    """A layout that the company wrote, as its JSON document."""

    __tablename__ = "payroll_layout"
    __table_args__ = (check("sha256", "length(sha256) = 64"),)

    id: str = Field(primary_key=True)
    document: str
    sha256: str
    saved_by: str
    saved_at: datetime


class PayrollCodeRow(SQLModel, table=True):
    """The code by which a payroll system knows a pay code of the plans."""

    __tablename__ = "payroll_code"
    __table_args__ = (check("code", "code <> ''"),)

    layout: str = Field(primary_key=True)
    pay_code: str = Field(primary_key=True)
    code: str


class PayrollCompanyRow(SQLModel, table=True):
    """The company code under which a cost centre, a unit and all below it, or a currency is paid. Blank means any."""

    __tablename__ = "payroll_company"
    __table_args__ = (check("code", "code <> ''"),)

    layout: str = Field(primary_key=True)
    cost_centre: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    code: str


class PayrollNumberRow(SQLModel, table=True):
    """The number by which a payroll system knows a person."""

    __tablename__ = "payroll_number"
    __table_args__ = (check("number", "number <> ''"),)

    layout: str = Field(primary_key=True)
    employee: str = Field(primary_key=True, foreign_key="person.employee")
    number: str
