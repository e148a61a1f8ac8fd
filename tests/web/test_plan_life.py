"""Plans on pages: submitted with words, sent back, published, withdrawn, compared, received and read."""

from datetime import UTC, date, datetime

import pytest

from comp.db import reading
from comp.plan_life import State
from comp.services import plans
from comp.versions import Version
from tests.make import plan
from tests.web.company import (
    APPROVER,
    AUDITOR,
    DIRECTOR,
    EMPLOYEE,
    HR,
    MANAGER,
    PAYROLL,
    SECOND_HR,
    add_plan,
)
from web.timeline import timeline

DRAFT, PUBLISHED = "/plans/service@2026-01-01", "/plans/service@2025-01-01"
ANSWER = "Proven by hand; the works council has agreed."


def find(database, address):
    with reading(database) as session:
        return plans.find_plan(session, address.removeprefix("/plans/"))


def hand_in(visit, by=HR):
    page = visit(by).get(DRAFT).follow("Submit")
    fields = dict.fromkeys(warnings(page), ANSWER)
    return page.submit("Submit", **fields, words="Ready for the new year.")


def warnings(page):
    return page.root.xpath("//textarea[starts-with(@name, 'warning-')]/@name")


def test_each_warning_is_answered_before_a_version_is_submitted(visit, database):
    page = visit(HR).get(f"{DRAFT}/submit")
    assert warnings(page)
    page = page.submit("Submit", 422)
    assert len(page.errors) == len(warnings(page))
    assert "Say it in words, or mend the plan." in page.errors[0]
    page = hand_in(visit)
    assert page.notes == [
        "Service incentive from 2026-01-01 is submitted. Somebody else publishes it, or sends it back."
    ]
    assert find(database, DRAFT).state is State.SUBMITTED


def test_whoever_publishes_reads_the_answers_and_what_changes(visit):
    hand_in(visit)
    page = visit(APPROVER).get("/plans")
    assert "Service incentive, from 1 Jan 2026 submitted by hr@aurelia.example publish or send back" in page.text
    page = page.follow("Service incentive, from 1 Jan 2026")
    assert ANSWER in page.text
    assert "Ready for the new year." in page.text
    assert "The plan: pays from 1 January 2025 → 1 January 2026" in page.text
    page = page.submit("Publish")
    assert page.notes == ["Service incentive is published: it pays from 2026-01-01 on."]


def test_a_version_is_sent_back_with_words_that_stand_on_its_page(visit, database):
    hand_in(visit)
    page = visit(APPROVER).get(DRAFT).follow("Send back")
    assert page.submit("Send back", 422).errors == ["In your words: Say why: who wrote the version reads it."]
    page = page.submit("Send back", words="Income counts for too little.")
    assert page.notes == ["Service incentive is sent back to hr@aurelia.example."]
    page = visit(HR).get(DRAFT)
    assert "approver@aurelia.example sent it back on" in page.text
    assert "Income counts for too little." in page.text
    assert find(database, DRAFT).state is State.DRAFT
    assert "sent back by approver@aurelia.example submit" in visit(HR).get("/plans").text


def test_publishing_and_sending_back_at_once_one_is_told_who_was_faster(visit, database):
    hand_in(visit)
    publishing, sending = visit(APPROVER).get(DRAFT), visit(APPROVER).get(f"{DRAFT}/send-back")
    publishing.submit("Publish")
    page = sending.submit("Send back", 409, words="Not yet.")
    assert page.errors == [
        f"{APPROVER} has published service@2026-01-01 since you loaded it. Nothing was stored: load it again."
    ]
    assert find(database, DRAFT).is_published


def test_a_version_that_changed_in_between_is_not_submitted(visit, database):
    page = visit(HR).get(f"{DRAFT}/submit")
    add_plan(database, published=False, starts="2026-01-01", name="Better")
    page = page.submit("Submit", 409, **dict.fromkeys(warnings(page), ANSWER))
    assert f"{HR} has changed service@2026-01-01 since you loaded it." in page.errors[0]
    assert find(database, DRAFT).state is State.DRAFT


def test_a_draft_with_errors_is_kept_and_shows_what_keeps_it_from_being_submitted(visit, database):
    add_plan(database, published=False, starts="2026-01-01", applies_to={"units": ["NOWHERE"]})
    assert "Submit" not in [link.text for link in visit(HR).get(DRAFT).root.xpath("//div[@class='act']//a")]
    page = visit(HR).get(f"{DRAFT}/submit")
    assert "What keeps it from being submitted" in page.text
    assert "Submit" not in page.buttons()
    assert "This version is published" in visit(HR).get(f"{PUBLISHED}/submit").text


def test_an_unused_version_is_withdrawn_with_words_and_a_used_one_offers_it_not(visit, database):
    hand_in(visit)
    visitor = visit(APPROVER)
    page = visitor.get(DRAFT).submit("Publish").follow("Withdraw")
    page = page.submit("Withdraw", words="Agreed otherwise.")
    assert page.notes == ["Service incentive is withdrawn. It pays nobody, and its start is free for another version."]
    assert "Agreed otherwise." in page.text
    assert "Withdraw" not in visitor.get(PUBLISHED).text
    page = visitor.get(f"{PUBLISHED}/withdraw").submit("Withdraw", 422, words="No.")
    assert "a run has used it" in page.errors[0]


def test_a_withdrawn_version_is_still_found_behind_the_one_that_took_its_start(visit, database):
    hand_in(visit)
    visit(APPROVER).get(DRAFT).submit("Publish").follow("Withdraw").submit("Withdraw", words="Agreed otherwise.")
    add_plan(database, published=False, starts="2026-01-01", name="Better")
    page = visit(HR).get("/plans?state=withdrawn")
    assert [row[1] for row in page.rows()] == ["withdrawn"]
    assert page.follow("1 Jan 2026").heading == "Service incentive"
    assert visit(HR).get(DRAFT).heading == "Better"


def test_a_draft_is_discarded_and_no_longer_listed_with_the_others(visit):
    page = visit(SECOND_HR).get(DRAFT).submit("Discard")
    assert page.notes == ["The draft of Service incentive is discarded. It is kept for the record only."]
    assert [row[1] for row in visit(HR).get("/plans").rows()] == ["in force"]
    assert [row[1] for row in visit(HR).get("/plans?state=discarded").rows()] == ["discarded"]


def test_the_list_is_filtered_by_state_and_says_so_where_there_is_none(visit):
    page = visit(HR).get("/plans?state=in+force")
    assert [row[0] for row in page.rows()] == ["1 Jan 2025"]
    assert "No version is superseded" in visit(HR).get("/plans?state=superseded").text


def test_two_versions_are_compared_in_words(visit, database):
    add_plan(database, published=False, starts="2026-07-01", cap="150%")
    page = visit(AUDITOR).get("/plans/compare")
    page = visit(AUDITOR).get("/plans/compare?before=service@2025-01-01&after=service@2026-07-01")
    assert page.heading == "Service incentive: what differs"
    assert [" ".join(cell.split()) for cell in page.rows("The plan")[1]] == ["Cap", "none", "150 %"]
    page = visit(AUDITOR).get("/plans/compare?before=service@2025-01-01&after=service@2025-01-01")
    assert "Nothing differs between service@2025-01-01 and service@2025-01-01." in page.text
    visit(AUDITOR).get("/plans/compare?before=service@2025-01-01&after=nothing", 404)


def test_an_employee_is_told_of_the_plan_reads_it_and_says_so_once(visit, database):
    visitor = visit(EMPLOYEE)
    assert "There is a plan for you to read: Service incentive, from 1 Jan 2025" in visitor.get("/").text
    page = visitor.get("/my-pay")
    assert "Service incentive, from 1 Jan 2025" in page.text
    assert "to read" in page.text
    page = page.follow("Service incentive, from 1 Jan 2025")
    assert page.address == f"{PUBLISHED}/document"
    assert find(database, PUBLISHED).sha256 in page.text
    page = page.submit("I have read this plan")
    assert page.notes == ["Thank you. It is noted that you have read this plan."]
    assert "I have read this plan" not in page.buttons()
    assert "There is a plan for you to read" not in visitor.get("/").text
    assert "read on" in visitor.get("/my-pay").text


def test_a_document_is_not_there_for_those_whom_it_does_not_pay(visit):
    for who in (DIRECTOR, PAYROLL):
        visit(who).get(f"{PUBLISHED}/document", 404)
    visit(EMPLOYEE).get(f"{DRAFT}/document", 404)
    page = visit(HR).get(f"{DRAFT}/document")
    assert "This version is draft: it pays nobody." in page.text
    assert "I have read this plan" not in page.buttons()


def test_who_has_read_a_plan_is_listed_by_unit_within_sight_and_as_a_file(visit):
    visit(EMPLOYEE).get(f"{PUBLISHED}/document").submit("I have read this plan")
    page = visit(HR).get(PUBLISHED).follow("Who has read it")
    assert [row[:4] for row in page.rows("By unit")] == [
        ["Faro FAR", "1", "0", "1"],
        ["Lisbon LIS", "5", "1", "4"],
        ["Together", "6", "1", "5"],
    ]
    content = visit(HR).fetch(f"{PUBLISHED}/readers/file").data.decode("utf-8-sig").splitlines()
    assert content[0] == '"plan","pays from","unit","unit name","employee","name","read at (UTC)"'
    assert len(content) == 7
    page = visit(MANAGER).get(f"{PUBLISHED}/readers")
    assert "Cleo Costa" not in page.text
    visit(PAYROLL).get(f"{PUBLISHED}/readers", 404)


def test_a_payout_names_the_documents_that_it_was_calculated_by(visit, database):
    sha256 = find(database, PUBLISHED).sha256
    for who in (HR, MANAGER):
        assert f"service@2025-01-01, document {sha256}" in visit(who).get("/payouts/2025-Q4/1001").text


def version(state, starts):
    now = datetime(2025, 1, 1, tzinfo=UTC)
    return Version(plan(starts=starts), state, "a" * 64, "author", now, None, None)


@pytest.mark.parametrize("today", [date(2024, 1, 1), date(2025, 6, 1), date(2031, 1, 1)])
def test_a_time_line_has_a_bar_for_each_living_version_from_its_start_to_the_next(today):
    versions = [
        version(State.PUBLISHED, "2025-01-01"),
        version(State.PUBLISHED, "2026-01-01"),
        version(State.DRAFT, "2026-06-01"),
        version(State.WITHDRAWN, "2025-06-01"),
    ]
    line = timeline(versions, today)
    first, second, draft = line.bars
    assert first.x + first.width == pytest.approx(second.x, abs=0.2)
    assert second.x < draft.x
    assert second.x + second.width == pytest.approx(line.width - 2, abs=0.2)
    assert 0 < line.today < line.width
    assert all(bar.x >= 0 and bar.width > 0 and bar.y + 22 < line.height for bar in line.bars)
    assert [bar.kind for bar in line.bars][-1] == "open"


def test_a_plan_of_which_no_version_lives_has_no_time_line():
    assert timeline([version(State.DISCARDED, "2025-01-01")], date(2025, 1, 1)) is None
