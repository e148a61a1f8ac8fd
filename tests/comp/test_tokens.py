"""Tokens: how they are written, and what keeps one from being made."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.roles import Permission, Role, permissions
from comp.tokens import (
    LETTERS,
    MOST_DAYS,
    RANDOM,
    ApiToken,
    Scope,
    expires_at,
    is_token,
    shown_of,
    stands_against,
    write_token,
)

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
HR = permissions([Role.HR])
SOME = "0123456789abcdefghijABCDEFGHIJ0123456789"
randoms = st.text(LETTERS, min_size=RANDOM, max_size=RANDOM)


@given(randoms)
def test_a_token_is_known_by_how_it_is_written(random):
    token = write_token(random)
    assert token.startswith("lp_")
    assert len(token) == 49
    assert is_token(token)


@given(randoms, st.integers(3, 48), st.sampled_from(LETTERS))
def test_one_letter_that_is_another_makes_it_none(random, place, letter):
    token = write_token(random)
    mistyped = token[:place] + letter + token[place + 1 :]
    assert is_token(mistyped) == (mistyped == token)


@pytest.mark.parametrize(
    "text", ["", "lp_", "lp_" + "x" * 46, write_token(SOME)[3:], write_token(SOME) + "\n", "ü" * 49]
)
def test_what_is_no_token_is_not_taken_for_one(text):
    assert not is_token(text)


def test_what_is_shown_of_it_tells_nearly_nothing():
    assert shown_of(write_token(SOME)) == "lp_012345"


def test_it_lives_until_it_runs_out_or_is_revoked():
    token = ApiToken(1, 1, "SAP", "lp_012345", (Scope.UNITS_READ,), NOW, expires_at(NOW, 90))
    assert token.lives(NOW + timedelta(days=89, hours=23))
    assert not token.lives(NOW + timedelta(days=90))
    revoked = ApiToken(1, 1, "SAP", "lp_012345", (), NOW, expires_at(NOW, 90), revoked_at=NOW)
    assert not revoked.lives(NOW)


def test_a_sound_one_has_nothing_against_it():
    assert not list(stands_against("SAP", [Scope.PEOPLE_READ, Scope.JOBS_READ], MOST_DAYS, HR))


def test_everything_that_stands_against_one_is_told_at_once():
    told = [each.where for each in stands_against(" ", [], 366, HR)]
    assert told == ["name", "days", "scopes"]
    assert [each.why for each in stands_against("SAP", [Scope.PAID_WRITE], 0, HR)] == [
        "A token lasts 1 to 365 days, not 0.",
        "paid:write opens nothing for you: your roles do not let you release and close quarters.",
    ]


def test_every_scope_says_what_it_opens_and_no_scope_approves_publishes_or_releases():
    assert all(scope.words for scope in Scope)
    never = {
        Permission.APPROVE_QUARTERS,
        Permission.PUBLISH_PLANS,
        Permission.ADJUST,
        Permission.DECIDE_ADJUSTMENTS,
        Permission.DECIDE_CORRECTIONS,
        Permission.DECIDE_EXCLUSIONS,
        Permission.DECIDE_WAIVERS,
        Permission.CONFIRM_FUNDING,
        Permission.MANAGE_ACCOUNTS,
    }
    assert not never & {scope.needs for scope in Scope}
