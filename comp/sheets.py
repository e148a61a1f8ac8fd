"""What exporters receive: everything that a file for payroll shows, and nothing that they would have to look up."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from comp.chain import Anchor
from comp.money import Money
from comp.plan import Plan
from comp.results import Hold, Outside, Payout, Run, StoredRun
from comp.scores import Metric


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """One line that payroll books: a person's amount under one pay code and cost centre."""

    employee: str
    name: str
    pay_code: str
    cost_centre: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Total:
    """A control total: how many people and lines, and how much, in one currency under one pay code."""

    pay_code: str
    people: int
    lines: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PayrollSheets:
    """The content of a payroll workbook. `anchor` is the head of the audit chain when it was made.

    `documents` are the SHA-256 of the documents of plan versions, as the run keeps them.
    """

    run: StoredRun
    lines: tuple[PayrollLine, ...]
    totals: tuple[Total, ...]
    payouts: tuple[Payout, ...]
    plans: tuple[Plan, ...]
    metrics: tuple[Metric, ...]
    round_to: tuple[tuple[str, Fraction], ...]
    held: tuple[Hold, ...]
    outside: tuple[Outside, ...]
    prepared_by: str
    prepared_at: datetime
    anchor: Anchor | None = None
    documents: tuple[tuple[str, str], ...] = ()

    @property
    def batch(self) -> str:
        """What names this content: the quarter and its run."""
        return f"{self.run.quarter}-R{self.run.number}"

    @property
    def file_name(self) -> str:
        """The name under which the workbook is saved."""
        return f"payroll-{self.batch}.xlsx"

    @property
    def people(self) -> int:
        """How many people get a line."""
        return len({line.employee for line in self.lines})

    @property
    def employees_sha256(self) -> str:
        """A hash of all employee numbers, so that both sides can tell that nobody was lost."""
        return employees_sha256(line.employee for line in self.lines)

    @property
    def content_sha256(self) -> str:
        """A hash of the lines themselves, whatever the file around them."""
        return _digest(sorted(_canonical(line) for line in self.lines))


def make_sheets(
    stored: StoredRun,
    run: Run,
    prepared_by: str,
    prepared_at: datetime,
    anchor: Anchor | None = None,
    documents: Mapping[str, str] | None = None,
) -> PayrollSheets:
    """The content of a run's workbook; `documents` are the hashes that the run keeps, by plan version."""
    lines = tuple(_lines(run))
    plans = {piece.stretch.plan.version: piece.stretch.plan for payout in run.payouts for piece in payout.pieces}
    return PayrollSheets(
        run=stored,
        lines=lines,
        totals=control_totals(lines),
        payouts=run.payouts,
        plans=tuple(plans[version] for version in sorted(plans)),
        metrics=run.metrics,
        round_to=run.round_to,
        held=run.held,
        outside=run.outside,
        prepared_by=prepared_by,
        prepared_at=prepared_at,
        anchor=anchor,
        documents=tuple((documents or {}).items()),
    )


def _lines(run: Run) -> Iterator[PayrollLine]:
    for payout in run.payouts:
        for line in payout.lines:
            yield PayrollLine(payout.employee, payout.name, line.pay_code, line.cost_centre, line.amount)


def control_totals(lines: Iterable[PayrollLine]) -> tuple[Total, ...]:
    """The totals of lines by currency and pay code."""
    groups: dict[tuple[str, str], list[PayrollLine]] = {}
    for line in lines:
        groups.setdefault((line.amount.currency, line.pay_code), []).append(line)
    return tuple(_total(pay_code, currency, groups[currency, pay_code]) for currency, pay_code in sorted(groups))


def _total(pay_code: str, currency: str, lines: list[PayrollLine]) -> Total:
    people = len({line.employee for line in lines})
    return Total(pay_code, people, len(lines), Money(sum(line.amount.minor for line in lines), currency))


def _canonical(line: PayrollLine) -> str:
    return "|".join((line.employee, line.pay_code, line.cost_centre, line.amount.currency, str(line.amount.minor)))


def employees_sha256(employees: Iterable[str]) -> str:
    """A hash of employee numbers, each once, whatever their order."""
    return _digest(sorted(set(employees)))


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
