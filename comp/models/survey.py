"""Tables of what customers said: definitions, responses, tallies, stated results and targets."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from comp.models.base import ExactNumber, check

_KNOWN_CUSTOMER = "replaced_by IS NULL AND customer <> ''"


class DefinitionRow(SQLModel, table=True):
    """A question or a metric as the JSON of its document, and the quarter from which that holds; `''` since always."""

    __tablename__ = "definition"
    __table_args__ = (
        check("kind", "kind IN ('question', 'metric')"),
        check("starts", "starts = '' OR length(starts) = 7"),
    )

    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    starts: str = Field(primary_key=True)
    document: str


class BatchRow(SQLModel, table=True):
    """One accepted file: what it was and what it changed."""

    __tablename__ = "batch"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    tool: str
    file_name: str
    sha256: str = Field(index=True)
    rows: int
    new: int
    changed: int
    unchanged: int
    dropped: str
    accepted_by: str
    accepted_at: datetime


class UnreadColumnRow(SQLModel, table=True):
    """A column of answers that no question described when its file was taken in."""

    __tablename__ = "unread_column"

    name: str = Field(primary_key=True)
    answers: int
    low: int
    high: int
    batch_id: int = Field(foreign_key="batch.id")


class ResponseRow(SQLModel, table=True):
    """One customer's return of one survey, as one file stated it. Never changed but to say what replaced it.

    `key` is the survey tool's id of the response, or made of the row where it has none; `customer` a keyed hash;
    `answers` a JSON object of whole numbers by question.
    """

    __tablename__ = "response"
    __table_args__ = (
        Index(
            "uq_response_current",
            "key",
            unique=True,
            sqlite_where=text("replaced_by IS NULL"),
            postgresql_where=text("replaced_by IS NULL"),
        ),
        Index(
            "ix_response_place",
            "unit",
            "answered_on",
            sqlite_where=text("replaced_by IS NULL"),
            postgresql_where=text("replaced_by IS NULL"),
        ),
        Index(
            "ix_response_customer",
            "customer",
            sqlite_where=text(_KNOWN_CUSTOMER),
            postgresql_where=text(_KNOWN_CUSTOMER),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    unit: str = Field(foreign_key="unit.code")
    answered_on: date
    touchpoint: str = ""
    segment: str = ""
    customer: str = ""
    comment: str = ""
    answers: str
    batch_id: int = Field(foreign_key="batch.id", index=True)
    replaced_by: int | None = Field(default=None, foreign_key="batch.id")


class TallyRow(SQLModel, table=True):
    """How many times each answer was given; `month` is the first day of the month in which it was."""

    __tablename__ = "tally"
    __table_args__ = (check("count", "count >= 0"), {"sqlite_with_rowid": False})

    unit: str = Field(primary_key=True, foreign_key="unit.code")
    question: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    touchpoint: str = Field(primary_key=True)
    segment: str = Field(primary_key=True)
    answer: int = Field(primary_key=True)
    count: int


class ResultRow(SQLModel, table=True):
    """A metric's stated value, or stated counts of the three groups of a Net Promoter Score."""

    __tablename__ = "result"
    __table_args__ = (
        check("one_kind", "(value IS NULL) = (promoters IS NOT NULL)"),
        check("all_groups", "(promoters IS NULL) = (passives IS NULL) AND (passives IS NULL) = (detractors IS NULL)"),
        check("counts", "answers >= 0 AND promoters >= 0 AND passives >= 0 AND detractors >= 0"),
    )

    unit: str = Field(primary_key=True, foreign_key="unit.code")
    quarter: str = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    value: Fraction | None = Field(default=None, sa_type=ExactNumber)
    answers: int | None = None
    promoters: int | None = None
    passives: int | None = None
    detractors: int | None = None


class TargetRow(SQLModel, table=True):
    """What a unit aims at in a quarter (`2026-Q3`) or a fiscal year (`2026`)."""

    __tablename__ = "target"

    unit: str = Field(primary_key=True, foreign_key="unit.code")
    period: str = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    target: Fraction = Field(sa_type=ExactNumber)
