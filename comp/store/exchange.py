"""The group currency and the rates of quarters, with everything that was set before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from comp.exchange import Rate
from comp.models import ExchangeRateRow, GroupCurrencyRow
from comp.periods import Quarter


@dataclass(frozen=True, slots=True)
class SetRate:
    """A rate as somebody set it, in the group currency of then."""

    rate: Rate
    group_currency: str
    set_by: str
    set_at: datetime


def find_group_currency(session: Session) -> str:
    """The group currency; empty where nobody has set one."""
    query = select(col(GroupCurrencyRow.currency)).order_by(col(GroupCurrencyRow.id).desc()).limit(1)
    return session.scalar(query) or ""


def save_group_currency(session: Session, currency: str, by: str, now: datetime) -> None:
    """Let totals be added up in another currency."""
    session.add(GroupCurrencyRow(currency=currency, set_by=by, set_at=now))
    session.flush()


def load_rates(session: Session, quarter: Quarter, group_currency: str) -> dict[str, SetRate]:
    """The rates of a quarter that count, by currency: the last of each, in this group currency alone."""
    found = (each for each in load_history(session, quarter) if each.group_currency == group_currency)
    return {each.rate.currency: each for each in found}


def load_history(session: Session, quarter: Quarter) -> list[SetRate]:
    """Every rate that was ever set for a quarter, the oldest first."""
    query = select(ExchangeRateRow).where(col(ExchangeRateRow.quarter) == str(quarter))
    return [_rate(row) for row in session.scalars(query.order_by(col(ExchangeRateRow.id)))]


def last_number(session: Session, quarter: Quarter) -> int:
    """What names the state of a quarter's rates: it grows with each that is set."""
    query = select(func.max(ExchangeRateRow.id)).where(col(ExchangeRateRow.quarter) == str(quarter))
    return session.scalar(query) or 0


def save_rate(session: Session, quarter: Quarter, rate: Rate, group_currency: str, by: str, now: datetime) -> None:
    """Set a rate of a quarter; what it was before stays in the history."""
    session.add(
        ExchangeRateRow(
            quarter=str(quarter),
            currency=rate.currency,
            group_currency=group_currency,
            rate=rate.rate,
            source=rate.source,
            set_by=by,
            set_at=now,
        )
    )
    session.flush()


def _rate(row: ExchangeRateRow) -> SetRate:
    return SetRate(Rate(row.currency, row.rate, row.source), row.group_currency, row.set_by, row.set_at)
