"""The data check on pages: what stands against a quarter, waivers where it stands, and who may see any of it."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from comp.db import reading
from comp.intake import Kind
from comp.services import audit, data_check, workflow
from comp.services.waivers import key_text
from comp.workflow import Life, State
from tests import stored
from tests.web.company import (
    APPROVER,
    AUDITOR,
    HR,
    MANAGER,
    Q4,
    SECOND_HR,
    take_in,
)
from tests.web.visitor import Visitor
from web.nightly_check import nightly
from web.settings import Settings

REASON = "The answers of Faro come on Monday."
HEADING = "No usable score"
NIGHT = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)


def found(database, quarter=Q4):
    with reading(database) as session:
        return data_check.check_quarter(session, quarter)


def ask(visit, reason=REASON, status=200, by=HR):
    return visit(by).get("/check").submit("Ask for a waiver", status, reason=reason)


def decide(visit, button="Grant the waiver", words="Agreed.", status=200):
    page = visit(APPROVER).get("/check")
    outcome = {"Grant the waiver": "granted", "Refuse it": "refused"}[button]
    form = page._form(button)
    fields = {"csrf_token": page.visitor.token(), "words": words, "outcome": outcome}
    return page.visitor._page(page.visitor.send(form.get("action"), fields, follow_redirects=True), status)


def test_the_page_tells_what_stands_against_a_quarter_whom_it_holds_and_where_it_is_mended(visit):
    page = visit(HR).get("/check")
    assert page.heading == "Data check of 2025-Q4"
    assert "1 error stands against it: mend what it names, or ask for a waiver" in page.text
    (row,) = page.rows(HEADING)
    assert row[0] == "Faro FAR"
    assert "1 person is held. No usable score of nps for FAR: 4 answers in 2025-Q4" in row[1]
    assert "26 more answers would be enough." in row[1]
    assert row[2] == "1 person held"
    page = page.follow("Import answers")
    assert page.heading == "Imports"
    assert page.root.xpath("//select[@name='kind']/option[@selected]/@value") == ["answers"]


def test_warnings_stand_below_errors_and_can_be_chosen(visit):
    page = visit(HR).get("/check")
    assert page.root.xpath("//section/header/h2")[0].text_content() == HEADING
    assert page.rows("People in no plan")
    page = visit(HR).get("/check?only=warnings")
    assert not page.rows(HEADING)
    assert page.rows("People in no plan")
    assert [row[0] for row in visit(HR).get("/check?only=open&q=faro").rows()] == ["Faro FAR"]
    page = visit(HR).get("/check?check=no-plan")
    assert page.rows() == page.rows("People in no plan")
    assert "Nothing of the kind" in visit(HR).get("/check?q=nowhere&only=what&check=what&page=99").text


def test_whom_a_finding_concerns_stands_on_a_page_of_its_own_which_is_noted(visit, database):
    page = visit(HR).get("/check").follow("1 person")
    assert page.heading == "No usable score: Faro (FAR)"
    assert page.rows("Whom it concerns") == [["Cleo Costa", "1003"]]
    with reading(database) as session:
        (entry,) = [each.entry for each in audit.search(session, "payout 2025-Q4 1003", 1)]
    assert entry.action == "read"


def test_a_finding_that_there_is_not_looks_like_no_page(visit):
    assert visit(HR).get("/check/2025-Q4/none", 404).heading == "There is nothing here"


def test_a_quarter_against_which_nothing_stands_says_so(empty_app, sqlite_engine):
    stored.company(sqlite_engine)
    stored.publish(sqlite_engine)
    page = Visitor(empty_app, HR).get("/check")
    assert page.heading == "Data check of 2025-Q3"
    assert (
        "Nothing stands against 2025-Q3 Histories, days, targets, plans, scores and managers were checked" in page.text
    )
    assert "Download as CSV" not in page.text


def test_a_waiver_is_asked_for_and_granted_where_the_error_stands(visit, database):
    page = ask(visit)
    assert page.notes == ["The waiver is asked for. An approver whom it does not concern grants or refuses it."]
    (row,) = page.rows(HEADING)
    assert f"waiver asked for {HR}" in row[1]
    assert f"“{REASON}”" in row[1]
    assert "Withdraw it" in page.buttons()
    assert "Withdraw it" not in visit(SECOND_HR).get("/check").buttons()
    page = decide(visit)
    assert page.notes == [
        "The waiver is granted: 2025-Q4 may go on in spite of it, and the person whom it holds stays held."
    ]
    assert "Nothing keeps it from going on: 1 error is waived. 1 person stays held." in page.text
    assert f"waived {HR}" in page.rows(HEADING)[0][1]
    assert found(database).against == ()


def test_a_refused_waiver_tells_why_and_may_be_asked_for_again(visit, database):
    ask(visit)
    page = decide(visit, "Refuse it", "Import them first.")
    assert page.notes == [f"The waiver is refused. {HR} reads why beside the finding."]
    page = visit(HR).get("/check")
    assert "“Import them first.”" in page.rows(HEADING)[0][1]
    assert "Ask again for a waiver" in page.text
    ask(visit, "They were imported, and are too few.")
    assert found(database).against


def test_asking_and_deciding_without_words_is_refused_and_nothing_typed_is_lost(visit, database):
    assert ask(visit, "", 422).errors == ["Say why: an approver reads it."]
    page = ask(visit, "x" * 2001, 422)
    assert page.errors == ["At most 2,000 characters."]
    assert page.root.xpath("//textarea")[0].text.strip() == "x" * 2001
    assert found(database).waivers == {}
    ask(visit)
    assert decide(visit, words="", status=422).errors == ["Say why: who asked for it reads it."]
    waiver = next(iter(found(database).waivers.values()))
    page = visit(APPROVER).post(f"/waivers/{waiver.id}/decide", 422, words="Yes.", outcome="withdrawn")
    assert page.errors == ["Grant it or refuse it."]


def test_a_waiver_is_withdrawn_by_who_asked_for_it_and_by_nobody_else(visit, database):
    ask(visit)
    waiver = next(iter(found(database).waivers.values()))
    page = visit(SECOND_HR).post(f"/waivers/{waiver.id}/withdraw", 422)
    assert "only they may withdraw it" in page.text
    page = visit(HR).get("/check").submit("Withdraw it")
    assert page.notes == ["The waiver is withdrawn."]
    assert "waiver withdrawn" in page.rows(HEADING)[0][1]


def test_who_is_concerned_finds_no_button_and_is_refused(visit, database):
    from comp.db import writing
    from comp.roles import whoever_has_the_machine
    from comp.services import access
    from tests.web.company import PEER

    ask(visit)
    with writing(database) as session:
        machine = whoever_has_the_machine()
        access.link_person(session, machine, access.find_account_by_email(session, PEER), None, NIGHT)
        access.link_person(session, machine, access.find_account_by_email(session, APPROVER), "1003", NIGHT)
    page = visit(APPROVER).get("/check")
    assert "It is about your own pay: somebody else decides it." in page.text
    assert "Grant the waiver" not in page.buttons()
    waiver = next(iter(found(database).waivers.values()))
    page = visit(APPROVER).post(f"/waivers/{waiver.id}/decide", 422, words="Yes.", outcome="granted")
    assert page.errors == ["This is about your own pay. Somebody else must decide it."]


def test_figures_that_changed_meanwhile_are_a_conflict_with_the_difference(visit, database):
    before = found(database).against[0]
    ask(visit)
    waiver = next(iter(found(database).waivers.values()))
    take_in(database, Kind.RESULTS, "unit,quarter,metric,promoters,passives,detractors\nFAR,2025-Q4,nps,5,1,1\n")
    page = visit(APPROVER).post(f"/waivers/{waiver.id}/decide", 409, words="Yes.", outcome="granted")
    assert "Then: “1 person is held. No usable score of nps for FAR: 4 answers" in page.errors[0]
    assert "By now: “1 person is held. No usable score of nps for FAR: 7 answers" in page.errors[0]
    page = visit(HR).post("/waivers/2025-Q4", 409, finding=before.id, about=key_text(before), reason=REASON)
    assert "By now: “1 person is held. No usable score of nps for FAR: 7 answers" in page.errors[0]
    assert REASON in visit(HR).get("/check").text  # it lapsed, and is kept


def test_an_auditor_reads_and_has_nothing_to_press(visit):
    ask(visit)
    buttons = visit(AUDITOR).get("/check").buttons()
    assert {"Grant the waiver", "Refuse it", "Ask for a waiver", "Withdraw it"} & set(buttons) == set()


def test_a_manager_finds_nothing_of_it(visit):
    manager = visit(MANAGER)
    for address in ("/check", "/check/2025-Q4/file", "/calendar"):
        manager.get(address, 404)


def test_the_file_has_what_the_page_shows_and_whom_it_concerns(visit, database):
    page = visit(HR).get("/check?only=errors")
    (link,) = [each for each in page.links() if "/file" in each]
    answer = page.visitor.fetch(link)
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["severity"], row["check"], row["place"], row["employees"]) == ("error", "no-score", "FAR", "1003")
    assert (row["people"], row["held"], row["waiver"]) == ("1", "1", "")
    ask(visit)
    rows = list(csv.DictReader(io.StringIO(visit(AUDITOR).fetch("/check/2025-Q4/file").data.decode("utf-8-sig"))))
    assert [each["waiver"] for each in rows if each["check"] == "no-score"] == ["asked for"]
    assert len(rows) == len(found(database).findings)
    decide(visit)
    rows = list(csv.DictReader(io.StringIO(visit(HR).fetch("/check/2025-Q4/file").data.decode("utf-8-sig"))))
    assert rows[0]["waiver"] == "granted"
    with reading(database) as session:
        assert audit.search(session, "data check 2025-Q4", 1)[0].entry.action == "download"


def test_the_first_page_says_that_no_quarter_has_data(empty_app):
    page = Visitor(empty_app, HR).get("/check")
    assert "No quarter has data yet" in page.text
    assert "Nobody is employed" in Visitor(empty_app, HR).get("/check?quarter=2025-Q4").text


def test_many_findings_and_many_people_come_in_pages(visit, database, monkeypatch):
    from web import data_check_view
    from web.views import data_check as view

    monkeypatch.setattr(data_check_view, "AT_ONCE", 1)
    monkeypatch.setattr(view, "_PEOPLE", 1)
    page = visit(HR).get("/check")
    assert re.search(r"page 1 of \d", page.text)
    assert "No usable score" not in page.follow("Later").rows()[0][1]
    assert page.follow("Later").follow("Earlier").rows(HEADING)
    assert "1 finding on this page" in page.text


def test_by_night_the_last_quarters_are_checked_and_their_counts_kept(visit, database, tmp_path):
    machine = Settings(home=tmp_path)
    told = nightly(database, machine, NIGHT, lambda: False)
    assert told == "No quarter was checked."
    told = nightly(database, machine, NIGHT)
    assert [each.partition(":")[0] for each in told.split("; ")] == ["2025-Q4", "2025-Q3"]
    assert told.startswith("2025-Q4: 1 error, ")
    assert "Checked by night on 6 Jan 2026, 02:00 UTC: 1 error." in visit(HR).get("/check").text
    assert "Its days were set on 6 Jan 2026 by command line" in visit(HR).get("/calendar?quarter=2025-Q4").text
    ask(visit)
    decide(visit)
    assert nightly(database, machine, NIGHT).startswith("2025-Q4: 0 errors, ")
    assert ", 1 waived" in nightly(database, machine, NIGHT)


def test_a_closed_quarter_is_not_checked_any_more(database, tmp_path, monkeypatch):
    lives = {Q4: Life(State.CLOSED)}
    monkeypatch.setattr(workflow, "life_of", lambda _session, quarter: lives.get(quarter, Life()))
    told = nightly(database, Settings(home=tmp_path), NIGHT)
    assert told.startswith("2025-Q3: ")
    assert "2025-Q4" not in told


@pytest.mark.parametrize("who", [HR, APPROVER, AUDITOR])
def test_the_page_needs_as_many_queries_whatever_is_found(visit, database, who):
    from sqlalchemy import event

    visitor, counts = visit(who), []
    visitor.get("/check")
    statements = []
    event.listen(database, "before_cursor_execute", lambda *told: statements.append(told[2]))
    for address in ("/check?quarter=2025-Q3", "/check?quarter=2025-Q4"):
        visitor.get(address)
        statements.clear()
        visitor.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]
