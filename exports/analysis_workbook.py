"""HR's analysis workbook: flat named tables of several quarters to pivot, and charts of them.

Rows are streamed quarter by quarter; a table goes on to a further sheet where one is full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from openpyxl import Workbook

from comp.analysis import FEWEST_ANSWERS, ChartFigures, PayLine, Slice, UnitLine
from comp.figures import counted
from comp.money import Money
from comp.pay_rows import RuleRow, measure_rows
from exports.analysis_charts import add_charts
from exports.cells import (
    LABEL_FONT,
    LEFT,
    PERCENT_FORMAT,
    STRONG_FONT,
    TITLE_FONT,
    Content,
    Sheet,
    Styled,
    add_row,
    money_format,
    near,
)
from exports.layout import Column, Page, add_list, add_sheet, name_table, numbered, streamed_book
from exports.pay_lists import SCORE_COLUMNS, score_cells

_MOST_ROWS = 1_048_576
_SCORE = (
    Column("score", 10, is_number=True),
    Column("answers", 10, is_number=True),
    Column("interval_low", 12, is_number=True),
    Column("interval_high", 12, is_number=True),
    Column("rests_on", 14),
)
_PAYOUTS = (
    Column("quarter", 10),
    Column("employee", 12),
    Column("name", 24),
    Column("unit", 12),
    Column("unit_name", 26),
    Column("currency", 10),
    Column("target", 14, is_number=True),
    Column("attainment", 12, is_number=True),
    Column("earned", 14, is_number=True),
    Column("adjustments", 13, is_number=True),
    Column("added_otherwise", 17, is_number=True),
    Column("paid", 14, is_number=True),
    Column("state", 12),
    Column("held", 40),
)
_MEASURES = (
    Column("quarter", 10),
    Column("employee", 12),
    Column("name", 24),
    Column("unit", 12),
    Column("from_day", 11),
    Column("to_day", 11),
    Column("currency", 10),
    Column("plan_version", 26),
    Column("component", 20),
    Column("component_share", 17, is_number=True),
    Column("component_attainment", 22, is_number=True),
    Column("metric", 16),
    Column("measured_at", 13),
    *_SCORE,
    Column("metric_target", 14, is_number=True),
    Column("attainment", 12, is_number=True),
    Column("weight", 10, is_number=True),
    Column("note", 24),
)
_SCORES = (
    Column("quarter", 10),
    Column("unit", 12),
    Column("unit_name", 26),
    Column("metric", 16),
    Column("measured_at", 13),
    *_SCORE,
    Column("metric_target", 14, is_number=True),
    Column("attainment", 12, is_number=True),
    Column("plan_version", 26),
    Column("source", 16),
)
_ABOUT = (Column("", 26), Column("", 90))
_HIDDEN = f"fewer than {FEWEST_ANSWERS} answers, or next to one of those"


@dataclass(frozen=True, slots=True)
class About:
    """What an analysis says of itself: the quarters that it has, who made it and when."""

    quarters: Sequence[str]
    made_by: str
    made_at: datetime

    @property
    def file_name(self) -> str:
        """The name under which the workbook is saved."""
        ends = dict.fromkeys((self.quarters[0], self.quarters[-1]))
        return f"analysis-{'-to-'.join(ends)}.xlsx"


class _Rows:
    """Rows under one header, on as many sheets as they need, each a named table."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column], page: Page, fixed: int) -> None:
        self._book, self._title, self._columns = book, title, columns
        self._page, self._fixed = page, fixed
        self._number = self._written = 0
        self._sheet: Sheet = None
        self._begin()

    def _begin(self) -> None:
        self._number, self._written = self._number + 1, 0
        name = numbered(self._title, self._number)
        self._sheet = add_list(self._book, name, self._columns, self._page, self._fixed)

    def add(self, contents: Sequence[Content], most_rows: int) -> None:
        """Add a row, on a further sheet where this one has as many as it can."""
        if self._written + 1 >= most_rows:
            self.end()
            self._begin()
        add_row(self._sheet, contents)
        self._written += 1

    def end(self) -> None:
        """Make a table of what is written."""
        name_table(self._sheet, numbered(self._title, self._number), self._columns, self._written)


def write_analysis(
    target: Path | IO[bytes], about: About, slices: Iterable[Slice], most_rows: int = _MOST_ROWS
) -> None:
    """Write the workbook of slices, the oldest first, of which one is in memory at a time."""
    page = Page(f"Analysis {about.quarters[0]} to {about.quarters[-1]}", "analysis", "landscape")
    figures = ChartFigures()
    with streamed_book() as book:
        sheet = add_sheet(book, "About", _ABOUT, page)
        charts = add_sheet(book, "Charts", (), page)
        pay, scores, measures = (
            _Rows(book, title, columns, Page(page.heading, page.batch, "landscape", wide), fixed)
            for title, columns, wide, fixed in (
                ("Payouts", _PAYOUTS, 1, 3),
                ("Unit scores", _SCORES, 1, 2),
                ("Measures", _MEASURES, 2, 3),
            )
        )
        told = []
        for part in slices:
            _write(part, (pay, scores, measures), most_rows)
            figures.add(part)
            told.append(f"{part.quarter}: {part.state}, run {part.run}, {counted(len(part.pay), 'row')} of pay")
        for rows in (pay, scores, measures):
            rows.end()
        add_charts(book, charts, figures, page)
        _write_about(sheet, about, told)
        book.properties.title = page.heading
        book.properties.creator = "Loyalty Pay"
        book.properties.created = about.made_at.replace(tzinfo=None)
        book.save(target)


def _write(part: Slice, lists: tuple[_Rows, _Rows, _Rows], most_rows: int) -> None:
    pay, scores, measures = lists
    for line in part.pay:
        pay.add(_pay(part, line), most_rows)
    for score in part.scores:
        scores.add(_unit(part, score), most_rows)
    metrics = {metric.id: metric for metric in part.metrics}
    for payout in part.payouts:
        for piece in payout.pieces:
            for rule in measure_rows(payout, piece):
                cells = score_cells(metrics, rule.metric, rule.score)
                measures.add(_measure(part, rule, cells), most_rows)


def _pay(part: Slice, line: PayLine) -> list[Content]:
    shown = money_format(line.currency) if line.currency else None
    return [
        str(part.quarter),
        line.employee,
        line.name,
        line.unit,
        part.names.get(line.unit, line.unit),
        line.currency,
        _money(line.target, shown),
        Styled(near(line.attainment), PERCENT_FORMAT),
        *(_money(amount, shown) for amount in (line.earned, line.adjusted, line.added, line.paid)),
        part.state,
        line.held,
    ]


def _money(amount: Money | None, shown: str | None) -> Content:
    return None if amount is None else Styled(amount.amount, shown)


def _unit(part: Slice, line: UnitLine) -> list[Content]:
    shows = part.shows(line.score)
    scored = score_cells({line.metric.id: line.metric}, line.metric.id, line.score if shows else None)
    return [
        str(part.quarter),
        line.unit,
        part.names.get(line.unit, line.unit),
        line.metric.id,
        line.score.unit,
        *(scored if shows else _hidden()),
        near(line.target),
        Styled(near(line.attainment if shows else None), PERCENT_FORMAT),
        line.plan,
        line.source,
    ]


def _hidden() -> list[Content]:
    return [*[None] * (SCORE_COLUMNS - 1), _HIDDEN]


def _measure(part: Slice, rule: RuleRow, scored: list[Content]) -> list[Content]:
    stretch, assignment = rule.piece.stretch, rule.piece.assignment
    is_hidden = rule.score is not None and not part.shows(rule.score)
    return [
        str(part.quarter),
        rule.payout.employee,
        rule.payout.name,
        assignment.unit,
        stretch.span.start,
        stretch.span.last,
        assignment.currency,
        stretch.plan.version,
        rule.part,
        Styled(near(rule.share), PERCENT_FORMAT),
        Styled(near(rule.attains), PERCENT_FORMAT),
        rule.metric,
        rule.score.unit if rule.score else "",
        *(_hidden() if is_hidden else scored),
        near(rule.target),
        Styled(near(None if is_hidden else rule.gives), PERCENT_FORMAT),
        Styled(near(rule.weight), PERCENT_FORMAT),
        rule.said,
    ]


def _write_about(sheet: Sheet, about: About, told: Sequence[str]) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.row_dimensions[1].height = 30
    add_row(sheet, [Styled("Analysis of pay and scores", font=TITLE_FONT, alignment=LEFT)])
    add_row(
        sheet, [Styled("Flat tables to pivot and to chart. Confidential: it has everybody’s pay.", font=LABEL_FONT)]
    )
    add_row(sheet, [])
    for each in told:
        add_row(sheet, [Styled("Quarter", font=LABEL_FONT), Styled(each, font=STRONG_FONT)])
    add_row(sheet, [Styled("Made", font=LABEL_FONT), f"{about.made_at:%Y-%m-%d %H:%M} UTC by {about.made_by}"])
    add_row(sheet, [])
    for label, text in _NOTES:
        add_row(sheet, [Styled(label, font=LABEL_FONT), text])


_NOTES = (
    ("Charts", "Scores by unit, how attainment is spread, what units are paid, and attainment against scores."),
    ("Payouts", "A row for each person, currency and quarter, and for each person who is held."),
    ("Unit scores", "A row for each unit, metric and quarter: as the run paid on it, else as it is now."),
    ("Measures", "A row for each person, component and measure of a quarter; two where somebody moved within it."),
    ("Chart data", "What the charts show."),
    ("Currencies", "Are never added up together: filter or group by currency."),
    ("Paid", "Is what the quarter’s settlement comes to; its state says whether that may still change."),
    ("Added otherwise", "Funding pools, guarantees and draws, and corrections of earlier quarters."),
    (
        "Hidden scores",
        f"To whoever does not prepare pay, those from fewer than {FEWEST_ANSWERS} answers are not shown.",
    ),
)
