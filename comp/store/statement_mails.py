"""Who is still to be told that a statement is there, and who was."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlmodel import Session

from comp.models import AccountRow, PersonRow, ReleaseLineRow, ReleaseRow, StatementMailRow
from comp.periods import Quarter
from comp.store.bulk import columns_of


class Untold(NamedTuple):
    """Somebody with an account whom a batch pays and who was not told yet."""

    release: str
    quarter: Quarter
    employee: str
    email: str
    name: str


def load_untold(session: Session, since: datetime, today: date, most: int) -> list[Untold]:
    """Those who may sign in, are paid by a batch released since a moment, and were not told of it; the oldest first."""
    batch, line, told = columns_of(ReleaseRow), columns_of(ReleaseLineRow), columns_of(StatementMailRow)
    person, account = columns_of(PersonRow), columns_of(AccountRow)
    pays = exists().where(line.release == batch.name, line.employee == account.employee)
    was_told = exists().where(told.release == batch.name, told.employee == account.employee)
    still_there = person.employed_until.is_(None) | (person.employed_until > today)
    query = select(batch.name, batch.quarter, account.employee, account.email, account.name)
    query = query.join_from(ReleaseRow, AccountRow, batch.released_at >= since)
    query = query.join(PersonRow, person.employee == account.employee)
    query = query.where(account.is_active, still_there, pays, ~was_told)
    rows = session.execute(query.order_by(batch.released_at, batch.name, account.employee).limit(most))
    return [Untold(release, Quarter.parse(quarter), *who) for release, quarter, *who in rows]


def note_told(session: Session, untold: Iterable[Untold], now: datetime) -> None:
    """Remember that some people are told. Raises an integrity error where one of them was told before."""
    session.add_all(StatementMailRow(release=each.release, employee=each.employee, queued_at=now) for each in untold)
    session.flush()


def count_told(session: Session, release: str) -> int:
    """How many people were told of what a batch pays them."""
    told = columns_of(StatementMailRow)
    return session.scalar(select(func.count()).select_from(StatementMailRow).where(told.release == release)) or 0
