"""Tables of the clock and its jobs: what is to be done, by whom it is done just now, and how it ended."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from comp.models.base import check

_OF_CLOCK = "asked_by = '' AND state = "


def _one_of_a_kind(name: str, state: str) -> Index:
    """No two jobs that the clock started are in this state at once, of any kind."""
    these = text(f"{_OF_CLOCK}'{state}'")
    return Index(f"uq_job_{name}", "kind", unique=True, sqlite_where=these, postgresql_where=these)


class JobRow(SQLModel, table=True):
    """One job. `slot` is the moment that fell due, or a name of its own where somebody asked for the job.

    It belongs to `worker` until `lease_until`; `attempts` tells which time it is that somebody has it.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "slot"),
        _one_of_a_kind("waits", "waiting"),
        _one_of_a_kind("runs", "running"),
        Index("ix_job_due", "state", "due_at"),
        check("state", "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')"),
        check("leased", "(state = 'running') = (lease_until IS NOT NULL)"),
        check("ended", "(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)"),
        check("progress", "step >= 0 AND total >= 0 AND done >= 0 AND (total = 0 OR done <= total)"),
        check("attempts", "attempts >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    slot: str
    asked_by: str = ""
    arguments: str = "{}"
    state: str = "waiting"
    attempts: int = 0
    asked_at: datetime
    due_at: datetime
    step: int = 0
    done: int = 0
    total: int = 0
    worker: str = ""
    begun_at: datetime | None = None
    step_at: datetime | None = None
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    words: str = ""
    result: str = ""
    cancel_asked: bool = False


class ClockRow(SQLModel, table=True):
    """The one clock that counts: in which process it goes, and when it was heard of."""

    __tablename__ = "clock"
    __table_args__ = (check("one", "id = 1"),)

    id: int = Field(primary_key=True)
    holder: str
    beat_at: datetime


class ForecastRow(SQLModel, table=True):
    """What a quarter came to on a day before its end, in one currency: expected, never a payout."""

    __tablename__ = "forecast"
    __table_args__ = (check("counts", "people >= 0 AND held >= 0"),)

    quarter: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    minor: int = Field(sa_type=BigInteger)
    people: int
    held: int
