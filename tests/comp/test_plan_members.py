"""Who is in a plan version: the version that pays somebody on a day, and nobody else."""

from datetime import date

from comp.facts import Unit
from comp.organisation import Organisation
from comp.periods import FOREVER, Span
from comp.plan_members import Members, Stay, version_days
from tests.make import plan

TREE = Organisation(
    [Unit("CO", "Company"), Unit("U", "Unit", "CO"), Unit("V", "Other", "CO"), Unit("X", "X", "NOWHERE")]
)
FIRST = plan(applies_to={"units": ["U"]})
SECOND = plan(applies_to={"units": ["U"]}, starts="2026-01-01")
EVERYBODY = plan(id="all")


def stay(unit="U", grade="", start=date(2020, 1, 1), end=FOREVER):
    return [Stay(unit, grade, Span(start, end))]


def members(of, *published):
    return Members(of, published, TREE)


def test_a_version_lasts_until_the_next_of_its_plan_starts():
    assert version_days(FIRST, [FIRST, SECOND, EVERYBODY]) == Span(date(2025, 1, 1), date(2026, 1, 1))
    assert version_days(SECOND, [FIRST, SECOND, EVERYBODY]) == Span(date(2026, 1, 1))


def test_whoever_is_there_on_any_day_of_a_version_is_in_it():
    version = members(FIRST, FIRST, SECOND)
    assert version.includes(stay())
    assert version.includes(stay(start=date(2025, 12, 31)))
    assert not version.includes(stay(start=date(2026, 1, 1)))
    assert not version.includes(stay(end=date(2025, 1, 1)))
    assert not version.includes(stay("V"))
    assert not version.includes([])


def test_a_plan_that_is_nearer_decides():
    assert members(FIRST, FIRST, EVERYBODY).includes(stay())
    assert not members(EVERYBODY, FIRST, EVERYBODY).includes(stay())
    assert members(EVERYBODY, FIRST, EVERYBODY).includes(stay("V"))
    assert members(EVERYBODY, SECOND, EVERYBODY).includes(stay())
    assert not members(EVERYBODY, SECOND, EVERYBODY).includes(stay(), Span(date(2026, 1, 1)))


def test_grades_decide_too():
    trained = plan(applies_to={"grades": ["A"]})
    assert members(trained, trained).includes(stay(grade="A"))
    assert not members(trained, trained).includes(stay(grade="B"))


def test_nobody_is_in_plans_that_clash_or_in_a_unit_without_a_way_to_the_top():
    rival = plan(id="rival", applies_to={"units": ["U"]})
    assert not members(FIRST, FIRST, rival).includes(stay())
    assert not members(EVERYBODY, EVERYBODY).includes(stay("X"))
    assert not members(EVERYBODY, EVERYBODY).includes(stay("UNKNOWN"))


def test_the_days_still_to_come_begin_today_and_are_all_of_them_before_and_after():
    version = members(FIRST, FIRST, SECOND)
    assert version.from_today(date(2025, 7, 1)) == Span(date(2025, 7, 1), date(2026, 1, 1))
    assert version.from_today(date(2024, 7, 1)) == version.days
    assert version.from_today(date(2026, 1, 1)) == version.days
