"""A release for many people and a large file are left to a worker: stored with the end of their job, or not at all."""

import errno
import io
import tempfile
from threading import Event

from openpyxl import load_workbook

from comp.db import reading
from comp.services import audit
from importers.files import read_file
from tests.web.company import HR, PAYROLL
from tests.web.test_releases import approve
from web import starting, workbooks
from web.settings import Settings
from web.views import imports, releases
from web.views import payroll as payroll_pages
from web.worker import Worker

FILE = b"unit,quarter,metric,value\nFAR,2025-Q4,income,%d\n"


def work(database):
    Worker(database, Settings(), "w", Event(), of_clock=False).run_next()


def ask_release(visit):
    payroll = visit(PAYROLL)
    totals = {row["Currency"]: row["Amount"] for row in payroll.get("/payroll?quarter=2025-Q4").table("Control totals")}
    page = payroll.get("/payroll/2025-Q4/release")
    return payroll, page, {f"total-{currency}": total for currency, total in totals.items()}


def test_a_release_for_many_people_is_a_job_that_makes_the_batch(visit, database, monkeypatch):
    monkeypatch.setattr(releases, "MANY", 0)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    approve(database)
    payroll, page, totals = ask_release(visit)
    wrong = page.submit("Release 2025-Q4-B1", 422, layouts=None, **dict.fromkeys(totals, "1"))
    assert "is not what 2025-Q4-B1 pays" in wrong.errors[0]
    page = page.submit("Release 2025-Q4-B1", layouts="generic-csv", **totals)
    assert page.heading == "Job 1"
    work(database)
    page = payroll.get("/jobs/1")
    assert "2025-Q4-B1 is released: 5 people." in page.text
    assert page.follow("Look at it").heading == "Batch 2025-Q4-B1"


def test_a_release_of_what_is_not_what_was_seen_fails_and_makes_nothing(visit, database, monkeypatch):
    monkeypatch.setattr(releases, "MANY", 0)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    approve(database)
    payroll, page, totals = ask_release(visit)
    page.submit("Release 2025-Q4-B1", layouts=None, pay_date="2026-01-31", **totals)
    visit(HR).get("/payouts/2025-Q4/1001").submit("Hold it back", why="Asked.")
    work(database)
    assert "2025-Q4 is not what you saw" in payroll.get("/jobs/1").text
    assert "approved" in payroll.get("/payroll?quarter=2025-Q4").text


def upload(visit, income):
    page = visit(HR).get("/imports")
    return page.submit("Show the dry run", kind="results", file=(io.BytesIO(FILE % income), "results.csv"))


def test_a_large_file_is_taken_in_by_a_job(visit, database, monkeypatch):
    monkeypatch.setattr(imports, "LARGE", 0)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    page = upload(visit, 90).submit("Accept 1 row")
    assert page.heading == "Job 1"
    work(database)
    page = visit(HR).get("/jobs/1")
    assert "results.csv is taken in: 0 new, 1 changed, 0 unchanged." in page.text
    assert page.follow("Look at it").address == "/imports"


def test_a_large_file_against_which_something_stands_by_then_is_not_taken_in(visit, database, monkeypatch):
    monkeypatch.setattr(imports, "LARGE", 0)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    dry_run = upload(visit, 90)
    dry_run.submit("Accept 1 row")
    monkeypatch.setattr("web.intake.read_file", _spoiled)
    work(database)
    assert "was not taken in: look at its dry run" in visit(HR).get("/jobs/1").text


def _spoiled(kind, content, name, options):
    return read_file(kind, content.replace(b"FAR", b"NOWHERE"), name, options)


def test_a_workbook_for_many_people_is_made_by_a_job_that_offers_it(visit, database, monkeypatch):
    monkeypatch.setattr(payroll_pages, "MANY", 1)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    payroll = visit(PAYROLL)
    page = payroll.get("/payroll/2025-Q4/workbook")
    assert "a worker writes it" in page.text
    page = page.submit("Make the preview")
    assert page.heading == "Job 1"
    work(database)
    page = payroll.get("/jobs/1")
    assert "The preview 2025-Q4-R1 is made: 5 payroll lines." in page.text
    taken = payroll.fetch("/jobs/1/file")
    assert taken.headers["Content-Disposition"] == "attachment; filename=payroll-2025-Q4-R1-preview.xlsx"
    assert load_workbook(io.BytesIO(taken.data))["Summary"]["B6"].value == 5
    with reading(database) as session:
        found = [each.entry.action for each in audit.search(session, "payroll workbook 2025-Q4", 1)]
    assert found == ["download"]


def test_a_workbook_for_which_the_disk_has_no_room_leaves_nothing_and_says_what_to_do(
    visit, database, monkeypatch, tmp_path
):
    def full(_sheets, file, _told):
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(payroll_pages, "MANY", 1)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    monkeypatch.setattr(workbooks, "write_payroll_workbook", full)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    payroll = visit(PAYROLL)
    payroll.get("/payroll?quarter=2025-Q4").submit("Make the preview")
    work(database)
    page = payroll.get("/jobs/1")
    assert "No space left on device. Nothing is left of it. Make room there" in page.text
    assert list(folder.iterdir()) == []
    assert payroll.fetch("/jobs/1/file").status_code == 404


def test_a_workbook_of_what_was_released_meanwhile_is_not_made(visit, database, monkeypatch):
    monkeypatch.setattr(payroll_pages, "MANY", 1)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    approve(database)
    payroll, page, totals = ask_release(visit)
    payroll.get("/payroll?quarter=2025-Q4").submit("Make the preview")
    page.submit("Release 2025-Q4-B1", layouts=None, **totals)
    work(database)
    assert "2025-Q4 is released by now" in payroll.get("/jobs/1").text
