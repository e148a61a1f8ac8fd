"""What each resource reads and does, in figures that the small company gives."""

import hashlib

import pytest
from sqlalchemy import text

from comp.db import reading
from comp.services import access, releases
from tests.released import wish
from tests.web.company import HR, NOW, PAYROLL, Q4, plan_document
from tests.web.test_long_work import work
from tests.web.test_releases import approve
from web.api import imports as api_imports
from web.releasing import release_batch

CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def hr(program):
    return program(HR)


def test_units_are_told_with_their_tree(hr):
    assert hr.get("/units")["units"][1] == {"unit": "FAR", "name": "Faro", "parent": "AUR"}


def test_people_come_in_pages_that_leave_nobody_out(hr):
    seen, cursor = [], ""
    while cursor is not None:
        page = hr.get(f"/people?limit=3&cursor={cursor}")
        seen += [each["employee"] for each in page["people"]]
        cursor = page["next_cursor"]
    assert seen == ["1001", "1002", "1003", "1004", "1005", "1006", "1007"]


def test_a_person_is_told_with_every_assignment(hr):
    fumi = hr.get("/people/1006")
    assert fumi["name"] == "Fumi Fukuda"
    assert [(each["from"], each["to"], each["manager"]) for each in fumi["assignments"]] == [
        ("2025-10-01", "2025-11-30", "1001"),
        ("2025-12-01", None, "1003"),
    ]
    assert fumi["assignments"][0]["target_amount"] == "720000"
    assert "9999" in hr.get("/people/9999", 404)["detail"]


def test_a_cursor_that_no_page_gave_is_refused(hr):
    for cursor in ("%25%25", "abc", "_w==", "AA=="):
        assert hr.get(f"/people?cursor={cursor}", 422)["problems"]


def test_scores_are_what_the_command_prints(hr):
    scores = hr.get("/quarters/2025-Q4/scores")["scores"]
    assert {
        "unit": "LIS",
        "metric": "nps",
        "value": "44.0",
        "answers": "100",
        "low": "27.650",
        "high": "57.787",
        "basis": "own",
    } in scores
    assert "has no answers" in hr.get("/quarters/2031-Q1/scores", 422)["detail"]


def test_a_quarter_says_how_far_it_is(hr):
    assert hr.get("/quarters/2025-Q4") == {
        "quarter": "2025-Q4",
        "first_day": "2025-10-01",
        "last_day": "2025-12-31",
        "state": "calculated",
        "run": "2025-Q4/1",
    }
    hr.get("/quarters/2031-Q1", 404)
    hr.get("/quarters/1066-Q1", 404)
    assert len(hr.get("/quarters")["quarters"]) == 2


def test_runs_are_told_with_their_totals(hr):
    found = hr.get("/runs?quarter=2025-Q4")["runs"]
    assert [each["run"] for each in found] == ["2025-Q4/1"]
    assert found[0]["totals"][0] == {
        "people": 3,
        "earned": {"amount": "2621.66", "currency": "EUR"},
        "target": {"amount": "2954.35", "currency": "EUR"},
    }
    assert hr.get("/runs/2025-Q4/1") == found[0]
    hr.get("/runs/2025-Q4/2", 404)


def test_payouts_have_lines_that_add_up_and_say_where_the_quarter_stands(hr):
    page = hr.get("/quarters/2025-Q4/payouts?limit=1")
    assert (page["state"], page["run"]) == ("calculated", "2025-Q4/1")
    assert page["payouts"][0]["payable"] == {"amount": "1735.20", "currency": "EUR"}
    assert [line["kind"] for line in page["payouts"][0]["lines"]] == ["earned"]
    rest = hr.get(f"/quarters/2025-Q4/payouts?cursor={page['next_cursor']}")
    assert [each["employee"] for each in rest["payouts"]] == ["1002", "1004", "1006", "1007"]
    assert rest["next_cursor"] is None
    hr.get("/quarters/2031-Q1/payouts", 404)


def test_one_payout_opens_into_the_numbers_that_made_it(hr):
    found = hr.get("/quarters/2025-Q4/payouts/1001")
    assert found["explanation"][0]["numbers"]["amount"] == "1735.20"
    assert found["explanation"][0]["parts"]
    held = hr.get("/quarters/2025-Q4/payouts/1003")
    assert held["payouts"] == []
    assert held["explanation"][0]["kind"] == "hold"


def test_a_calculation_is_a_job_that_leads_to_its_run(hr, database):
    answer = hr.ask("POST", "/quarters/2025-Q4/runs", 202)
    job = answer.get_json()
    assert (job["state"], answer.headers["Location"]) == ("waiting", "/api/v1/jobs/1")
    work(database)
    done = hr.get("/jobs/1")
    assert (done["state"], done["result"]) == ("done", "/api/v1/runs/2025-Q4/2")
    assert hr.get("/runs/2025-Q4/2")["calculated_by"] == HR


def test_a_quarter_that_waits_for_its_release_is_not_calculated(hr, database):
    approve(database)
    assert "cannot be calculated" in hr.post("/quarters/2025-Q4/runs", status=422)["detail"]
    with reading(database) as session:
        assert session.execute(text("SELECT count(*) FROM job")).scalar_one() == 0


def test_rows_are_taken_in_whole_or_not_at_all_with_every_problem(hr):
    row = {"unit": "NEW", "name": "New", "parent": "AUR"}
    dry = hr.post("/imports/units?dry_run=true", {"rows": [row]})
    assert (dry["new"], dry["accepted"], dry["batch"]) == (1, False, None)
    taken = hr.post("/imports/units", {"rows": [row]})
    assert (taken["new"], taken["accepted"], taken["batch"]) == (1, True, 6)
    again = hr.post("/imports/units", {"rows": [row]})
    assert (again["unchanged"], again["batch"]) == (1, None)
    bad = [row, {"unit": "A", "name": "A", "parent": "XX"}, {"unit": "B", "name": "", "parent": "AUR"}]
    refused = hr.post("/imports/units", {"rows": bad}, 422)
    assert {(each["where"], each["column"], each["value"]) for each in refused["problems"]} == {
        ("rows[1]", "parent", "XX"),
        ("rows[2]", "name", ""),
    }
    assert "A" not in {each["unit"] for each in hr.get("/units")["units"]}
    assert hr.get("/imports")["imports"][0]["batch"] == 6


def test_each_kind_is_read_as_its_file_is(hr):
    person = {"employee": "2001", "name": "Hugo", "unit": "LIS", "from": "2026-01-01", "currency": "EUR"}
    hr.post("/imports/people", {"rows": [{**person, "target_amount": "7200.00", "manager": "1001"}]})
    assert hr.get("/people/2001")["assignments"][0]["target_amount"] == "7200.00"
    away = {"employee": "2001", "from": "2026-02-01", "to": "2026-02-10", "kind": "parental"}
    assert hr.post("/imports/absences", {"rows": [away]})["new"] == 1
    result = {"unit": "LIS", "quarter": "2026-Q1", "metric": "income", "value": "99.5"}
    assert hr.post("/imports/results", {"rows": [result]})["quarters"] == {"2026-Q1": 1}
    own = {"employee": "2001", "quarter": "2026-Q1", "metric": "income", "value": "101"}
    assert hr.post("/imports/personal-results", {"rows": [own]})["new"] == 1
    target = {"unit": "LIS", "quarter": "2026-Q1", "metric": "nps", "target": "41"}
    assert hr.post("/imports/targets", {"rows": [target]})["new"] == 1


def test_a_file_is_taken_just_as_it_comes(hr):
    refused = hr.post("/imports/units", None, 422, data=b"unit,name,parent\nN2,New,XX\n", headers=CSV)
    assert [(each["line"], each["column"]) for each in refused["problems"]] == [(2, "parent")]
    assert hr.post("/imports/units", None, data=b"unit,name,parent\nN2,New,AUR\n", headers=CSV)["batch"] == 6
    told = hr.post("/imports/units", None, 422, data=b"PK\x03\x04", headers={"Content-Type": api_imports.XLSX})
    assert told["problems"]


def test_what_is_large_is_left_to_a_worker(hr, database, monkeypatch):
    monkeypatch.setattr(api_imports, "LARGE", 10)
    content = b"unit,name,parent\nN2,New,AUR\n"
    answer = hr.ask("POST", "/imports/units", 202, data=content, headers=CSV)
    work(database)
    assert hr.get(answer.headers["Location"].removeprefix("/api/v1"))["result"] == "/api/v1/imports"
    assert "N2" in {each["unit"] for each in hr.get("/units")["units"]}


def test_a_draft_is_written_read_and_written_over_as_it_was_seen(hr):
    document = plan_document(starts="2027-01-01")
    answer = hr.ask("POST", "/plans", 201, json=document)
    there = answer.headers["Location"].removeprefix("/api/v1")
    assert answer.get_json()["state"] == "draft"
    read = hr.ask("GET", there)
    assert read.headers["ETag"] == answer.headers["ETag"]
    assert hr.ask("GET", there, 304, headers={"If-None-Match": read.headers["ETag"]}).data == b""
    hr.post("/plans", document, 409)
    named = {**document, "name": "Another name"}
    first = hr.ask("PUT", there, json=named, headers={"If-Match": read.headers["ETag"]})
    assert first.get_json()["document"]["name"] == "Another name"
    late = hr.ask("PUT", there, 412, json=document, headers={"If-Match": read.headers["ETag"]})
    assert [each["why"] for each in late.get_json()["problems"]] == ["The plan: name Another name → Service incentive"]
    assert late.headers["ETag"] == first.headers["ETag"]
    assert hr.get(there)["name"] == "Another name"


def test_what_is_published_or_of_another_address_is_not_written_over(hr):
    published = hr.ask("GET", "/plans/service@2025-01-01")
    told = {"headers": {"If-Match": published.headers["ETag"]}, "json": published.get_json()["document"]}
    hr.ask("PUT", "/plans/service@2025-01-01", 422, **told)
    moved = {**told, "json": {**told["json"], "starts": "2028-01-01"}}
    assert "Send a new version" in hr.ask("PUT", "/plans/service@2025-01-01", 422, **moved).get_json()["detail"]
    hr.ask("PUT", "/plans/nowhere@2025-01-01", 404, **told)
    assert [each["state"] for each in hr.get("/plans")["versions"]] == ["published", "draft"]


def test_a_number_in_a_plan_stays_what_was_written(hr):
    document = plan_document(starts="2027-01-01")
    written = str(document).replace("'", '"').replace('"10"', "10.10000000000000001")
    answer = hr.ask("POST", "/plans", 201, data=written, headers={"Content-Type": "application/json"})
    curve = answer.get_json()["document"]["components"][0]["measures"][0]["curve"]
    assert curve["points"][0][0] == "10.10000000000000001"


def test_a_batch_is_read_taken_byte_for_byte_and_confirmed(program, database):
    made = released(database)
    payroll = program(PAYROLL)
    assert [each["release"] for each in payroll.get("/releases?quarter=2025-Q4")["releases"]] == ["2025-Q4-B1"]
    batch = payroll.get("/releases/2025-Q4-B1")
    assert batch["content_sha256"] == made.content_sha256
    assert batch["totals"][0] == {"people": 3, "total": {"amount": "2621.66", "currency": "EUR"}}
    file = batch["files"][0]
    content = payroll.ask("GET", file["href"].removeprefix("/api/v1")).data
    assert len(content) == file["bytes"]
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    paid = [("1001", "EUR", "1735.20"), ("1002", "EUR", "886.46"), ("1006", "JPY", "173521"), ("9", "EUR", "1.00")]
    amounts = [{"employee": who, "currency": currency, "amount": amount} for who, currency, amount in paid]
    wrong = payroll.post("/releases/2025-Q4-B1/paid", {"amounts": [{**amounts[0], "amount": "1.001"}]}, 422)
    assert wrong["problems"][0]["where"] == "amounts[0].amount"
    said = payroll.post("/releases/2025-Q4-B1/paid", {"amounts": amounts}, 201)
    told = {(each["employee"], each["kind"]) for each in said["differences"]}
    assert told == {("1006", "other amount"), ("1007", "missing"), ("9", "extra")}
    assert payroll.get("/releases/2025-Q4-B1")["paid"] == said
    assert "What was said stays" in payroll.post("/releases/2025-Q4-B1/paid", {"amounts": amounts}, 422)["detail"]
    with reading(database) as session:
        taken = session.execute(text("SELECT count(*) FROM audit WHERE action = 'download'")).scalar_one()
    assert taken == 1


def released(database):
    """The quarter's first batch."""
    approve(database)
    with reading(database) as session:
        actor = access.find_account_by_email(session, PAYROLL)
        ready = releases.ready(session, actor, Q4)
    return release_batch(database, actor, Q4, wish(ready), NOW)
