"""The calendar of quarters: a rule that is set once, copied to each quarter, where single days may be changed."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import ChangedError, RefusedError
from comp.figures import day_text, exact_text
from comp.periods import Quarter, Span
from comp.quarter_calendar import Due, QuarterCalendar, Step, calendar_problems, rule_problems
from comp.quarter_calendar import due as due_of
from comp.services import audit
from comp.store import quarter_calendar as calendars
from comp.store import settings
from comp.store.quarter_calendar import QuarterRules, StoredCalendar

__all__ = [
    "CalendarView",
    "QuarterRules",
    "calendar_of",
    "copy_to",
    "due",
    "load_rules",
    "save_days",
    "save_rules",
    "view",
]

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The days of a quarter as its page shows them. `stored` is None where the quarter follows the rule still."""

    quarter: Quarter
    span: Span
    calendar: QuarterCalendar
    by_rule: QuarterCalendar
    stored: StoredCalendar | None

    @property
    def own_days(self) -> tuple[Step, ...]:
        """The steps whose day is not the one that the rule gives."""
        return tuple(step for step in Step if self.calendar.days[step] != self.by_rule.days[step])

    @property
    def fingerprint(self) -> str:
        """What changes whenever the days do: whoever changes them says which they saw."""
        return _digest(*(str(self.calendar.days[step]) for step in Step), str(self.calendar.escalate_after))


def load_rules(session: Session) -> QuarterRules:
    """What the company says of all its quarters."""
    return calendars.load_rules(session)


def rules_fingerprint(rules: QuarterRules) -> str:
    """What changes whenever the rules do."""
    return _digest(calendars.rules_text(rules))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def view(session: Session, quarter: Quarter) -> CalendarView:
    """The days of a quarter: its own, or those that the rule gives."""
    span = settings.load_company(session).calendar.span(quarter)
    by_rule = calendars.load_rules(session).calendar.calendar(span)
    stored = calendars.load_calendar(session, str(quarter))
    return CalendarView(quarter, span, stored.calendar if stored else by_rule, by_rule, stored)


def calendar_of(session: Session, quarter: Quarter) -> QuarterCalendar:
    """The days by which a quarter's steps are due."""
    return view(session, quarter).calendar


def due(session: Session, quarter: Quarter, step: Step, today: date) -> Due:
    """When a step of a quarter is due, seen from a day."""
    return due_of(calendar_of(session, quarter), step, today)


def save_rules(session: Session, rules: QuarterRules, seen: str, by: str, now: datetime) -> None:
    """Let other rules hold for quarters that have no days of their own yet.

    Raises `ChangedError` where somebody changed them since they were `seen`, `RefusedError` for days out of order.
    """
    before = calendars.load_rules(session)
    if seen != rules_fingerprint(before):
        raise ChangedError("Somebody changed the rule in the meantime. Nothing was stored: look at it again.")
    problems = list(rule_problems(rules.calendar))
    if problems:
        raise RefusedError("The days are not in order.", problems)
    _refuse_escalation(rules.calendar.escalate_after)
    if rules == before:
        return
    calendars.save_rules(session, rules)
    days = {str(step): str(each) for step, each in rules.calendar.offsets.items()}
    after, swing = rules.calendar.escalate_after, exact_text(rules.swing)
    audit.note(session, by, now, "set rule", "calendar", escalate_after=after, swing=swing, **days)


def save_days(
    session: Session, quarter: Quarter, calendar: QuarterCalendar, seen: str, by: str, now: datetime
) -> CalendarView:
    """Give a quarter days of its own.

    Raises `ChangedError`, with what is different, where they were changed since they were `seen`; `RefusedError` for
    days out of order.
    """
    before = view(session, quarter)
    if seen != before.fingerprint:
        days = ", ".join(f"{step} by {day_text(before.calendar.days[step])}" for step in Step)
        raise ChangedError(f"Somebody changed the days of {quarter} in the meantime. By now: {days}.")
    problems = list(calendar_problems(calendar, before.span))
    if problems:
        raise RefusedError("The days are not in order.", problems)
    _refuse_escalation(calendar.escalate_after)
    _save(session, quarter, calendar, by, now)
    return view(session, quarter)


def copy_to(session: Session, quarter: Quarter, by: str, now: datetime) -> bool:
    """Give a quarter the days of the rule for good, so that another rule later does not move them.

    Tells whether it had none before.
    """
    found = view(session, quarter)
    if found.stored is None:
        _save(session, quarter, found.by_rule, by, now)
    return found.stored is None


def _refuse_escalation(days: int) -> None:
    if not 0 <= days <= _LONGEST:
        raise RefusedError(f"Reviews are escalated after 0 to {_LONGEST} days.")


def _save(session: Session, quarter: Quarter, calendar: QuarterCalendar, by: str, now: datetime) -> None:
    calendars.save_calendar(session, str(quarter), calendar, by, now)
    days = {str(step): str(calendar.days[step]) for step in Step}
    audit.note(session, by, now, "set calendar", f"calendar {quarter}", **days, escalate_after=calendar.escalate_after)
