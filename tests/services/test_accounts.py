"""Accounts: hashed passwords, a sign-in that tells a stranger nothing, waits that grow, and sessions that end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from comp.company import Company
from comp.db import mark, reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.models import AccountRow, PersonRow
from comp.roles import COMMAND_LINE, Role
from comp.services import access, accounts, audit, passwords, sessions
from comp.services.company import change_settings
from tests.stored import EVERYBODY, NOW

EMAIL, PASSWORD, WRONG = "Ines@Example.org", "correct horse", "wrong horse"
IDLE = timedelta(minutes=30)


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    with writing(engine) as session:
        accounts.add_account(session, EMAIL, "Ines", PASSWORD, (Role.HR, Role.APPROVER, Role.HR))


def sign_in(engine, email=EMAIL, password=PASSWORD, now=NOW):
    """As the page does: compare the password outside the transaction, and begin a session where it was right."""
    with reading(engine) as session:
        known = accounts.find_credentials(session, email)
    password_hash = known.password_hash if known else passwords.nobodys()
    is_right = passwords.CONTEXT.verify(password, password_hash)
    with writing(engine) as session:
        account = accounts.admit(session, email, password_hash, now, is_right=is_right)
        if account:
            sessions.begin(session, account, "A browser", "password", now)
    return account


def begin(engine, account, now=NOW):
    with writing(engine) as session:
        return sessions.begin(session, account, "Firefox on Windows", "password", now)


def found(engine, token, now=NOW):
    with reading(engine) as session:
        return sessions.find(session, token, IDLE, now)


def fail(engine, times, now=NOW):
    return [sign_in(engine, EMAIL, WRONG, now) for _ in range(times)]


def told(engine):
    with reading(engine) as session:
        return [(each.entry.actor, each.entry.action, each.entry.about) for each in audit.search(session, "", 1)][::-1]


def test_whoever_has_the_password_signs_in_however_the_address_is_written(stored):
    account = sign_in(stored, "INES@EXAMPLE.ORG")
    assert (account.email, account.name, account.roles) == ("ines@example.org", "Ines", (Role.APPROVER, Role.HR))
    assert found(stored, begin(stored, account)).account == account


def test_the_password_is_stored_only_as_an_argon2_hash(stored):
    with reading(stored) as session:
        kept = session.scalars(select(AccountRow.password_hash)).one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.org", PASSWORD), ("", "")])
def test_anything_else_opens_nothing_and_tells_nothing(stored, email, password):
    assert sign_in(stored, email, password) is None


def test_a_closed_account_opens_nothing_and_its_sessions_end(stored):
    account = sign_in(stored)
    token = begin(stored, account)
    with writing(stored) as session:
        accounts.close_account(session, EMAIL, COMMAND_LINE, NOW)
    assert sign_in(stored) is None
    assert found(stored, token) is None
    with writing(stored) as session, pytest.raises(RefusedError, match=r"^This account is closed\.$"):
        sessions.begin(session, account, "", "identity provider", NOW)
    with writing(stored) as session, pytest.raises(RefusedError, match="is closed already"):
        accounts.close_account(session, EMAIL, COMMAND_LINE, NOW)
    assert told(stored)[-2:] == [
        ("command line", "account closed", f"account {account.id}"),
        (f"account {account.id}", "sign-in refused", "sign-in"),
    ]


def test_a_proof_against_a_password_that_changed_meanwhile_opens_nothing(stored):
    with writing(stored) as session:
        assert accounts.admit(session, EMAIL, "the hash before", NOW, is_right=True) is None


def test_after_five_failures_even_the_right_password_waits(stored):
    fail(stored, 4)
    assert sign_in(stored)
    fail(stored, 5)
    assert sign_in(stored, now=NOW + timedelta(seconds=14)) is None
    assert sign_in(stored, now=NOW + timedelta(seconds=15))
    fail(stored, 4)
    assert sign_in(stored)


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(stored):
    now, waits = NOW, []
    for _ in range(12):
        fail(stored, 1, now)
        with reading(stored) as session:
            blocked = session.scalars(select(AccountRow.blocked_until)).one()
        waits.append(int((blocked - now).total_seconds()) if blocked else 0)
        now = blocked or now
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]


def test_trying_while_blocked_does_not_make_the_wait_longer(stored):
    fail(stored, 5)
    fail(stored, 20, NOW + timedelta(seconds=1))
    assert sign_in(stored, now=NOW + timedelta(seconds=15))


def test_a_burst_of_guesses_that_were_compared_at_once_is_stopped_too(stored):
    with reading(stored) as session:
        password_hash = accounts.find_credentials(session, EMAIL).password_hash
    with writing(stored) as session:
        for is_right in (False, False, False, False, False, True):
            opened = accounts.admit(session, EMAIL, password_hash, NOW, is_right=is_right)
    assert opened is None


def test_other_roles_or_ended_sessions_make_old_sessions_nobodys(stored):
    account = sign_in(stored)
    before = begin(stored, account)
    with writing(stored) as session:
        access.grant_roles(session, EVERYBODY, access.find_account_by_email(session, EMAIL), (Role.AUDITOR,), NOW)
    assert found(stored, before) is None
    after = begin(stored, account)
    assert found(stored, after).account.roles == (Role.AUDITOR,)
    with writing(stored) as session:
        accounts.end_sessions(session, account)
    assert found(stored, after) is None


def test_a_token_that_nobody_has_is_nobodys(stored):
    assert found(stored, "made up") is None


def test_a_session_ends_after_half_an_hour_of_rest_or_twelve_hours(stored):
    token = begin(stored, sign_in(stored))
    assert found(stored, token, NOW + timedelta(minutes=29, seconds=59))
    assert found(stored, token, NOW + IDLE) is None
    now = NOW
    while now < NOW + sessions.LONGEST - timedelta(minutes=20):
        now += timedelta(minutes=20)
        session_now = found(stored, token, now)
        mark(stored, lambda session: sessions.note_seen(session, session_now, now))  # noqa: B023 - called at once
    assert found(stored, token, NOW + sessions.LONGEST - timedelta(seconds=1))
    assert found(stored, token, NOW + sessions.LONGEST) is None


def test_a_mark_is_passed_over_while_somebody_else_has_the_row(stored):
    token = begin(stored, sign_in(stored))
    first = found(stored, token)
    later = NOW + timedelta(minutes=5)
    with writing(stored) as session:
        sessions.note_seen(session, first, NOW + timedelta(minutes=1))
        mark(stored, lambda other: sessions.note_seen(other, first, later))
    assert found(stored, token).seen_at == NOW + timedelta(minutes=1)
    mark(stored, lambda other: sessions.note_seen(other, first, later))
    assert found(stored, token).seen_at == later


def test_a_proof_moves_the_session_to_a_new_token_once(stored):
    before = found(stored, begin(stored, sign_in(stored)))
    later = NOW + timedelta(minutes=11)
    with writing(stored) as session:
        token = sessions.prove(session, before, "password", later)
    assert (found(stored, token, later).id, found(stored, token, later).proved_at) == (before.id, later)
    with writing(stored) as session:
        sessions.end(session, before.account, before.id, later)
    with writing(stored) as session, pytest.raises(NotFoundError):
        sessions.prove(session, before, "password", later)


def test_whoever_left_by_the_companys_own_day_is_out_and_not_before(stored):
    with writing(stored) as session:
        change_settings(session, Company(time_zone="Pacific/Auckland"), COMMAND_LINE, NOW)
        person = PersonRow(employee="1", name="Ines", email="ines@example.org", employed_until=date(2026, 4, 4))
        session.add(person)
    at_midnight_there = datetime(2026, 4, 3, 11, tzinfo=UTC)
    token = begin(stored, sign_in(stored, now=at_midnight_there - timedelta(minutes=1)), NOW)
    assert found(stored, token, at_midnight_there - timedelta(minutes=61, seconds=1))
    assert sign_in(stored, now=at_midnight_there) is None
    with writing(stored) as session:
        session.get_one(PersonRow, "1").employed_until = None
    assert sign_in(stored, now=at_midnight_there)


@pytest.mark.parametrize(
    ("email", "password", "why"),
    [
        ("nobody", PASSWORD, "'nobody' is not an e-mail address."),
        ("new@example.org", "too short", "A password needs at least 10 characters."),
        ("new@example.org", "x" * 1_001, "A password has at most 1,000 characters."),
        ("INES@example.org", PASSWORD, "INES@example.org has an account already."),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(stored, email, password, why):
    with pytest.raises(RefusedError) as refused, writing(stored) as session:
        accounts.add_account(session, email, "N", password, ())
    assert str(refused.value) == why


def test_what_nobody_has_cannot_be_changed(stored):
    why = r"Nobody has an account with the address x@example\.org\."
    for change in (
        lambda session: access.find_account_by_email(session, "x@example.org"),
        lambda session: accounts.close_account(session, "x@example.org", COMMAND_LINE, NOW),
        lambda session: accounts.reset_factors(session, "x@example.org", COMMAND_LINE, NOW),
    ):
        with writing(stored) as session, pytest.raises(RefusedError, match=why):
            change(session)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_that_cannot_be_is_refused(stored, name):
    account = sign_in(stored)
    with writing(stored) as session, pytest.raises(RefusedError, match=r"^A name has 1 to 100 characters\.$"):
        accounts.rename(session, account, name, NOW)
