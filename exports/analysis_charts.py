"""The charts of an analysis, and the sheet with the figures that they show."""

from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.pagebreak import Break

from comp.analysis import Block, ChartFigures
from exports.cells import LABEL_FONT, LEFT, STRONG_FONT, TITLE_FONT, Content, Sheet, Styled, add_row, near
from exports.layout import Column, Page, add_sheet
from exports.pay_lists import distinct

DATA = "Chart data"
_WIDTH, _HEIGHT = 24, 10.5
_ROWS_APART = 23
_FIRST_ROW = 4
_COLORS = ("0A5F73", "E07A1F", "5B8C5A", "8E5EA2", "C0392B", "2E86C1", "B7950B", "6C7A89", "9E9E9E")
_COLUMNS = (Column("", 22), *(Column("", 16) for _ in range(9)))
_PERCENT = "0%"


class _Data:
    """The sheet with the figures: blocks below one another, each with its title and header."""

    def __init__(self, book: Workbook, page: Page) -> None:
        self.sheet = add_sheet(book, DATA, _COLUMNS, page)
        self._next = 1

    def add(self, title: str, block: Block, shown: str | None = None) -> tuple[int, int]:
        """Add a block; gives the row of its header, and its last one."""
        header, rows = block
        add_row(self.sheet, [Styled(title, font=LABEL_FONT)])
        add_row(self.sheet, [Styled(text, font=STRONG_FONT) for text in distinct(header)])
        for row in rows:
            add_row(self.sheet, [self._cell(each, shown) for each in row])
        add_row(self.sheet, [])
        first = self._next + 1
        self._next += len(rows) + 3
        return first, first + len(rows)

    @staticmethod
    def _cell(value: Content, shown: str | None) -> Content:
        return value if isinstance(value, str) or value is None else Styled(near(value), shown)  # type: ignore[arg-type]


def add_charts(book: Workbook, sheet: Sheet, figures: ChartFigures, page: Page) -> None:
    """Put the charts onto their sheet below one another, and the figures onto a sheet of their own."""
    sheet.sheet_view.showGridLines = False
    add_row(sheet, [Styled("Charts", font=TITLE_FONT, alignment=LEFT)])
    add_row(sheet, [Styled(f"They show the sheet {DATA}. Each currency stands apart.", font=LABEL_FONT)])
    data = _Data(book, page)
    made = [*_trends(data, figures), _spread(data, figures), *_paid(data, figures), *_against(data, figures)]
    for number, chart in enumerate(made):
        row = _FIRST_ROW + number * _ROWS_APART
        chart.width, chart.height = _WIDTH, _HEIGHT
        sheet.add_chart(chart, f"A{row}")
        if number:
            sheet.row_breaks.append(Break(id=row - 2))


def _trends(data: _Data, figures: ChartFigures) -> list[Any]:
    return [_trend(data, figures, metric.id, metric.name or metric.id) for metric in figures.charted_metrics]


def _trend(data: _Data, figures: ChartFigures, metric: str, name: str) -> LineChart:
    header, rows = figures.trend(metric)
    first, last = data.add(f"{name}: units with the most answers", (header, rows), "#,##0.0")
    chart = LineChart()
    _titled(chart, f"{name} by unit", "", name)
    chart.y_axis.number_format = "0"
    for place in range(2, len(header) + 1):
        series = Series(_cells(data, place, first + 1, last), title=None)
        series.tx = _title_of(data, place, first)
        color = _COLORS[(place - 2) % len(_COLORS)]
        series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=color, w=28_000))
        series.marker.symbol, series.marker.size = "circle", 6
        series.marker.graphicalProperties = GraphicalProperties(solidFill=color, ln=LineProperties(solidFill=color))
        series.smooth = False
        chart.series.append(series)
    chart.set_categories(_cells(data, 1, first + 1, last))
    return chart


def _spread(data: _Data, figures: ChartFigures) -> BarChart:
    last_quarter = str(figures.quarters[-1])
    first, last = data.add(f"How attainment is spread in {last_quarter}", figures.spread())
    chart = BarChart()
    _titled(chart, f"Payouts by attainment, {last_quarter}", "of the target", "payouts")
    _add_bars(chart, data, 2, first, last)
    chart.legend, chart.gapWidth = None, 30
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    return chart


def _paid(data: _Data, figures: ChartFigures) -> list[BarChart]:
    return [_paid_in(data, figures, currency) for currency in figures.currencies]


def _paid_in(data: _Data, figures: ChartFigures, currency: str) -> BarChart:
    header, rows = figures.paid_by_unit(currency)
    first, last = data.add(f"Paid in {currency}", (header, rows), "#,##0.##")
    chart = BarChart()
    chart.grouping, chart.overlap, chart.gapWidth = "stacked", 100, 60
    _titled(chart, f"Paid by unit, {currency}", "", currency)
    chart.y_axis.number_format = "#,##0"
    if not any(amount < 0 for row in rows for amount in row[1:] if isinstance(amount, Fraction)):
        chart.y_axis.scaling.min = 0
    for place in range(2, len(header) + 1):
        _add_bars(chart, data, place, first, last)
    return chart


def _against(data: _Data, figures: ChartFigures) -> list[ScatterChart]:
    made = []
    for metric in figures.charted_metrics:
        header, rows = figures.against(metric.id)
        if rows:
            name = metric.name or metric.id
            first, last = data.add(f"{name}: score and attainment of {figures.quarters[-1]}", (header, rows), "0.0###")
            made.append(_scatter(data, figures, name, first, last))
    return made


def _scatter(data: _Data, figures: ChartFigures, name: str, first: int, last: int) -> ScatterChart:
    chart = ScatterChart()
    chart.style, chart.scatterStyle, chart.legend = 13, "lineMarker", None
    _titled(chart, f"Attainment against {name}, {figures.quarters[-1]}: each point a unit", name, "attained")
    chart.x_axis.number_format, chart.y_axis.number_format = "0", _PERCENT
    series = Series(_cells(data, 3, first + 1, last), _cells(data, 2, first + 1, last), title="units")
    series.marker.symbol, series.marker.size = "circle", 9
    series.marker.graphicalProperties = GraphicalProperties(
        solidFill=_COLORS[0], ln=LineProperties(solidFill=_COLORS[0])
    )
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series.append(series)
    return chart


def _titled(chart: Any, title: str, x: str, y: str) -> None:  # noqa: ANN401 - charts of several kinds
    chart.title, chart.x_axis.title, chart.y_axis.title = title, x or None, y
    chart.x_axis.delete = chart.y_axis.delete = False
    if chart.legend is not None:
        chart.legend.position = "r"


def _add_bars(chart: BarChart, data: _Data, place: int, first: int, last: int) -> None:
    series = Series(_cells(data, place, first + 1, last), title=None)
    series.tx = _title_of(data, place, first)
    series.graphicalProperties = GraphicalProperties(solidFill=_COLORS[(place - 2) % len(_COLORS)])
    chart.series.append(series)
    chart.set_categories(_cells(data, 1, first + 1, last))


def _cells(data: _Data, place: int, first: int, last: int) -> Reference:
    return Reference(data.sheet, min_col=place, max_col=place, min_row=first, max_row=max(first, last))


def _title_of(data: _Data, place: int, row: int) -> Any:  # noqa: ANN401 - openpyxl's stubs lack it
    return SeriesLabel(strRef=StrRef(f=str(_cells(data, place, row, row))))
