"""The table of hours that people worked, for what overtime adds to a bonus."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class OvertimeHoursRow(SQLModel, table=True):
    """How many hundredths of an hour somebody worked in a workweek, which its first day names; the last word counts."""

    __tablename__ = "overtime_hours"
    __table_args__ = (check("hours", "hundredths >= 0 AND hundredths <= 16800"),)

    employee: str = Field(primary_key=True, foreign_key="person.employee")
    week: date = Field(primary_key=True)
    hundredths: int
    stated_by: str
    stated_at: datetime
