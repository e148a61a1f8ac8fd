"""Accounts: hashed passwords, a sign-in that tells a stranger nothing, and waits that grow."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.models import AccountRow
from comp.roles import Role
from comp.services import accounts
from tests.stored import NOW

EMAIL, PASSWORD, WRONG = "Ines@Example.org", "correct horse", "wrong horse"


@pytest.fixture
def stored(engine):
    with writing(engine) as session:
        accounts.add_account(session, EMAIL, "Ines", PASSWORD, (Role.HR, Role.APPROVER, Role.HR))
    return engine


def sign_in(engine, email=EMAIL, password=PASSWORD, now=NOW):
    with writing(engine) as session:
        return accounts.sign_in(session, email, password, now)


def fail(engine, times, now=NOW):
    return [sign_in(engine, EMAIL, WRONG, now) for _ in range(times)]


def test_whoever_has_the_password_signs_in_however_the_address_is_written(stored):
    account = sign_in(stored, "INES@EXAMPLE.ORG")
    assert (account.email, account.name, account.roles) == ("ines@example.org", "Ines", (Role.APPROVER, Role.HR))
    with reading(stored) as session:
        assert accounts.find_account(session, account.id, account.epoch) == account


def test_the_password_is_stored_only_as_an_argon2_hash(stored):
    with reading(stored) as session:
        kept = session.scalars(select(AccountRow.password_hash)).one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@example.org", PASSWORD), ("", "")])
def test_anything_else_opens_nothing_and_tells_nothing(stored, email, password):
    assert sign_in(stored, email, password) is None


def test_a_closed_account_and_a_damaged_hash_open_nothing(stored):
    for change in ({"is_active": False}, {"is_active": True, "password_hash": "damaged"}):
        account = sign_in(stored)
        with writing(stored) as session:
            session.execute(update(AccountRow).values(**change))
        assert sign_in(stored) is None
        if change["is_active"]:
            return
        with reading(stored) as session:
            assert accounts.find_account(session, account.id, account.epoch) is None
        with writing(stored) as session:
            session.execute(update(AccountRow).values(is_active=True))


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


def test_other_roles_or_ended_sessions_make_old_sessions_nobodys(stored):
    before = sign_in(stored)
    with writing(stored) as session:
        accounts.grant_roles(session, EMAIL, (Role.AUDITOR,))
    after = sign_in(stored)
    with reading(stored) as session:
        assert accounts.find_account(session, before.id, before.epoch) is None
        assert accounts.find_account(session, after.id, after.epoch).roles == (Role.AUDITOR,)
    with writing(stored) as session:
        accounts.end_sessions(session, after)
    with reading(stored) as session:
        assert accounts.find_account(session, after.id, after.epoch) is None


def test_an_account_that_nobody_has_is_nobodys(stored):
    with reading(stored) as session:
        assert accounts.find_account(session, 99, 0) is None


@pytest.mark.parametrize(
    ("email", "password", "why"),
    [
        ("nobody", PASSWORD, "'nobody' is not an e-mail address."),
        ("new@example.org", "too short", "A password needs at least 10 characters."),
        ("INES@example.org", PASSWORD, "INES@example.org has an account already."),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(stored, email, password, why):
    with pytest.raises(RefusedError) as refused, writing(stored) as session:
        accounts.add_account(session, email, "N", password, ())
    assert str(refused.value) == why


def test_roles_of_nobody_are_refused(stored):
    why = r"Nobody has an account with the address x@example\.org\."
    with writing(stored) as session, pytest.raises(RefusedError, match=why):
        accounts.grant_roles(session, "x@example.org", ())
