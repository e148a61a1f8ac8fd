"""The columns of the `Trace` sheets, and where each of a piece's rows has them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from comp.sheets import PayrollSheets
from exports.cells import PERCENT_FORMAT, Content
from exports.layout import Column

_COLUMNS = (
    Column("Employee", 11),
    Column("Name", 20),
    Column("Currency", 10),
    Column("From", 11),
    Column("To", 11),
    Column("Unit", 10),
    Column("Plan version", 20),
    Column("Part", 12),
    Column("Rule", 22),
    Column("Metric", 12),
    Column("Measured at", 12),
    Column("Basis", 12),
    Column("Score", 10, is_number=True),
    Column("Answers", 10, is_number=True),
    Column("Interval from", 10, is_number=True),
    Column("Interval to", 10, is_number=True),
    Column("Target of the metric", 11, is_number=True),
    Column("Read along", 11, is_number=True),
    Column("Point reached", 10, is_number=True),
    Column("Gives", 11, is_number=True),
    Column("Weight", 10, is_number=True),
    Column("Part attains", 11, is_number=True),
    Column("Share of pay", 10, is_number=True),
    Column("Total attains", 11, is_number=True),
    Column("Salary", 14, is_number=True),
    Column("Target %", 10, is_number=True),
    Column("Target amount", 13, is_number=True),
    Column("FTE", 8, is_number=True),
    Column("Annual target", 14, is_number=True),
    Column("Share of year", 10, is_number=True),
    Column("Days counted", 10, is_number=True),
    Column("Days in quarter", 10, is_number=True),
    Column("Eligible", 10, is_number=True),
    Column("Piece earns", 17, is_number=True),
    Column("Payout by formula", 14, is_number=True),
    Column("Payout", 14, is_number=True),
    Column("Check", 9, is_number=True),
)
TITLES = tuple(column.title for column in _COLUMNS)
LETTERS = {title: get_column_letter(place) for place, title in enumerate(TITLES, start=1)}
CHECK = LETTERS["Check"]
ATTAINS = PERCENT_FORMAT

Row = dict[str, Content]


def trace_columns(sheets: PayrollSheets) -> list[Column]:
    """The columns of the trace sheets, as wide as what stands in them."""
    pieces = [piece for payout in sheets.payouts for piece in payout.pieces]
    texts: dict[str, Iterable[str]] = {
        "Employee": (payout.employee for payout in sheets.payouts),
        "Name": (payout.name for payout in sheets.payouts),
        "Unit": (piece.assignment.unit for piece in pieces),
        "Plan version": (plan.version for plan in sheets.plans),
        "Part": (component.name for plan in sheets.plans for component in plan.components),
        "Metric": (reading.metric for plan in sheets.plans for reading in plan.readings()),
    }
    return [column.fitted(texts.get(column.title, ())) for column in _COLUMNS]


@dataclass(slots=True)
class Block:
    """The rows of one piece, of which `first` is the first on the sheet."""

    first: int
    rows: list[Row] = field(default_factory=list)

    @property
    def next(self) -> int:
        """The sheet's row that the next row of the block will be."""
        return self.first + len(self.rows)

    def at(self, title: str, row: int | None = None) -> str:
        """The cell of a column, in the block's first row unless another is named."""
        return f"{LETTERS[title]}{self.first if row is None else row}"
