"""The `Settlement` sheets: from what each person earned to what is paid, by live formulas beside the engine's value."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from comp.money import Money
from comp.settlement import Key, LineKind, Settled
from comp.sheets import PayrollSheets
from exports.cells import RIGHT, Content, Formula, Styled, add_row, money_format
from exports.layout import Column, Page, add_list, in_parts, name_table, numbered

SHEET = "Settlement"
_TITLES = {
    LineKind.EARNED: "Earned",
    LineKind.FUNDING: "Funding",
    LineKind.ADJUSTMENT: "Adjustments",
    LineKind.GUARANTEE: "Guarantee",
    LineKind.RECOVERY: "Recovery",
    LineKind.CORRECTION: "Corrections",
    LineKind.CARRIED: "Carried",
}
_HEAD = 3


def add(book: Workbook, sheets: PayrollSheets, page: Page, most_rows: int, traced: Mapping[Key, str]) -> list[str]:
    """Add the sheets; gives the cells of each one's check column.

    `traced` are the cells with each payout by the formulas of the trace, which this goes on from.
    """
    kinds = _kinds(sheets)
    columns = _columns(sheets, kinds)
    checks = []
    for number, part in enumerate(in_parts(sheets.settled, most_rows), start=1):
        title = numbered(SHEET, number)
        sheet = add_list(book, title, columns, Page(page.heading, page.batch, "landscape"), fixed=2)
        for row, settled in enumerate(part, start=2):
            add_row(sheet, _row(row, settled, kinds, sheets, traced))
        name_table(sheet, title, columns, len(part))
        check = get_column_letter(len(columns))
        checks.append(f"'{title}'!${check}$2:${check}${max(2, len(part) + 1)}")
    return checks


def _kinds(sheets: PayrollSheets) -> list[LineKind]:
    """The kinds of lines that there are: a column for each."""
    found = {line.kind for settled in sheets.settled for line in settled.lines}
    return [kind for kind in LineKind if kind in {LineKind.EARNED, *found}]


def _columns(sheets: PayrollSheets, kinds: Sequence[LineKind]) -> list[Column]:
    earlier = [Column("Paid in earlier batches", 14, is_number=True)] if sheets.paid else []
    return [
        Column("Employee", 11).fitted(settled.employee for settled in sheets.settled),
        Column("Name", 20).fitted(settled.name for settled in sheets.settled),
        Column("Currency", 10),
        *(Column(_TITLES[kind], 14, is_number=True) for kind in kinds),
        Column("Payable by formula", 16, is_number=True),
        *earlier,
        Column("In this batch by formula", 17, is_number=True),
        Column("In this batch", 14, is_number=True),
        Column("Check", 9, is_number=True),
    ]


def _row(
    row: int, settled: Settled, kinds: Sequence[LineKind], sheets: PayrollSheets, traced: Mapping[Key, str]
) -> list[Content]:
    shown = money_format(settled.currency)
    last_part = get_column_letter(_HEAD + len(kinds))
    payable, earlier = _HEAD + len(kinds) + 1, sheets.paid.get(settled.key, Money(0, settled.currency))
    before = [Styled(earlier.amount, shown)] if sheets.paid else []
    by_formula = payable + len(before) + 1
    total, formula, engine = (get_column_letter(place) for place in (payable, by_formula, by_formula + 1))
    left = f"{total}{row}-{get_column_letter(payable + 1)}{row}" if before else f"{total}{row}"
    now = Money(settled.payable.minor - earlier.minor, settled.currency)
    return [
        settled.employee,
        settled.name,
        settled.currency,
        *(Styled(content, shown) for content in _parts(settled, kinds, traced.get(settled.key))),
        Styled(Formula(f"ROUND(SUM(D{row}:{last_part}{row}),4)"), shown),
        *before,
        Styled(Formula(f"ROUND({left},4)"), shown),
        Styled(now.amount, shown),
        Styled(Formula(f'IF({formula}{row}={engine}{row},"OK","DIFF")'), alignment=RIGHT),
    ]


def _parts(settled: Settled, kinds: Sequence[LineKind], traced: str | None) -> Iterator[Fraction | Formula]:
    """What each kind comes to: earned by the trace, where the run paid, every other kind as it was stored."""
    for kind in kinds:
        if kind is LineKind.EARNED and traced:
            yield Formula(traced)
        else:
            yield settled.of_kind(kind).amount
