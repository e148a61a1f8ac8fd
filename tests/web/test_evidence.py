"""The page of evidence packs, and the job that makes one for whoever asked."""

import io
import json
import zipfile
from threading import Event

import pytest

from comp.chain import Anchor
from comp.db import reading
from comp.errors import LoyaltyPayError
from comp.services import audit
from tests.exports.packs import differences
from tests.web.company import ADMIN, APPROVER, AUDITOR, HR, Q4
from tests.web.test_releases import approve
from tests.web.visitor import Visitor
from web import evidence, starting
from web.settings import Settings
from web.worker import Worker


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(starting, "_AT_ONCE", 0)


def work(database, **settings):
    Worker(database, Settings(**settings), "w", Event(), of_clock=False).run_next()


def asked(visit, database, email, **settings):
    """A pack of the last quarter, as whoever asked takes it from the job's page."""
    visitor = visit(email)
    page = visitor.post("/evidence/2025-Q4")
    assert page.heading == "Job 1"
    work(database, **settings)
    page = visitor.get("/jobs/1")
    assert "The evidence of 2025-Q4 is there. It is kept until" in page.text
    return visitor.fetch("/jobs/1/file")


def test_an_auditor_takes_a_pack_that_is_recomputed_without_the_product(visit, database, tmp_path, capsys):
    approve(database)
    taken = asked(visit, database, AUDITOR)
    assert taken.headers["Content-Disposition"] == "attachment; filename=evidence-2025-Q4.zip"
    assert differences(taken.data, tmp_path / "pack.zip", capsys) == []
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(taken.data)).read("manifest.json"))
    assert (manifest["state"], manifest["made_by"]) == ("approved", AUDITOR)


def test_the_chain_knows_who_made_which_pack_and_nobody_else_takes_it(visit, database):
    taken = asked(visit, database, HR)
    with reading(database) as session:
        (made,) = audit.search(session, "evidence 2025-Q4", 1)
    assert (made.entry.action, json.loads(made.entry.details)["size"]) == ("make", len(taken.data))
    assert visit(AUDITOR).fetch("/jobs/1/file").status_code == 404
    assert visit(ADMIN).fetch("/jobs/1/file").status_code == 404


def test_the_page_lists_quarters_with_where_they_stand_and_the_packs_of_ones_own(visit, database):
    auditor = visit(AUDITOR)
    page = auditor.get("/evidence")
    assert [(row["Quarter"], row["State"]) for row in page.table("Quarters")] == [
        ("2025-Q4", "calculated nothing of it is released"),
        ("2025-Q3", "calculated nothing of it is released"),
    ]
    assert "None yet." in page.text
    assert "The released workbooks are in it" in page.text
    auditor.post("/evidence/2025-Q3")
    assert [row["Quarter"] for row in auditor.get("/evidence").table("Packs that you asked for")] == ["2025-Q3"]
    page = visit(HR).get("/evidence")
    assert "The released workbooks are not in it" in page.text
    assert "None yet." in page.text


def test_before_anything_is_calculated_the_page_says_so(empty_app):
    assert "Nothing is calculated yet." in Visitor(empty_app, AUDITOR).get("/evidence").text


def test_a_quarter_that_was_not_calculated_has_no_pack(visit):
    assert "2030-Q1 has not been calculated" in visit(HR).post("/evidence/2030-Q1", 404).text


def test_the_board_and_the_runs_lead_there_whoever_may_take_it(visit):
    for address in ("/quarters", "/runs"):
        assert "/evidence" in visit(HR).get(address).links()
        assert "/evidence" not in visit(APPROVER).get(address).links()


def test_heads_of_the_chain_that_were_written_down_elsewhere_are_held_against_it(visit, database, tmp_path, capsys):
    file = tmp_path / "anchors"
    file.write_text(f"2026-01-01T00:05:00Z {Anchor(1, '0' * 64)}\n\n")
    taken = asked(visit, database, AUDITOR, anchor_file=file)
    found = differences(taken.data, tmp_path / "pack.zip", capsys)
    assert len(found) == 1
    assert "audit chain, walked: entry 1, its anchor" in found[0]


@pytest.mark.parametrize("content", [b"not an anchor\n", b"\xff\n"])
def test_a_file_of_anchors_that_cannot_be_read_keeps_nobody_from_a_pack(database, tmp_path, content):
    (tmp_path / "anchors").write_bytes(content)
    assert evidence._anchors(tmp_path / "anchors") == []
    assert evidence._anchors(tmp_path / "none") == []


def test_a_job_that_is_cancelled_leaves_no_pack(visit, database, monkeypatch):
    monkeypatch.setattr("web.work.Work.tell", stopped)
    auditor = visit(AUDITOR)
    auditor.post("/evidence/2025-Q4")
    work(database)
    assert auditor.fetch("/jobs/1/file").status_code == 404
    with reading(database) as session:
        assert audit.search(session, f"evidence {Q4}", 1) == []


def stopped(*_):
    raise LoyaltyPayError("It was cancelled.")
