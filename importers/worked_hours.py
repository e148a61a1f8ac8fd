"""Hours worked, as CSV or XLSX: employee, week (its first day) and hours, read through the gate as all files are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from comp.errors import Problem, RefusedError
from comp.overtime import HOURS_IN_A_WEEK, Hours
from importers.cells import Column, Style, days, decimals
from importers.tables import Row, cell, read_grid

EMPLOYEE, WEEK, HOURS = "employee", "week", "hours"
COLUMNS = (EMPLOYEE, WEEK, HOURS)
_HUNDREDTHS = 100


def read_worked_hours(content: bytes, name: str, style: Style) -> list[Hours]:
    """Hours by person and workweek. Rows with empty hours say nothing. Raises `RefusedError` with every problem."""
    grid = read_grid(content, name)
    header, *rows = grid.rows
    titles = [title.strip().casefold() for title in header.cells]
    wrong = [title for title in COLUMNS if titles.count(title) != 1]
    if wrong:
        why = f"{name} should have the columns {EMPLOYEE}, {WEEK} and {HOURS} in its first row, each once."
        raise RefusedError(why, [Problem("is not there, or stands twice", line=1, column=title) for title in wrong])
    problems: list[Problem] = []
    told = replace(style, base_1904=grid.base_1904)
    found = list(_read(rows, {title: titles.index(title) for title in COLUMNS}, told, problems))
    if problems:
        ordered = sorted(map(_with_remedy, problems), key=lambda problem: problem.line or 0)
        raise RefusedError(f"{name} was not taken in.", ordered)
    if not found:
        raise RefusedError(f"{name} states no hours: fill the column {HOURS} in.")
    return found


def _with_remedy(problem: Problem) -> Problem:
    """The same problem with what helps here: there is no order of days to tell."""
    return replace(problem, why=problem.why.replace("Say which with --date-order.", "Write days as 2026-07-05."))


def _read(rows: Sequence[Row], places: dict[str, int], style: Style, problems: list[Problem]) -> Iterator[Hours]:
    stated = [row for row in rows if cell(row.cells, places[HOURS])]
    columns = {
        title: Column(title, [row.line for row in stated], [cell(row.cells, place) for row in stated], problems)
        for title, place in places.items()
    }
    for title in COLUMNS[:2]:
        columns[title].require(text=title == EMPLOYEE)
    weeks, hours = days(columns[WEEK], style), decimals(columns[HOURS])
    for index, row in enumerate(stated):
        problem = _wrong(hours[index])
        if problem:
            columns[HOURS].problem(index, problem)
        employee, week, worked = columns[EMPLOYEE].cells[index].removeprefix("'"), weeks[index], hours[index]
        if isinstance(week, date) and worked is not None:
            yield Hours(employee, week, worked, row.line)


def _wrong(hours: Fraction | None) -> str:
    if hours is None:
        return ""
    if not 0 <= hours <= HOURS_IN_A_WEEK:
        return f"is no number of hours from 0 to {HOURS_IN_A_WEEK}, which a week has."
    return "" if (hours * _HUNDREDTHS).denominator == 1 else "has more than two decimals."
