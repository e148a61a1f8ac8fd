"""Corrections on pages: what came late is told, proposed by one, approved by another, and stands on statements."""

import pytest

from comp.db import reading
from comp.intake import Kind
from comp.services import late_data
from tests.paid import release
from tests.web.company import APPROVER, AUDITOR, EMPLOYEE, HR, MANAGER, NOW, Q3, SECOND_HR, take_in
from tests.web.conftest import make_app
from tests.web.visitor import Visitor
from web.late_data import nightly
from web.settings import Settings

BETTER, WORSE = (
    f"unit,quarter,metric,value,answers,promoters,passives,detractors\nLIS,2025-Q3,nps,,,{counts}\n"
    for counts in ("60,25,15", "40,30,30")
)
PAID = "/payouts/2025-Q3/1001"


@pytest.fixture
def paid(database):
    """2025-Q3 is paid; 2025-Q4 is calculated and waits."""
    release(database, Q3)
    return database


def drafted(visit, database, results=BETTER):
    take_in(database, Kind.RESULTS, results)
    return visit(HR).get("/corrections").submit("Calculate a correction")


def proposed(visit, database, results=BETTER):
    return drafted(visit, database, results).submit("Propose", words="Lisbon restated its score.")


def approved(visit, database, results=BETTER):
    proposed(visit, database, results)
    return visit(APPROVER).get("/corrections/1").submit("Approve")


def test_nothing_is_there_to_correct_before_something_was_paid(visit):
    assert "Nothing was paid yet" in visit(HR).get("/corrections").text


def test_what_came_late_is_told_once_somebody_looked(visit, paid):
    hr = visit(HR)
    assert "nobody looked yet" in hr.get("/corrections").text
    assert hr.get("/corrections").submit("Look").notes == ["2025-Q3 would pay everybody the same."]
    take_in(paid, Kind.RESULTS, BETTER)
    page = hr.get("/corrections")
    assert "something was taken in since" in page.text
    page = page.submit("Look")
    assert page.notes == ["2025-Q3 would be calculated differently."]
    (row,) = page.table("Paid quarters")
    assert row["What came late"] == "scores: LIS nps 2025-Q3"
    assert "different +" in row["Calculated now"]
    assert "Look" not in page.buttons()


def test_the_nightly_look_finds_the_same_and_looks_only_where_something_came_in(paid):
    settings = Settings()
    assert nightly(paid, settings, NOW, lambda: False) == "Looked at 0 of 1 paid quarters; all would pay the same."
    take_in(paid, Kind.RESULTS, BETTER)
    told = nightly(paid, settings, NOW, lambda: True)
    assert told == "Looked at 1 of 1 paid quarters; would be calculated differently: 2025-Q3."
    assert nightly(paid, settings, NOW, lambda: True) == "Nothing came in since the last look."
    with reading(paid) as session:
        assert late_data.watched(session)[0].check.pays_otherwise


def test_a_correction_says_who_is_owed_what_and_why(visit, paid):
    page = drafted(visit, paid)
    assert page.heading == "Correction 1 of 2025-Q3"
    (row,) = page.table("Who is owed what")
    assert row["Name"] == "Ada Alves 1001"
    assert row["Owed"].startswith("+")
    assert row["Why"].startswith("Scores (nps) +")
    assert "Once approved it is paid with 2025-Q4." in page.text


def test_where_everybody_got_what_is_right_there_is_nothing_to_correct(visit, paid):
    page = visit(HR).get("/corrections").submit("Calculate a correction")
    assert page.notes == ["Run 3 of 2025-Q3 owes nobody anything: everybody was paid what is right."]


def test_a_correction_is_approved_by_somebody_else_and_stands_on_both_statements(visit, paid):
    page = proposed(visit, paid)
    assert "Approve" not in page.buttons()
    amount = page.table("Who is owed what")[0]["Owed"]
    page = approved_page = visit(APPROVER).get("/corrections/1").submit("Approve")
    assert page.notes == ["It is approved, and paid with 2025-Q4."]
    assert approved_page.buttons().count("Put aside") == 0
    own = visit(MANAGER).get("/my-pay")
    assert f"Correction of 2025-Q3: scores {amount.replace(' EUR', '')} EUR." in own.text
    assert "2025-Q3 corrected" in own.text
    paid_page = visit(MANAGER).get("/payouts/2025-Q4/1001")
    assert f"Correction of 2025-Q3 {amount.removesuffix(' EUR')}" in paid_page.text
    assert "Corrected since by" in visit(MANAGER).get(PAID).text
    assert "What is shown here stays as it was released." in visit(AUDITOR).get(PAID).text


def test_what_is_done_about_too_much_is_changed_with_a_reason(visit, paid):
    page = drafted(visit, paid, WORSE)
    assert "recover at once" in page.table("Who is owed what")[0]["Why"]
    page = page.submit("Save", 422, policy="write off")
    assert page.errors == ["Say why it is to be written off: whoever approves it reads it."]
    page = page.submit("Save", policy="write off", reason="Not worth it.")
    assert "write off: “Not worth it.” (hr@aurelia.example)" in page.table("Who is owed what")[0]["Why"]
    page.submit("Propose")
    visit(APPROVER).get("/corrections/1").submit("Approve")
    assert "It is written off." in visit(MANAGER).get("/my-pay").text


def test_a_refusal_needs_words_and_is_read_by_who_proposed(visit, paid):
    proposed(visit, paid)
    page = visit(APPROVER).get("/corrections/1").submit("Refuse", 422)
    assert page.errors == ["Say why Correction 1 of 2025-Q3 is refused: whoever proposed it reads it."]
    page.submit("Refuse", words="The score is wrong.")
    assert "“The score is wrong.”" in visit(HR).get("/corrections/1").text


def test_what_changed_since_it_was_seen_is_told_and_nothing_is_decided(visit, paid):
    proposed(visit, paid)
    page = visit(APPROVER).get("/corrections/1")
    release(paid, Q3.plus(1))
    page = page.submit("Approve", 409)
    assert "it would be paid with 2026-Q1 now" in page.errors[0]


def test_one_that_waits_is_put_aside_before_the_next(visit, paid):
    drafted(visit, paid)
    page = visit(SECOND_HR).post("/corrections/2025-Q3/calculate", 422)
    assert "Correction 1 of 2025-Q3 is draft." in page.text
    page = visit(SECOND_HR).get("/corrections/1").submit("Put aside")
    assert page.notes[0].startswith("It is put aside")
    assert visit(HR).get("/corrections").submit("Calculate a correction").heading == "Correction 2 of 2025-Q3"


def test_lines_are_found_by_name_and_by_what_is_done(visit, paid):
    drafted(visit, paid)
    hr = visit(HR)
    assert hr.get("/corrections/1?q=ada&only=more").table("Who is owed what")
    assert "Nobody found" in hr.get("/corrections/1?only=less").text
    assert "Nobody found" in hr.get("/corrections/1?q=nobody&page=9").text


def test_those_who_see_nobodys_pay_see_no_correction(visit, paid):
    drafted(visit, paid)
    for address in ("/corrections", "/corrections/1"):
        visit(EMPLOYEE).get(address, 404)


def test_a_file_is_withdrawn_by_two_people_and_what_was_said_before_counts_again(visit, paid, tmp_path):
    take_in(paid, Kind.RESULTS, BETTER)
    page = visit(HR).get("/imports")
    page = page.follow(page.rows("What was taken in")[0][0])
    assert page.submit("Ask to withdraw it", 422).errors == ["Why: Say why the file shall count no more."]
    page = page.submit("Ask to withdraw it", words="It was another unit's.")
    assert "Withdraw the file" not in page.buttons()
    other = Visitor(make_app(paid, tmp_path), SECOND_HR).get(page.address)
    page = other.submit("Withdraw the file")
    assert page.notes == ["The file is withdrawn: 1 statement of it counted, and no more."]
    assert "withdrawn" in visit(HR).get("/imports").rows("What was taken in")[0][0]
    assert visit(HR).get("/corrections").submit("Look").notes == ["2025-Q3 would pay everybody the same."]


def test_a_file_counts_on_where_the_wish_is_taken_back(visit, paid):
    take_in(paid, Kind.RESULTS, BETTER)
    page = visit(HR).get("/imports")
    page = page.follow(page.rows("What was taken in")[0][0]).submit("Ask to withdraw it", words="A mistake.")
    assert page.submit("Take it back").notes == ["The file counts on."]


def test_files_of_other_kinds_say_why_they_are_not_withdrawn(visit):
    page = visit(HR).get("/imports/batches/1")
    assert "A file of units is not withdrawn. Take in a newer one that says what holds." in page.text
