"""Pages of jobs: those of the clock, those that people asked for, their progress, and what to do where one failed."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import text

from comp.db import queueing, reading, writing
from comp.money import Money
from comp.roles import whoever_has_the_machine
from comp.services import calculation, clock, forecasts, jobs
from comp.services.forecasts import Expected, Forecast
from tests.web.company import ADMIN, APPROVER, EMPLOYEE, HR, Q4
from tests.web.page_rules import check_fragment
from web import starting
from web.jobs import SCHEDULES
from web.settings import Settings
from web.worker import Worker, working

WAITING = "It waits for a worker to take it on"


def now():
    return datetime.now(UTC)


def ask(engine, email=HR, **arguments):
    with queueing(engine) as session:
        actor = whoever_has_the_machine(email)
        return jobs.ask(session, actor, "calculate", arguments or {"quarter": "2025-Q4"}, now())


def claim(engine, *, of_clock=False):
    with queueing(engine) as session:
        return jobs.claim(session, "w", now(), of_clock=of_clock)


def do(engine, act, *arguments, **named):
    with queueing(engine) as session:
        return act(session, *arguments, **named)


def age(engine):
    """Let every job have been asked for long ago."""
    with queueing(engine) as session:
        long_ago = "due_at = '2026-01-01 00:00:00+00:00', asked_at = '2026-01-01 00:00:00+00:00'"
        session.execute(text(f"UPDATE job SET {long_ago}"))  # noqa: S608 - a fixed text


@pytest.fixture
def many(monkeypatch):
    """A company for which calculating takes long, whoever asks."""
    monkeypatch.setattr(calculation, "_MANY", 0)


def test_a_small_company_sees_its_run_at_once_and_no_job(visit, database):
    page = visit(HR).post("/quarters/2025-Q4/calculate")
    assert page.address == "/"
    assert page.notes[0].startswith("Run 2 of 2025-Q4 has")
    with reading(database) as session:
        assert jobs.list_asked(session, whoever_has_the_machine(HR)) == []


def test_a_job_that_ends_in_a_moment_leads_straight_to_what_came_out(visit, database, many, monkeypatch):
    monkeypatch.setattr(starting, "_AT_ONCE", 60)
    visitor = visit(HR)
    with working(database, Settings()):
        page = visitor.post("/quarters/2025-Q4/calculate")
    assert page.address == "/runs/2025-Q4/2"
    assert page.notes[0].startswith("Run 2 of 2025-Q4 has")


def test_a_job_that_takes_longer_is_left_and_found_again(visit, database, many, monkeypatch):
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    visitor = visit(HR)
    page = visitor.post("/quarters/2025-Q4/calculate")
    assert (page.address, page.heading) == ("/jobs/1", "Job 1")
    assert WAITING in page.text
    assert visitor.post("/quarters/2025-Q4/calculate").address == "/jobs/1", "pressed twice, asked once"
    page = visitor.get("/jobs").follow("Calculate a quarter: 2025-Q4")
    assert page.address == "/jobs/1"
    Worker(database, Settings(), "w", Event(), of_clock=False).run_next()
    page = visitor.get("/jobs/1")
    assert "Run 2 of 2025-Q4 has" in page.text
    assert page.follow("Look at it").address == "/runs/2025-Q4/2"


def test_the_part_of_a_job_fetches_itself_until_it_is_over(visit, database):
    ask(database)
    job = claim(database)
    do(database, jobs.tell, job, (2, 500, 2_000), now() - timedelta(hours=10))
    visitor = visit(HR)
    fragment = check_fragment(visitor.fetch("/jobs/1", headers={"HX-Request": "true"}))
    section = fragment.xpath("section")[0]
    assert (section.get("hx-get"), section.get("hx-trigger")) == ("/jobs/1", "every 2s")
    assert [(bar.get("value"), bar.get("max")) for bar in section.xpath(".//progress")] == [("500", "2000")]
    assert "step 2 of 4, 500 of 2,000, about 30 hours left" in " ".join(section.text_content().split())
    assert [" ".join(each.text_content().split()) for each in section.xpath(".//li[@aria-current]")] == [
        "Settle everybody"
    ]
    assert b'http-equiv="refresh"' in visitor.fetch("/jobs/1").data
    do(database, jobs.finish, job, "Run 2.", "/runs/2025-Q4/1", now())
    fragment = check_fragment(visitor.fetch("/jobs/1", headers={"HX-Request": "true"}))
    assert fragment.xpath("section/@hx-get") == []
    assert b'http-equiv="refresh"' not in visitor.fetch("/jobs/1").data


def test_a_job_is_cancelled_before_it_began_or_at_its_next_step(visit, database):
    visitor, first = visit(HR), ask(database)
    page = visitor.get(f"/jobs/{first}").submit("Cancel the job")
    assert page.notes[:1] == ["The job is cancelled."]
    assert "It was cancelled before it began." in page.text
    assert "Cancel the job" not in page.buttons()
    assert "cancelled already" in visitor.post(f"/jobs/{first}/cancel", 422).text
    second = ask(database)
    claim(database)
    page = visitor.get(f"/jobs/{second}").submit("Cancel the job")
    assert page.notes[0] == "The job ends at the next step. Nothing of it is stored."
    assert "ends at its next step" in page.text
    assert "Cancel the job" not in page.buttons()


def test_a_job_that_failed_says_why_and_what_to_do(visit, database):
    number = ask(database, quarter="2031-Q1")
    Worker(database, Settings(), "w", Event(), of_clock=False).run_next()
    page = visit(HR).get(f"/jobs/{number}")
    assert "It failed. 2031-Q1 has no answers" in page.text
    assert "What to do: Mend what it names, then calculate again." in page.text
    page = visit(ADMIN).get("/jobs")
    assert "Failed in the last week" in page.text
    assert "2031-Q1 has no answers" in page.text


def test_another_ones_job_looks_like_one_that_there_is_not(visit, database):
    number = ask(database)
    visitor = visit(APPROVER)
    for address in (f"/jobs/{number}", "/jobs/77"):
        assert visitor.get(address, 404).heading == "There is nothing here"
        assert visitor.post(f"{address}/cancel", 404).heading == "There is nothing here"
    assert visitor.get("/jobs").heading == "Your jobs"
    assert "You asked for nothing" in visitor.get("/jobs").text
    assert "By the clock" not in visitor.get("/jobs").text
    assert visit(ADMIN).get(f"/jobs/{number}").heading == f"Job {number}"


def test_the_page_lists_what_the_clock_does_with_the_last_and_the_next_time(visit, database):
    do(database, clock.beat, "here", now(), is_sure=False)
    do(database, clock.tick, "mail", SCHEDULES["mail"].cadence, now())
    do(database, jobs.finish, claim(database, of_clock=True), "2 mails sent.", "", now())
    do(database, clock.tick, "forget", SCHEDULES["forget"].cadence, now() - timedelta(minutes=1))
    do(database, jobs.fail, claim(database, of_clock=True), "The disk is full.", now(), try_again=True)
    page = visit(ADMIN).get("/jobs")
    rows = {row[0]: row[1:] for row in page.rows("By the clock")}
    assert len(rows) == len(SCHEDULES)
    assert rows["Send mails every 15 seconds"][0].startswith("done")
    assert rows["Send mails every 15 seconds"][1] == "2 mails sent."
    assert "The disk is full." in rows["Forget old mails, jobs and their files every hour"][2]
    assert rows["Erase old comments each day at 03:00 UTC"][0] == "not yet"
    assert "silent" not in page.text


def test_where_no_clock_goes_and_where_no_worker_takes_jobs_on_the_page_says_so(visit, database):
    visitor = visit(ADMIN)
    assert "The clock is silent." in visitor.get("/jobs").text
    do(database, clock.beat, "here", now(), is_sure=False)
    number = ask(database)
    age(database)
    assert "No worker takes jobs on: 1 job waits" in visitor.get("/jobs").text
    assert "No worker has taken it on for two minutes." in visitor.get(f"/jobs/{number}").text


def test_a_job_of_the_clock_is_run_now_and_what_there_is_not_is_not(visit, database):
    visitor = visit(ADMIN)
    page = visitor.post("/jobs/comments/run-now")
    assert page.notes == ["“Erase old comments” is done in a moment."]
    assert visitor.post("/jobs/comments/run-now").notes == ["“Erase old comments” waits for a worker already."]
    Worker(database, Settings(), "w", Event(), of_clock=True).run_next()
    rows = {row[0].partition(" each")[0]: row for row in visitor.get("/jobs").rows("By the clock")}
    assert rows["Erase old comments"][2] == "Comments are kept for good: no number of months is set."
    visitor.post("/jobs/approve/run-now", 404)


def test_what_a_quarter_is_expected_to_come_to_is_for_those_who_see_everybodys_pay(visit, database):
    day = now().date()
    total = Forecast(Q4, day, Money(123_456, "EUR"), 3, 1)
    with writing(database) as session:
        forecasts.store(session, Expected(Q4, day, (total,), 1))
    page = visit(HR).get("/?quarter=2025-Q4")
    assert "Expected so far: 1,234.56 EUR for 3 people, 1 held" in page.text.replace("\xa0", " ")
    assert "it is no payout" in page.text
    for email in (ADMIN, EMPLOYEE):
        assert "1,234.56" not in visit(email).get("/?quarter=2025-Q4").text
    assert "1,234.56" not in visit(ADMIN).get("/jobs").text
