"""Tables as CSV that a spreadsheet opens without taking any text for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from exports.spreadsheet_text import held_back

Field = str | int | Decimal


def comma_separated(columns: Sequence[str], rows: Iterable[Sequence[Field]]) -> bytes:
    """A header and rows, every field quoted, in UTF-8 with a mark by which spreadsheets know it.

    Text that a spreadsheet would calculate gets an apostrophe before it; numbers and amounts stay numbers.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([_written(field) for field in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(field: Field) -> str:
    return held_back(field) if isinstance(field, str) else str(field)
