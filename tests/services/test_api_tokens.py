"""Tokens as stored: made once, found by their hash, never opening more than their owner may do now."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.roles import Permission, Role
from comp.services import access, accounts, api_tokens
from comp.tokens import MOST_TOKENS, Scope
from tests.stored import NOW

INES, RUI = "ines@example.org", "rui@example.org"
WORDS = "correct horse battery"


@pytest.fixture
def people(engine):
    with writing(engine) as session:
        accounts.add_account(session, INES, "Ines", WORDS, (Role.HR,))
        accounts.add_account(session, RUI, "Rui", WORDS, (Role.ADMIN,))
        return access.find_account_by_email(session, INES), access.find_account_by_email(session, RUI)


def make(engine, account, *scopes, days=90):
    with writing(engine) as session:
        return api_tokens.make(session, account, "SAP", scopes or (Scope.PEOPLE_READ,), days, NOW)


def find(engine, written, now=NOW):
    with reading(engine) as session:
        return api_tokens.find(session, written, now)


def test_a_token_is_kept_as_a_hash_alone_noted_and_told_by_mail(engine, people):
    written, token = make(engine, people[0], Scope.PEOPLE_READ, Scope.RUNS_WRITE)
    bearer = find(engine, written)
    assert bearer.account.email == INES
    assert bearer.token.scopes == (Scope.PEOPLE_READ, Scope.RUNS_WRITE)
    with reading(engine) as session:
        row = session.execute(text("SELECT * FROM api_token")).one()
        noted = session.execute(text("SELECT action, about, details FROM audit ORDER BY number DESC LIMIT 1")).one()
        mail = session.execute(text("SELECT recipient, body FROM outbox")).one()
    assert not any(written in str(value) or written[9:] in str(value) for value in (*row, *noted, *mail))
    assert tuple(noted) == ("token made", f"token {token.id}", '{"days":90,"scopes":"people:read runs:write"}')
    assert mail.recipient == INES


def test_it_opens_nothing_once_it_ran_out_was_revoked_or_its_owner_is_gone(engine, people):
    ines, rui = people
    written, token = make(engine, ines, days=1)
    assert find(engine, written, NOW + timedelta(days=1)) is None
    with pytest.raises(NotFoundError), writing(engine) as session:
        api_tokens.revoke(session, rui, token.id, NOW)
    with writing(engine) as session:
        api_tokens.revoke(session, ines, token.id, NOW)
    assert find(engine, written) is None
    with pytest.raises(NotFoundError), writing(engine) as session:
        api_tokens.revoke(session, ines, token.id, NOW)
    other, _ = make(engine, ines)
    with writing(engine) as session:
        accounts.close_account(session, INES, RUI, NOW)
    assert find(engine, other) is None


def test_it_has_no_more_rights_than_its_owner_has_now(engine, people):
    ines, rui = people
    written, _ = make(engine, ines, Scope.PEOPLE_READ)
    with writing(engine) as session:
        access.grant_roles(session, rui, ines, (), NOW)
    bearer = find(engine, written)
    assert bearer.token.scopes == (Scope.PEOPLE_READ,)
    assert Permission.READ_PAYOUTS not in bearer.granted


def test_resetting_factors_ends_tokens_as_it_ends_sessions(engine, people):
    written, _ = make(engine, people[0])
    with writing(engine) as session:
        accounts.reset_factors(session, INES, RUI, NOW)
    assert find(engine, written) is None


def test_one_that_opens_nothing_for_its_owner_or_one_too_many_is_not_made(engine, people):
    with pytest.raises(RefusedError, match="paid:write opens nothing for you"):
        make(engine, people[0], Scope.PAID_WRITE)
    for _ in range(MOST_TOKENS):
        make(engine, people[0])
    with pytest.raises(RefusedError, match="You have 50 tokens"):
        make(engine, people[0])


def test_its_last_use_is_noted_once_a_minute(engine, people):
    written, _ = make(engine, people[0])
    bearer = find(engine, written)
    assert bearer.is_due(NOW)
    with writing(engine) as session:
        api_tokens.note_used(session, bearer, NOW)
    bearer = find(engine, written)
    assert bearer.token.used_at == NOW
    assert not bearer.is_due(NOW + timedelta(seconds=59))
    assert bearer.is_due(NOW + timedelta(seconds=60))


def test_the_database_itself_takes_no_token_that_never_ends_or_opens_nothing(engine, people):
    make(engine, people[0])
    for change in ("expires_at = made_at", "scopes = ''", "token_hash = 'plain'"):
        with pytest.raises(Exception, match=r"ck_api_token|CHECK"), writing(engine) as session:
            session.execute(text(f"UPDATE api_token SET {change}"))  # noqa: S608 - of this test
