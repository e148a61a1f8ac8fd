"""Pages of runs: what one was made of, that it still comes out, and why two differ, for each who may see it."""

import io

import pytest
from openpyxl import load_workbook

from comp.db import writing
from comp.services import calculation
from tests.services.test_replays import without_triggers
from tests.web.company import AUDITOR, DIRECTOR, EMPLOYEE, HR, MANAGER, NOW, PAYROLL, Q4
from tests.web.visitor import Visitor

COMPARED = "/runs/compare?old=2025-Q3/1&new=2025-Q4/1"


@pytest.fixture
def twice(database):
    """The quarter calculated once more after a raise."""
    with writing(database) as session:
        raised = "UPDATE assignment SET target_amount_minor = 800000 WHERE employee = '1001'"
        session.connection().exec_driver_sql(raised)
        calculation.calculate_quarter(session, Q4, "hr@aurelia.example", NOW)


def test_runs_are_listed_by_quarter_with_what_they_pay(visit, twice):
    page = visit(HR).get("/runs")
    assert page.heading == "Runs"
    assert [link for link in page.links() if link.startswith("/runs/2025")] == [
        "/runs/2025-Q4/2",
        "/runs/2025-Q4/1",
        "/runs/2025-Q3/1",
    ]


def test_a_run_says_what_it_was_made_of(visit):
    page = visit(PAYROLL).get("/runs/2025-Q4/1")
    assert page.heading == "Run 1 of 2025-Q4"
    assert "service@2025-01-01" in page.text
    assert f"Version of the program {calculation.ENGINE}" in page.text
    assert "Nobody has replayed it yet." in page.text
    assert "Replay this run" not in page.text


def test_an_auditor_replays_a_run_and_the_page_says_when(visit):
    page = visit(AUDITOR).get("/runs/2025-Q4/1").submit("Replay this run")
    assert "Replayed from its snapshot: every payout, step and hold of" in page.text
    assert "Last replayed on" in page.text
    assert f"by version {calculation.ENGINE}: identical." in page.text


def test_a_replay_that_differs_shows_where(visit, database):
    without_triggers(database, "UPDATE run_payout SET amount_minor = 1 WHERE employee = '1001'")
    auditor = visit(AUDITOR)
    page = auditor.get("/runs/2025-Q4/1").submit("Replay this run", 409)
    assert page.heading == "Run 2025-Q4/1 comes out otherwise"
    assert "0.01 EUR in the run" in page.text
    assert "1 differences" in auditor.get("/runs/2025-Q4/1").text


def test_a_replay_by_another_version_says_so(visit, database):
    without_triggers(database, "UPDATE run SET engine = '0.0.1'")
    page = visit(AUDITOR).get("/runs/2025-Q4/1").submit("Replay this run")
    assert f"Version 0.0.1 calculated it, version {calculation.ENGINE} replayed it." in page.text


def test_a_run_without_a_snapshot_says_why_it_cannot_be_replayed(visit, database):
    without_triggers(database, "DELETE FROM run_snapshot")
    page = visit(AUDITOR).get("/runs/2025-Q4/1")
    assert "was calculated before the facts of runs were kept" in page.text
    assert "Replay this run" not in page.text


def test_the_last_two_runs_are_compared_and_causes_add_up(visit, twice):
    page = visit(HR).get("/runs/compare")
    assert page.heading == "2025-Q4/1 against 2025-Q4/2"
    assert "Target pay" in page.text
    assert "Ada Alves" in page.text


def test_two_quarters_are_compared_and_each_mover_opens(visit):
    visitor = visit(HR)
    page = visitor.get(COMPARED)
    assert page.heading == "2025-Q3/1 against 2025-Q4/1"
    opened = visitor.get(f"{COMPARED}&employee=1001")
    assert opened.heading == "Ada Alves"
    assert "Net Promoter Score rose from 30.0 to 44.0." in opened.text


def test_two_people_are_compared(visit):
    page = visit(HR).get("/runs/compare?old=2025-Q4/1&new=2025-Q4/1&employee=1001&other=1002")
    assert page.heading == "Ada Alves and Ben Brito"
    assert "47 days in a plan instead of 92 days." in page.text


def test_somebody_whom_neither_run_pays_is_told(visit):
    page = visit(HR).get("/runs/compare?old=2025-Q4/1&new=2025-Q4/1&employee=1003")
    assert "Neither run pays anything" in page.text


def test_a_run_compared_with_itself_has_no_difference(visit):
    page = visit(HR).get("/runs/compare?old=2025-Q4/1&new=2025-Q4/1")
    assert "payouts are the same in both runs." in page.text
    page = visit(HR).get("/runs/compare?old=2025-Q4/1&new=2025-Q4/1&employee=1001")
    assert "Nothing that pays differs." in page.text


def test_a_manager_sees_only_the_people_below(visit, twice):
    page = visit(MANAGER).get(COMPARED)
    assert "Cleo Costa" not in page.text
    visit(MANAGER).get(f"{COMPARED}&employee=1003", 404)
    visit(EMPLOYEE).get(f"{COMPARED}&employee=1001", 404)
    assert visit(DIRECTOR).get("/runs/2025-Q4/1").heading == "Run 1 of 2025-Q4"


def test_all_changes_can_be_taken_away_and_that_is_noted(visit, twice):
    answer = visit(AUDITOR).fetch("/runs/compare/workbook?old=2025-Q4/1&new=2025-Q4/2")
    assert answer.headers["Content-Disposition"] == "attachment; filename=changes-2025-Q4-1-to-2025-Q4-2.xlsx"
    names = [row[1] for row in load_workbook(io.BytesIO(answer.data))["Changes"].iter_rows(min_row=2, values_only=True)]
    assert names == ["Ada Alves"]
    assert "download changes 2025-Q4/1 2025-Q4/2" in visit(AUDITOR).get("/audit").text


@pytest.mark.parametrize("asked", ["old=x&new=2025-Q4", "old=2025-Q4/9&new=2025-Q4", "old=2024-Q1&new=2025-Q4"])
def test_runs_that_there_are_not_are_told(visit, asked):
    visit(HR).get(f"/runs/compare?{asked}", 404)


def test_what_is_shown_of_others_is_noted(visit):
    visit(HR).get(f"{COMPARED}&employee=1001")
    assert "read payout 2025-Q4 1001" in visit(AUDITOR).get("/audit").text


def test_without_a_run_the_pages_say_what_makes_one(empty_app):
    empty = Visitor(empty_app, HR)
    assert "Nothing is calculated yet" in empty.get("/runs").text
    assert "Fewer than two runs" in empty.get("/runs/compare").text
    empty.get("/runs/compare?employee=1", 404)
