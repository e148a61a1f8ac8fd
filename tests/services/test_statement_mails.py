"""Mails about statements: one to each person with an account for each batch that pays them, without amounts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.models import AccountRow, OutboxRow
from comp.services import accounts, statement_mails
from comp.store import accounts as stored_accounts
from tests.released import approve, release
from tests.services.test_releases import calculated_quarter, hold, lift
from tests.stored import NOW, Q3


def where(quarter):
    return f"https://pay.company.example/my-statement?quarter={quarter}"


@pytest.fixture
def told(engine):
    """A company whose first quarter is released but for Bob; both have accounts, and so has somebody unknown."""
    calculated_quarter(engine)
    with writing(engine) as session:
        for name, employee in (("Ann", "1"), ("Bob", "2"), ("Cy", None)):
            accounts.add_account(session, f"{name.lower()}@company.example", name, "correct horse battery", ())
            found = session.scalars(
                select(AccountRow).where(AccountRow.email == f"{name.lower()}@company.example")
            ).one()
            stored_accounts.link_person(session, found.id, employee)
    approve(engine)
    hold(engine, "2")
    release(engine)
    return engine


def tell(engine, now=NOW):
    with writing(engine) as session:
        return statement_mails.tell(session, where, now)


def mails(engine):
    with reading(engine) as session:
        return [
            (row.recipient, row.subject, row.body) for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        ]


def test_whom_a_batch_pays_gets_one_mail_with_a_link_and_who_is_paid_later_gets_one_then(told):
    assert [tell(told), tell(told)] == [1, 0]
    ((to, subject, body),) = mails(told)
    assert (to, subject) == ("ann@company.example", "Your statement for 2025-Q3 is there")
    assert where(Q3) in body
    assert not {"1000", "1,000", "Bob", "EUR"} & set(body.replace("\n", " ").split())
    lift(told, "2")
    release(told)
    assert [tell(told), tell(told)] == [1, 0]
    assert [each[0] for each in mails(told)] == ["ann@company.example", "bob@company.example"]
    with reading(told) as session:
        counts = [statement_mails.count_told(session, batch) for batch in ("2025-Q3-B1", "2025-Q3-B2", "2025-Q3-B3")]
    assert counts == [1, 1, 0]


def test_nobody_is_told_of_old_batches_with_a_closed_account_or_after_they_left(told):
    assert tell(told, NOW + statement_mails.TOLD_FOR + timedelta(minutes=1)) == 0
    for change in ("UPDATE account SET is_active = false", "UPDATE account SET is_active = true"):
        with writing(told) as session:
            session.execute(text(change))
            session.execute(text("UPDATE person SET employed_until = '2026-01-01'"))
        assert tell(told) == 0
    with writing(told) as session:
        session.execute(text("UPDATE person SET employed_until = NULL"))
    assert tell(told) == 1


def test_who_was_told_stays_known(told):
    tell(told)
    for change in ("DELETE FROM statement_mail", "UPDATE statement_mail SET employee = '2'"):
        with pytest.raises(DatabaseError, match="stays known"), writing(told) as session:
            session.execute(text(change))
