"""The rows of a payroll file, from booked lines: whose, under which of payroll's codes and numbers, how much."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from comp.errors import Problem
from comp.money import Money
from comp.paid_lines import PaidLine
from comp.payroll_layouts import Layout
from comp.payroll_maps import ELSEWHERE, Companies, PayrollMaps
from comp.periods import Quarter, Span

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """What every row of a file shares: the quarter with its days, its run, the day of payment, a number for payroll.

    `name` is the batch's, `2026-Q2-B1`, or the run's before there is a batch, `2026-Q2-R3`.
    """

    quarter: Quarter
    days: Span
    run: int
    pay_date: date
    number: str
    name: str


class PayrollRow(NamedTuple):
    """One row: a person's amount under one pay code and company code, and one cost centre where these are kept.

    `corrects` names the quarter that it corrects, where that is another than the batch's.
    """

    employee: str
    name: str
    payroll_number: str
    plan_pay_code: str
    pay_code: str
    company_code: str
    cost_centre: str
    amount: Money
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class PayrollRows:
    """All rows of a batch for one layout, in the order of employee numbers.

    `refused` says for whom payroll's codes and numbers are missing; the rows are there with blanks then, to be looked
    at and not to be taken. `elsewhere` are the rows of those whom another system pays, and `left_out` counts rows of 0
    that the layout does not write.
    """

    batch: Batch
    rows: tuple[PayrollRow, ...]
    elsewhere: tuple[PayrollRow, ...]
    refused: tuple[Problem, ...]
    left_out: int


def make_rows(
    layout: Layout, lines: Iterable[PaidLine], batch: Batch, maps: PayrollMaps, companies: Companies
) -> PayrollRows:
    """The rows that a layout makes of booked lines, each person's together."""
    made = _Maker(layout, batch.quarter, maps, companies)
    rows = [row for _, own in groupby(lines, lambda line: line.whose) for row in made.rows(own)]
    elsewhere = tuple(row for row in rows if row.company_code == ELSEWHERE)
    here = [row for row in rows if row.company_code != ELSEWHERE]
    kept = tuple(row for row in here if row.amount.minor or layout.rows.writes_zero)
    return PayrollRows(batch, kept, elsewhere, tuple(_refused(layout, made, kept)), len(here) - len(kept))


class _Maker:
    """Makes rows, and remembers for which units and cost centres a company code was asked for."""

    def __init__(self, layout: Layout, quarter: Quarter, maps: PayrollMaps, companies: Companies) -> None:
        self._layout, self._quarter, self._maps, self._companies = layout, quarter, maps, companies
        self.without_company: dict[tuple[str, str, str], list[PayrollRow]] = {}

    def rows(self, lines: Iterable[PaidLine]) -> list[PayrollRow]:
        """The rows of one person in one currency, which add up to what is paid."""
        added: dict[tuple[str, ...], PayrollRow] = {}
        for row in map(self._row, lines):
            plan_pay_code = row.plan_pay_code if "plan_pay_code" in self._layout.names else ""
            key = (row.pay_code, row.company_code, row.cost_centre, plan_pay_code, row.corrects)
            before = added.get(key)
            added[key] = _with_more(before, row.amount) if before else row
        return list(added.values())

    def _row(self, line: PaidLine) -> PayrollRow:
        pay_code, cost_centre, unit = line.key.place
        writes_company = "company_code" in self._layout.names
        company = self._companies.code(unit, line.key.currency, cost_centre)
        row = PayrollRow(
            employee=line.key.employee,
            name=" ".join(line.name.split()),
            payroll_number=self._maps.number(line.key.employee),
            plan_pay_code=pay_code,
            pay_code=self._maps.pay_codes.get(pay_code, ""),
            company_code=company if writes_company or company == ELSEWHERE else "",
            cost_centre=cost_centre if self._layout.rows.keeps_cost_centres else "",
            amount=line.amount,
            corrects="" if line.key.quarter == self._quarter else str(line.key.quarter),
        )
        if writes_company and not company and (line.amount.minor or self._layout.rows.writes_zero):
            self.without_company.setdefault((unit, cost_centre, line.key.currency), []).append(row)
        return row


def _with_more(row: PayrollRow, amount: Money) -> PayrollRow:
    return row._replace(amount=Money(row.amount.minor + amount.minor, amount.currency))


def _refused(layout: Layout, made: _Maker, rows: Iterable[PayrollRow]) -> Iterator[Problem]:
    """What the maps lack, each with how many people it keeps from being paid."""
    without_code: dict[str, list[PayrollRow]] = {}
    without_number: list[PayrollRow] = []
    for row in rows:
        if "pay_code" in layout.names and not row.pay_code:
            without_code.setdefault(row.plan_pay_code, []).append(row)
        if not row.payroll_number:
            without_number.append(row)
    for code, lacking in sorted(without_code.items()):
        where = f"pay code {code}" if code else "plans without a pay code"
        yield Problem(f"has no code in {layout.name}: {_people(lacking)}.", where)
    for place, lacking in sorted(made.without_company.items()):
        yield Problem(f"has no company code: {_people(lacking)}.", _place(*place))
    if without_number:
        why = f"The map of employee numbers lacks {_people(without_number)}."
        yield Problem(why, "employee numbers")


def _place(unit: str, cost_centre: str, currency: str) -> str:
    centre = f", cost centre {cost_centre}" if cost_centre else ""
    return f"unit {unit}{centre}, {currency}"


def _people(rows: list[PayrollRow]) -> str:
    return people_text((row.employee, row.name) for row in rows)


def people_text(people: Iterable[tuple[str, str]]) -> str:
    """How many people, and the first of them by number and name."""
    named = list(dict.fromkeys(people))
    shown = ", ".join(f"{employee} {name}".strip() for employee, name in named[:_NAMED])
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    count = "1 person" if len(named) == 1 else f"{len(named):,} people"
    return f"{count} ({shown}{more})"
