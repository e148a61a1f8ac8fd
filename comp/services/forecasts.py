"""What the running quarter comes to with what is known so far: expected, and never a payout."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.calculate import Told, calculate
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Account, Permission
from comp.services.calculation import sufficient_facts
from comp.services.payroll import totals
from comp.store import forecasts, settings
from comp.store.forecasts import Forecast

__all__ = ["Expected", "Forecast", "expected", "forecast", "store"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A quarter as it was forecast on a day; no totals where nobody would be paid."""

    quarter: Quarter
    day: date
    totals: tuple[Forecast, ...]
    held: int


def forecast(session: Session, now: datetime, told: Told) -> Expected:
    """Calculate the quarter that runs as if it ended now; a run is not made of it. What `told` raises ends it.

    Raises `RefusedError` where there is nothing to calculate from yet.
    """
    company = settings.load_company(session)
    day = now.astimezone(company.zone).date()
    quarter = company.calendar.quarter_of(day)
    run = calculate(sufficient_facts(session, quarter), told)
    held = len({each.employee for each in run.held})
    found = tuple(Forecast(quarter, day, total.amount, total.people, held) for total in totals(run))
    return Expected(quarter, day, found, held)


def store(session: Session, found: Expected) -> None:
    """Keep what was forecast, in place of what the same day said before."""
    forecasts.save(session, found.quarter, found.day, list(found.totals))


def expected(session: Session, actor: Account, quarter: Quarter, run: StoredRun | None) -> list[Forecast]:
    """What a quarter was last expected to come to, for those who see everybody's pay; nothing for others.

    Nothing either where its run knows at least as much: what is calculated is no longer expected.
    """
    if Permission.READ_PAYOUTS not in actor.permissions:
        return []
    known = forecasts.load_last(session, quarter)
    return [each for each in known if run is None or each.day > run.origin.calculated_at.date()]
