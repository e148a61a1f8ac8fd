"""Tables of funding pools and what they make of each payout, and of guaranteed pay."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from comp.models.base import check

_PROPOSED = "confirmed_at IS NULL AND ended_at IS NULL"
_IN_FORCE = "confirmed_at IS NOT NULL AND ended_at IS NULL"
_FOUR_EYES = {
    "confirmed": "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
    "ended": "(ended_at IS NULL) = (ended_by IS NULL)",
    "four_eyes": "confirmed_by <> set_by",
}


def _only(name: str, condition: str) -> Index:
    return Index(
        name, "quarter", "currency", unique=True, sqlite_where=text(condition), postgresql_where=text(condition)
    )


class FundingPoolRow(SQLModel, table=True):
    """What may be paid for a quarter in one currency: set by one person, confirmed by another, then never changed."""

    __tablename__ = "funding_pool"
    __table_args__ = (
        check("amounts", "amount_minor >= 0 AND minimum_minor >= 0"),
        *(check(name, rule) for name, rule in _FOUR_EYES.items()),
        _only("uq_funding_pool_proposed", _PROPOSED),
        _only("uq_funding_pool_in_force", _IN_FORCE),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str
    currency: str
    amount_minor: int = Field(sa_type=BigInteger)
    minimum_minor: int = Field(sa_type=BigInteger)
    scales_up: bool
    words: str
    set_by: str
    set_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None


class FundingLineRow(SQLModel, table=True):
    """What a pool makes of one payout of a run; `factor` is a ratio as text. Written once."""

    __tablename__ = "funding_line"
    __table_args__ = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id")
    pool_id: int = Field(primary_key=True, foreign_key="funding_pool.id")
    employee: str = Field(primary_key=True)
    earned_minor: int = Field(sa_type=BigInteger)
    protected_minor: int = Field(sa_type=BigInteger)
    paid_minor: int = Field(sa_type=BigInteger)
    factor: str


class GuaranteeRow(SQLModel, table=True):
    """What somebody gets at least for a whole quarter on some days (their end excluded), as a minimum or a draw."""

    __tablename__ = "guarantee"
    __table_args__ = (
        check("promise", "promise IN ('minimum', 'draw')"),
        check("amounts", "amount_minor > 0 AND floor_minor >= 0"),
        check("days", "start_on < end_on"),
        *(check(name, rule) for name, rule in _FOUR_EYES.items()),
    )

    id: int | None = Field(default=None, primary_key=True)
    employee: str = Field(foreign_key="person.employee", index=True)
    currency: str
    promise: str
    amount_minor: int = Field(sa_type=BigInteger)
    floor_minor: int = Field(sa_type=BigInteger)
    start_on: date
    end_on: date
    words: str
    set_by: str
    set_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
