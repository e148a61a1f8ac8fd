"""Tables of runs: what was calculated, with everything that explains it. Rows are written once."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import BigInteger, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from comp.models.base import ExactNumber, check


class RunRow(SQLModel, table=True):
    """One calculation of one quarter. `plans`, `problems`, `metrics` and `round_to` are JSON."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("quarter", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    quarter: str
    number: int
    inputs_sha256: str
    engine: str
    plans: str
    problems: str
    metrics: str
    round_to: str
    calculated_by: str
    calculated_at: datetime


class RunSnapshotRow(SQLModel, table=True):
    """The facts that a run looked at, as `comp.snapshots` writes them: the run has the SHA-256 of their text."""

    __tablename__ = "run_snapshot"

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    document: bytes


class RunLeftOutRow(SQLModel, table=True):
    """How many answers of a unit, with all below it, were left out by decision when a run looked at a quarter."""

    __tablename__ = "run_left_out"
    __table_args__ = (check("answers", "answers > 0"),)

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    unit: str = Field(primary_key=True)
    quarter: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    answers: int


class RunAttainmentRow(SQLModel, table=True):
    """The attainment of a unit (or one person) under a plan version, as the JSON of `comp.attainment.Attainment`."""

    __tablename__ = "run_attainment"

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    number: int = Field(primary_key=True)
    plan: str
    unit: str
    document: str


class RunPayoutRow(SQLModel, table=True):
    """What one person gets in one currency; `unpaid` is the JSON of the days that earn nothing.

    `searched` is what a search looks in: number and name without case and accents.
    `target_minor` is the part of the target that is calculated here, rounded, for statistics: pay is never made of it.
    """

    __tablename__ = "run_payout"
    __table_args__ = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    employee: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    name: str
    searched: str
    amount_minor: int = Field(sa_type=BigInteger)
    target_minor: int = Field(sa_type=BigInteger)
    unpaid: str = "[]"


class RunPieceRow(SQLModel, table=True):
    """A stretch of one person's quarter, with the assignment as it was. Amounts are minor units of `currency`."""

    __tablename__ = "run_piece"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "employee", "currency"], ["run_payout.run_id", "run_payout.employee", "run_payout.currency"]
        ),
        ForeignKeyConstraint(["run_id", "attainment"], ["run_attainment.run_id", "run_attainment.number"]),
        check("days", "start_on < end_on"),
        {"sqlite_with_rowid": False},
    )

    run_id: int = Field(primary_key=True)
    employee: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    start_on: date = Field(primary_key=True)
    end_on: date
    attainment: int
    unit: str
    grade: str
    manager: str | None = None
    cost_centre: str
    annual_salary_minor: int | None = Field(default=None, sa_type=BigInteger)
    target_percent: Fraction | None = Field(default=None, sa_type=ExactNumber)
    target_amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    fte: Fraction = Field(sa_type=ExactNumber)
    share_of_year: Fraction = Field(sa_type=ExactNumber)
    counted_days: Fraction = Field(sa_type=ExactNumber)
    days_in_quarter: int
    absent: str = "[]"
    forfeited: str = ""


class RunExclusionRow(SQLModel, table=True):
    """Somebody without a payout: held, or outside every plan."""

    __tablename__ = "run_exclusion"
    __table_args__ = (check("state", "state IN ('held', 'outside')"),)

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    employee: str = Field(primary_key=True)
    state: str
    name: str
    why: str
