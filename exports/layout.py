"""How a sheet is laid out: its columns and header, the table around its rows, and its printed page."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from lxml.etree import SerialisationError  # type: ignore[import-untyped] # it has no types
from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from comp.errors import LoyaltyPayError
from exports.cells import (
    ACCENT,
    HEADER_FONT,
    LABEL_FONT,
    LEFT,
    TITLE_FONT,
    Content,
    Sheet,
    Styled,
    add_row,
    cell,
    placed,
)

_FILL = PatternFill("solid", fgColor=ACCENT)
HEADER_HEIGHT, _TITLE_HEIGHT = 32, 30
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.75, "bottom": 0.7, "header": 0.35, "footer": 0.35}
Row = TypeVar("Row")
_NARROWEST, _WIDEST = 8, 60


@contextmanager
def streamed_book() -> Iterator[Workbook]:
    """A workbook that goes through temporary files, of which none stays behind whatever happens.

    Raises `LoyaltyPayError` where there is no room for them.
    """
    book = Workbook(write_only=True)
    try:
        yield book
    except (OSError, SerialisationError):
        where = tempfile.gettempdir()
        raise LoyaltyPayError(
            f"The workbook cannot be made: there is no room for it in {where}. "
            "Make room there, or name another folder as TMPDIR. Nothing is left of it."
        ) from None
    finally:
        for sheet in book.worksheets:
            _let_go(sheet)


def _let_go(sheet: Sheet) -> None:
    """Close a sheet's streams, which fail once more on a full disk, and remove its file, which has people's pay."""
    writer = sheet._writer  # noqa: SLF001 - openpyxl leaves the file until the program ends
    if writer:
        for stream in (sheet._rows, writer.xf):  # noqa: SLF001 - as above
            with suppress(OSError, SerialisationError):
                stream.close()
        Path(writer.out).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, how many characters wide it is, and whether it holds numbers, which stand to the right."""

    title: str
    width: int = 12
    is_number: bool = False

    def fitted(self, texts: Iterable[object]) -> "Column":
        """The column as wide as its longest text asks, within reason."""
        longest = max((len(str(text)) for text in texts), default=0)
        return replace(self, width=min(max(longest + 2, self.width, _NARROWEST), _WIDEST))


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet prints: what its header and footer say, which way the paper lies, and how many pages it is wide.

    One that is locked can be filtered and not changed before its protection is taken off, which asks for no password:
    it keeps fingers off figures, and is no safeguard.
    """

    heading: str
    batch: str
    orientation: str = "portrait"
    pages_wide: int = 1
    is_locked: bool = True


def add_sheet(book: Workbook, title: str, columns: Sequence[Column], page: Page) -> Sheet:
    """A sheet without rows. What stands above the rows in the file is set here: openpyxl streams."""
    sheet: Sheet = book.create_sheet(title)
    sheet._values_to_row = placed  # noqa: SLF001 - openpyxl's way to a row, without its detour
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.orientation = page.orientation
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = page.pages_wide, 0
    sheet.page_margins = PageMargins(**_MARGINS)
    sheet.oddHeader.left.text = page.heading
    sheet.oddHeader.right.text = "Confidential"
    sheet.oddFooter.left.text = f"Loyalty Pay {page.batch}"
    sheet.oddFooter.center.text = title
    sheet.oddFooter.right.text = "Page &P of &N"
    if page.is_locked:
        sheet.protection = SheetProtection(sheet=True, autoFilter=False, sort=False, formatColumns=False)
    return sheet


def add_list(book: Workbook, title: str, columns: Sequence[Column], page: Page, fixed: int) -> Sheet:
    """A sheet that is a list: its header and its first, `fixed` columns stay in sight, and on every printed page."""
    sheet = add_sheet(book, title, columns, page)
    sheet.freeze_panes = f"{get_column_letter(fixed + 1)}2"
    sheet.row_dimensions[1].height = HEADER_HEIGHT
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = f"A:{get_column_letter(fixed)}"
    add_header(sheet, columns)
    return sheet


def add_title(sheet: Sheet, title: str, lead: str = "") -> None:
    """Begin a sheet that is read and no list: no grid, its title, and a line that says what it is."""
    sheet.sheet_view.showGridLines = False
    sheet.row_dimensions[1].height = _TITLE_HEIGHT
    add_row(sheet, [Styled(title, font=TITLE_FONT, alignment=LEFT)])
    if lead:
        add_row(sheet, [Styled(lead, font=LABEL_FONT)])


def add_facts(sheet: Sheet, facts: Iterable[tuple[str, Content]]) -> None:
    """Add what is known, each under its label."""
    for label, content in facts:
        add_row(sheet, [Styled(label, font=LABEL_FONT), content])


def numbered(title: str, number: int) -> str:
    """The title of the sheet on which a list goes on, counting from 1: `Trace`, `Trace 2`."""
    return title if number == 1 else f"{title} {number}"


def in_parts(rows: Sequence[Row], most_rows: int) -> Iterator[Sequence[Row]]:
    """The rows of each sheet that a list needs, a header included in what one can have; one without rows for none."""
    size = most_rows - 1
    yield from (rows[start : start + size] for start in range(0, max(1, len(rows)), size))


def add_header(sheet: Sheet, columns: Sequence[Column]) -> None:
    """A header row in the product's colours, each title above its values."""
    cells = []
    for column in columns:
        made: Any = cell(sheet, column.title)
        made._style = copy(made._style)  # noqa: SLF001 - others share it
        made.font, made.fill = HEADER_FONT, _FILL
        made.alignment = Alignment("right" if column.is_number else "left", "center", wrap_text=True)
        cells.append(made)
    sheet.append(cells)


def name_table(sheet: Sheet, name: str, columns: Sequence[Column], rows: int) -> None:
    """Make a named table with a filter of the rows under a list's header. A table has at least one row."""
    if not rows:
        return
    ref = f"A1:{get_column_letter(len(columns))}{rows + 1}"
    table = Table(displayName=name.replace(" ", "_"), ref=ref, autoFilter=AutoFilter(ref=ref))
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    table.tableColumns = [TableColumn(id=place, name=column.title) for place, column in enumerate(columns, start=1)]
    sheet.tables.add(table)
