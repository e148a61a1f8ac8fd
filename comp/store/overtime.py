"""Whose overtime is looked at, and the hours that were stated."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select
from sqlmodel import Session

from comp.models import OvertimeHoursRow, SettingRow
from comp.overtime import Hours, Rule
from comp.periods import Span
from comp.store.bulk import columns_of

_RULE = "overtime"
_HUNDREDTHS = 100


def load_rule(session: Session) -> Rule:
    """Whose overtime is looked at; nobody's where nobody said."""
    row = session.get(SettingRow, _RULE)
    if row is None:
        return Rule()
    told = json.loads(row.value)
    lists = (tuple(told[name]) for name in ("units", "people", "excepted"))
    return Rule(told["is_on"], told["first_weekday"], *lists)


def save_rule(session: Session, rule: Rule) -> None:
    """Store whose overtime is looked at from now on."""
    told = {
        "is_on": rule.is_on,
        "first_weekday": rule.first_weekday,
        "units": rule.units,
        "people": rule.people,
        "excepted": rule.excepted,
    }
    session.merge(SettingRow(key=_RULE, value=json.dumps(told)))


def load_hours(session: Session, days: Span) -> dict[str, dict[date, Fraction]]:
    """The hours of the weeks that begin on some days, by employee and first day."""
    table = columns_of(OvertimeHoursRow)
    query = select(table.employee, table.week, table.hundredths)
    found: dict[str, dict[date, Fraction]] = {}
    for employee, week, hundredths in session.execute(query.where(table.week >= days.start, table.week < days.end)):
        found.setdefault(employee, {})[week] = Fraction(hundredths, _HUNDREDTHS)
    return found


def save_hours(session: Session, stated: Iterable[Hours], by: str, at: datetime) -> None:
    """Store hours, in place of what was stated of the same weeks before. They have at most two decimals."""
    for each in stated:
        session.merge(
            OvertimeHoursRow(
                employee=each.employee,
                week=each.week,
                hundredths=int(each.hours * _HUNDREDTHS),
                stated_by=by,
                stated_at=at,
            )
        )
