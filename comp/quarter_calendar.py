"""The calendar of a quarter: until when files are in, checked, reviewed and released, counted from its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from comp.errors import Problem
from comp.figures import counted, day_text
from comp.periods import Span

LATEST = 366
"""How many days after a quarter's end its last step may be due, at most."""

_MOST_DAYS = 250
_SATURDAY = 5
_WEEKDAYS = tuple(date(2026, 6, number) for number in range(1, 8))
_A_DAY = timedelta(days=1)


class Step(StrEnum):
    """What has to be done by a day, in this order."""

    IMPORT = "import"
    CHECK = "check"
    REVIEW = "review"
    RELEASE = "release"


WORDS = {
    Step.IMPORT: "Files are in",
    Step.CHECK: "The data is checked",
    Step.REVIEW: "Managers have reviewed",
    Step.RELEASE: "Payroll has its batch",
}
"""What is true once a step is done."""


@dataclass(frozen=True, slots=True)
class Offset:
    """So many days after a quarter's last day: days as they come, or from Monday to Friday alone."""

    days: int
    is_working: bool = True

    def after(self, last: date) -> date:
        """The day that is meant, for a quarter with this last day."""
        if not self.is_working:
            return last + self.days * _A_DAY
        day, left = last, self.days
        while left:
            day += _A_DAY
            left -= day.weekday() < _SATURDAY
        return day

    def __str__(self) -> str:
        """The offset in words: `5 working days`."""
        return counted(self.days, "working day" if self.is_working else "day")


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """When the steps of any quarter are due, and how many days after the review's day it is escalated."""

    offsets: Mapping[Step, Offset]
    escalate_after: int

    def calendar(self, quarter: Span) -> "QuarterCalendar":
        """The days of a quarter."""
        return QuarterCalendar({step: self.offsets[step].after(quarter.last) for step in Step}, self.escalate_after)


USUAL_RULE = CalendarRule(
    {
        Step.IMPORT: Offset(5),
        Step.CHECK: Offset(8),
        Step.REVIEW: Offset(15),
        Step.RELEASE: Offset(20),
    },
    escalate_after=3,
)
"""What holds until a company says otherwise."""


@dataclass(frozen=True, slots=True)
class QuarterCalendar:
    """The days by which a quarter's steps are due, the day itself included."""

    days: Mapping[Step, date]
    escalate_after: int

    @property
    def escalates_on(self) -> date:
        """The day on which reviews that are still missing go one manager up."""
        return self.days[Step.REVIEW] + self.escalate_after * _A_DAY


@dataclass(frozen=True, slots=True)
class Due:
    """A step and the day by which it is due, seen from a day: `days_left` is below 0 once it is late."""

    step: Step
    day: date
    days_left: int

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.days_left < 0

    @property
    def words(self) -> str:
        """How far off it is: `today`, `in 3 days`, `2 days late`."""
        if self.is_late:
            return f"{counted(-self.days_left, 'day')} late"
        return f"in {counted(self.days_left, 'day')}" if self.days_left else "today"


def due(calendar: QuarterCalendar, step: Step, today: date) -> Due:
    """When a step is due, seen from a day."""
    day = calendar.days[step]
    return Due(step, day, (day - today).days)


def calendar_problems(calendar: QuarterCalendar, quarter: Span) -> Iterator[Problem]:
    """What stands against the days of a quarter: a step before the one that it waits for, or far from the quarter."""
    for step, day in calendar.days.items():
        if day < quarter.last:
            why = f"{day_text(day)} is before the quarter's last day, {day_text(quarter.last)}. Choose a later day."
            yield Problem(why, where=step)
        elif (day - quarter.last).days > LATEST:
            why = f"{day_text(day)} is more than a year after the quarter's last day. Choose an earlier day."
            yield Problem(why, where=step)
    for earlier, later in pairwise(Step):
        if calendar.days[later] < calendar.days[earlier]:
            why = (
                f"{WORDS[later]} by {day_text(calendar.days[later])}, before {day_text(calendar.days[earlier])}, by "
                f"which {WORDS[earlier].lower()}. Move one of the two days."
            )
            yield Problem(why, where=later)


def rule_problems(rule: CalendarRule) -> Iterator[Problem]:
    """What stands against a rule: a step that may be due before the one that it waits for, or far from the quarter.

    Beside plain days working days are worth more or less, as the weekday falls on which a quarter ends: each is tried.
    """
    for step, offset in rule.offsets.items():
        if not 0 <= offset.days <= _MOST_DAYS:
            yield Problem(f"Choose from 0 to {_MOST_DAYS} days.", where=step)
            return
    for earlier, later in pairwise(Step):
        before, after = rule.offsets[earlier], rule.offsets[later]
        if any(after.after(last) < before.after(last) for last in _WEEKDAYS):
            why = (
                f"{WORDS[later]} after {after}, which may be before {before}, after which {WORDS[earlier].lower()}. "
                "Move one of the two."
            )
            yield Problem(why, where=later)


def write_rule(rule: CalendarRule) -> dict[str, object]:
    """The document of a rule, as it is stored."""
    steps = {str(step): {"days": each.days, "working": each.is_working} for step, each in rule.offsets.items()}
    return {"steps": steps, "escalate_after": rule.escalate_after}


def read_rule(document: Mapping[str, dict[str, dict[str, int]]]) -> CalendarRule:
    """The rule of a stored document."""
    steps = document["steps"]
    offsets = {step: Offset(steps[step]["days"], bool(steps[step]["working"])) for step in Step}
    return CalendarRule(offsets, int(str(document["escalate_after"])))
