"""Payroll's list of what it paid, as CSV or XLSX: employee, currency, amount, and where it likes the pay code."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from comp.errors import Problem, RefusedError
from comp.money import Money, is_currency, minor_unit_decimals, whole_minor_units
from comp.paid_check import PaidAmount
from importers.tables import Grid, Row, cell, read_grid

EMPLOYEE, CURRENCY, AMOUNT, PAY_CODE = "employee", "currency", "amount", "pay_code"
_REQUIRED = (EMPLOYEE, CURRENCY, AMOUNT)
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_COMMA = re.compile(r"-?\d{1,15}(,\d{1,6})?", re.ASCII)


def read_paid_amounts(content: bytes, name: str) -> list[PaidAmount]:
    """What payroll paid, row by row; several rows of one person add up. Raises `RefusedError` with every problem."""
    grid = read_grid(content, name)
    header, *rows = grid.rows
    titles = [title.strip().casefold().replace(" ", "_") for title in header.cells]
    wrong = [title for title in _REQUIRED if titles.count(title) != 1]
    wrong += [PAY_CODE] if titles.count(PAY_CODE) > 1 else []
    if wrong:
        why = f"{name} should have the columns {EMPLOYEE}, {CURRENCY} and {AMOUNT} in its first row, each once."
        raise RefusedError(why, [Problem("is not there, or stands twice", line=1, column=title) for title in wrong])
    found: list[PaidAmount] = []
    problems = list(_read(grid, rows, titles, found))
    if problems:
        raise RefusedError(f"{name} was not taken in.", problems)
    return found


def _read(grid: Grid, rows: Sequence[Row], titles: list[str], found: list[PaidAmount]) -> Iterator[Problem]:
    places = {title: titles.index(title) for title in (*_REQUIRED, PAY_CODE) if title in titles}
    for row in rows:
        said = {title: cell(row.cells, place) for title, place in places.items()}
        problem = _problem(said, decimal_comma=grid.separator == ";")
        if problem:
            column, why = problem
            yield Problem(why, line=row.line, column=column, value=said[column])
        else:
            pay_code = said.get(PAY_CODE)
            found.append(PaidAmount(said[EMPLOYEE].removeprefix("'"), pay_code, _money(said)))


def _problem(said: dict[str, str], *, decimal_comma: bool) -> tuple[str, str] | None:
    """The column of what cannot be read, and why; an amount that can is plain from here on."""
    empty = next((title for title in _REQUIRED if not said[title]), None)
    if empty:
        return empty, "is empty. Fill it in, or take the row out."
    said[CURRENCY] = said[CURRENCY].upper()
    if not is_currency(said[CURRENCY]):
        return CURRENCY, "is no currency such as EUR."
    if decimal_comma and _COMMA.fullmatch(said[AMOUNT]):
        said[AMOUNT] = said[AMOUNT].replace(",", ".")
    if not _PLAIN.fullmatch(said[AMOUNT]):
        return AMOUNT, "is no plain amount such as 1335.94."
    if whole_minor_units(Fraction(said[AMOUNT]), said[CURRENCY]) is None:
        return AMOUNT, f"has more decimals than {said[CURRENCY]} has."
    return None


def _money(said: dict[str, str]) -> Money:
    currency = said[CURRENCY]
    return Money(int(Fraction(said[AMOUNT]) * 10 ** minor_unit_decimals(currency)), currency)
