"""Tables of pay plans: their versions, and what was done to each with the words that were said."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from comp.models.base import check

_LIVES = "state NOT IN ('withdrawn', 'discarded')"
_OTHERS = "{0} = 'command line' OR ({0} <> author AND {0} <> submitted_by)"


class PlanVersionRow(SQLModel, table=True):
    """One version of a plan: its document as JSON, and who wrote, submitted, published and withdrew it.

    Published documents never change, and versions that were withdrawn or discarded give their start free.
    """

    __tablename__ = "plan_version"
    __table_args__ = (
        Index(
            "uq_plan_version_living",
            "plan",
            "starts_on",
            unique=True,
            sqlite_where=text(_LIVES),
            postgresql_where=text(_LIVES),
        ),
        check("state", "state IN ('draft', 'submitted', 'published', 'withdrawn', 'discarded')"),
        check("submitted", "(state IN ('draft', 'discarded')) = (submitted_at IS NULL)"),
        check("submitter", "(submitted_at IS NULL) = (submitted_by IS NULL)"),
        check("published", "(state IN ('published', 'withdrawn')) = (published_at IS NOT NULL)"),
        check("publisher", "(published_at IS NULL) = (published_by IS NULL)"),
        check("four_eyes", _OTHERS.format("published_by")),
        check("withdrawn", "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"),
        check("withdrawer", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
        check("four_eyes_withdraw", _OTHERS.format("withdrawn_by")),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan: str = Field(index=True)
    starts_on: date
    name: str
    state: str
    document: str
    sha256: str
    author: str
    saved_at: datetime
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    published_by: str | None = None
    published_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None


class PlanActRow(SQLModel, table=True):
    """Something that somebody did to a version, with their words; `sha256` is that of the document then."""

    __tablename__ = "plan_act"
    __table_args__ = (
        check("act", "act IN ('write', 'submit', 'take back', 'send back', 'publish', 'withdraw', 'discard')"),
        check("words", "act NOT IN ('send back', 'withdraw') OR words <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="plan_version.id", index=True)
    act: str
    acted_by: str
    acted_at: datetime
    words: str = ""
    sha256: str


class PlanWarningRow(SQLModel, table=True):
    """A warning that was answered in words when a version was submitted."""

    __tablename__ = "plan_warning"
    __table_args__ = (check("words", "words <> ''"),)

    act_id: int = Field(primary_key=True, foreign_key="plan_act.id")
    place: int = Field(primary_key=True)
    about: str
    why: str
    words: str


class RunPlanRow(SQLModel, table=True):
    """A plan version that a run used, with the hash of its document then."""

    __tablename__ = "run_plan"

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    version_id: int = Field(primary_key=True, foreign_key="plan_version.id", index=True)
    sha256: str


class PlanReaderRow(SQLModel, table=True):
    """Somebody whom a version pays and who has said that they read it; `sha256` is that of the document they saw."""

    __tablename__ = "plan_reader"

    version_id: int = Field(primary_key=True, foreign_key="plan_version.id")
    employee: str = Field(primary_key=True, foreign_key="person.employee")
    sha256: str
    read_at: datetime
