"""Tables of the data check: waivers and what became of them, the last result, and the calendar of each quarter."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from comp.models.base import check


class WaiverRow(SQLModel, table=True):
    """A waiver that somebody asked for: the finding's id, what it said, and the reason. Never changes."""

    __tablename__ = "waiver"
    __table_args__ = (
        UniqueConstraint("id", "asked_by"),
        check("finding", "length(finding) = 64"),
        check("reason", "reason <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    finding: str
    found_by: str
    place_kind: str
    place: str
    what: str
    reason: str
    asked_by: str
    asked_at: datetime


class WaiverDecisionRow(SQLModel, table=True):
    """What became of a waiver, with who asked for it, so that a constraint tells both apart. Never changes."""

    __tablename__ = "waiver_decision"
    __table_args__ = (
        ForeignKeyConstraint(["waiver_id", "asked_by"], ["waiver.id", "waiver.asked_by"]),
        check("outcome", "outcome IN ('granted', 'refused', 'withdrawn')"),
        check("four_eyes", "(outcome = 'withdrawn') = (decided_by = asked_by)"),
        check("words", "outcome = 'withdrawn' OR words <> ''"),
    )

    waiver_id: int = Field(primary_key=True)
    asked_by: str
    outcome: str
    words: str
    decided_by: str
    decided_at: datetime


class DataCheckRow(SQLModel, table=True):
    """How many findings a quarter had when its data was checked last; `errors` are those that nobody waived."""

    __tablename__ = "data_check"
    __table_args__ = (check("counts", "errors >= 0 AND warnings >= 0 AND waived >= 0 AND held >= 0"),)

    quarter: str = Field(primary_key=True)
    errors: int
    warnings: int
    waived: int
    held: int
    checked_at: datetime


class QuarterCalendarRow(SQLModel, table=True):
    """The days by which a quarter's steps are due, and how many days after the review's it is escalated."""

    __tablename__ = "quarter_calendar"
    __table_args__ = (
        check("order", "import_by <= check_by AND check_by <= review_by AND review_by <= release_by"),
        check("escalation", "escalate_after BETWEEN 0 AND 60"),
    )

    quarter: str = Field(primary_key=True)
    import_by: date
    check_by: date
    review_by: date
    release_by: date
    escalate_after: int
    set_by: str
    set_at: datetime
