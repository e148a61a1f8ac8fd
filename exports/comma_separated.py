"""Tables as CSV that a spreadsheet opens without taking any text for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO

from exports.spreadsheet_text import held_back

Field = str | int | Decimal


def comma_separated(columns: Sequence[str], rows: Iterable[Sequence[Field]]) -> bytes:
    """A header and rows, every field quoted, in UTF-8 with a mark by which spreadsheets know it.

    Text that a spreadsheet would calculate gets an apostrophe before it; numbers and amounts stay numbers.
    """
    file = io.BytesIO()
    write_rows(file, columns, rows)
    return file.getvalue()


def write_rows(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[Field]]) -> int:
    """Write the same into an open file as the rows come; gives how many there were."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_written(field) for field in row])
        count += 1
    text.detach()
    return count


def _written(field: Field) -> str:
    return held_back(field) if isinstance(field, str) else str(field)
