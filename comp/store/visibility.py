"""Who may see whose pay, in SQL: oneself, the people below, and those below somebody one stands in for; or everybody.

The people below a manager are read from the assignments, as the tree was on the last of a quarter's days (or on their
own last day, for those who left within it), and as it is today. Somebody in a circle of managers is met only once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    case,
    exists,
    false,
    func,
    literal,
    select,
    union,
)
from sqlalchemy import true as everybody
from sqlmodel import Session

from comp.models import AssignmentRow, DelegationRow, PersonRow, UnitRow
from comp.periods import Span
from comp.roles import Account, Permission
from comp.store.bulk import columns_of

_DEEPEST = 100
"""Further up than this nobody has managers, except in a circle of them."""


class Scope(Protocol):
    """Whom a query is about: it says so of the employee of a row."""

    def covers(self, employee: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether the employee of a row is meant."""


@dataclass(frozen=True, slots=True)
class Sight:
    """An actor who looks, today, at what people are paid for a quarter's days."""

    actor: Account
    days: Span
    today: date

    def covers(self, employee: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether the actor may see the employee of a row."""
        if Permission.READ_PAYOUTS in self.actor.permissions:
            return everybody()
        if self.actor.employee is None:
            return false()
        return employee.in_(_seen_by(self.actor.employee, self.days, self.today))


@dataclass(frozen=True, slots=True)
class Below:
    """Everybody below some managers as the tree was on the last of some days, or only who answers to them directly.

    The managers themselves are not meant, wherever a circle of managers leads.
    """

    managers: tuple[str, ...]
    days: Span
    directly: bool = False

    def covers(self, employee: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether the employee of a row is below one of the managers."""
        if self.directly:
            edges = _edges(self.days)
            found = select(edges.c.employee).where(edges.c.manager.in_(self.managers))
        else:
            named = [select(literal(manager)) for manager in self.managers] or [select(literal("")).where(false())]
            found = select(_below(union(*named).subquery("heads"), self.days).c.employee)
        return employee.in_(found) & employee.not_in(self.managers)


@dataclass(frozen=True, slots=True)
class Everybody:
    """All employees, for what tells of nobody what they are paid."""

    def covers(self, employee: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether the employee of a row is meant: always."""
        return employee.is_not(None)


@dataclass(frozen=True, slots=True)
class Some:
    """Some employees by their numbers."""

    employees: tuple[str, ...]

    def covers(self, employee: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether the employee of a row is one of them."""
        return employee.in_(self.employees)


class Member(NamedTuple):
    """Somebody in a tree of managers, and the manager whom they answer to; empty for none."""

    employee: str
    name: str
    manager: str


def members(session: Session, scope: Scope, days: Span) -> list[Member]:
    """The people of a scope who are employed on one of some days, by number, with their managers on the last day."""
    edges, person = _edges(days), columns_of(PersonRow)
    query = select(edges.c.employee, person.name, edges.c.manager).join(
        person.employee.table, person.employee == edges.c.employee
    )
    rows = session.execute(query.where(scope.covers(edges.c.employee)).order_by(edges.c.employee))
    return [Member(employee, name, manager or "") for employee, name, manager in rows]


def count_below(session: Session, below: Below) -> int:
    """How many people are below some managers."""
    edges = _edges(below.days)
    query = select(func.count()).select_from(edges).where(below.covers(edges.c.employee))
    return session.scalar(query) or 0


def chains_above(session: Session, employees: Collection[str], days: Span) -> dict[str, tuple[str, ...]]:
    """The managers above each of some employees on the last of some days, from the nearest up; nobody is met twice."""
    edges = _edges(days)
    first = select(edges.c.employee.label("of"), edges.c.manager, literal(1).label("step"))
    chain = first.where(edges.c.employee.in_(employees), edges.c.manager.is_not(None)).cte("chain", recursive=True)
    further = _edges(days)
    on = select(chain.c.of, further.c.manager, chain.c.step + 1).join(chain, further.c.employee == chain.c.manager)
    chain = chain.union(on.where(further.c.manager.is_not(None), chain.c.step < _DEEPEST))
    found: dict[str, dict[str, None]] = {}
    for of, manager in session.execute(select(chain.c.of, chain.c.manager).order_by(chain.c.of, chain.c.step)):
        if manager != of:
            found.setdefault(of, {})[manager] = None
    return {of: tuple(managers) for of, managers in found.items()}


def _seen_by(employee: str, days: Span, today: date) -> CompoundSelect[tuple[str]]:
    managers = union(select(literal(employee)), _stood_in_for(employee, today)).subquery("managers")
    then = _below(managers, days)
    now = _below(managers, Span.of_day(today))
    return union(select(literal(employee)), select(then.c.employee), select(now.c.employee))


def _stood_in_for(employee: str, today: date) -> Select[tuple[str]]:
    """The managers for whom somebody stands in today. Standing in is not handed on."""
    table = columns_of(DelegationRow)
    lasts = table.start_on <= today, table.end_on > today
    return select(table.manager).where(table.delegate == employee, *lasts)


def _below(managers: Subquery, days: Span) -> CTE:
    edges = _edges(days)
    first = select(edges.c.employee).where(edges.c.manager.in_(select(managers))).cte(recursive=True)
    edges = _edges(days)
    return first.union(select(edges.c.employee).join(first, edges.c.manager == first.c.employee))


def _edges(days: Span) -> Subquery:
    """Everybody employed on one of the days, with their manager on the last of these days that was theirs."""
    person, assigned = columns_of(PersonRow), columns_of(AssignmentRow)
    left = person.employed_until
    end = case((left < days.end, left), else_=literal(days.end))
    covers = assigned.start_on < end, assigned.end_on >= end
    query = select(assigned.employee, assigned.manager).join_from(
        AssignmentRow, PersonRow, person.employee == assigned.employee
    )
    return query.where(*covers, left.is_(None) | (left > days.start)).subquery()


def seen_of(session: Session, sight: Sight, wanted: Collection[str]) -> list[str]:
    """Those of some employees who are within sight, by number."""
    table = columns_of(PersonRow)
    query = select(table.employee).where(table.employee.in_(wanted), sight.covers(table.employee))
    return list(session.scalars(query.order_by(table.employee)))


def count_seen(session: Session, sight: Sight) -> int:
    """How many people are within sight."""
    query = select(func.count()).select_from(PersonRow).where(sight.covers(columns_of(PersonRow).employee))
    return session.scalar(query) or 0


def leads(session: Session, employee: str) -> bool:
    """Whether anybody was ever assigned below an employee."""
    return bool(session.scalar(select(exists().where(columns_of(AssignmentRow).manager == employee))))


def stands_in(session: Session, employee: str, today: date) -> bool:
    """Whether an employee stands in for a manager today."""
    return bool(session.scalar(select(_stood_in_for(employee, today).exists())))


def answers_for(session: Session, employee: str) -> bool:
    """Whether an employee answers for the customer loyalty of any unit."""
    return bool(session.scalar(select(exists().where(columns_of(UnitRow).loyalty_lead == employee))))


def team_sizes(session: Session, managers: Collection[str], today: date) -> dict[str, int]:
    """How many people are below each of some managers today; those who lead nobody are left out."""
    edges = _edges(Span.of_day(today))
    pairs = select(edges.c.manager, edges.c.employee).where(edges.c.manager.in_(managers)).cte("pairs", recursive=True)
    further = _edges(Span.of_day(today))
    pairs = pairs.union(select(pairs.c.manager, further.c.employee).join(pairs, further.c.manager == pairs.c.employee))
    query = select(pairs.c.manager, func.count()).where(pairs.c.employee != pairs.c.manager).group_by(pairs.c.manager)
    return {manager: count for manager, count in session.execute(query)}  # noqa: C416 - rows, not pairs


def units_led(session: Session, employee: str) -> list[str]:
    """The units whose customer loyalty an employee answers for, with all units below them, by code."""
    table = columns_of(UnitRow)
    led = select(table.code).where(table.loyalty_lead == employee).cte("led", recursive=True)
    led = led.union(select(table.code).join(led, table.parent == led.c.code))
    return list(session.scalars(select(led.c.code).order_by(led.c.code)))


def leads_above(session: Session, unit: str) -> list[str]:
    """Who answers for the customer loyalty of a unit, then of the units above it."""
    rows = {code: (parent, lead) for code, parent, lead in session.execute(_units())}
    found: list[str] = []
    above: str | None = unit
    while above in rows:  # each is taken out, so that a circle ends
        above, lead = rows.pop(above)
        found += [lead] if lead and lead not in found else []
    return found


def _units() -> Select[tuple[str, str | None, str | None]]:
    table = columns_of(UnitRow)
    return select(table.code, table.parent, table.loyalty_lead)
