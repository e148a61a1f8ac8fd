"""Responses, as files stated them, and the tallies that are kept of those of their answers that count."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from comp.exclusions import WHOLE
from comp.intake import ResponseRecord
from comp.models import ResponseRow, TallyRow
from comp.store.bulk import chunks, columns_of, insert

State = tuple[str, date, str, str, str, str, str]
_STATE = ("unit", "answered_on", "touchpoint", "segment", "customer", "comment", "answers")
_KEY = ("unit", "question", "month", "touchpoint", "segment", "answer")
TallyKey = tuple[str, str, date, str, str, int]
"""Unit, question, first day of the month, touchpoint, segment and answer."""

LeftOut = Mapping[str, Collection[str]]
"""By response, the questions whose answers count for nothing; `WHOLE` for all of them."""


def response_state(record: ResponseRecord, key: bytes) -> State:
    """What a record would be stored as; the customer is hashed with the company's key."""
    customer = hmac.new(key, record.customer.casefold().encode(), hashlib.sha256).hexdigest()[:32]
    return (
        record.unit,
        record.answered_on,
        record.touchpoint,
        record.segment,
        customer if record.customer else "",
        record.comment,
        json.dumps(dict(record.answers), sort_keys=True, separators=(",", ":")),
    )


def response_states(session: Session, keys: Iterable[str]) -> dict[str, State]:
    """What is stored of these responses now, to be compared with a file."""
    table = columns_of(ResponseRow)
    state = [table[name] for name in _STATE]
    return {
        key: (unit, day, touchpoint, segment, customer, comment, answers)
        for some in chunks(keys)
        for key, unit, day, touchpoint, segment, customer, comment, answers in session.execute(
            select(table.key, *state).where(table.key.in_(some), table.replaced_by.is_(None))
        )
    }


def save_responses(
    session: Session, batch: int, stated: Mapping[str, State], replaced: Mapping[str, State], left_out: LeftOut
) -> None:
    """Store what a batch states, mark what it replaces, and move the tallies along. Nothing stated before is lost.

    An answer that is left out stays so when it is restated.
    """
    for some in chunks(replaced):
        session.execute(
            update(ResponseRow)
            .where(col(ResponseRow.key).in_(some), col(ResponseRow.replaced_by).is_(None))
            .values(replaced_by=batch)
        )
    rows = ((key, state[0], state[1].isoformat(), *state[2:], batch) for key, state in stated.items())
    insert(session, ResponseRow, ("key", *_STATE, "batch_id"), rows)
    change_tallies(session, _apart(_tallied(stated, left_out), _tallied(replaced, left_out)))


def withdraw_responses(
    session: Session, batch: int, gone: Mapping[str, State], back: Mapping[str, tuple[int, State]], left_out: LeftOut
) -> None:
    """Let what a batch stated count no more, but what batches said before, each with its own number, where any did.

    An answer that is left out stays so when another file's statement of it counts again.
    """
    for some in chunks(gone):
        session.execute(
            update(ResponseRow)
            .where(col(ResponseRow.key).in_(some), col(ResponseRow.replaced_by).is_(None))
            .values(replaced_by=batch)
        )
    rows = ((key, state[0], state[1].isoformat(), *state[2:], before) for key, (before, state) in back.items())
    insert(session, ResponseRow, ("key", *_STATE, "batch_id"), rows)
    again = {key: state for key, (_, state) in back.items()}
    change_tallies(session, _apart(_tallied(again, left_out), _tallied(gone, left_out)))


def stated_before(session: Session, keys: Iterable[str], without: Collection[int]) -> dict[str, tuple[int, State]]:
    """What batches that still count said last of some responses, each with the batch's number."""
    table = columns_of(ResponseRow)
    state = [table[name] for name in _STATE]
    found: dict[str, tuple[int, State]] = {}
    for some in chunks(keys):
        last = select(func.max(table.id)).where(table.key.in_(some), table.batch_id.not_in(without)).group_by(table.key)
        query = select(table.batch_id, table.key, *state).where(table.id.in_(last)).order_by(table.key)
        for batch, key, unit, day, touchpoint, segment, customer, comment, answers in session.execute(query):
            found[key] = batch, (unit, day, touchpoint, segment, customer, comment, answers)
    return found


def current_keys(session: Session, batch: int) -> list[str]:
    """The responses that count as a batch stated them."""
    table = columns_of(ResponseRow)
    query = select(table.key).where(table.batch_id == batch, table.replaced_by.is_(None))
    return list(session.scalars(query.order_by(table.key)))


def tally_change(states: Mapping[str, State], before: LeftOut, after: LeftOut) -> dict[TallyKey, int]:
    """By how much the tallies of some responses change where other answers are left out than before."""
    return _apart(_tallied(states, after), _tallied(states, before))


def _apart(more: Iterable[TallyKey], less: Iterable[TallyKey]) -> dict[TallyKey, int]:
    change = Counter(more)
    change.subtract(less)
    return {key: count for key, count in change.items() if count}


def _tallied(states: Mapping[str, State], left_out: LeftOut) -> Iterator[TallyKey]:
    for key, (unit, day, touchpoint, segment, _, _, answers) in states.items():
        without = left_out.get(key, ())
        if WHOLE not in without:
            for question, answer in json.loads(answers).items():
                if question not in without:
                    yield unit, question, day.replace(day=1), touchpoint, segment, answer


def change_tallies(session: Session, change: Mapping[TallyKey, int]) -> None:
    """Count answers more or less often."""
    table, connection = TallyRow.metadata.tables["tally"], session.connection()
    more = [{**dict(zip(_KEY, key, strict=True)), "count": count} for key, count in change.items() if count > 0]
    less = [
        {f"its_{name}": value for name, value in zip((*_KEY, "count"), (*key, -count), strict=True)}
        for key, count in change.items()
        if count < 0
    ]
    if more:
        added = _insert(session)(table)
        counted = {"count": table.c["count"] + added.excluded["count"]}
        connection.execute(added.on_conflict_do_update(index_elements=list(_KEY), set_=counted), more)
    if less:
        these = [table.c[name] == bindparam(f"its_{name}") for name in _KEY]
        connection.execute(update(table).where(*these).values(count=table.c["count"] - bindparam("its_count")), less)


def _insert(session: Session) -> Callable[[Table], postgresql.Insert | sqlite.Insert]:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
