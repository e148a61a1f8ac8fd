"""Mails about queries: to the owner when one becomes theirs or is due, to the asker when it waits for them or is over.

None names a person, an amount, or anything that was said: that stands on the page.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlmodel import Session

from comp.figures import day_text
from comp.queries import Query, Subject, is_working_day
from comp.roles import Account, Role
from comp.services import mail, relations
from comp.store import accounts, queries

Where = Callable[[int], str]
"""The address of a query's page by its number; empty where nobody told the application its own."""


def tell_owner(session: Session, query: Query, where: Where, now: datetime) -> None:
    """Tell whoever owns a query that it waits for them."""
    told = f"A query about {_what(query)} waits for your answer until {day_text(query.due)}."
    _send(session, _owners(session, query), "A query waits for you", told, where(query.id), now)


def tell_asker(session: Session, query: Query, subject: str, where: Where, now: datetime) -> None:
    """Tell whoever raised a query what became of it."""
    told = f"{subject}. You raised it about {_what(query)}."
    _send(session, _active(session, query.asker_id), subject, told, where(query.id), now)


def list_due(session: Session, now: datetime) -> list[int]:
    """The open queries that their owners are to be reminded of today, by number: none on a day that is not worked."""
    today = relations.today(session, now)
    return queries.due(session, today) if is_working_day(today) else []


def remind(session: Session, query_id: int, where: Where, now: datetime) -> bool:
    """Remind the owner of an open query that is due; gives whether that was not done before, today."""
    today = relations.today(session, now)
    if query_id not in list_due(session, now):
        return False
    query = queries.load(session, query_id)
    late = f"was to be answered by {day_text(query.due)}" if query.days_late(today) else "is to be answered today"
    queries.note_reminded(session, query_id, today)
    told = f"A query about {_what(query)} {late}."
    _send(session, _owners(session, query), "A query still waits for you", told, where(query.id), now)
    return True


def _what(query: Query) -> str:
    subject = "a payout" if query.about.subject is Subject.PAYOUT else "a score"
    return f"{subject} of {query.about.quarter}"


def _owners(session: Session, query: Query) -> list[Account]:
    """The owner; everybody in HR where there is none, or their account is closed, but not who asked."""
    owners = _active(session, query.owner_id) if query.owner_id else []
    owners = owners or accounts.list_with_role(session, Role.HR)
    return [each for each in owners if each.id != query.asker_id]


def _active(session: Session, account_id: int) -> list[Account]:
    found = accounts.credentials_of(session, account_id)
    return [found.account] if found and found.is_active else []


def _send(session: Session, to: Iterable[Account], subject: str, told: str, page: str, now: datetime) -> None:
    there = page or "It stands on the page Queries."
    for each in to:
        mail.queue(session, each.email, subject, f"Hello {each.name},\n\n{told}\n\n{there}\n\nLoyalty Pay\n", now)
