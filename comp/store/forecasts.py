"""What quarters came to before their end, one row for each day and currency."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from comp.models import ForecastRow
from comp.money import Money
from comp.periods import Quarter


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a quarter came to in one currency, with what was known on a day. It is no payout of anybody."""

    quarter: Quarter
    day: date
    amount: Money
    people: int
    held: int


def save(session: Session, quarter: Quarter, day: date, forecasts: list[Forecast]) -> None:
    """Store what a quarter came to on a day, in place of what that day said before."""
    this = (col(ForecastRow.quarter) == str(quarter), col(ForecastRow.day) == day)
    session.execute(delete(ForecastRow).where(*this))
    for each in forecasts:
        session.add(_row(each))
    session.flush()


def _row(forecast: Forecast) -> ForecastRow:
    amount = forecast.amount
    return ForecastRow(
        quarter=str(forecast.quarter),
        day=forecast.day,
        currency=amount.currency,
        minor=amount.minor,
        people=forecast.people,
        held=forecast.held,
    )


def load_last(session: Session, quarter: Quarter) -> list[Forecast]:
    """What a quarter came to on the last day that it was forecast, by currency; nothing where it never was."""
    of_quarter = col(ForecastRow.quarter) == str(quarter)
    last = select(func.max(ForecastRow.day)).where(of_quarter).scalar_subquery()
    rows = select(ForecastRow).where(of_quarter, col(ForecastRow.day) == last).order_by(col(ForecastRow.currency))
    return [
        Forecast(quarter, row.day, Money(row.minor, row.currency), row.people, row.held)
        for row in session.scalars(rows)
    ]
