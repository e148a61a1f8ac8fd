"""The same request with the same key: done once, whoever asks how often and at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from comp.db import connect, reading, writing
from comp.roles import Role
from comp.services import access, accounts, api_answers, api_tokens
from comp.services.api_answers import KEPT, Answered, OtherRequestError, asked
from comp.tokens import Scope
from tests.stored import NOW
from web.database import disposed

REQUEST = asked("key-1", "POST", "/api/v1/x?", "application/json", b"{}")


@pytest.fixture
def token(engine):
    with writing(engine) as session:
        accounts.add_account(session, "a@example.org", "A", "correct horse battery", (Role.HR,))
        account = access.find_account_by_email(session, "a@example.org")
        return api_tokens.make(session, account, "SAP", (Scope.RUNS_WRITE,), 90, NOW)[1]


def do(session, token, done, now=NOW, request=REQUEST):
    """The work of a request, if it was not done before."""
    found = api_answers.find(session, token, request, now)
    if found is None:
        done.append(1)
        found = Answered(202, f"made {len(done)}", "/there", '"tag"')
        api_answers.keep(session, token, request, found, now)
    return found


def test_the_same_request_gets_the_same_answer_and_is_done_once(engine, token):
    done = []
    for _ in range(3):
        with writing(engine) as session:
            assert do(session, token, done) == Answered(202, "made 1", "/there", '"tag"')
    assert done == [1]


@pytest.mark.parametrize(
    "other",
    [
        asked("key-1", "PUT", "/api/v1/x?", "application/json", b"{}"),
        asked("key-1", "POST", "/api/v1/y?", "application/json", b"{}"),
        asked("key-1", "POST", "/api/v1/x?", "text/csv", b"{}"),
        asked("key-1", "POST", "/api/v1/x?", "application/json", b"{ }"),
    ],
)
def test_another_request_under_the_key_is_refused(engine, token, other):
    with writing(engine) as session:
        do(session, token, [])
    with reading(engine) as session, pytest.raises(OtherRequestError, match="came with another request before"):
        api_answers.find(session, token, other, NOW)


def test_what_was_not_stored_was_not_answered(engine, token):
    done = []
    with pytest.raises(ZeroDivisionError):
        _do_and_fail(engine, token, done)
    with writing(engine) as session:
        assert do(session, token, done).body == "made 2"


def _do_and_fail(engine, token, done):
    with writing(engine) as session:
        do(session, token, done)
        1 / 0  # noqa: B018 - stands for whatever may go wrong


def test_an_answer_is_forgotten_after_two_days(engine, token):
    later, done = NOW + KEPT, []
    with writing(engine) as session:
        do(session, token, done)
    with writing(engine) as session:
        assert do(session, token, done, later - timedelta(seconds=1)).body == "made 1"
    with writing(engine) as session:
        assert do(session, token, done, later).body == "made 2"
    with writing(engine) as session:
        api_answers.forget_old(session, later + KEPT)
        assert session.execute(text("SELECT count(*) FROM api_answer")).scalar_one() == 0


def test_of_many_at_once_one_works_and_the_others_get_its_answer(url, engine, token):
    done, start = [], Barrier(4)

    def ask(_number):
        with disposed(connect(url)) as own:
            start.wait()
            with writing(own) as session:
                return do(session, token, done).body

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    assert answers == ["made 1"] * 4
    assert done == [1]
