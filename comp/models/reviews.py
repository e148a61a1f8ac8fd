"""Tables of reviews: limits, adjustments and how they ended, what was said of rows, who was reminded. Written once."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import BigInteger, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from comp.models.base import ExactNumber, check


class AdjustmentLimitRow(SQLModel, table=True):
    """What may be proposed in one currency from a quarter on, amounts in minor units; the last row of each counts.

    Without a manager `percent` and `amount_minor` are of one person, and `budget_minor` of any team that has no row of
    its own; with one `budget_minor` is of the manager's team.
    """

    __tablename__ = "adjustment_limit"
    __table_args__ = (
        check("amounts", "amount_minor >= 0 AND budget_minor >= 0"),
        check("team", "manager IS NULL OR (percent IS NULL AND amount_minor IS NULL AND budget_minor IS NOT NULL)"),
    )

    id: int | None = Field(default=None, primary_key=True)
    set_id: int = Field(index=True)
    quarter: str = Field(index=True)
    currency: str
    manager: str | None = Field(default=None, foreign_key="person.employee")
    percent: Fraction | None = Field(default=None, sa_type=ExactNumber)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    budget_minor: int | None = Field(default=None, sa_type=BigInteger)
    set_by: str
    set_at: datetime


class AdjustmentRow(SQLModel, table=True):
    """An amount that was proposed, in minor units; never one's own pay."""

    __tablename__ = "adjustment"
    __table_args__ = (
        UniqueConstraint("id", "employee", "proposed_by", "is_beyond", name="uq_adjustment_repeated"),
        check("amount", "amount_minor <> 0"),
        check("words", "reason <> '' AND words <> ''"),
        check("own", "proposed_as <> employee"),
        check("seen", "length(seen_sha256) = 64"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    employee: str = Field(foreign_key="person.employee", index=True)
    currency: str
    amount_minor: int = Field(sa_type=BigInteger)
    percent: Fraction | None = Field(default=None, sa_type=ExactNumber)
    reason: str
    words: str
    is_beyond: bool
    team: str = ""
    run_id: int = Field(foreign_key="run.id")
    seen_sha256: str
    proposed_by: str
    proposed_as: str | None = None
    proposed_at: datetime


class AdjustmentEndRow(SQLModel, table=True):
    """How a proposal ended. What it repeats of the proposal is held to it, so that the rules can look at both."""

    __tablename__ = "adjustment_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["adjustment_id", "employee", "proposed_by", "is_beyond"],
            ["adjustment.id", "adjustment.employee", "adjustment.proposed_by", "adjustment.is_beyond"],
            name="fk_adjustment_end_adjustment",
        ),
        check("act", "act IN ('approve', 'refuse', 'take back')"),
        check("four_eyes", "(act = 'take back') = (ended_by = proposed_by)"),
        check("own", "act = 'take back' OR ended_as <> employee"),
        check("words", "act <> 'refuse' OR words <> ''"),
        check("seen", "act <> 'approve' OR length(seen_sha256) = 64"),
    )

    adjustment_id: int = Field(primary_key=True)
    employee: str
    proposed_by: str
    is_beyond: bool
    act: str
    words: str = ""
    seen_sha256: str = ""
    ended_by: str
    ended_as: str | None = None
    ended_at: datetime


class ReviewMarkRow(SQLModel, table=True):
    """What somebody said of a person's pay, and the hash of what they saw; the last one counts. Never of one's own."""

    __tablename__ = "review_mark"
    __table_args__ = (
        check("said", "said IN ('confirm', 'send back', 'answer')"),
        check("words", "said = 'confirm' OR words <> ''"),
        check("own", "said = 'answer' OR said_as <> employee"),
        check("seen", "length(seen_sha256) = 64"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    employee: str = Field(foreign_key="person.employee", index=True)
    run_id: int = Field(foreign_key="run.id")
    said: str
    words: str = ""
    seen_sha256: str
    said_by: str
    said_as: str | None = None
    said_at: datetime


class ReviewReminderRow(SQLModel, table=True):
    """That somebody was reminded of a review on a day: at most once for each kind of mail."""

    __tablename__ = "review_reminder"

    quarter: str = Field(primary_key=True)
    employee: str = Field(primary_key=True, foreign_key="person.employee")
    kind: str = Field(primary_key=True)
    on_day: date = Field(primary_key=True)
