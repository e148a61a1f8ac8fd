"""Known browsers: whoever guesses elsewhere keeps nobody waiting there, and guessing there is slowed down too."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comp.db import reading, writing
from comp.models import DeviceRow
from comp.roles import COMMAND_LINE
from comp.services import access, accounts, devices
from tests.stored import NOW

ANN, BOB = "ann@example.org", "bob@example.org"
SECOND = timedelta(seconds=1)


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    with writing(engine) as session:
        for email in (ANN, BOB):
            accounts.add_account(session, email, "Someone", "ten or more letters", ())


def recognise(engine, email=ANN, token="", now=NOW):
    with writing(engine) as session:
        return devices.recognise(session, access.find_account_by_email(session, email), token, now)


def attempt(engine, device="", *, is_right=True, now=NOW, email=ANN):
    with writing(engine) as session:
        known = accounts.find_credentials(session, email)
        return bool(accounts.admit(session, email, known.password_hash, now, is_right=is_right, device=device))


def count(engine):
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(DeviceRow))


def test_nobody_is_locked_out_of_a_known_browser_by_strangers_who_fail_for_days(stored):
    token = recognise(stored)
    now = NOW
    for _ in range(300):
        attempt(stored, is_right=False, now=now)
        now += timedelta(minutes=15)
    assert not attempt(stored, now=now - timedelta(minutes=15) + SECOND)
    assert attempt(stored, token, now=now - timedelta(minutes=15) + SECOND)


def test_guessing_in_a_known_browser_is_slowed_down_by_itself(stored):
    token = recognise(stored)
    for _ in range(5):
        assert not attempt(stored, token, is_right=False)
    assert not attempt(stored, token, now=NOW + 14 * SECOND)
    assert attempt(stored)
    assert attempt(stored, token, now=NOW + 15 * SECOND)
    assert recognise(stored, token=token) == token
    assert not attempt(stored, token, is_right=False)
    assert attempt(stored, token)


@pytest.mark.parametrize("token", ["made up", "", "x" * 10_000])
def test_a_browser_that_is_not_known_counts_with_all_others(stored, token):
    recognise(stored)
    for _ in range(5):
        attempt(stored, is_right=False)
    assert not attempt(stored, token)


def test_a_browser_is_known_to_the_account_alone_that_was_signed_in_there(stored):
    bobs = recognise(stored, BOB)
    for _ in range(5):
        attempt(stored, is_right=False)
    assert not attempt(stored, bobs)
    assert recognise(stored, token=bobs) != bobs


def test_of_an_account_twenty_browsers_are_known_and_those_of_the_last_year(stored):
    first = recognise(stored)
    for hour in range(20):
        recognise(stored, now=NOW + timedelta(hours=hour + 1))
    assert count(stored) == 20
    assert recognise(stored, token=first, now=NOW + timedelta(days=1)) != first
    recognise(stored, BOB, now=NOW + timedelta(days=400))
    assert count(stored) == 1


def test_of_a_token_only_a_hash_is_kept_and_none_of_a_closed_account(stored):
    token = recognise(stored)
    with writing(stored) as session:
        assert token not in session.scalars(select(DeviceRow.token_hash)).one()
        accounts.close_account(session, ANN, COMMAND_LINE, NOW)
    assert count(stored) == 0
