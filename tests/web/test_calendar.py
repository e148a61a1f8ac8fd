"""The calendar on its page: days of a quarter, the rule, and who may set them."""

from comp.db import reading
from comp.quarter_calendar import Step
from comp.services import quarter_calendar
from tests.web.company import APPROVER, HR, Q4

ADDRESS = "/calendar?quarter=2025-Q4"
STORE_DAYS, STORE_RULE = "Store the days of 2025-Q4", "Store the rule"


def days_of(database):
    with reading(database) as session:
        return {str(step): str(day) for step, day in quarter_calendar.calendar_of(session, Q4).days.items()}


def test_the_page_shows_the_days_that_the_rule_gives(visit):
    page = visit(HR).get(ADDRESS)
    assert page.heading == "Calendar of 2025-Q4"
    assert "It follows the rule until its days are set." in page.text
    assert page.value("import_by") == "2026-01-07"
    assert page.value("release_by") == "2026-01-28"


def test_a_single_day_is_changed_for_one_quarter(visit, database):
    page = visit(HR).get(ADDRESS).submit(STORE_DAYS, release_by="2026-01-30")
    assert page.notes == ["The days of 2025-Q4 are stored."]
    assert "its own" in page.text
    assert "not by the rule" in page.text
    assert days_of(database)["release"] == "2026-01-30"


def test_days_out_of_order_are_told_and_nothing_typed_is_lost(visit, database):
    before = days_of(database)
    page = visit(HR).get(ADDRESS).submit(STORE_DAYS, 422, review_by="2026-02-28")
    (error,) = page.errors
    assert error == (
        "Release: Payroll has its batch by 28 January 2026, before 28 February 2026, by which managers have reviewed. "
        "Move one of the two days."
    )
    assert page.value("review_by") == "2026-02-28"
    page = visit(HR).get(ADDRESS).submit(STORE_DAYS, 422, check_by="", escalate_after="90")
    assert page.errors == ["Check by: Choose a day.", "Days after which a review is escalated: Type 0 to 60."]
    assert days_of(database) == before


def test_another_rule_moves_quarters_without_days_of_their_own(visit, database):
    page = visit(HR).get(ADDRESS).submit(STORE_RULE, release_days="45", release_kind="plain", swing="12.5")
    assert page.notes == ["The rule is stored. It holds for every quarter that has no days of its own."]
    assert days_of(database)["release"] == "2026-02-14"
    with reading(database) as session:
        rules = quarter_calendar.load_rules(session)
    assert (str(rules.calendar.offsets[Step.RELEASE]), str(rules.swing)) == ("45 days", "1/8")


def test_a_rule_that_cannot_be_is_told(visit):
    page = visit(HR).get(ADDRESS).submit(STORE_RULE, 422, import_days="9")
    assert "which may be before 9 working days" in page.errors[0]
    page = visit(HR).get(ADDRESS).submit(STORE_RULE, 422, import_days="", swing="120")
    assert page.errors[0] == "Import by: days after the quarter’s end: Type a number of days."
    assert len(page.errors) == 2


def test_what_somebody_else_changed_is_a_conflict_with_the_days_of_now(visit):
    first, second = visit(HR).get(ADDRESS), visit(HR).get(ADDRESS)
    first.submit(STORE_DAYS, release_by="2026-01-30")
    page = second.submit(STORE_DAYS, 409, release_by="2026-01-29")
    assert "release by 30 January 2026" in page.errors[0]
    first, second = visit(HR).get(ADDRESS), visit(HR).get(ADDRESS)
    first.submit(STORE_RULE, release_days="30")
    assert "Somebody changed the rule" in second.submit(STORE_RULE, 409, release_days="31").errors[0]


def test_an_approver_reads_the_calendar_and_changes_nothing(visit):
    page = visit(APPROVER).get(ADDRESS)
    assert STORE_DAYS not in page.buttons()
    assert ["Import by", "5 working days after the quarter’s end"] in page.rows("The rule")
    assert ["Import by", "7 Jan 2026"] in page.rows("The days of 2025-Q4")
