"""A file that a job made is offered on the job's page, in parts that nobody has to hold whole."""

from datetime import UTC, datetime

import pytest

from comp.db import queueing, reading
from comp.jobs import StoppedError
from comp.made_files import FileKind
from comp.roles import Permission, whoever_has_the_machine
from comp.services import audit, jobs
from tests.web.company import ADMIN, HR
from web.made_files import hand_over
from web.settings import Settings
from web.work import Work

KIND = FileKind("evidence-2025-Q4.zip", "application/zip", Permission.READ_PAYOUTS)
CONTENT = b"0123456789"


def now():
    return datetime.now(UTC)


@pytest.fixture
def work(database, monkeypatch):
    monkeypatch.setattr("web.made_files.PART", 4)
    with queueing(database) as session:
        jobs.ask(session, whoever_has_the_machine(HR), "calculate", {"quarter": "2025-Q4"}, now())
        job = jobs.claim(session, "w", now(), of_clock=False)
    return Work(database, Settings(), job, lambda: True)


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "made.zip"
    made.write_bytes(CONTENT)
    return made


def test_the_page_of_the_job_offers_the_file_byte_for_byte_and_the_chain_knows_who_took_it(visit, database, work, path):
    hand_over(work, 1, path, KIND, "The pack is there.")
    hana = visit(HR)
    page = hana.get("/jobs/1")
    assert "The pack is there. It is kept until" in page.text
    assert "/jobs/1/file" in page.links()
    taken = hana.fetch("/jobs/1/file")
    assert (taken.data, taken.mimetype, taken.content_length) == (CONTENT, "application/zip", 10)
    assert taken.headers["Content-Disposition"] == "attachment; filename=evidence-2025-Q4.zip"
    with reading(database) as session:
        said = [each.entry.action for each in audit.search(session, "job 1", 1)]
    assert said[:2] == ["download", "make file"]
    assert visit(ADMIN).fetch("/jobs/1/file").status_code == 404


def test_what_is_noted_with_the_file_is_stored_with_it(database, work, path):
    seen = []
    hand_over(work, 1, path, KIND, "There.", lambda _session, kept: seen.append((kept.size, kept.parts)))
    assert seen == [(10, 3)]


def test_a_job_that_is_cancelled_while_its_file_is_taken_over_has_none(visit, database, work, path):
    with queueing(database) as session:
        jobs.cancel(session, whoever_has_the_machine(HR), 1, now())
    with pytest.raises(StoppedError):
        hand_over(work, 1, path, KIND, "There.")
    assert visit(HR).fetch("/jobs/1/file").status_code == 404
