"""Queries and their threads: written, found within sight, counted, and reminded of."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy import true as everything
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from comp.models import AccountRow, PersonRow, QueryMessageRow, QueryReminderRow, QueryRow, UnitRow
from comp.periods import Quarter
from comp.queries import LIVING, About, Act, Message, Outcome, Query, State, Subject
from comp.roles import Account, Permission
from comp.store.bulk import columns_of
from comp.store.visibility import Sight

PAGE = 50
_LIVES = col(QueryRow.state).in_(sorted(LIVING))


@dataclass(frozen=True, slots=True)
class Seen:
    """Which queries an actor may see: their own, those that they own, and those about pay that they see."""

    actor: Account
    sights: Mapping[Quarter, Sight]

    def covers(self) -> ColumnElement[bool]:
        """Whether the actor may see a query."""
        if Permission.READ_QUERIES in self.actor.permissions:
            return everything()
        own = or_(col(QueryRow.asked_by) == self.actor.id, col(QueryRow.owner_id) == self.actor.id)
        return or_(own, self.covers_pay())

    def covers_pay(self) -> ColumnElement[bool]:
        """Whether a query is about pay that the actor may see."""
        table = columns_of(QueryRow)
        employee = table.employee
        within = (and_(table.quarter == str(quarter), sight.covers(employee)) for quarter, sight in self.sights.items())
        return and_(employee.is_not(None), or_(false(), *within))

    def is_waited_for(self) -> ColumnElement[bool]:
        """Whether a query waits for the actor."""
        owner, asker = col(QueryRow.owner_id), col(QueryRow.asked_by)
        owned = owner == self.actor.id
        if Permission.ANSWER_QUERIES in self.actor.permissions:
            owned = or_(owned, owner.is_(None))
        at_owner = and_(col(QueryRow.state) == State.OPEN, owned, asker != self.actor.id)
        at_asker = and_(col(QueryRow.state).in_([State.WAITING, State.ANSWERED]), asker == self.actor.id)
        return or_(at_owner, at_asker)

    def is_asked(self) -> ColumnElement[bool]:
        """Whether the actor raised a query."""
        return col(QueryRow.asked_by) == self.actor.id


def in_state(state: State) -> ColumnElement[bool]:
    """Whether a query stands there."""
    return col(QueryRow.state) == state


def is_late(today: date) -> ColumnElement[bool]:
    """Whether the owner of a query should have answered before a day."""
    return and_(col(QueryRow.state) == State.OPEN, col(QueryRow.due_on) < today)


def is_of(quarter: Quarter, employees: Collection[str] | None = None) -> ColumnElement[bool]:
    """Whether a query is about a quarter, and where people are named about the pay of one of them."""
    of_quarter = col(QueryRow.quarter) == str(quarter)
    return of_quarter if employees is None else and_(of_quarter, col(QueryRow.employee).in_(employees))


def add(session: Session, about: About, asked_by: int, owner_id: int | None, due: date, now: datetime) -> int:
    """Store a new query; gives its number."""
    row = QueryRow(
        about=about.key,
        subject=about.subject,
        quarter=str(about.quarter),
        part=about.part,
        title=about.title,
        employee=about.employee,
        run_id=about.run_id,
        unit=about.unit,
        metric=about.metric,
        figures=json.dumps(about.figures),
        sha256=about.sha256,
        asked_by=asked_by,
        asked_at=now,
        owner_id=owner_id,
        due_on=due,
        state=State.OPEN,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def add_message(  # noqa: PLR0913 - the columns of a row
    session: Session,
    query_id: int,
    act: Act,
    by: int,
    now: datetime,
    words: str,
    *,
    owner: str | None = None,
    outcome: str | None = None,
) -> None:
    """Store what was done with a query, with whose it became or what became of it where that changed."""
    row = QueryMessageRow(
        query_id=query_id, act=act, said_by=by, said_at=now, words=words, owner=owner, outcome=outcome
    )
    session.add(row)
    session.flush()


def change(session: Session, query_id: int, **columns: Any) -> None:  # noqa: ANN401 - each column has its own type
    """Store where a query stands now."""
    row = session.get_one(QueryRow, query_id)
    for name, value in columns.items():
        setattr(row, name, value)
    session.flush()


def find(session: Session, query_id: int, seen: Seen) -> Query | None:
    """A query with its thread, for an actor who may see it; None otherwise."""
    found = _load(session, _select().where(col(QueryRow.id) == query_id, seen.covers()))
    return found[0] if found else None


def find_living(session: Session, asked_by: int, about: str) -> int | None:
    """The number of a query that somebody has raised on the same thing, and that is not over."""
    same = col(QueryRow.asked_by) == asked_by, col(QueryRow.about) == about, _LIVES
    return session.scalar(select(col(QueryRow.id)).where(*same))


def pay_is_seen(session: Session, query_id: int, seen: Seen) -> bool:
    """Whether an actor may see the pay that a query is about."""
    return session.scalar(select(col(QueryRow.id)).where(col(QueryRow.id) == query_id, seen.covers_pay())) is not None


def list_page(session: Session, seen: Seen, which: Iterable[ColumnElement[bool]], page: int) -> tuple[list[Query], int]:
    """A page of queries, without threads, that an actor may see, and how many there are; open and due first."""
    total = count(session, seen, which)
    found = _select().where(seen.covers(), *which)
    order = _LIVES.desc(), col(QueryRow.due_on), col(QueryRow.id)
    return _load(session, found.order_by(*order).limit(PAGE).offset((page - 1) * PAGE), threads=False), total


def list_about(session: Session, seen: Seen, which: ColumnElement[bool]) -> list[Query]:
    """All queries about something, without threads, that an actor may see, the latest first."""
    return _load(session, _select().where(seen.covers(), which).order_by(col(QueryRow.id).desc()), threads=False)


def count(session: Session, seen: Seen, which: Iterable[ColumnElement[bool]]) -> int:
    """How many queries an actor may see."""
    return session.scalar(select(func.count()).select_from(QueryRow).where(seen.covers(), *which)) or 0


def quarters(session: Session) -> list[Quarter]:
    """The quarters that there are queries about, the latest first."""
    return sorted(map(Quarter.parse, session.scalars(select(col(QueryRow.quarter)).distinct())), reverse=True)


def count_states(session: Session, quarter: Quarter) -> dict[State, int]:
    """How many queries about a quarter stand where."""
    query = select(col(QueryRow.state), func.count()).where(is_of(quarter)).group_by(col(QueryRow.state))
    return {State(state): number for state, number in session.execute(query)}


def count_late(session: Session, quarter: Quarter, today: date) -> int:
    """How many queries about a quarter should have been answered."""
    query = select(func.count()).select_from(QueryRow).where(is_of(quarter), is_late(today))
    return session.scalar(query) or 0


def count_living(session: Session, quarter: Quarter, employees: Collection[str]) -> dict[str, int]:
    """How many queries that are not over there are about the pay of each of some people, for those with any."""
    employee = col(QueryRow.employee)
    query = select(employee, func.count()).where(is_of(quarter, employees), _LIVES).group_by(employee)
    return {number or "": many for number, many in session.execute(query)}


def due(session: Session, today: date) -> list[int]:
    """The open queries whose day to be answered is there or over, and that nobody was reminded of today."""
    reminded = select(col(QueryReminderRow.query_id)).where(col(QueryReminderRow.day) == today)
    query = select(col(QueryRow.id)).where(col(QueryRow.state) == State.OPEN, col(QueryRow.due_on) <= today)
    rows = session.scalars(query.where(col(QueryRow.id).not_in(reminded)).order_by(col(QueryRow.id)))
    return [number or 0 for number in rows]


def load(session: Session, query_id: int) -> Query:
    """A query, whoever looks."""
    return _load(session, _select().where(col(QueryRow.id) == query_id), threads=False)[0]


def note_reminded(session: Session, query_id: int, day: date) -> None:
    """Keep that the owner of a query was reminded on a day."""
    session.add(QueryReminderRow(query_id=query_id, day=day))
    session.flush()


def _select() -> Select[Any]:
    asker, owner = aliased(AccountRow), aliased(AccountRow)
    names: tuple[Any, ...] = col(PersonRow.name), col(UnitRow.name), col(asker.name), col(owner.name)
    return (
        select(QueryRow, *names)
        .outerjoin(PersonRow, col(PersonRow.employee) == col(QueryRow.employee))
        .outerjoin(UnitRow, col(UnitRow.code) == col(QueryRow.unit))
        .join(asker, col(asker.id) == col(QueryRow.asked_by))
        .outerjoin(owner, col(owner.id) == col(QueryRow.owner_id))
    )


def _load(session: Session, query: Select[Any], *, threads: bool = True) -> list[Query]:
    return [_query(session, *row, threads=threads) for row in session.execute(query)]


def _query(  # noqa: PLR0913 - what one row has
    session: Session,
    row: QueryRow,
    person: str | None,
    unit: str | None,
    asker: str,
    owner: str | None,
    *,
    threads: bool,
) -> Query:
    return Query(
        id=row.id or 0,
        about=_about(row),
        name=person or unit or row.employee or row.unit or "",
        asker_id=row.asked_by,
        asker=asker,
        asked_at=row.asked_at,
        owner_id=row.owner_id,
        owner=owner or "HR",
        due=row.due_on,
        state=State(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        answered_by=row.answered_by,
        messages=tuple(_thread(session, row.id or 0)) if threads else (),
    )


def _about(row: QueryRow) -> About:
    figures = tuple((label, value) for label, value in json.loads(row.figures))
    return About(
        subject=Subject(row.subject),
        quarter=Quarter.parse(row.quarter),
        title=row.title,
        figures=figures,
        part=row.part,
        employee=row.employee,
        run_id=row.run_id,
        unit=row.unit,
        metric=row.metric,
    )


def _thread(session: Session, query_id: int) -> Iterable[Message]:
    query = (
        select(QueryMessageRow, col(AccountRow.name))
        .join(AccountRow, col(AccountRow.id) == col(QueryMessageRow.said_by))
        .where(col(QueryMessageRow.query_id) == query_id)
        .order_by(col(QueryMessageRow.id))
    )
    for row, name in session.execute(query):
        outcome = Outcome(row.outcome) if row.outcome else None
        yield Message(row.id, Act(row.act), row.said_by, name, row.said_at, row.words, row.owner, outcome)
