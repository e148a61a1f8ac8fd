"""Days, spans of days, quarters and the fiscal calendar."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

FOREVER = date.max
"""The end of a span that is still open."""

_QUARTER = re.compile(r"((?:19|20|21)\d\d)-Q([1-4])", re.ASCII)
_FISCAL_YEAR = re.compile(r"(?:FY)?((?:19|20|21)\d\d)", re.ASCII)


class Span(NamedTuple):
    """Days from `start`, included, to `end`, excluded."""

    start: date
    end: date = FOREVER

    @classmethod
    def of_day(cls, day: date) -> "Span":
        """The one day."""
        return cls(day, day + timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days the span has."""
        return max(0, (self.end - self.start).days)

    @property
    def last(self) -> date:
        """The last day of the span, as files and screens show it; `FOREVER` while it is open."""
        return self.end if self.end == FOREVER else self.end - timedelta(days=1)

    def __contains__(self, day: object) -> bool:
        """Whether `day` lies in the span."""
        return isinstance(day, date) and self.start <= day < self.end

    def meet(self, other: "Span") -> "Span":
        """The days that both spans have; a span of 0 days where they have none."""
        if self.start <= other.start and other.end <= self.end:
            return other
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))


def day_after(last: date) -> date:
    """The first day after a last day that files and screens show. The last day of all, 9999-12-31, means open."""
    return FOREVER if last == FOREVER else last + timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def overlapping(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """The first two spans that share a day, or None."""
    ordered = sorted(spans)
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            return earlier, later
    return None


class Quarter(NamedTuple):
    """A fiscal quarter, written `2026-Q3`: its fiscal year's name and its number 1 to 4."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read `2026-Q3`. Raises `ValueError` with a sentence for the user."""
        match = _QUARTER.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a quarter; write it like 2026-Q3")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        """The quarter as it is written in files and on screens."""
        return f"{self.year}-Q{self.number}"

    def plus(self, quarters: int) -> "Quarter":
        """The quarter so many quarters later, or earlier where negative."""
        years, index = divmod(self.number - 1 + quarters, 4)
        return Quarter(self.year + years, index + 1)

    def last_four(self) -> tuple["Quarter", ...]:
        """This quarter and the three before it, oldest first."""
        return tuple(self.plus(back) for back in (-3, -2, -1, 0))


class FiscalYear(NamedTuple):
    """A whole fiscal year, written `2026`."""

    year: int

    def __str__(self) -> str:
        """The year as it is written in files and on screens."""
        return str(self.year)


Period = Quarter | FiscalYear


def parse_period(text: str) -> Period:
    """Read a quarter (`2026-Q3`) or a fiscal year (`2026`, `FY2026`). Raises `ValueError` with a sentence."""
    match = _FISCAL_YEAR.fullmatch(text.strip())
    if match:
        return FiscalYear(int(match[1]))
    try:
        return Quarter.parse(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither a quarter (2026-Q3) nor a fiscal year (2026)") from None


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Which days a quarter has.

    `first_month` is the month (1 to 12) in which the fiscal year starts; `named_for` says whether a fiscal year bears
    the number of the calendar year in which it starts or in which it ends (no difference for January).
    """

    first_month: int = 1
    named_for: Literal["start", "end"] = "start"

    def __post_init__(self) -> None:
        """Refuse months and names that do not exist."""
        if not 1 <= self.first_month <= 12:  # noqa: PLR2004 - months of a year
            raise ValueError(f"A fiscal year starts in a month from 1 to 12, not {self.first_month}.")
        if self.named_for not in {"start", "end"}:
            raise ValueError(f"A fiscal year is named for its start or its end, not {self.named_for!r}.")

    def span(self, quarter: Quarter) -> Span:
        """The days of the quarter."""
        return _quarter_span(self.first_month, self._shift, quarter)

    def quarter_of(self, day: date) -> Quarter:
        """The quarter in which a day falls."""
        months = (day.year + self._shift) * 12 + day.month - self.first_month
        return Quarter(months // 12, months % 12 // 3 + 1)

    @property
    def _shift(self) -> int:
        return 1 if self.named_for == "end" and self.first_month > 1 else 0


@lru_cache(maxsize=1000)
def _quarter_span(first_month: int, shift: int, quarter: Quarter) -> Span:
    first = (quarter.year - shift) * 12 + first_month - 1 + 3 * (quarter.number - 1)
    return Span(*(date(months // 12, months % 12 + 1, 1) for months in (first, first + 3)))
