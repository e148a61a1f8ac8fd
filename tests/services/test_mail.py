"""The outbox: what is queued is taken on by one, tried again with growing waits, and not kept once it was sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.models import AccountRow, OutboxRow
from comp.roles import Account, Role
from comp.services import audit, mail
from tests.stored import NOW

TO, SUBJECT, BODY = "ana@company.example", "Set your password", "Follow the link."
MINUTE = timedelta(minutes=1)


def queue(engine, to=TO, now=NOW):
    with writing(engine) as session:
        mail.queue(session, to, SUBJECT, BODY, now)


def take(engine, now=NOW):
    with writing(engine) as session:
        return mail.take(session, now)


def fail(engine, taken, why="451 later", now=NOW):
    with writing(engine) as session:
        return mail.note_failure(session, taken, why, now)


def rows(engine):
    with reading(engine) as session:
        found = list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))
        session.expunge_all()
        return found


def test_a_mail_is_queued_with_the_transaction_it_belongs_to(engine):
    with pytest.raises(ZeroDivisionError), writing(engine) as session:  # noqa: PT012 - what is done before counts
        mail.queue(session, TO, SUBJECT, BODY, NOW)
        1 / 0  # noqa: B018 - stands for whatever may go wrong
    assert rows(engine) == []
    queue(engine)
    taken = take(engine)
    assert (taken.recipient, taken.subject, taken.body, taken.queued_at, taken.attempt) == (TO, SUBJECT, BODY, NOW, 1)


def test_what_cannot_be_sent_is_not_queued(engine):
    for wrong in ((f"{TO}\nBcc: x@y", SUBJECT, BODY), (TO, "A\nBcc: x@y", BODY)):
        with writing(engine) as session, pytest.raises(RefusedError):
            mail.queue(session, *wrong, NOW)
    with writing(engine) as session, pytest.raises(ValueError, match="amount"):
        mail.queue(session, TO, SUBJECT, "You get 5 EUR", NOW)
    assert rows(engine) == []


def test_mails_are_taken_on_in_the_order_in_which_they_are_due_and_not_before(engine):
    queue(engine, "late@x", NOW + MINUTE)
    queue(engine, "first@x", NOW - MINUTE)
    queue(engine, "second@x", NOW - MINUTE)
    assert [take(engine).recipient for _ in range(2)] == ["first@x", "second@x"]
    assert take(engine) is None
    assert take(engine, NOW + MINUTE).recipient == "late@x"


def test_a_mail_that_was_taken_on_is_its_senders_own_for_five_minutes(engine):
    queue(engine)
    first = take(engine)
    assert take(engine, NOW + 5 * MINUTE - timedelta(seconds=1)) is None
    again = take(engine, NOW + 5 * MINUTE)
    assert (again.id, first.attempt, again.attempt) == (first.id, 1, 2)


def test_what_a_sent_mail_said_is_not_kept(engine):
    queue(engine)
    taken = take(engine)
    fail(engine, taken)
    with writing(engine) as session:
        mail.note_sent(session, taken, NOW + MINUTE)
    [row] = rows(engine)
    assert (row.body, row.sent_at, row.next_try_at, row.last_error) == ("", NOW + MINUTE, None, "")
    assert take(engine, NOW + timedelta(days=9)) is None
    with reading(engine) as session:
        assert mail.count_waiting(session) == 0


def test_waits_double_from_a_minute_to_four_hours_until_the_twelfth_attempt_is_the_last(engine):
    queue(engine)
    now, waits = NOW, []
    for _ in range(11):
        again_at = fail(engine, take(engine, now), now=now)
        waits.append((again_at - now) // MINUTE)
        assert take(engine, again_at - timedelta(seconds=1)) is None
        now = again_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
    with reading(engine) as session:
        assert mail.count_waiting(session) == 1
    assert fail(engine, take(engine, now), "550  no such\r\n person " + "x" * 300, now) is None
    [row] = rows(engine)
    assert (row.attempts, row.next_try_at, row.sent_at, row.body) == (12, None, None, BODY)
    assert row.last_error.startswith("550 no such person xx")
    assert len(row.last_error) == 200


def test_a_sender_that_comes_late_changes_nothing_for_the_one_who_took_the_mail_on_since(engine):
    queue(engine)
    slow = take(engine)
    second = take(engine, NOW + 5 * MINUTE)
    fail(engine, slow, now=NOW + 6 * MINUTE)
    [row] = rows(engine)
    assert (row.last_error, row.next_try_at) == ("", NOW + 10 * MINUTE)
    with writing(engine) as session:
        mail.note_sent(session, second, NOW + 6 * MINUTE)
    fail(engine, second, now=NOW + 7 * MINUTE)
    assert rows(engine)[0].sent_at == NOW + 6 * MINUTE


ADMIN = Account(9, "admin@company.example", "Admin", (Role.ADMIN,), 0)


def failed(engine):
    with reading(engine) as session:
        return mail.list_failed(session)


def retry(engine, mail_id, now=NOW):
    with writing(engine) as session:
        mail.retry(session, ADMIN, mail_id, now)


def test_what_failed_is_told_by_account_or_domain_and_by_the_servers_code_alone(engine):
    with writing(engine) as session:
        session.add(AccountRow(email=TO, name="Ana", password_hash=""))
    queue(engine, TO.upper())
    queue(engine, "stranger@elsewhere.example")
    queue(engine, "sent@company.example")
    fail(engine, take(engine), f"550 no mailbox for {TO}")
    fail(engine, take(engine), "[Errno 111] Connection refused by mail.example")
    sent = take(engine)
    assert [(each.id, each.account_id, each.domain, each.code, each.attempts) for each in failed(engine)] == [
        (2, None, "elsewhere.example", "", 1),
        (1, 1, "COMPANY.EXAMPLE", "550", 1),
    ]
    with writing(engine) as session:
        mail.note_sent(session, sent, NOW)
    assert [each.id for each in failed(engine)] == [2, 1]


def test_a_mail_that_was_given_up_is_tried_once_more_when_somebody_asks_for_it(engine):
    queue(engine)
    now = NOW
    for _ in range(mail.MOST_ATTEMPTS):
        now = fail(engine, take(engine, now), now=now) or now
    assert take(engine, now + timedelta(days=1)) is None
    retry(engine, 1, now)
    taken = take(engine, now)
    assert (taken.body, taken.attempt) == (BODY, mail.MOST_ATTEMPTS + 1)
    assert failed(engine) == []
    with reading(engine) as session:
        assert [each.entry.about for each in audit.search(session, "retry", 1)] == ["mail 1"]


def test_what_was_sent_or_is_being_sent_is_not_tried_again(engine):
    queue(engine)
    taken = take(engine)
    with pytest.raises(NotFoundError, match="There is no such mail, or it is on its way"):
        retry(engine, 1)
    fail(engine, taken)
    retry(engine, 1)
    taken = take(engine)
    with writing(engine) as session:
        mail.note_sent(session, taken, NOW)
    for number in (1, 77):
        with pytest.raises(NotFoundError):
            retry(engine, number)


def test_mails_that_are_over_are_forgotten_after_thirty_days_and_others_wait(engine):
    for recipient in ("sent@x", "given-up@x", "waiting@x"):
        queue(engine, recipient)
    with writing(engine) as session:
        mail.note_sent(session, mail.take(session, NOW), NOW)
        session.get_one(OutboxRow, 2).next_try_at = None
    for days, left in ((30, 3), (31, 1)):
        with writing(engine) as session:
            mail.forget_old(session, NOW + timedelta(days=days))
        assert len(rows(engine)) == left
    assert rows(engine)[0].recipient == "waiting@x"
