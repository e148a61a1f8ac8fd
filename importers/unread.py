"""Columns of an answers file that look like answers to a question which nobody has described yet."""

import re
from collections.abc import Iterator

from comp.intake import UnreadColumn
from importers.layouts import Layout
from importers.tables import cell

_ANSWER = re.compile(r"\d{1,3}(?:\.0+)?", re.ASCII)
_WIDEST = 100
_SYSTEM = {"status", "progress", "finished", "duration (in seconds)"}
"""What survey tools write of a response in numbers."""


def unread_columns(layout: Layout) -> tuple[UnreadColumn, ...]:
    """Every column that is left out and holds whole numbers of a short scale, and not one number alone."""
    return tuple(_unread(layout))


def _unread(layout: Layout) -> Iterator[UnreadColumn]:
    read = set(layout.places.values())
    for place, name in enumerate(layout.names):
        if not name or place in read or name.casefold() in _SYSTEM:
            continue
        texts = [text for row in layout.rows if (text := cell(row.cells, place))]
        if not all(map(_ANSWER.fullmatch, texts)):
            continue
        answers = {int(text.partition(".")[0]) for text in texts}
        if len(answers) > 1 and max(answers) - min(answers) <= _WIDEST:
            yield UnreadColumn(name[:80], len(texts), min(answers), max(answers))
