"""The `Summary` sheet: what is paid in all, and how both sides can tell that nothing was lost or changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comp.sheets import PayrollSheets, Total, named
from exports import lines_sheet
from exports.cells import (
    ALARM_FORMAT,
    COUNT_FORMAT,
    LEFT,
    RIGHT,
    STRONG_FONT,
    Content,
    Formula,
    Sheet,
    Styled,
    add_row,
    money_format,
)
from exports.layout import HEADER_HEIGHT, Column, add_facts, add_header, add_title
from exports.sign_off_sheet import status

COLUMNS = (
    Column("Control totals", 46),
    Column("Company", 12),
    Column("Pay code", 16),
    Column("People", 10, is_number=True),
    Column("Lines", 10, is_number=True),
    Column("Amount", 18, is_number=True),
    Column("On the sheet Payroll", 22, is_number=True),
    Column("Check", 10, is_number=True),
)
_FIRST_TOTAL = 18
_LEAD = (
    "What is to be paid, and how both sides can tell that nothing was lost. Formulas come out once editing is enabled."
)


@dataclass(frozen=True, slots=True)
class Checks:
    """The cells of check columns on other sheets: of payouts by their trace, and of what is paid by its settlement."""

    traces: Sequence[str]
    settlements: Sequence[str]


def write(sheet: Sheet, sheets: PayrollSheets, checks: Checks, most_rows: int) -> None:
    """Write the sheet; `most_rows` is how many a sheet can have."""
    sheet.row_dimensions[_FIRST_TOTAL - 1].height = HEADER_HEIGHT
    add_title(sheet, f"Payroll {sheets.run.quarter}", _LEAD)
    add_row(sheet, [])
    add_facts(sheet, _facts(sheets, checks))
    add_row(sheet, [])
    add_header(sheet, COLUMNS)
    for row, total in enumerate(sheets.totals, start=_FIRST_TOTAL):
        add_row(sheet, _total(row, total, sheets, most_rows))
    add_row(sheet, [])
    add_facts(sheet, _origins(sheets))


def _facts(sheets: PayrollSheets, checks: Checks) -> Iterator[tuple[str, Styled]]:
    alike, paid = _alike(checks.traces), _alike(checks.settlements)
    payouts = len(sheets.payouts)
    yield "Batch", Styled(sheets.batch, font=STRONG_FONT)
    yield "Status", Styled(status(sheets), font=STRONG_FONT)
    for label, count in (
        ("Payroll lines", len(sheets.lines)),
        ("People", sheets.people),
        ("Payouts", payouts),
        ("Of them recalculated by the formulas of Trace", Formula(alike)),
        ("Held, not in this batch", len(sheets.held)),
        ("Held back, not in this batch", len(sheets.held_back)),
        ("In no plan, not in this batch", len(sheets.outside)),
    ):
        yield label, _count(count, COUNT_FORMAT)
    differences = f"{payouts}-({alike})"
    yield "Payouts that differ from their formulas", _count(Formula(differences), ALARM_FORMAT)
    unsettled = f"{len(sheets.settled)}-({paid})"
    yield "Amounts paid that differ from their settlement", _count(Formula(unsettled), ALARM_FORMAT)
    last = _FIRST_TOTAL + len(sheets.totals) - 1
    totals = f'{len(sheets.totals)}-COUNTIF($H${_FIRST_TOTAL}:$H${max(last, _FIRST_TOTAL)},"OK")'
    yield "Totals that differ from the sheet Payroll", _count(Formula(totals), ALARM_FORMAT)


def _alike(checks: Sequence[str]) -> str:
    return "+".join(f'COUNTIF({cells},"OK")' for cells in checks)


def _count(count: int | Formula, shown: str) -> Styled:
    return Styled(count, shown, STRONG_FONT, LEFT)


def _total(row: int, total: Total, sheets: PayrollSheets, most_rows: int) -> list[Content]:
    columns = (lines_sheet.cells(title, sheets, most_rows) for title in ("Currency", "Company", "Pay code", "Amount"))
    listed = "+".join(
        f"SUMPRODUCT(EXACT({currencies},$A{row})*EXACT({companies},$B{row})*EXACT({pay_codes},$C{row})*{amounts})"
        for currencies, companies, pay_codes, amounts in zip(*columns, strict=True)
    )
    shown = money_format(total.amount.currency)
    return [
        total.amount.currency,
        total.company,
        total.pay_code,
        Styled(total.people, COUNT_FORMAT),
        Styled(total.lines, COUNT_FORMAT),
        Styled(total.amount.amount, shown, STRONG_FONT),
        Styled(Formula(f"ROUND({listed},4)"), shown),
        Styled(Formula(f'IF($F{row}=$G{row},"OK","DIFF")'), alignment=RIGHT),
    ]


def _origins(sheets: PayrollSheets) -> tuple[tuple[str, str], ...]:
    origin = sheets.run.origin
    by = {each.done: named(each.name, each.by) for each in sheets.signatures}
    later = (each for each in sheets.signatures if each.done != "calculated")
    signed = ((each.done.capitalize(), f"{each.at:%Y-%m-%d %H:%M} UTC by {by[each.done]}") for each in later)
    calculated = by.get("calculated", origin.calculated_by)
    return (
        ("Hash of employee numbers", sheets.employees_sha256),
        ("Hash of payroll lines", sheets.content_sha256),
        ("Hash of the run's inputs", origin.inputs_sha256),
        ("Calculated", f"{origin.calculated_at:%Y-%m-%d %H:%M} UTC by {calculated}"),
        ("Prepared", f"{sheets.prepared_at:%Y-%m-%d %H:%M} UTC by {sheets.prepared_by}"),
        *signed,
        ("Calculated with", f"Loyalty Pay {origin.engine}"),
        ("Plan versions", ", ".join(plan.version for plan in sheets.plans)),
        ("Head of the audit chain", str(sheets.anchor) if sheets.anchor else "empty"),
    )
