"""Responses as people judge them: those of a unit, those that a proposal names, and how many are left out."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select
from sqlmodel import Session

from comp.exclusions import WHOLE
from comp.models import AssignmentRow, PersonRow, ResponseRow, RunLeftOutRow, TallyRow
from comp.organisation import Organisation
from comp.periods import FiscalCalendar, Quarter, Span
from comp.store.bulk import chunks, columns_of, insert
from comp.store.exclusions import load_left_out
from comp.store.responses import State

PooledCounts = dict[tuple[str, Quarter, str], int]
"""How many answers are left out, by unit with all below it, quarter and question."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response in force. `key` is the survey tool's own and is not shown; `customer` is a keyed hash."""

    number: int
    key: str
    unit: str
    day: date
    touchpoint: str
    segment: str
    customer: str
    comment: str
    answers: Mapping[str, int]

    @property
    def state(self) -> State:
        """The response as the tallies read it."""
        answers = json.dumps(dict(self.answers), sort_keys=True, separators=(",", ":"))
        return self.unit, self.day, self.touchpoint, self.segment, self.customer, self.comment, answers


def _responses() -> Select[Any]:
    table = columns_of(ResponseRow)
    names = ("id", "key", "unit", "answered_on", "touchpoint", "segment", "customer", "comment", "answers")
    return select(*(table[name] for name in names)).where(table.replaced_by.is_(None))


def _read(session: Session, query: Select[Any]) -> Iterator[Response]:
    for number, key, unit, day, touchpoint, segment, customer, comment, answers in session.execute(query):
        given = json.loads(answers)
        yield Response(number, key, unit, day, touchpoint, segment, customer, comment, given)


def load_responses(session: Session, unit: str, days: Span) -> list[Response]:
    """The responses of one unit in some days, the newest first."""
    table = columns_of(ResponseRow)
    here = (table.unit == unit, table.answered_on >= days.start, table.answered_on < days.end)
    return list(_read(session, _responses().where(*here).order_by(table.answered_on.desc(), table.id.desc())))


def load_by_key(session: Session, keys: Iterable[str]) -> list[Response]:
    """The responses with these keys that are in force, the newest first."""
    table = columns_of(ResponseRow)
    found = [each for some in chunks(keys) for each in _read(session, _responses().where(table.key.in_(some)))]
    return sorted(found, key=lambda each: (each.day, each.number), reverse=True)


def customer_days(session: Session, customers: Iterable[str], days: Span) -> dict[str, list[date]]:
    """On which of some days each customer answered anywhere in the company, once for each response."""
    table = columns_of(ResponseRow)
    found: dict[str, list[date]] = {}
    within = (table.answered_on >= days.start, table.answered_on < days.end, table.replaced_by.is_(None))
    for some in chunks(customers):
        query = select(table.customer, table.answered_on).where(table.customer.in_(some), table.customer != "", *within)
        for customer, day in session.execute(query):
            found.setdefault(customer, []).append(day)
    return found


def names_in(session: Session, unit: str, days: Span) -> frozenset[str]:
    """The names of everybody who is assigned to a unit on one of some days, to be masked in what customers wrote."""
    table, person = columns_of(AssignmentRow), columns_of(PersonRow)
    query = select(person.name).join_from(AssignmentRow, PersonRow, person.employee == table.employee).distinct()
    here = (table.unit == unit, table.start_on < days.end, table.end_on > days.start)
    return frozenset(session.scalars(query.where(*here)))


def answering_units(session: Session, days: Span) -> dict[str, int]:
    """How many responses each unit has in some days, by code."""
    table = columns_of(ResponseRow)
    within = (table.answered_on >= days.start, table.answered_on < days.end, table.replaced_by.is_(None))
    query = select(table.unit, func.count()).where(*within).group_by(table.unit).order_by(table.unit)
    return {unit: count for unit, count in session.execute(query)}  # noqa: C416 - rows, not pairs


Monthly = dict[tuple[str, date, str], dict[int, int]]
"""Tallies by question, month and touchpoint."""


def tallies_of(session: Session, units: Collection[str], days: Span) -> Monthly:
    """The tallies of some units together."""
    table = columns_of(TallyRow)
    keys = (table.question, table.month, table.touchpoint, table.answer)
    found: Monthly = {}
    for some in chunks(units):
        here = (table.unit.in_(some), table.month >= days.start, table.month < days.end)
        query = select(*keys, cast(func.sum(table["count"]), Integer)).where(*here).group_by(*keys)
        for question, month, touchpoint, answer, count in session.execute(query):
            tally = found.setdefault((question, month, touchpoint), {})
            tally[answer] = tally.get(answer, 0) + count
    return found


def pooled_left_out(session: Session, organisation: Organisation, calendar: FiscalCalendar) -> PooledCounts:
    """How many answers are left out now, of each unit with all below it."""
    left_out = load_left_out(session)
    found: Counter[tuple[str, Quarter, str]] = Counter()
    for response in load_by_key(session, left_out):
        without, quarter = left_out[response.key], calendar.quarter_of(response.day)
        above = organisation.way_up(response.unit) if response.unit in organisation else (response.unit,)
        for question in response.answers if WHOLE in without else response.answers.keys() & without:
            found.update((unit, quarter, question) for unit in above)
    return dict(found)


def save_run_left_out(session: Session, run_id: int, counts: PooledCounts, quarters: Collection[Quarter]) -> None:
    """Keep with a run how many answers were left out of the quarters that it looked at."""
    columns = ("run_id", "unit", "quarter", "question", "answers")
    rows = (
        (run_id, unit, str(quarter), question, count)
        for (unit, quarter, question), count in sorted(counts.items())
        if quarter in quarters
    )
    insert(session, RunLeftOutRow, columns, rows)


def load_run_left_out(session: Session, run_id: int) -> PooledCounts:
    """How many answers were left out when a run looked."""
    table = columns_of(RunLeftOutRow)
    query = select(table.unit, table.quarter, table.question, table.answers).where(table.run_id == run_id)
    return {(unit, Quarter.parse(of), question): count for unit, of, question, count in session.execute(query)}
