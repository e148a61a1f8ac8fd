from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from comp.company import Company, read_company, write_company
from comp.documents import Fields
from comp.periods import FiscalCalendar

FULL = Company(
    FiscalCalendar(4, "end"),
    (("EUR", Fraction(1, 20)), ("JPY", Fraction(100))),
    "Europe/Lisbon",
    query_days=8,
    comments_kept=24,
)


@pytest.mark.parametrize("company", [Company(), FULL])
def test_settings_that_are_written_and_read_again_are_the_same(company):
    problems = []
    assert read_company(Fields(write_company(company), problems)) == company
    assert problems == []


def test_a_company_knows_the_zone_in_which_its_days_begin():
    assert FULL.zone == ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize("zone", ["Lisbon", "/etc/passwd", "../UTC", "x" * 300])
def test_a_zone_that_does_not_exist_is_refused_in_words(zone):
    problems = []
    read_company(Fields({"time_zone": zone}, problems))
    assert ["is not a time zone" in problem.why for problem in problems] == [True]


@pytest.mark.parametrize(
    ("days", "why"), [("0", "from 1 to 60"), ("61", "from 1 to 60"), ("soon", "not a"), ("1.5", "not a whole")]
)
def test_working_days_for_a_query_that_cannot_be_are_refused_in_words(days, why):
    problems = []
    assert read_company(Fields({"query_days": days}, problems)).query_days == 5
    assert [why in problem.why for problem in problems] == [True]


@pytest.mark.parametrize(("stated", "kept"), [({}, None), ({"comments_kept": "for good"}, None)])
def test_comments_are_kept_for_good_unless_somebody_says_for_how_long(stated, kept):
    problems = []
    assert read_company(Fields(stated, problems)).comments_kept is kept
    assert problems == []


@pytest.mark.parametrize("months", ["0", "1201"])
def test_comments_are_kept_for_a_month_at_least(months):
    problems = []
    read_company(Fields({"comments_kept": months}, problems))
    assert ["is no number of months from 1 to 1200" in problem.why for problem in problems] == [True]
