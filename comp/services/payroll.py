"""What payroll takes away."""

from collections import Counter
from datetime import datetime

from sqlmodel import Session

from comp.money import Money
from comp.periods import Quarter
from comp.results import Run
from comp.roles import Account
from comp.services.calculation import last_run
from comp.sheets import PayrollSheets, Total, make_sheets
from comp.store import audit


def payroll_sheets(session: Session, actor: Account, quarter: Quarter, now: datetime) -> PayrollSheets:
    """The content of the payroll workbook of a quarter's last run, prepared by an actor who may see everybody's pay.

    Raises `NotFoundError` where there is none, or not for the actor.
    """
    stored, run = last_run(session, actor, quarter)
    return make_sheets(stored, run, actor.email, now, audit.head(session))


def totals(run: Run) -> tuple[Total, ...]:
    """What a run pays in each currency."""
    minor, people = Counter[str](), Counter[str]()
    for payout in run.payouts:
        minor[payout.amount.currency] += payout.amount.minor
        people[payout.amount.currency] += 1
    return tuple(
        Total("", people[currency], people[currency], Money(minor[currency], currency)) for currency in sorted(people)
    )
