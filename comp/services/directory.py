"""People with their assignments, as other systems read them, within what an actor may see."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from comp.errors import UnseenError
from comp.facts import Unit
from comp.money import Money
from comp.periods import Span
from comp.roles import Account
from comp.services.relations import sight_today
from comp.store import directory, people, units
from comp.store.visibility import seen_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A dated stretch of somebody in one unit; amounts are of a year and full time, `fte` and percent ratios."""

    unit: str
    span: Span
    currency: str
    annual_salary: Money | None
    target_percent: Fraction | None
    target_amount: Money | None
    fte: Fraction
    grade: str
    manager: str | None
    cost_centre: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody with all stretches, the earliest first. `left` is the first day after the last one employed."""

    employee: str
    name: str
    email: str | None
    hired: date | None
    left: date | None
    leaving_reason: str
    stretches: tuple[Stretch, ...]


def list_units(session: Session) -> tuple[Unit, ...]:
    """Every unit, by code."""
    return units.load_units(session)


def page_after(session: Session, actor: Account, after: str, limit: int, now: datetime) -> tuple[list[Entry], bool]:
    """The people in sight whose numbers come after another, and whether there are more."""
    found = directory.employees_after(session, sight_today(session, actor, now), after, limit + 1)
    return list(_entries(session, found[:limit])), len(found) > limit


def find(session: Session, actor: Account, employee: str, now: datetime) -> Entry:
    """One person. Raises `UnseenError` for nobody, and for somebody out of sight."""
    seen = seen_of(session, sight_today(session, actor, now), [employee])
    for entry in _entries(session, seen):
        return entry
    raise UnseenError(f"Nobody has the employee number {employee}.", "employee", employee)


def _entries(session: Session, employees: Collection[str]) -> Iterator[Entry]:
    own = people.person_states(session, employees)
    stretches: dict[str, list[Stretch]] = {}
    for (employee, _), state in sorted(people.assignment_states(session, employees).items()):
        stretches.setdefault(employee, []).append(_stretch(state[1:]))
    for employee in sorted(own):
        columns: Any = own[employee]
        name, email, hired, left, reason = columns
        yield Entry(employee, name, email, hired, left, reason, tuple(stretches.get(employee, ())))


def _stretch(state: Any) -> Stretch:  # noqa: ANN401 - a row's columns
    unit, start, end, currency, salary, percent, amount, fte, grade, manager, cost_centre = state
    span, money = Span(start, end), (_money(salary, currency), _money(amount, currency))
    return Stretch(unit, span, currency, money[0], percent, money[1], fte, grade, manager or None, cost_centre)


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
