"""A table of the numbers by which payroll knows people, as CSV or XLSX."""

from collections.abc import Iterator

from comp.errors import Problem, RefusedError
from importers.tables import Row, cell, read_grid

EMPLOYEE, NUMBER = "employee", "payroll_number"


def read_numbers(content: bytes, name: str) -> dict[str, str]:
    """Payroll's numbers by HR's. Raises `RefusedError` with every problem: nobody's number is guessed."""
    header, *rows = read_grid(content, name).rows
    titles = [title.strip().casefold() for title in header.cells]
    missing = [title for title in (EMPLOYEE, NUMBER) if titles.count(title) != 1]
    if missing:
        why = f"{name} should have one column named {EMPLOYEE} and one named {NUMBER} in its first row."
        raise RefusedError(why, [Problem("is not there, or stands twice", line=1, column=title) for title in missing])
    numbers: dict[str, str] = {}
    problems = list(_read(rows, (titles.index(EMPLOYEE), titles.index(NUMBER)), numbers))
    if problems:
        raise RefusedError(f"{name} was not taken in.", problems)
    return numbers


def _read(rows: list[Row], places: tuple[int, int], numbers: dict[str, str]) -> Iterator[Problem]:
    for row in rows:
        employee, number = (cell(row.cells, place) for place in places)
        if not employee or not number:
            column = NUMBER if employee else EMPLOYEE
            yield Problem("is empty. Fill it in, or take the row out.", line=row.line, column=column)
        elif numbers.get(employee, number) != number:
            yield Problem("has two numbers in this file. Keep one.", line=row.line, column=EMPLOYEE, value=employee)
        numbers[employee] = number
