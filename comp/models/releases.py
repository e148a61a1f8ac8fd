"""Tables of what was paid: batches with their lines and files, pay that is held back, what payroll says it paid."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from comp.models.base import check


class ReleaseRow(SQLModel, table=True):
    """A payroll batch as it was released. `anchor` is the head of the audit chain that its workbook carries."""

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("quarter", "number"),
        check("number", "number > 0"),
        check("four_eyes", "released_by <> approved_by"),
        check("hashes", "length(content_sha256) = 64 AND length(employees_sha256) = 64"),
        check("approved", "length(approved_sha256) = 64 AND length(settlement_sha256) = 64"),
    )

    name: str = Field(primary_key=True)
    quarter: str = Field(foreign_key="quarter_life.quarter")
    number: int
    run_id: int = Field(foreign_key="run.id")
    approved_by: str
    released_by: str
    released_at: datetime
    approved_sha256: str
    settlement_sha256: str
    content_sha256: str
    employees_sha256: str
    people: int
    lines: int
    pay_date: date
    payroll_number: str
    anchor: str


class ReleaseLineRow(SQLModel, table=True):
    """One booked line of a batch. `quarter` is the one that it is for: where it corrects, another than the batch's."""

    __tablename__ = "release_line"
    __table_args__ = (
        check("kind", "kind <> ''"),
        Index("ix_release_line_quarter_employee", "quarter", "employee"),
        {"sqlite_with_rowid": False},
    )

    release: str = Field(primary_key=True, foreign_key="release.name")
    place: int = Field(primary_key=True)
    employee: str
    name: str
    currency: str
    kind: str
    quarter: str
    pay_code: str
    cost_centre: str
    unit: str
    minor: int = Field(sa_type=BigInteger)


class ReleaseFileRow(SQLModel, table=True):
    """A file of a batch, byte for byte as it is served. `layout` is `workbook` for the payroll workbook."""

    __tablename__ = "release_file"
    __table_args__ = (check("sha256", "length(sha256) = 64"), check("size", "size = length(content)"))

    release: str = Field(primary_key=True, foreign_key="release.name")
    layout: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    place: int
    sha256: str
    size: int
    content: bytes = Field(sa_type=LargeBinary)


class PayoutHoldRow(SQLModel, table=True):
    """One person's pay of a quarter that is held back, until somebody else lifts it."""

    __tablename__ = "payout_hold"
    __table_args__ = (
        check("why", "why <> ''"),
        check("lifted", "(lifted_by IS NULL) = (lifted_at IS NULL)"),
        check("four_eyes", "lifted_by <> held_by"),
        Index(
            "ix_payout_hold_open",
            "quarter",
            "employee",
            unique=True,
            sqlite_where=text("lifted_by IS NULL"),
            postgresql_where=text("lifted_by IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str
    employee: str = Field(foreign_key="person.employee")
    why: str
    held_by: str
    held_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_words: str = ""


class PaidConfirmationRow(SQLModel, table=True):
    """That payroll said what it paid of a batch: figures typed back, or a file of paid amounts."""

    __tablename__ = "paid_confirmation"
    __table_args__ = (
        check("how", "how IN ('typed', 'file')"),
        check("file", "(how = 'file') = (file_sha256 IS NOT NULL)"),
    )

    release: str = Field(primary_key=True, foreign_key="release.name")
    how: str
    file_sha256: str | None = None
    rows: int
    differences: int
    confirmed_by: str
    confirmed_at: datetime


class PaidDifferenceRow(SQLModel, table=True):
    """A payment that is not as its batch says. An amount is NULL where there is none."""

    __tablename__ = "paid_difference"
    __table_args__ = (
        UniqueConstraint("release", "employee", "currency", "pay_code"),
        check("kind", "kind IN ('missing', 'extra', 'other amount')"),
        check("expected", "(kind = 'extra') = (expected_minor IS NULL)"),
        check("paid", "(kind = 'missing') = (paid_minor IS NULL)"),
    )

    id: int | None = Field(default=None, primary_key=True)
    release: str = Field(foreign_key="paid_confirmation.release")
    employee: str
    currency: str
    pay_code: str
    kind: str
    expected_minor: int | None = Field(default=None, sa_type=BigInteger)
    paid_minor: int | None = Field(default=None, sa_type=BigInteger)


class DifferenceAnswerRow(SQLModel, table=True):
    """What somebody says of a difference; the last one counts."""

    __tablename__ = "difference_answer"
    __table_args__ = (
        check("answer", "answer IN ('explained', 'put right by a correction', 'outstanding')"),
        check("words", "words <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    difference_id: int = Field(foreign_key="paid_difference.id", index=True)
    answer: str
    words: str
    answered_by: str
    answered_at: datetime
