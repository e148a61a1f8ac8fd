"""A table with a header whose columns are known by the name of a field, whatever their order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from comp.errors import Problem, RefusedError
from importers.cells import Column
from importers.oddities import note_odd_texts, plain_texts
from importers.tables import Grid, Row, cell


@dataclass(slots=True)
class Layout:
    """The rows below a header, column by column.

    `places` tells in which column of the file each field stands; `names` what the file calls each column.
    """

    rows: Sequence[Row]
    names: Sequence[str]
    places: Mapping[str, int]
    problems: list[Problem]
    warnings: list[Problem]

    @property
    def lines(self) -> list[int]:
        """The line of each row."""
        return [row.line for row in self.rows]

    def has(self, field: str) -> bool:
        """Whether the file has the field."""
        return field in self.places

    def column(self, field: str) -> Column:
        """The cells of a field; blank where the file does not have it."""
        place = self.places.get(field)
        cells = ["" if place is None else cell(row.cells, place) for row in self.rows]
        return Column(field if place is None else self.names[place], self.lines, cells, self.problems)

    def texts(self, field: str) -> list[str]:
        """The texts of a field, exactly as they stand but for blanks around them."""
        column = self.column(field)
        note_odd_texts(column, self.warnings)
        return list(column.cells)

    def free_texts(self, field: str) -> list[str]:
        """What people wrote in their own words, without control characters."""
        return plain_texts(self.column(field), self.warnings)

    def required(self, field: str) -> list[str]:
        """The texts of a field that no row may leave blank."""
        column = self.column(field)
        if self.has(field):
            column.require(text=True)
        note_odd_texts(column, self.warnings)
        return list(column.cells)

    def required_column(self, field: str) -> Column:
        """The cells of a field of numbers or days that no row may leave blank."""
        column = self.column(field)
        if self.has(field):
            column.require(text=False)
        return column


def lay_out(grid: Grid, fields: Collection[str], columns: Mapping[str, str], name: str) -> Layout:
    """The layout of a grid whose first row is its header. `columns` maps some of its columns to fields.

    Raises `RefusedError` for a file with nothing below the header, or a mapping of columns that it does not have.
    """
    header, *rows = grid.rows
    if not rows:
        raise RefusedError(f"{name} has a header and no rows below it.")
    names = [" ".join(text.split()) for text in header.cells]
    problems: list[Problem] = []
    places = dict(_places(names, fields, columns, problems))
    warnings = [*grid.warnings, *_left_out(header.line, names, rows, places)]
    width = len(names)
    for row in rows:
        if any(row.cells[width:]):
            why = f"has {len(row.cells)} cells, the header {width}. Put text that has a separator in it in quotes."
            problems.append(Problem(why, line=row.line))
    return Layout(rows, names, places, problems, warnings)


def _left_out(line: int, names: Sequence[str], rows: Sequence[Row], places: Mapping[str, int]) -> Iterator[Problem]:
    known = set(places.values())
    for place, text in enumerate(names):
        if text and place not in known:
            yield Problem("is not a known column; it is left out.", line=line, column=text)
        elif not text and any(cell(row.cells, place) for row in rows):
            yield Problem(f"column {place + 1} has cells and no name in the header; it is left out.", line=line)


def _places(
    names: Sequence[str], fields: Collection[str], columns: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[str, int]]:
    known = {_plain(field): field for field in fields}
    wanted = {_plain(column): field for column, field in columns.items()}
    taken: dict[str, str] = {}
    problems += [
        Problem("is mapped, but the file has no such column.", column=column, line=1)
        for column in columns
        if _plain(column) not in map(_plain, names)
    ]
    for place, text in enumerate(names):
        field = wanted.get(_plain(text)) or known.get(_plain(text))
        if field is None or (field in wanted.values() and _plain(text) not in wanted):
            continue
        if field not in known.values():
            why = f"is mapped to {field!r}, which is not one of {', '.join(sorted(fields))}."
            problems.append(Problem(why, column=text, line=1))
        elif field in taken:
            problems.append(Problem(f"means {field}, as the column {taken[field]!r} does.", column=text, line=1))
        else:
            taken[field] = text
            yield field, place


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
