"""Tables of what finance books before a quarter is paid, and of exchange rates for group totals: all written once."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from comp.models.base import ExactNumber, check


class GroupCurrencyRow(SQLModel, table=True):
    """The currency in which the group adds up totals; the last one counts."""

    __tablename__ = "group_currency"
    __table_args__ = (check("currency", "length(currency) = 3"),)

    id: int | None = Field(default=None, primary_key=True)
    currency: str
    set_by: str
    set_at: datetime


class ExchangeRateRow(SQLModel, table=True):
    """What one unit of a currency is worth in the group's for a quarter, exactly; the last one counts."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        check("currencies", "currency <> group_currency"),
        check("positive", "substr(rate, 1, 1) <> '-' AND rate <> '0'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    currency: str
    group_currency: str
    rate: Fraction = Field(sa_type=ExactNumber)
    source: str
    set_by: str
    set_at: datetime


class AccrualAccountsRow(SQLModel, table=True):
    """The map of accounts as somebody typed it, a JSON document; the last one counts."""

    __tablename__ = "accrual_accounts"

    id: int | None = Field(default=None, primary_key=True)
    document: str
    set_by: str
    set_at: datetime


class AccrualRow(SQLModel, table=True):
    """What a quarter was worked out to have accrued at the end of a day, after what was taken before it."""

    __tablename__ = "accrual"
    __table_args__ = (
        UniqueConstraint("quarter", "number"),
        check("basis", "basis IN ('forecast', 'approved', 'released')"),
        check("counts", "number > 0 AND draws >= 0 AND people >= 0 AND held >= unpriced AND unpriced >= 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str
    number: int
    as_of: date
    basis: str
    run: str
    share: Fraction = Field(sa_type=ExactNumber)
    draws: int
    people: int
    held: int
    unpriced: int
    notes: str
    has_companies: bool
    before_id: int | None = Field(default=None, foreign_key="accrual.id")
    made_by: str
    made_at: datetime


class AccrualTakenRow(SQLModel, table=True):
    """That finance took an accrual to book it: the next one of the quarter states its difference from it."""

    __tablename__ = "accrual_taken"

    accrual_id: int = Field(primary_key=True, foreign_key="accrual.id")
    taken_by: str
    taken_at: datetime


class AccrualLineRow(SQLModel, table=True):
    """One place's cost, band and accrued part, in minor units, with the accounts that it was booked on."""

    __tablename__ = "accrual_line"
    __table_args__ = (check("band", "low_minor <= expected_minor AND expected_minor <= high_minor"),)

    accrual_id: int = Field(primary_key=True, foreign_key="accrual.id")
    company: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    cost_centre: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    expense: str
    liability: str
    expected_minor: int = Field(sa_type=BigInteger)
    low_minor: int = Field(sa_type=BigInteger)
    high_minor: int = Field(sa_type=BigInteger)
    accrued_minor: int = Field(sa_type=BigInteger)
    people: int


class AccrualTotalRow(SQLModel, table=True):
    """What cannot be added up of lines: the band and the extremes of a currency's sum, and what is at risk or waits."""

    __tablename__ = "accrual_total"
    __table_args__ = (
        check("band", "worst_minor <= low_minor AND low_minor <= high_minor AND high_minor <= best_minor"),
    )

    accrual_id: int = Field(primary_key=True, foreign_key="accrual.id")
    currency: str = Field(primary_key=True)
    low_minor: int = Field(sa_type=BigInteger)
    high_minor: int = Field(sa_type=BigInteger)
    worst_minor: int = Field(sa_type=BigInteger)
    best_minor: int = Field(sa_type=BigInteger)
    at_risk_minor: int = Field(sa_type=BigInteger)
    waiting_minor: int = Field(sa_type=BigInteger)
