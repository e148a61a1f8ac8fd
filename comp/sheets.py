"""What exporters receive: everything that a file for payroll shows, and nothing that they would have to look up."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from comp.batch_changes import Change
from comp.chain import Anchor
from comp.money import Money
from comp.paid_lines import PaidLine, paid_lines, places_of, settled_run
from comp.payroll_maps import Companies
from comp.periods import Quarter
from comp.plan import Plan
from comp.results import Hold, Outside, Payout, Run, StoredRun
from comp.scores import Metric
from comp.settlement import Key, Settled, Settlement


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """One line that payroll books: a person's amount under one company code, pay code and cost centre.

    `corrects` names the quarter that it corrects, where that is another than the batch's.
    """

    employee: str
    name: str
    pay_code: str
    cost_centre: str
    amount: Money
    corrects: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody who let a batch be paid: what they did, their name and address, when, and the hash of what they saw."""

    done: str
    by: str
    name: str
    at: datetime
    saw: str = ""


@dataclass(frozen=True, slots=True)
class Paying:
    """What a batch pays of a settlement: the lines that no batch before it had.

    `paid` is what earlier batches of the quarter paid, by person; `number` is that of the batch where it is released.
    `anchor` is the head of the audit chain, `documents` are the hashes that the run keeps, by plan version. `companies`
    finds company codes, `last_day` is the quarter's, and `swing` the share from which on a change is worth a look.
    """

    settlement: Settlement
    lines: tuple[PaidLine, ...]
    paid: Mapping[Key, Money] = field(default_factory=dict)
    number: int | None = None
    changes: tuple[Change, ...] = ()
    signatures: tuple[Signature, ...] = ()
    anchor: Anchor | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    companies: Companies | None = None
    last_day: date | None = None
    swing: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A control total: how many people and lines, and how much, in one currency under one company and pay code."""

    pay_code: str
    people: int
    lines: int
    amount: Money
    company: str = ""


class Leaver(NamedTuple):
    """Somebody who is paid and was not employed on the quarter's last day; the last day that they were."""

    employee: str
    name: str
    last: date


@dataclass(frozen=True, slots=True)
class PayrollSheets:
    """The content of a payroll workbook. `anchor` is the head of the audit chain when it was made.

    `documents` are the SHA-256 of the documents of plan versions, as the run keeps them. `payouts` and `settled` are of
    the people in the batch alone; `held_back` are those whose pay waits for a reason of its own, `leavers` those whose
    days end before the quarter does. Without a `number` it is a preview: nothing of it is released.
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
    settled: tuple[Settled, ...] = ()
    held_back: tuple[Settled, ...] = ()
    paid: Mapping[Key, Money] = field(default_factory=dict)
    number: int | None = None
    changes: tuple[Change, ...] = ()
    signatures: tuple[Signature, ...] = ()
    leavers: tuple[Leaver, ...] = ()
    swing: Fraction | None = None

    @property
    def batch(self) -> str:
        """What names this content: the quarter and the number of the batch, or of the run where it is a preview."""
        return batch_name(self.run.quarter, self.number) if self.number else f"{self.run.quarter}-R{self.run.number}"

    @property
    def is_released(self) -> bool:
        """Whether it is what was released, and no preview."""
        return self.number is not None

    @property
    def file_name(self) -> str:
        """The name under which the workbook is saved."""
        return f"payroll-{self.batch}.xlsx"

    @property
    def preview_name(self) -> str:
        """The name under which a browser saves what is not released."""
        return f"payroll-{self.batch}-preview.xlsx"

    @property
    def has_corrections(self) -> bool:
        """Whether any line corrects another quarter."""
        return any(line.corrects for line in self.lines)

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
        """A hash of the lines themselves, whatever the file around them and the companies' codes in payroll."""
        booked: Counter[tuple[str, ...]] = Counter()
        for line in self.lines:
            place = line.pay_code, line.cost_centre, line.amount.currency
            booked[line.employee, *place, line.corrects] += line.amount.minor
        return _digest(sorted(_canonical(key, minor) for key, minor in booked.items()))


def named(name: str, address: str) -> str:
    """Who somebody is, with their address where that is not all that is known of them."""
    return f"{name} ({address})" if name and name != address else address


def batch_name(quarter: Quarter, number: int) -> str:
    """What names a batch among all: `2026-Q2-B1`."""
    return f"{quarter}-B{number}"


def make_sheets(
    stored: StoredRun,
    run: Run,
    prepared_by: str,
    prepared_at: datetime,
    paying: Paying | None = None,
) -> PayrollSheets:
    """The content of a run's workbook. Without `paying` it is what the run alone pays."""
    paying = paying or _earned(stored, run)
    whose = {line.whose for line in paying.lines}
    lines = tuple(payroll_lines(run.quarter, paying.lines, paying.companies))
    payouts = tuple(each for each in run.payouts if Key(each.employee, each.amount.currency) in whose)
    plans = {piece.stretch.plan.version: piece.stretch.plan for payout in payouts for piece in payout.pieces}
    return PayrollSheets(
        run=stored,
        lines=lines,
        totals=control_totals(lines),
        payouts=payouts,
        plans=tuple(plans[version] for version in sorted(plans)),
        metrics=run.metrics,
        round_to=run.round_to,
        held=run.held,
        outside=run.outside,
        prepared_by=prepared_by,
        prepared_at=prepared_at,
        anchor=paying.anchor,
        documents=tuple(paying.documents.items()),
        settled=tuple(each for each in paying.settlement.settled if each.key in whose),
        held_back=tuple(each for each in paying.settlement.settled if each.held_back),
        paid=paying.paid,
        number=paying.number,
        changes=paying.changes,
        signatures=paying.signatures,
        leavers=tuple(_leavers(payouts, paying.last_day)),
        swing=paying.swing,
    )


def _leavers(payouts: Iterable[Payout], last_day: date | None) -> Iterator[Leaver]:
    """Whose days end before the quarter's last one, in whatever currency they were paid."""
    found: dict[str, Leaver] = {}
    for payout in payouts:
        spans = [*(piece.stretch.span for piece in payout.pieces), *(unpaid.span for unpaid in payout.unpaid)]
        before = [found[payout.employee].last] if payout.employee in found else []
        found[payout.employee] = Leaver(payout.employee, payout.name, max([*before, *(span.last for span in spans)]))
    yield from (leaver for leaver in found.values() if last_day and leaver.last < last_day)


def _earned(stored: StoredRun, run: Run) -> Paying:
    settlement = settled_run(run, stored.name)
    return Paying(settlement, tuple(paid_lines(settlement, places_of(run))))


def payroll_lines(
    quarter: Quarter, lines: Iterable[PaidLine], companies: Companies | None = None
) -> Iterator[PayrollLine]:
    """Lines as they are booked: what a person gets for the quarter under one code, and each correction by itself."""
    found: dict[tuple[str, ...], PayrollLine] = {}
    for line in lines:
        corrects = "" if line.key.quarter == quarter else str(line.key.quarter)
        pay_code, cost_centre, unit = line.key.place
        company = companies.code(unit, line.key.currency, cost_centre) if companies else ""
        key = (*line.whose, pay_code, cost_centre, corrects, company)
        before = found[key].amount.minor if key in found else 0
        amount = Money(before + line.amount.minor, line.amount.currency)
        found[key] = PayrollLine(line.key.employee, line.name, pay_code, cost_centre, amount, corrects, company)
    yield from found.values()


def control_totals(lines: Iterable[PayrollLine]) -> tuple[Total, ...]:
    """The totals of lines by currency, company code and pay code."""
    groups: dict[tuple[str, str, str], list[PayrollLine]] = {}
    for line in lines:
        groups.setdefault((line.amount.currency, line.company, line.pay_code), []).append(line)
    return tuple(_total(key, groups[key]) for key in sorted(groups))


def _total(key: tuple[str, str, str], lines: list[PayrollLine]) -> Total:
    currency, company, pay_code = key
    amount = Money(sum(line.amount.minor for line in lines), currency)
    return Total(pay_code, len({line.employee for line in lines}), len(lines), amount, company)


def _canonical(key: tuple[str, ...], minor: int) -> str:
    *place, corrects = key
    return "|".join([*place, str(minor), *([corrects] if corrects else [])])


def employees_sha256(employees: Iterable[str]) -> str:
    """A hash of employee numbers, each once, whatever their order."""
    return _digest(sorted(set(employees)))


def _digest(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "backslashreplace")).hexdigest()
