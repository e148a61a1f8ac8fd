"""The `Summary` sheet of an accrual: what each currency comes to with its band, and that everything adds up."""

from collections.abc import Iterator

from comp.accrual_sheets import Accrual, CurrencyTotal, StoredAccrual
from comp.accruals import Ledger
from comp.exchange import Converted, GroupTotal
from comp.figures import counted, percent_text
from exports import accrual_journal_sheet, accrual_lines_sheet
from exports.accrual_journal_sheet import DELTA_SHEET, SHEET
from exports.cells import (
    LABEL_FONT,
    LEFT,
    RIGHT,
    STRONG_FONT,
    TITLE_FONT,
    Content,
    Formula,
    Sheet,
    Styled,
    add_row,
    money_format,
)
from exports.layout import HEADER_HEIGHT, Column, add_header

COLUMNS = (
    Column("Currency", 34),
    Column("Low", 16, is_number=True),
    Column("Expected", 16, is_number=True),
    Column("High", 16, is_number=True),
    Column("Accrued", 16, is_number=True),
    Column("Taken before", 16, is_number=True),
    Column("To be booked", 16, is_number=True),
    Column("On the sheet Delta", 16, is_number=True),
    Column("Check", 9, is_number=True),
)
_BOOKS = (
    Column("Company", 34),
    Column("Currency", 16),
    Column("Debit", 16, is_number=True),
    Column("Credit", 16, is_number=True),
    Column("Difference", 16, is_number=True),
    Column("Check", 16, is_number=True),
)
_GROUP = (
    Column("For information", 34),
    Column("Accrued", 16, is_number=True),
    Column("Rate", 16, is_number=True),
    Column("In the group currency", 16, is_number=True),
)
BASES = {
    "forecast": "forecast: calculated with what is known now; nothing of it is approved",
    "approved": "approved: what payroll will release",
    "released": "released: what payroll was given to pay",
}
_FIRST = 13


def write(sheet: Sheet, stored: StoredAccrual, group: GroupTotal | None) -> None:
    """Write the sheet."""
    accrual = stored.accrual
    sheet.sheet_view.showGridLines = False
    books = _FIRST + len(accrual.totals) + 2
    heads = (_FIRST - 1, books, books + len(accrual.ledgers) + 2)
    sheet.row_dimensions[1].height = 30
    for head in heads[: 3 if group else 2]:
        sheet.row_dimensions[head].height = HEADER_HEIGHT
    title = f"Accrual {accrual.quarter} at {accrual.as_of:%Y-%m-%d}"
    add_row(sheet, [Styled(title, font=TITLE_FONT, alignment=LEFT)])
    add_row(
        sheet, [Styled("What of the quarter's variable pay has accrued, and what is to be booked.", font=LABEL_FONT)]
    )
    add_row(sheet, [])
    for label, value in _facts(stored):
        add_row(sheet, [Styled(label, font=LABEL_FONT), Styled(value, font=STRONG_FONT)])
    add_row(sheet, [])
    add_header(sheet, COLUMNS)
    for row, total in enumerate(accrual.totals, start=_FIRST):
        add_row(sheet, _total(row, total, accrual))
    add_row(
        sheet,
        [Styled("Low and high are of the sum: the rows of Accrual do not all end there at once.", font=LABEL_FONT)],
    )
    add_row(sheet, [])
    add_header(sheet, _BOOKS)
    for row, ledger in enumerate(accrual.ledgers, start=books + 1):
        add_row(sheet, _books(row, ledger, accrual))
    if group:
        _write_group(sheet, group)


def _facts(stored: StoredAccrual) -> Iterator[tuple[str, str]]:
    accrual = stored.accrual
    taken = f"taken by {stored.taken_by}, {stored.taken_at:%Y-%m-%d %H:%M} UTC" if stored.taken_at else ""
    yield "Accrual", stored.name
    yield "Status", taken or "PREVIEW: nobody has taken it; do not book it"
    yield "Rests on", BASES[accrual.basis] + (f", run {accrual.run}" if accrual.run else "")
    yield "Worked out", f"{stored.made_at:%Y-%m-%d %H:%M} UTC by {stored.made_by}"
    days = f"{accrual.days.start:%Y-%m-%d} to {accrual.days.last:%Y-%m-%d}"
    yield "Share of the quarter", f"{percent_text(accrual.share, 2)} of {counted(accrual.days.days, 'day')}, {days}"
    before = f"accrual {accrual.before.number} of {accrual.before.as_of:%Y-%m-%d}" if accrual.before else "nothing"
    yield "Taken before", before
    missing = len(accrual.unmapped)
    yield "Accounts", f"{missing} missing: the sheet Rules names them" if missing else "all mapped"


def _total(row: int, total: CurrencyTotal, accrual: Accrual) -> list[Content]:
    shown = money_format(total.currency)
    listed = {
        column: Styled(Formula(_sum_of(column, accrual, row)), shown, STRONG_FONT if column == "K" else None)
        for column in ("I", "K", "L")
    }
    there = Formula(_delta_of(accrual, row))
    return [
        total.currency,
        Styled(total.money(total.bounds.low).amount, shown),
        listed["I"],
        Styled(total.money(total.bounds.high).amount, shown),
        listed["K"],
        listed["L"],
        Styled(Formula(f"E{row}-F{row}"), shown, STRONG_FONT),
        Styled(there, shown),
        Styled(Formula(f'IF(ABS(G{row}-H{row})<0.00001,"OK","CHECK")'), alignment=RIGHT),
    ]


def _sum_of(column: str, accrual: Accrual, row: int) -> str:
    currencies, amounts = accrual_lines_sheet.cells("B", accrual), accrual_lines_sheet.cells(column, accrual)
    return f"SUMIF({currencies},$A{row},{amounts})"


def _delta_of(accrual: Accrual, row: int) -> str:
    """What the journal's difference debits to expenses: its lines that have a cost centre."""
    lines = len(accrual.delta)
    currency, centre, debit, credit = (accrual_journal_sheet.cells(DELTA_SHEET, each, lines) for each in "DFIJ")
    return f'SUMIFS({debit},{currency},$A{row},{centre},"?*")-SUMIFS({credit},{currency},$A{row},{centre},"?*")'


def _books(row: int, ledger: Ledger, accrual: Accrual) -> list[Content]:
    """Debits and credits of one company's books; both entries of the journal together."""
    lines = len(accrual.journal)
    company, currency, debit, credit = (accrual_journal_sheet.cells(SHEET, each, lines) for each in "CDIJ")
    shown = money_format(ledger.currency)
    sums = [Formula(f'SUMPRODUCT(({company}=$A{row}&"")*({currency}=$B{row})*{each})') for each in (debit, credit)]
    return [
        ledger.company,
        ledger.currency,
        *(Styled(each, shown) for each in sums),
        Styled(Formula(f"ROUND(C{row}-D{row},4)"), shown),
        Styled(Formula(f'IF(E{row}=0,"OK","CHECK")'), alignment=RIGHT),
    ]


def _write_group(sheet: Sheet, group: GroupTotal) -> None:
    add_row(sheet, [])
    add_header(sheet, _GROUP)
    for part in group.parts:
        add_row(
            sheet,
            [
                _labelled(part),
                Styled(part.amount.amount, money_format(part.amount.currency)),
                part.rate.rate if part.rate else 1,
                Styled(part.in_group.amount, money_format(group.currency)),
            ],
        )
    total = group.total
    if total is None:
        add_row(
            sheet, [Styled(f"No total in {group.currency}: no rate of {', '.join(group.missing)}", font=STRONG_FONT)]
        )
        return
    label = f"In {group.currency} at the rates of {group.quarter}"
    add_row(
        sheet,
        [Styled(label, font=STRONG_FONT), "", "", Styled(total.amount, money_format(group.currency), STRONG_FONT)],
    )


def _labelled(part: Converted) -> str:
    source = part.rate.source if part.rate else "the group currency"
    return f"{part.amount.currency}, {source}" if source else part.amount.currency
