"""What payroll takes away."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import RefusedError
from comp.money import Money
from comp.organisation import Organisation
from comp.payroll_layouts import Layout
from comp.payroll_maps import Companies
from comp.payroll_rows import Batch, PayrollRows, make_rows
from comp.periods import Quarter
from comp.results import Run
from comp.roles import Account
from comp.services.calculation import last_run
from comp.sheets import PayrollSheets, Total, make_sheets
from comp.store import audit, plans, settings, units
from comp.store import payroll as layouts

_LONGEST_NUMBER = 25


def payroll_sheets(session: Session, actor: Account, quarter: Quarter, now: datetime) -> PayrollSheets:
    """The content of the payroll workbook of a quarter's last run, prepared by an actor who may see everybody's pay.

    Raises `NotFoundError` where there is none, or not for the actor.
    """
    stored, run = last_run(session, actor, quarter)
    return make_sheets(stored, run, actor.email, now, audit.head(session), plans.load_used(session, stored.id))


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever takes a file says of it: the day of payment and payroll's number for the batch, where not the usual.

    The usual day is the quarter's last, the usual number is made of the quarter and its run, as `26Q2R1`.
    """

    pay_date: date | None = None
    number: str = ""


def payroll_rows(
    session: Session, actor: Account, quarter: Quarter, layout: Layout, told: Told, now: datetime
) -> tuple[PayrollSheets, PayrollRows]:
    """The rows of a quarter's last run for a layout, and the content of the workbook that they must agree with.

    Raises `NotFoundError` where there is no run, or not for the actor, and `RefusedError` for an unfit batch number.
    """
    stored, run = last_run(session, actor, quarter)
    days = settings.load_company(session).calendar.span(quarter)
    batch = Batch(
        quarter, days, stored.number, told.pay_date or days.last, _number(told.number, quarter, stored.number)
    )
    maps = layouts.load_maps(session, layout.maps_of)
    companies = Companies(maps.companies, Organisation(units.load_units(session)))
    sheets = make_sheets(stored, run, actor.email, now, audit.head(session), plans.load_used(session, stored.id))
    return sheets, make_rows(layout, run, batch, maps, companies)


def _number(told: str, quarter: Quarter, run: int) -> str:
    number = told.strip() or f"{quarter.year % 100:02d}Q{quarter.number}R{run}"
    if not (number.isascii() and number.isalnum() and len(number) <= _LONGEST_NUMBER):
        raise RefusedError(f"{told!r} is no batch number: up to {_LONGEST_NUMBER} letters and digits.")
    return number


def totals(run: Run) -> tuple[Total, ...]:
    """What a run pays in each currency."""
    minor, people = Counter[str](), Counter[str]()
    for payout in run.payouts:
        minor[payout.amount.currency] += payout.amount.minor
        people[payout.amount.currency] += 1
    return tuple(
        Total("", people[currency], people[currency], Money(minor[currency], currency)) for currency in sorted(people)
    )
