"""What overtime adds to a bonus under 29 CFR 778.209: a bonus for many weeks raises the hourly rate of each of them.

"It must be apportioned back over the workweeks of the period during which it may be said to have been earned. The
employee must then receive an additional amount of compensation for each workweek that he worked overtime during the
period equal to one-half of the hourly rate of pay allocable to the bonus for that week multiplied by the number of
statutory overtime hours worked during the week" (778.209(a)). It goes to each week "in proportion to the amount of the
bonus actually earned each week" where that is known, else by an equitable assumption, such as "an equal amount of bonus
each week of the period" (778.209(b)). Here each part of the bonus is known by the days in which it was earned, and goes
to them in equal amounts a day. So whole weeks get equal amounts, and a workweek that straddles the end of the period
gets those of its days that lie within: its other days belong to the bonus of the neighbouring period. A workweek itself
is never cut: it is "a fixed and regularly recurring period of 168 hours" (778.105) and stands alone (778.104), so its
overtime counts all of its hours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from comp.errors import Problem
from comp.money import Money, paid
from comp.periods import Quarter, Span
from comp.settlement import LineKind, Settled

CURRENCY = "USD"
STATUTORY_HOURS = 40
"""Hours of a workweek above which all are overtime (29 U.S.C. 207(a))."""

HOURS_IN_A_WEEK = 168
DAYS_IN_A_WEEK = 7
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOTHING, _HALF = Fraction(0), Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Rule:
    """Whose overtime is looked at: nobody's unless it `is_on`.

    Meant are those who are paid in dollars in one of `units` or below, or are among `people`, without `excepted`: those
    of them who are exempt. A workweek begins on `first_weekday`, 0 for Monday.
    """

    is_on: bool = False
    first_weekday: int = WEEKDAYS.index("Sunday")
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()

    @property
    def first_day(self) -> str:
        """The name of the day on which workweeks begin."""
        return WEEKDAYS[self.first_weekday]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bonus, in main units, and the days in which it was earned in equal amounts a day."""

    span: Span
    amount: Fraction

    @property
    def a_day(self) -> Fraction:
        """What a day of the part earned."""
        return self.amount / self.span.days


@dataclass(frozen=True, slots=True)
class Week:
    """One workweek of a person: how much of the bonus it earned, how many hours were worked, and what it adds.

    `days` has for each part of the bonus how many days of the week lie in it. `hours` are None where nobody stated any.
    """

    span: Span
    days: tuple[int, ...]
    bonus: Fraction
    hours: Fraction | None

    @property
    def overtime(self) -> Fraction | None:
        """The statutory overtime hours."""
        return None if self.hours is None else max(_NOTHING, self.hours - STATUTORY_HOURS)

    @property
    def increase(self) -> Fraction | None:
        """What the bonus adds to each hour of the week; 0 where none was worked."""
        if self.hours is None:
            return None
        return self.bonus / self.hours if self.hours else _NOTHING

    @property
    def extra(self) -> Fraction | None:
        """What is owed for the week: half of the increase for each overtime hour."""
        if self.increase is None or self.overtime is None:
            return None
        return self.increase * _HALF * self.overtime


@dataclass(frozen=True, slots=True)
class Companion:
    """What overtime adds to one person's bonus. `owed` is None while hours of a week with a part of it are missing."""

    employee: str
    name: str
    bonus: Money
    parts: tuple[Part, ...]
    weeks: tuple[Week, ...]

    @property
    def missing(self) -> tuple[Span, ...]:
        """The weeks whose hours nobody stated."""
        return tuple(week.span for week in self.weeks if week.hours is None)

    @property
    def overtime(self) -> Fraction:
        """The overtime hours of all weeks that are known."""
        return sum((week.overtime or _NOTHING for week in self.weeks), _NOTHING)

    @property
    def owed(self) -> Money | None:
        """What is owed for all weeks, rounded once, half up: never guessed where hours are missing."""
        if self.missing:
            return None
        extra = sum((week.extra or _NOTHING for week in self.weeks), _NOTHING)
        return paid(extra.numerator, extra.denominator, self.bonus.currency)


@dataclass(frozen=True, slots=True)
class OvertimeSheets:
    """The content of the companion of a quarter: everybody who is looked at and is paid a bonus in it."""

    quarter: Quarter
    days: Span
    state: str
    run: str
    rule: Rule
    companions: tuple[Companion, ...]
    made_by: str
    made_at: datetime

    @property
    def owed(self) -> Money:
        """What is owed to those whose hours are all stated."""
        return Money(sum(each.owed.minor for each in self.companions if each.owed), CURRENCY)

    @property
    def bonus(self) -> Money:
        """The bonuses of all together."""
        return Money(sum(each.bonus.minor for each in self.companions), CURRENCY)

    @property
    def incomplete(self) -> tuple[Companion, ...]:
        """Those of whom hours are missing."""
        return tuple(each for each in self.companions if each.missing)

    @property
    def file_name(self) -> str:
        """The name under which the workbook is saved."""
        return f"overtime-{self.quarter}.xlsx"


class Hours(NamedTuple):
    """What somebody stated: how many hours a person worked in the workweek that begins on a day, and on which line."""

    employee: str
    week: date
    hours: Fraction
    line: int


def hours_problems(stated: Sequence[Hours], expected: Mapping[str, Collection[date]]) -> Iterator[Problem]:
    """What is wrong with stated hours. `expected` has for everybody who is looked at the first days of their weeks."""
    seen: dict[tuple[str, date], int] = {}
    for each in stated:
        first = seen.setdefault((each.employee, each.week), each.line)
        if each.employee not in expected:
            why = "is not looked at in this quarter: not chosen, or paid no bonus in dollars."
            yield Problem(why, line=each.line, column="employee", value=each.employee)
        elif each.week not in expected[each.employee]:
            yield _of_week(each, _no_week(each.week, expected[each.employee]))
        elif first != each.line:
            yield _of_week(each, f"stands on line {first} already for {each.employee}. Keep one of the two.")


def _of_week(stated: Hours, why: str) -> Problem:
    return Problem(why, line=stated.line, column="week", value=stated.week.isoformat())


def _no_week(day: date, weeks: Collection[date]) -> str:
    weekday = WEEKDAYS[min(weeks).weekday()]
    if day.weekday() != min(weeks).weekday():
        return f"is a {WEEKDAYS[day.weekday()]}: a workweek is named by its first day, a {weekday}."
    return f"begins no workweek of their bonus, which go from {min(weeks)} to {max(weeks)}."


def workweeks(days: Span, first_weekday: int) -> Iterator[Span]:
    """The workweeks that touch some days. `first_weekday` is the day on which they begin, 0 for Monday."""
    start = week_of(days.start, first_weekday).start
    while start < days.end:
        week = week_of(start, first_weekday)
        yield week
        start = week.end


def week_of(day: date, first_weekday: int) -> Span:
    """The workweek that a day lies in."""
    start = day - timedelta(days=(day.weekday() - first_weekday) % DAYS_IN_A_WEEK)
    return Span(start, start + timedelta(days=DAYS_IN_A_WEEK))


def bonus_of(settled: Settled) -> Money:
    """What is paid for the settlement's own quarter: the bonus of its weeks, never below 0.

    Its own lines are those for the quarter in which something was earned; corrections of other quarters, and what is
    carried, belong to the weeks of those.
    """
    own = next((line.quarter for line in settled.lines if line.kind is LineKind.EARNED), None)
    kinds = {LineKind.CORRECTION, LineKind.CARRIED}
    minor = sum(line.amount.minor for line in settled.lines if line.quarter == own and line.kind not in kinds)
    return Money(max(0, minor), settled.currency)


def parts_of(bonus: Money, earned: Sequence[tuple[Span, Fraction]]) -> tuple[Part, ...]:
    """A bonus over the days in which it was earned, in proportion to what each stretch of days earned.

    Where no stretch earned anything, a guarantee for example, each day gets the same.
    """
    total = sum((amount for _, amount in earned), _NOTHING)
    weights = [amount if total else Fraction(span.days) for span, amount in earned]
    whole = sum(weights, _NOTHING)
    return tuple(
        Part(span, bonus.amount * weight / whole) for (span, _), weight in zip(earned, weights, strict=True) if weight
    )


def companion(
    who: tuple[str, str], bonus: Money, parts: tuple[Part, ...], hours: Mapping[date, Fraction], first_weekday: int
) -> Companion:
    """What overtime adds to the bonus of a person (number and name), by their hours of each week by its first day.

    Weeks in which nothing of the bonus was earned add nothing, and their hours are not asked for.
    """
    if not parts or not bonus.minor:
        return Companion(*who, bonus, parts, ())
    covered = Span(min(part.span.start for part in parts), max(part.span.end for part in parts))
    weeks = (_week(week, parts, hours.get(week.start)) for week in workweeks(covered, first_weekday))
    return Companion(*who, bonus, parts, tuple(week for week in weeks if week.bonus))


def _week(week: Span, parts: Sequence[Part], hours: Fraction | None) -> Week:
    days = tuple(week.meet(part.span).days for part in parts)
    bonus = sum((part.a_day * count for part, count in zip(parts, days, strict=True)), _NOTHING)
    return Week(week, days, bonus, hours)
