"""Tables as CSV that a spreadsheet opens without taking any text for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def comma_separated(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A header and rows, every field quoted, in UTF-8 with a mark by which spreadsheets know it.

    Text that a spreadsheet would calculate gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([_safe(field) for field in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(field: str) -> str:
    return f"'{field}" if field.lstrip(" ").startswith(_STARTS_A_FORMULA) else field
