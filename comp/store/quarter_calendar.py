"""The calendar of each quarter, and the rule that it is copied from."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from comp.data_check_before import SWING
from comp.figures import exact_text
from comp.models import QuarterCalendarRow, SettingRow
from comp.quarter_calendar import USUAL_RULE, CalendarRule, QuarterCalendar, Step, read_rule, write_rule

_RULE = "quarter_rule"


@dataclass(frozen=True, slots=True)
class QuarterRules:
    """What a company says of all its quarters: when steps are due, and which differences the data check tells."""

    calendar: CalendarRule = USUAL_RULE
    swing: Fraction = SWING


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """The days of a quarter, and who set them when."""

    calendar: QuarterCalendar
    set_by: str
    set_at: datetime


def load_rules(session: Session) -> QuarterRules:
    """What the company says of its quarters, or what is usual."""
    row = session.get(SettingRow, _RULE)
    if row is None:
        return QuarterRules()
    document = json.loads(row.value)
    return QuarterRules(read_rule(document), Fraction(document["swing"]))


def rules_text(rules: QuarterRules) -> str:
    """The one text of some rules, which is stored."""
    document = {**write_rule(rules.calendar), "swing": exact_text(rules.swing)}
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def save_rules(session: Session, rules: QuarterRules) -> None:
    """Store the rules."""
    session.merge(SettingRow(key=_RULE, value=rules_text(rules)))
    session.flush()


def load_calendar(session: Session, quarter: str) -> StoredCalendar | None:
    """The days that a quarter was given, or None where it follows the rule still."""
    row = session.get(QuarterCalendarRow, quarter)
    if row is None:
        return None
    days = {step: getattr(row, f"{step}_by") for step in Step}
    return StoredCalendar(QuarterCalendar(days, row.escalate_after), row.set_by, row.set_at)


def save_calendar(session: Session, quarter: str, calendar: QuarterCalendar, by: str, now: datetime) -> None:
    """Store the days of a quarter."""
    days = {f"{step}_by": calendar.days[step] for step in Step}
    session.merge(
        QuarterCalendarRow(quarter=quarter, **days, escalate_after=calendar.escalate_after, set_by=by, set_at=now)
    )
    session.flush()
