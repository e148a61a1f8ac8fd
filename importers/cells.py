"""Columns of text read into values: one form for a whole column, and a problem for every cell that has another.

A column is judged as a whole because a single cell cannot tell: `03/04/2026` is two days, `1.234` two numbers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar
from zoneinfo import ZoneInfo

from comp.errors import Problem
from comp.figures import exact_text
from comp.money import exact
from comp.periods import FOREVER, Period, Quarter, parse_period

T = TypeVar("T")

_BLANKS = {"", "na", "n/a", "null", "none", "-", "--", "#n/a", "nan"}
_ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
_PARTS = re.compile(r"(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})(?:[ T,]+(.*))?", re.ASCII)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|[+-]\d\d:?\d\d)?)?", re.ASCII)
_OFFSETS = {"UTC": "Z"}
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SERIALS = range(20_000, 80_000)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WORDED = re.compile(r"(\d{1,2})[ \-]([A-Za-z]{3})[a-z]*[ \-,]+(\d{4})", re.ASCII)
_POINT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_COMMA = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)
_BETWEEN_THOUSANDS = re.compile(
    "(?<=[0-9])[ '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{RIGHT SINGLE QUOTATION MARK}](?=[0-9]{3}(?![0-9]))"
)
_SHORT_YEAR = 2
_LAST_OF_THIS_CENTURY = 68  # as POSIX reads a year of two digits
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes what can be written in several ways.

    `zone` is the zone of moments that state none; `into` the company's, in which a moment becomes a day.
    """

    date_order: str | None = None
    base_1904: bool = False
    zone: ZoneInfo | None = None
    into: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(slots=True)
class Column:
    """The cells of one column under the name that the file gives it, with the problems found in it."""

    name: str
    lines: Sequence[int]
    cells: Sequence[str]
    problems: list[Problem]

    def problem(self, index: int, why: str) -> None:
        """Note a problem with one cell."""
        self.problems.append(Problem(why, line=self.lines[index], column=self.name, value=self.cells[index][:80]))

    def require(self, *, text: bool) -> None:
        """Note a problem with each blank cell; a text may be `NA`, which says nothing where a number or day stands."""
        for index, cell in enumerate(self.cells):
            if not cell or (not text and is_blank(cell)):
                self.problem(index, "is missing")

    def read(self, convert: Callable[[str], T]) -> list[T | None]:
        """Each cell by `convert`, which raises `ValueError` with a sentence; None for blanks and problems."""
        values: list[T | None] = []
        known: dict[str, T | None] = {}
        for index, cell in enumerate(self.cells):
            if cell not in known:
                try:
                    known[cell] = None if is_blank(cell) else convert(cell)
                except ValueError as error:
                    self.problem(index, str(error))
                    values.append(None)
                    continue
            values.append(known[cell])
        return values


def is_blank(text: str) -> bool:
    """Whether a cell of numbers or days says nothing."""
    return text.casefold() in _BLANKS


def quarters(column: Column) -> list[Quarter | None]:
    """A column of quarters."""
    return column.read(Quarter.parse)


def periods(column: Column) -> list[Period | None]:
    """A column of quarters or fiscal years."""
    return column.read(parse_period)


def whole_numbers(column: Column) -> list[int | None]:
    """A column of whole numbers of at least 0."""
    numbers = decimals(column)
    for index, number in enumerate(numbers):
        if number is not None and (number.denominator != 1 or number < 0):
            column.problem(index, "is not a whole number of at least 0")
    return [None if number is None else int(number) for number in numbers]


def decimals(column: Column) -> list[Fraction | None]:
    """A column of numbers, with a point or a comma before the decimals, whichever fits the whole column."""
    texts = [_BETWEEN_THOUSANDS.sub("", cell) for cell in column.cells]
    stated = [text for text in texts if not is_blank(text)]
    point = all(_POINT.fullmatch(text) for text in stated)
    comma = all(_COMMA.fullmatch(text) for text in stated)
    if point and comma:
        doubtful = next((i for i, text in enumerate(texts) if "," in text or "." in text), None)
        if doubtful is not None:
            column.problem(doubtful, _two_readings(texts[doubtful]))
    convert = _comma_decimal if comma and not point else _point_decimal
    return Column(column.name, column.lines, texts, column.problems).read(convert)


def _two_readings(text: str) -> str:
    as_point, as_comma = _point_decimal(text), _comma_decimal(text)
    return (
        f"may mean {exact_text(as_point)} or {exact_text(as_comma)}, and no other cell of the column tells. "
        "Write it without a thousands sign."
    )


def _point_decimal(text: str) -> Fraction:
    if not _POINT.fullmatch(text):
        raise ValueError("is not a number such as 1234.5")
    return exact(text.replace(",", ""))


def _comma_decimal(text: str) -> Fraction:
    return exact(text.replace(".", "").replace(",", "."))


def percents(column: Column) -> list[Fraction | None]:
    """A column of percentages as ratios: `12 %`, or, where no cell has the sign, all as 12 or all as 0.12."""
    signed = ["%" in cell for cell in column.cells]
    bare = Column(column.name, column.lines, [cell.replace("%", "").strip() for cell in column.cells], column.problems)
    numbers = decimals(bare)
    unsigned = [number for number, sign in zip(numbers, signed, strict=True) if number and not sign]
    are_ratios = bool(unsigned) and max(unsigned) < 1
    if unsigned and not are_ratios and min(unsigned) <= 1:
        index = next(i for i, number in enumerate(numbers) if number and not signed[i] and number <= 1)
        column.problem(index, "may be a percentage or a ratio. Write the % sign, as in 12%.")
    return [
        None if number is None else number if are_ratios and not sign else number / 100
        for number, sign in zip(numbers, signed, strict=True)
    ]


def days(column: Column, style: Style) -> list[date | None]:
    """A column of days or moments. Where several orders of day and month fit the whole column, it asks for one."""
    order = _order(column, style)
    return column.read(lambda text: _plausible(_day(text, order, style)))


def days_after(column: Column, style: Style) -> list[date | None]:
    """A column of last days, as the first days after them. Days such as 31 December 9999 are `FOREVER`."""
    order = _order(column, style)
    return column.read(lambda text: _after(_day(text, order, style)))


def _after(day: date) -> date:
    return FOREVER if day.year >= _YEARS.stop else _plausible(day) + timedelta(days=1)


def _plausible(day: date) -> date:
    if day.year not in _YEARS:
        raise ValueError(f"is in the year {day.year}. Write a day from {_YEARS.start} to {_YEARS.stop - 1}.")
    return day


def _order(column: Column, style: Style) -> str | None:
    """The one order of day, month and year that fits every cell that is not ISO; a problem where several do."""
    if style.date_order:
        return style.date_order
    numeric = list(_numeric(column.cells))
    fitting = [order for order in _ORDERS if all(_fits(match, order) for _, match in numeric)]
    if not numeric or len(fitting) == 1:
        return fitting[0] if numeric else None
    if fitting and _agree(numeric, fitting):
        return fitting[0]
    if not fitting:
        return max(_ORDERS, key=lambda order: sum(_fits(match, order) for _, match in numeric))
    index, match = next((i, m) for i, m in numeric if not _agree([(i, m)], fitting))
    meanings = " or ".join(f"{_by_order(match, order):%d %B %Y} ({order})" for order in fitting)
    column.problem(index, f"may mean {meanings}, and no other cell of the column tells. Say which with --date-order.")
    return fitting[0]


def _numeric(cells: Iterable[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for index, cell in enumerate(cells):
        match = None if _ISO.match(cell) else _PARTS.fullmatch(cell)
        if match:
            yield index, match


def _agree(numeric: list[tuple[int, re.Match[str]]], orders: list[str]) -> bool:
    return all(len({_by_order(match, order) for order in orders}) == 1 for _, match in numeric)


def _fits(match: re.Match[str], order: str) -> bool:
    try:
        _by_order(match, order)
    except ValueError:
        return False
    return True


def _by_order(match: re.Match[str], order: str) -> date:
    parts = [match[1], match[2], match[3]]
    year, month, day = (parts[place] for place in _ORDERS[order])
    if len(year) == _SHORT_YEAR:
        year = f"{19 if int(year) > _LAST_OF_THIS_CENTURY else 20}{year}"
    if len(year) != len("2026"):
        raise ValueError("is not a year")
    return date(int(year), int(month), int(day))


def _day(text: str, order: str | None, style: Style) -> date:
    iso = _ISO.fullmatch(text)
    if iso:
        return _iso_day(iso, style)
    serial = _SERIAL.fullmatch(text)
    if serial and int(serial[1]) in _SERIALS:
        return _EPOCHS[style.base_1904] + timedelta(days=int(serial[1]))
    worded = _WORDED.fullmatch(text)
    parts = _PARTS.fullmatch(text)
    try:
        if worded and worded[2].casefold() in _MONTHS:
            return date(int(worded[3]), _MONTHS.index(worded[2].casefold()) + 1, int(worded[1]))
        if parts and order:
            return _by_order(parts, order)
    except ValueError:
        pass
    meant = {"dmy": "day, month, year", "mdy": "month, day, year"}.get(order or "", "")
    raise ValueError(f"is not a day{f' in the order {meant}' if meant else ''}. Write it like 2026-07-31.")


def _iso_day(iso: re.Match[str], style: Style) -> date:
    """The day of a moment in the company's zone; a day without a time is that day everywhere."""
    try:
        if iso[2] is None:
            return date.fromisoformat(iso[1])
        moment = datetime.fromisoformat(f"{iso[1]}T{iso[2]}{_OFFSETS.get(iso[3], iso[3] or '')}")
    except ValueError:
        raise ValueError("is not a day of the calendar. Write it like 2026-07-31.") from None
    zone = moment.tzinfo or style.zone
    if zone is None or moment.year not in _YEARS:
        return moment.date()
    return moment.replace(tzinfo=zone).astimezone(style.into).date()
