"""A manager's workbook of a team: what it comes to, a row for each person, and the rules behind each amount."""

import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from comp.figures import percent_text
from comp.money import Money
from comp.pay_rows import GATE, RuleRow
from comp.review import Mark, Standing
from comp.team_sheets import TeamLine, TeamSheets, TeamTotal
from exports.cells import (
    COUNT_FORMAT,
    INDENTED,
    LABEL_FONT,
    LEFT,
    PERCENT_FORMAT,
    RIGHT,
    STRONG_FONT,
    TITLE_FONT,
    Content,
    Formula,
    Sheet,
    Styled,
    add_row,
    money_format,
    near,
)
from exports.layout import HEADER_HEIGHT, Column, Page, add_header, add_list, add_sheet, name_table, streamed_book
from exports.pay_lists import distinct, score_cells

TEAM, WHY = "Team", "Why"
_SUMMARY = (
    Column("Currency", 30),
    Column("People", 10, is_number=True),
    Column("Target", 15, is_number=True),
    Column("Earned", 15, is_number=True),
    Column("Adjustments", 15, is_number=True),
    Column("Added otherwise", 15, is_number=True),
    Column("Paid", 16, is_number=True),
    Column("On the sheet Team", 16, is_number=True),
    Column("Check", 9, is_number=True),
)
_HEAD = (
    Column("Employee", 11),
    Column("Name", 22),
    Column("Unit", 16),
    Column("Currency", 10),
    Column("Target", 14, is_number=True),
    Column("Days counted", 10, is_number=True),
    Column("Days in quarter", 10, is_number=True),
)
_TAIL = (
    Column("Attained in all", 11, is_number=True),
    Column("Earned", 14, is_number=True),
    Column("Adjustments", 13, is_number=True),
    Column("Added otherwise", 13, is_number=True),
    Column("Paid", 14, is_number=True),
    Column("Quarter before", 14, is_number=True),
    Column("Review", 14),
    Column("Said by", 18),
    Column("Flags", 20),
    Column("Held because", 40),
    Column("In words", 30),
)
_WHY = (
    Column("Employee", 11),
    Column("Name", 20),
    Column("Currency", 10),
    Column("From", 11),
    Column("To", 11),
    Column("Unit", 14),
    Column("Plan version", 20),
    Column("Part", 16),
    Column("Share of pay", 9, is_number=True),
    Column("Part attains", 10, is_number=True),
    Column("Rule", 10),
    Column("Metric", 12),
    Column("Measured at", 14),
    Column("Score", 10, is_number=True),
    Column("Answers", 10, is_number=True),
    Column("Interval from", 10, is_number=True),
    Column("Interval to", 10, is_number=True),
    Column("Rests on", 14),
    Column("Target of the metric", 11, is_number=True),
    Column("Gives", 10, is_number=True),
    Column("Weight", 10, is_number=True),
    Column("Said", 26),
)


def team_workbook(sheets: TeamSheets) -> bytes:
    """The workbook as the bytes of an XLSX file. Its formulas add the rows up beside the totals."""
    buffer = io.BytesIO()
    page = Page(f"Team of {sheets.name}, {sheets.run.quarter}", f"run {sheets.run.name}")
    with streamed_book() as book:
        summary = add_sheet(book, "Summary", _SUMMARY, Page(page.heading, page.batch, "landscape"))
        _add_team(book, sheets, page)
        _add_why(book, sheets, page)
        _write_summary(summary, sheets)
        book.properties.title = page.heading
        book.properties.creator = "Loyalty Pay"
        book.properties.created = sheets.made_at.replace(tzinfo=None)
        book.save(buffer)
    return buffer.getvalue()


def _write_summary(sheet: Sheet, sheets: TeamSheets) -> None:
    sheet.sheet_view.showGridLines = False
    facts = list(_facts(sheets))
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[len(facts) + 5].height = HEADER_HEIGHT
    add_row(sheet, [Styled(f"Team of {sheets.name}", font=TITLE_FONT, alignment=LEFT)])
    add_row(sheet, [Styled(f"What everybody below gets for {sheets.run.quarter}, and why.", font=LABEL_FONT)])
    add_row(sheet, [])
    for label, value in facts:
        add_row(sheet, [Styled(label, font=LABEL_FONT), value])
    add_row(sheet, [])
    add_header(sheet, _SUMMARY)
    for row, total in enumerate(sheets.totals, start=len(facts) + 6):
        add_row(sheet, _total(row, total, sheets))
    add_row(sheet, [])
    for note in _notes(sheets):
        add_row(sheet, [Styled(note, font=LABEL_FONT)])


def _facts(sheets: TeamSheets) -> Iterator[tuple[str, Styled]]:
    run = sheets.run
    yield "State of the quarter", Styled(sheets.state, font=STRONG_FONT)
    yield "People below", _count(sheets.people)
    yield "Of them listed here", _count(sheets.listed)
    for standing, people in sheets.standings.items():
        if people and standing is not Standing.NOT_PAID:
            yield standing.capitalize(), _count(people)
    yield "Held, and not paid", _count(sheets.held)
    yield "Run", Styled(f"{run.name}, calculated {run.origin.calculated_at:%Y-%m-%d %H:%M} UTC")
    yield "Made", Styled(f"{sheets.made_at:%Y-%m-%d %H:%M} UTC by {sheets.made_by}")


def _count(number: int) -> Styled:
    return Styled(number, COUNT_FORMAT, STRONG_FONT, LEFT)


def _total(row: int, total: TeamTotal, sheets: TeamSheets) -> list[Content]:
    shown = money_format(total.currency)
    amounts = total.target, total.earned, total.adjusted, total.added
    places = {column.title: place for place, column in enumerate(_team_columns(sheets), start=1)}
    currencies, paid = (_cells(places[title], len(sheets.lines)) for title in ("Currency", "Paid"))
    return [
        Styled(total.currency, font=STRONG_FONT),
        Styled(total.people, COUNT_FORMAT),
        *(Styled(amount.amount, shown) for amount in amounts),
        Styled(total.payable.amount, shown, STRONG_FONT),
        Styled(Formula(f"ROUND(SUMIF({currencies},$A{row},{paid}),4)"), shown),
        Styled(Formula(f'IF($G{row}=$H{row},"OK","DIFF")'), alignment=RIGHT),
    ]


def _cells(place: int, rows: int) -> str:
    letter = get_column_letter(place)
    return f"{TEAM}!${letter}$2:${letter}${rows + 1}"


def _notes(sheets: TeamSheets) -> Iterator[str]:
    if not sheets.lines:
        yield "The run pays nobody of this team."
    if sheets.is_direct:
        yield f"Who answers to {sheets.name} directly is listed: take the others from the teams below."
    yield "Amounts of different currencies are never added up."
    yield "Added otherwise: funding pools, guarantees and draws, and corrections of earlier quarters."
    if sheets.state not in {"approved", "released", "closed"}:
        yield f"{sheets.run.quarter} is not approved: what is paid may still change."


def _team_columns(sheets: TeamSheets) -> list[Column]:
    rows = [line.row for line in sheets.lines]
    texts = {
        "Employee": [row.employee for row in rows],
        "Name": [row.name for row in rows],
        "Unit": [row.unit for row in rows],
        "Flags": [", ".join(row.flags) for row in rows],
        "Said by": [row.mark.by for row in rows if row.mark],
    }
    attained = [f"Attained: {name}" for name in sheets.components]
    titles = distinct([*(column.title for column in (*_HEAD, *_TAIL)), *attained])
    parts = [Column(title, 17, is_number=True) for title in titles[len(_HEAD) + len(_TAIL) :]]
    return [column.fitted(texts.get(column.title, ())) for column in (*_HEAD, *parts, *_TAIL)]


def _add_team(book: Workbook, sheets: TeamSheets, page: Page) -> None:
    columns = _team_columns(sheets)
    wide = Page(page.heading, page.batch, "landscape", pages_wide=2)
    sheet = add_list(book, TEAM, columns, wide, fixed=2)
    for line in sheets.lines:
        add_row(sheet, _team_row(line, sheets.components))
    name_table(sheet, TEAM, columns, len(sheets.lines))


def _team_row(line: TeamLine, components: Sequence[str]) -> list[Content]:
    row = line.row
    shown = money_format(row.currency) if row.currency else None
    amounts = row.earned, row.adjusted, line.added, row.payable, row.before
    return [
        row.employee,
        row.name,
        row.unit,
        row.currency,
        _money(row.target, shown),
        Styled(near(line.days), "0.##") if line.days is not None else None,
        line.days_in_quarter,
        *(Styled(near(line.attained.get(name)), PERCENT_FORMAT) for name in components),
        Styled(near(row.attainment), PERCENT_FORMAT),
        *(_money(amount, shown) for amount in amounts),
        Styled(str(row.standing), alignment=INDENTED),
        _by(row.mark),
        ", ".join(row.flags),
        row.held,
        row.mark.words if row.mark else "",
    ]


def _money(amount: Money | None, shown: str | None) -> Content:
    return None if amount is None else Styled(amount.amount, shown)


def _by(mark: Mark | None) -> str:
    return mark.by if mark else ""


def _add_why(book: Workbook, sheets: TeamSheets, page: Page) -> None:
    texts = {
        "Employee": [rule.payout.employee for rule in sheets.rules],
        "Name": [rule.payout.name for rule in sheets.rules],
        "Plan version": [rule.piece.stretch.plan.version for rule in sheets.rules],
        "Part": [rule.part for rule in sheets.rules],
        "Unit": [_unit(sheets, rule.piece.assignment.unit) for rule in sheets.rules],
        "Metric": [rule.metric for rule in sheets.rules],
        "Measured at": [_unit(sheets, rule.score.unit) for rule in sheets.rules if rule.score],
        "Rests on": [rule.score.basis for rule in sheets.rules if rule.score],
        "Said": [rule.said for rule in sheets.rules],
    }
    columns = [column.fitted(texts.get(column.title, ())) for column in _WHY]
    wide = Page(page.heading, page.batch, "landscape", pages_wide=2)
    sheet = add_list(book, WHY, columns, wide, fixed=2)
    metrics = {metric.id: metric for metric in sheets.metrics}
    for rule in sheets.rules:
        about = _why_head(sheets, rule)
        scored = score_cells(metrics, rule.metric, rule.score)
        add_row(sheet, [*about, *scored, *_why_tail(rule)])
    name_table(sheet, WHY, columns, len(sheets.rules))


def _why_head(sheets: TeamSheets, rule: RuleRow) -> list[Content]:
    stretch, assignment = rule.piece.stretch, rule.piece.assignment
    return [
        rule.payout.employee,
        rule.payout.name,
        assignment.currency,
        stretch.span.start,
        stretch.span.last,
        _unit(sheets, assignment.unit),
        stretch.plan.version,
        rule.part,
        Styled(near(rule.share), PERCENT_FORMAT),
        Styled(near(rule.attains), PERCENT_FORMAT),
        Styled(rule.rule, alignment=INDENTED),
        rule.metric,
        _unit(sheets, rule.score.unit) if rule.score else "",
    ]


def _why_tail(rule: RuleRow) -> list[Content]:
    said = rule.said
    if rule.rule == GATE and rule.gives is not None:
        said = f"{said} at {percent_text(rule.gives)}"
    return [
        near(rule.target),
        Styled(near(rule.gives), PERCENT_FORMAT),
        Styled(near(rule.weight), PERCENT_FORMAT),
        Styled(said, alignment=INDENTED),
    ]


def _unit(sheets: TeamSheets, code: str) -> str:
    return sheets.units.get(code, code)
