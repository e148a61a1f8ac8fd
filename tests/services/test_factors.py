"""What one signs in with: no code opens twice, passkeys are their owner's, and every change is told."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.models import OutboxRow
from comp.roles import COMMAND_LINE
from comp.services import accounts, audit, factors, sessions
from comp.services.factors import Passkey, Secrets
from tests.stored import NOW

EMAIL, OTHER = "ines@example.org", "rui@example.org"
CODES = ("a", "b")
SECRET, ANEW, ANOTHER = "encrypted", "hashed anew", "another hash"


@pytest.fixture
def account(engine):
    with writing(engine) as session:
        for email in (EMAIL, OTHER):
            accounts.add_account(session, email, email[:4], "correct horse", ())
        return accounts.find_credentials(session, EMAIL).account


def seen(engine, account):
    with reading(engine) as session:
        return factors.secrets_of(session, account.id)


def save(engine, account, before, **changed):
    with writing(engine) as session:
        factors.save_secrets(session, account, before, replace(before, **changed), NOW)
    return seen(engine, account)


def told(engine, action=""):
    with reading(engine) as session:
        entries = [each.entry.action for each in audit.search(session, action, 1)][::-1]
        return entries, len(session.scalars(select(OutboxRow)).all())


def passkey(account, number="k1", **fields):
    return replace(Passkey(number, account.id, "key", 0, "laptop", NOW), **fields)


def test_an_app_with_its_codes_is_stored_and_taken_away(engine, account):
    before = seen(engine, account)
    after = save(engine, account, before, app_secret=SECRET, last_counter=7, recovery_codes=CODES)
    assert after == Secrets(before.password_hash, before.epoch, SECRET, 7, CODES)
    assert save(engine, account, after, app_secret=None, last_counter=0, recovery_codes=()) == before
    assert told(engine) == (["changed: app", "changed: no app"], 2)


def test_a_code_that_was_used_elsewhere_in_between_opens_nothing(engine, account):
    after = save(engine, account, seen(engine, account), app_secret=SECRET, last_counter=7, recovery_codes=CODES)
    save(engine, account, after, recovery_codes=("b",))
    for used in ({"recovery_codes": ("b",)}, {"last_counter": 8}):
        with pytest.raises(ChangedError):
            save(engine, account, after, **used)
    assert told(engine) == (["changed: app", "recovery code used"], 1)


def test_a_counter_that_moves_on_is_nobodys_news(engine, account):
    after = save(engine, account, seen(engine, account), app_secret=SECRET, last_counter=7)
    assert save(engine, account, after, last_counter=8).last_counter == 8
    assert told(engine) == (["changed: app"], 1)


def test_a_new_password_ends_every_session_and_a_hash_made_anew_ends_none(engine, account):
    with writing(engine) as session:
        sessions.begin(session, account, "", "password", NOW)
    before = save(engine, account, seen(engine, account), password_hash=ANEW)
    with reading(engine) as session:
        assert len(sessions.of_account(session, account, sessions.LONGEST, NOW)) == 1
    after = save(engine, account, before, password_hash=ANOTHER, epoch=before.epoch + 1)
    assert (after.password_hash, after.epoch) == (ANOTHER, before.epoch + 1)
    with reading(engine) as session:
        assert sessions.of_account(session, account, sessions.LONGEST, NOW) == []
    assert told(engine, "changed") == (["changed: password"], 1)


def test_a_passkey_opens_its_account_and_counts(engine, account):
    with writing(engine) as session:
        factors.add_passkey(session, account, passkey(account, name="  "), NOW)
    with reading(engine) as session:
        (kept,) = factors.passkeys_of(session, account.id)
    assert kept == passkey(account, name="Passkey")
    with writing(engine) as session:
        assert factors.use_passkey(session, kept, 5, NOW) == account
    with reading(engine) as session:
        assert factors.find_passkey(session, "k1") == replace(kept, sign_count=5, used_at=NOW)
    with writing(engine) as session, pytest.raises(NotFoundError):
        factors.use_passkey(session, kept, 6, NOW)


def test_a_passkey_of_a_closed_account_opens_nothing(engine, account):
    with writing(engine) as session:
        factors.add_passkey(session, account, passkey(account), NOW)
        accounts.close_account(session, EMAIL, COMMAND_LINE, NOW)
    with writing(engine) as session, pytest.raises(NotFoundError):
        factors.use_passkey(session, passkey(account), 1, NOW)


def test_a_passkey_is_stored_once_and_ten_are_enough(engine, account):
    with writing(engine) as session:
        for number in range(10):
            factors.add_passkey(session, account, passkey(account, f"k{number}"), NOW)
        with pytest.raises(RefusedError, match="This passkey is known already"):
            factors.add_passkey(session, account, passkey(account, "k1"), NOW)
        with pytest.raises(RefusedError, match="at most 10 passkeys"):
            factors.add_passkey(session, account, passkey(account, "k10"), NOW)


def test_nobody_removes_the_passkey_of_somebody_else(engine, account):
    with writing(engine) as session:
        factors.add_passkey(session, account, passkey(account), NOW)
        other = accounts.find_credentials(session, OTHER).account
        for number in ("k1", "k2"):
            with pytest.raises(NotFoundError, match="You have no such passkey"):
                factors.remove_passkey(session, other, number, NOW)
        factors.remove_passkey(session, account, "k1", NOW)
        assert factors.passkeys_of(session, account.id) == []
    assert told(engine) == (["changed: passkey", "changed: no passkey"], 2)


def test_lost_factors_are_taken_away_and_the_password_stays(engine, account):
    before = seen(engine, account)
    save(engine, account, before, app_secret=SECRET, last_counter=7, recovery_codes=CODES)
    with writing(engine) as session:
        factors.add_passkey(session, account, passkey(account), NOW)
        sessions.begin(session, account, "", "password", NOW)
        accounts.reset_factors(session, EMAIL, COMMAND_LINE, NOW)
    assert seen(engine, account) == Secrets(before.password_hash, before.epoch + 1)
    with reading(engine) as session:
        assert factors.passkeys_of(session, account.id) == []
        assert sessions.of_account(session, account, sessions.LONGEST, NOW) == []
    assert told(engine, "factors reset") == (["factors reset"], 3)
