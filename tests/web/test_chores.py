"""What the clock's jobs do: each tells in words what came of it, names nobody, and may be done twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.errors import LoyaltyPayError
from comp.jobs import StoppedError
from comp.services import audit, mail, retention
from comp.services import company as companies
from comp.store import settings
from tests.post import postbox
from tests.stored import company, publish, taken
from web.chores import anchor, erase_comments, forecast, forget_old, send_mails
from web.jobs import SCHEDULES
from web.settings import Settings

NOW = datetime(2025, 8, 15, 1, 30, tzinfo=UTC)


def on():
    """It may go on."""
    return True


def off():
    """It may not go on."""
    return False


@pytest.mark.parametrize("job", SCHEDULES.values(), ids=lambda job: job.kind)
def test_what_is_done_by_the_clock_can_be_done_on_both_databases_and_twice(engine, job):
    told = [job.work(engine, Settings(), NOW, on) for _ in range(2)]
    assert all(words.endswith(".") for words in told)


def test_mails_that_went_out_and_that_did_not_are_counted(sqlite_engine):
    for recipient in ("ana@company.example", "nobody@company.example"):
        with writing(sqlite_engine) as session:
            mail.queue(session, recipient, "A subject", "A body.", NOW)
    with postbox() as box:
        box.refusals["nobody@company.example"] = "550 no mailbox"
        machine = Settings(smtp_url=box.url(), mail_from="pay@company.example")
        told = send_mails(sqlite_engine, machine, NOW, on)
    assert told == "1 mail sent. 1 mail did not go out; each is tried again."
    assert send_mails(sqlite_engine, machine, NOW, on) == "Nothing was to be sent."


def test_old_mails_and_jobs_are_forgotten(sqlite_engine):
    with writing(sqlite_engine) as session:
        mail.queue(session, "ana@company.example", "A subject", "A body.", NOW)
        mail.note_sent(session, mail.take(session, NOW), NOW)
    forget_old(sqlite_engine, Settings(), datetime(2026, 1, 1, tzinfo=UTC), on)
    with reading(sqlite_engine) as session:
        assert session.scalar(text("SELECT count(*) FROM outbox")) == 0


@pytest.fixture
def answered(sqlite_engine):
    """Three comments of July 2025, of which one month is kept."""
    company(sqlite_engine)
    rows = "\n".join(f"r{n},U,2025-07-0{n},9,Words" for n in (1, 2, 3))
    taken(sqlite_engine, "answers", f"response,unit,answered_on,recommend,comment\n{rows}")
    with writing(sqlite_engine) as session:
        kept = replace(settings.load_company(session), comments_kept=1)
        companies.change_settings(session, kept, "hr@example.org", NOW)
    return sqlite_engine


def test_comments_are_erased_in_parts_until_none_is_left(answered, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    assert erase_comments(answered, Settings(), NOW, on) == "3 comments from before 2025-07-15 erased."
    assert erase_comments(answered, Settings(), NOW, on) == "0 comments from before 2025-07-15 erased."


def test_a_worker_that_ends_erases_and_forecasts_no_further(answered):
    publish(answered)
    for chore in (erase_comments, forecast):
        with pytest.raises(StoppedError):
            chore(answered, Settings(), NOW, off)


def test_the_running_quarter_is_forecast_without_a_word_of_what_it_pays(sqlite_engine):
    assert "Nothing is expected yet. Nobody was employed in 2025-Q3." in forecast(sqlite_engine, Settings(), NOW, on)
    company(sqlite_engine)
    publish(sqlite_engine)
    told = forecast(sqlite_engine, Settings(), NOW, on)
    assert told == "2025-Q3 was forecast with what was known on 2025-08-15."


def test_the_chains_head_is_written_into_the_log_and_once_into_a_file(sqlite_engine, tmp_path, caplog):
    machine = Settings(anchor_file=tmp_path / "anchors.txt")
    assert anchor(sqlite_engine, machine, NOW, on) == "The audit chain has no entries yet."
    company(sqlite_engine)
    with reading(sqlite_engine) as session:
        first = audit.head(session)
    told = [anchor(sqlite_engine, machine, NOW, on) for _ in range(2)]
    assert told == [f"Entry {first.number} was written into the log and the file that is set."] * 2
    assert f"audit anchor {first}" in caplog.text
    publish(sqlite_engine)
    anchor(sqlite_engine, machine, NOW, on)
    with reading(sqlite_engine) as session:
        anchors = [first, audit.head(session)]
        lines = machine.anchor_file.read_text().splitlines()
        assert lines == [f"2025-08-15T01:30:00Z {each}" for each in anchors]
        assert audit.verify(session, anchors).broken is None


def test_a_file_for_the_head_that_cannot_be_written_is_told_of(sqlite_engine, tmp_path):
    company(sqlite_engine)
    with pytest.raises(LoyaltyPayError, match="LOYALTYPAY_ANCHOR_FILE names cannot be written"):
        anchor(sqlite_engine, Settings(anchor_file=tmp_path / "no" / "folder"), NOW, on)
