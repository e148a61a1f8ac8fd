"""What payroll takes away."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import RefusedError
from comp.money import Money
from comp.payroll_layouts import WORKBOOK, Layout
from comp.payroll_rows import Batch, PayrollRows, make_rows
from comp.periods import Quarter
from comp.results import Run
from comp.roles import Account
from comp.services.batch_content import BatchContent, batch_content, companies_of, paying
from comp.services.workflow import life_of
from comp.sheets import Paying, PayrollSheets, Total, make_sheets, named
from comp.store import payroll as layouts
from comp.store import settings
from comp.workflow import PAID, State

_LONGEST_NUMBER = 25


def payroll_sheets(session: Session, actor: Account, quarter: Quarter, now: datetime) -> PayrollSheets:
    """The content of the payroll workbook of a quarter as it is now, prepared by an actor who may see everybody's pay.

    It is a preview, of what no batch has yet. Raises `NotFoundError` where there is no run, or not for the actor.
    """
    return _preview(session, actor, batch_content(session, actor, quarter), now)


def _preview(session: Session, actor: Account, content: BatchContent, now: datetime) -> PayrollSheets:
    return make_sheets(content.stored, content.run, named(actor.name, actor.email), now, paying(session, content))


def control_view(session: Session, actor: Account, content: BatchContent, now: datetime) -> PayrollSheets:
    """What a page shows of a batch: its totals, hashes and who is not in it, without what only the workbook has."""
    paid = Paying(content.settlement, content.lines, companies=companies_of(session, WORKBOOK))
    return make_sheets(content.stored, content.run, named(actor.name, actor.email), now, paid)


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever takes a file says of it: the day of payment and payroll's number for the batch, where not the usual.

    The usual day is the quarter's last, the usual number is made of the quarter and its run, as `26Q2R1`; of what was
    released already, of the quarter and the batch, as `26Q2B2`.
    """

    pay_date: date | None = None
    number: str = ""


def is_open(session: Session, quarter: Quarter) -> bool:
    """Whether files of a quarter can be looked at before they are released: it is calculated, and nothing is paid."""
    return life_of(session, quarter).state not in {State.OPEN, *PAID}


def payroll_rows(
    session: Session, actor: Account, quarter: Quarter, layout: Layout, told: Told, now: datetime
) -> tuple[PayrollSheets, PayrollRows]:
    """The rows of a quarter as it is now for a layout, and the content of the workbook that they must agree with.

    Raises `NotFoundError` where there is no run, or not for the actor, and `RefusedError` for an unfit batch number and
    for a quarter that is released: its files are those of its batches.
    """
    if life_of(session, quarter).state in PAID:
        raise RefusedError(f"{quarter} is released. Take the files of its batches, which never change.")
    content = batch_content(session, actor, quarter)
    batch = file_batch(session, content, told, is_preview=True)
    return _preview(session, actor, content, now), layout_rows(session, content, layout, batch)


def file_batch(session: Session, content: BatchContent, told: Told, *, is_preview: bool = False) -> Batch:
    """What every row of a batch's files shares. Raises `RefusedError` for an unfit batch number."""
    quarter, run = content.stored.quarter, content.stored.number
    days = settings.load_company(session).calendar.span(quarter)
    usual = f"{quarter.year % 100:02d}Q{quarter.number}" + (f"R{run}" if is_preview else f"B{content.number}")
    name = f"{quarter}-R{run}" if is_preview else content.name
    return Batch(quarter, days, run, told.pay_date or days.last, _number(told.number, usual), name)


def layout_rows(session: Session, content: BatchContent, layout: Layout, batch: Batch) -> PayrollRows:
    """The rows that a layout makes of a batch's lines, with payroll's codes and numbers of now."""
    maps = layouts.load_maps(session, layout.maps_of)
    return make_rows(layout, content.lines, batch, maps, companies_of(session, layout.maps_of))


def _number(told: str, usual: str) -> str:
    number = told.strip() or usual
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
