"""Workbooks of small companies, and whether one agrees with the run that it was made of."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl import Workbook, load_workbook

from comp.calculate import calculate
from comp.facts import Facts
from comp.money import Money, minor_unit_decimals
from comp.results import Origin, Payout, Piece, Run, StoredRun
from comp.sheets import PayrollSheets, make_sheets
from exports.payroll_workbook import payroll_workbook
from tests.make import scenario
from tests.office import listed

MOMENT = datetime(2025, 10, 6, 9, 30, tzinfo=UTC)
_NEAR = Fraction(1, 10**7)


def sheets_of(facts: Facts) -> PayrollSheets:
    """What the workbook of a company's first run is made of."""
    origin = Origin("ab" * 32, "1.0", tuple(plan.version for plan in facts.plans), "hr@example.com", MOMENT)
    stored = StoredRun(1, facts.quarter, 1, origin)
    return make_sheets(stored, calculate(facts), "payroll@example.com", MOMENT)


def sheets(**fields: Any) -> PayrollSheets:
    """The same for the company of `make.company`, with these fields changed."""
    return sheets_of(scenario(**fields).facts)


def component(*measures: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A component of the whole plan with these measures."""
    return {"id": "c", "name": "Customer", "share": "100%", "measures": list(measures), **fields}


def result(metric: str, value: str) -> dict[str, str]:
    """A stated value of unit U in the quarter of `make.company`."""
    return {"unit": "U", "quarter": "2025-Q3", "metric": metric, "value": value}


def book(made: PayrollSheets) -> Workbook:
    """The workbook as it is written: formulas are formulas."""
    return load_workbook(io.BytesIO(payroll_workbook(made)))


def changed(content: bytes, sheet: str, row: int, title: str, value: Any) -> bytes:
    """A workbook in which somebody typed another value into a row of a list."""
    opened = load_workbook(io.BytesIO(content))
    titles = [cell.value for cell in opened[sheet][1]]
    opened[sheet].cell(row, titles.index(title) + 1).value = value
    buffer = io.BytesIO()
    opened.save(buffer)
    return buffer.getvalue()


def money(value: Any, currency: str) -> Money:
    """The amount in a cell, which must be one of whole minor units."""
    minor = Decimal(str(value)).scaleb(minor_unit_decimals(currency))
    assert abs(minor - round(minor)) < Decimal("0.000001"), f"{value} {currency} is no payable amount"
    return Money(round(minor), currency)


def trace_rows(calculated: Workbook) -> list[dict[str, Any]]:
    """The rows of all trace sheets."""
    return [row for name in calculated.sheetnames if name.startswith("Trace") for row in listed(calculated, name)]


def disagreements(calculated: Workbook, run: Run) -> list[str]:
    """Every row of `Payroll` and `Trace` that says something else than the run."""
    return [*_payroll(calculated, run), *_trace(trace_rows(calculated), run)]


def _payroll(calculated: Workbook, run: Run) -> Iterator[str]:
    expected = Counter(
        (payout.employee, line.pay_code or None, line.cost_centre or None, line.amount)
        for payout in run.payouts
        for line in payout.lines
    )
    found = Counter(
        (row["Employee"], row["Pay code"], row["Cost centre"], money(row["Amount"], row["Currency"]))
        for row in listed(calculated, "Payroll")
    )
    yield from (f"Payroll lacks {line}" for line in expected - found)
    yield from (f"Payroll has {line}" for line in found - expected)


def _trace(rows: list[dict[str, Any]], run: Run) -> Iterator[str]:
    """Row by row, in the order of the run's payouts and pieces."""
    left = iter(rows)
    for payout in run.payouts:
        for place, piece in enumerate(payout.pieces):
            own = [next(left) for _ in range(_count(piece))]
            who = f"{payout.employee} from {piece.stretch.span.start}"
            yield from (f"{who}: {what}" for what in _piece(own, payout, piece))
            if place == 0:
                yield from (f"{who}: {what}" for what in _payout(own[0], payout))
    yield from (f"Trace has one row too many: {row}" for row in left)


def _count(piece: Piece) -> int:
    plan = piece.stretch.plan
    measures = sum(len(component.measures) for component in plan.components)
    return 1 if piece.stretch.forfeited else measures + len(plan.rules)


def _payout(row: dict[str, Any], payout: Payout) -> Iterator[str]:
    for title in ("Payout by formula", "Payout"):
        if money(row[title], row["Currency"]) != payout.amount:
            yield f"{title} {row[title]} is not {payout.amount}"
    if row["Check"] != "OK":
        yield f"Check says {row['Check']}"


def _piece(rows: list[dict[str, Any]], payout: Payout, piece: Piece) -> Iterator[str]:
    stretch, first = piece.stretch, rows[0]
    named = {(row["Employee"], row["Currency"], row["Unit"], row["From"].date(), row["To"].date()) for row in rows}
    expected = (payout.employee, payout.amount.currency, piece.assignment.unit, stretch.span.start, stretch.span.last)
    if named != {expected}:
        yield f"named {named}"
    yield from _differs("Piece earns", first, piece.amount)
    yield from _differs("Days counted", first, stretch.counted_days)
    if stretch.forfeited:
        return
    yield from _differs("Total attains", first, stretch.attainment.total)
    yield from _rules(rows, piece)


def _rules(rows: list[dict[str, Any]], piece: Piece) -> Iterator[str]:
    attainment = piece.stretch.attainment
    measures = [row for row in rows if row["Rule"].startswith("measure")]
    results = [measure for component in attainment.components for measure in component.measures]
    for row, result in zip(measures, results, strict=True):
        yield from _differs("Weight", row, result.weight)
        yield from _differs("Gives", row, result.attainment)
        yield from _differs("Score", row, result.score.value if result.score else None)
    factors = sorted(_number(row["Gives"]) for row in rows if row["Rule"].startswith("modifier"))
    multipliers = sorted(modifier.multiplier for modifier in attainment.modifiers)
    if any(abs(found - made) > _NEAR for found, made in zip(factors, multipliers, strict=True)):
        yield f"modifiers give {factors}, not {multipliers}"
    open_ = sum(row["Gives"] in {"holds", "passed over"} for row in rows if row["Rule"].startswith("gate"))
    if open_ != sum(gate.holds for gate in attainment.gates):
        yield f"{open_} gates hold"


def _differs(title: str, row: dict[str, Any], made: Fraction | None) -> Iterator[str]:
    near = row[title] is None if made is None else abs(_number(row[title]) - made) <= _NEAR * max(1, abs(made) / 1000)
    if not near:
        yield f"{title} {row[title]} is not {made}"


def _number(value: Any) -> Fraction:
    return Fraction(str(value))
