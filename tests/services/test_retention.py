"""Customers' comments are erased past the company's setting; what they answered, and every score, stays."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from comp.db import reading, writing
from comp.periods import months_before
from comp.services import audit, retention
from comp.services import company as companies
from comp.services.scoreboard import scoreboard
from comp.store import settings
from tests.stored import Q3, company, publish, taken

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ANSWERS = """
    response,unit,answered_on,recommend,comment
    r1,U,2025-07-01,9,Call me back
    r2,U,2026-02-27,9,Never again
    r3,U,2026-02-28,2,Too slow
"""


@pytest.fixture
def answered(filled):
    return filled(fill)


def fill(engine):
    company(engine)
    publish(engine)
    taken(engine, "answers", ANSWERS)
    taken(engine, "answers", "response,unit,answered_on,recommend,comment\nr1,U,2025-07-01,10,Call me\n")


def keep(engine, months):
    with writing(engine) as session:
        before = settings.load_company(session)
        companies.change_settings(session, replace(before, comments_kept=months), "hr@example.org", NOW)


def erase(engine, now=NOW):
    with writing(engine) as session:
        return retention.erase_comments(session, now)


def comments(engine):
    with reading(engine) as session:
        return session.execute(text("SELECT key, comment FROM response ORDER BY id")).all()


def test_nothing_is_erased_where_nobody_set_for_how_long_comments_are_kept(answered):
    assert erase(answered, datetime(2099, 1, 1, tzinfo=UTC)) == 0
    assert all(comment for _, comment in comments(answered))


def test_comments_past_the_setting_are_erased_those_that_were_replaced_too_and_tallies_stay(answered):
    with reading(answered) as session:
        before = scoreboard(session, Q3)
    keep(answered, 1)
    assert erase(answered) == 3
    assert comments(answered) == [("r1", ""), ("r2", ""), ("r3", "Too slow"), ("r1", "")]
    assert erase(answered) == 0
    with reading(answered) as session:
        assert scoreboard(session, Q3) == before
        entry = audit.search(session, "erase", 1)[0].entry
    assert (entry.actor, entry.about, entry.details) == ("clock", "comment before 2026-02-28", '{"count":3}')


def test_erasing_goes_on_in_bounded_parts(answered, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    keep(answered, 1)
    assert [erase(answered) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize(
    "change",
    [
        "comment = 'Better words'",
        "comment = '', answers = '{}'",
        "comment = '', replaced_by = NULL",
        "comment = '', customer = 'x'",
    ],
)
def test_a_comment_is_erased_and_never_changed_and_nothing_else_with_it(answered, change):
    replaced = "WHERE id = (SELECT min(id) FROM response)"
    with pytest.raises(DBAPIError, match="what a customer said never changes"), writing(answered) as session:
        session.execute(text(f"UPDATE response SET {change} {replaced}"))  # noqa: S608 - fixed texts


def test_a_month_that_is_shorter_ends_with_its_last_day():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 25) == date(2023, 12, 15)
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
