"""What came late: named by what differs, and nothing that pays nothing."""

from datetime import date

import pytest

from comp.late_data import Late, LateKind, late_data
from comp.periods import Span
from tests.make import company, person, plan_document, scenario

AWAY = {"from": "2025-08-01", "to": "2025-08-03", "kind": "x"}
DAYS = Span(date(2025, 7, 1), date(2025, 10, 1))


def late(old=None, **new):
    return late_data(scenario(**(old or {})).facts, scenario(**new).facts, DAYS)


def test_nothing_came_late_where_nothing_changed():
    assert late() == ()


def test_a_restated_score_is_named_by_unit_metric_and_quarter():
    results = [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "90"}]
    assert late(results=results) == (Late(LateKind.SCORES, 1, ("U k 2025-Q3",)),)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (LateKind.ASSIGNMENTS, {"people": [person(target_amount="5000")]}),
        (LateKind.EMPLOYMENT, {"people": [person(left="2025-08-01")]}),
        (LateKind.ABSENCES, {"people": [person(absences=[AWAY])]}),
        (LateKind.PLANS, {"plans": [plan_document(cap="150%")]}),
        (LateKind.DEFINITIONS, {"metrics": {"k": {"statistic": "value", "decimals": 2}}}),
        (LateKind.TARGETS, {"targets": [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "target": "5"}]}),
        (
            LateKind.OWN_RESULTS,
            {"personal_results": [{"employee": "1", "quarter": "2025-Q3", "metric": "k", "value": "9"}]},
        ),
        (LateKind.UNITS, {"units": [*company()["units"], {"unit": "V", "name": "V"}]}),
    ],
)
def test_each_kind_of_change_is_told(kind, change):
    assert kind in {each.kind for each in late(**change)}


def test_what_lies_beyond_the_quarter_or_only_says_where_pay_is_booked_is_not_told():
    assert late(people=[person(to="2025-12-31", cost_centre="CC9")]) == ()


def test_an_assignment_of_another_quarter_is_not_told():
    stays = {"unit": "U", "from": "2020-01-01", "to": "2025-12-31", "currency": "EUR", "target_amount": "4000"}
    later = {**stays, "from": "2026-01-01", "to": "", "target_amount": "9000"}
    assert late(people=[person(assignments=[stays, {key: value for key, value in later.items() if value}])]) == ()


def test_many_changes_are_counted_and_the_first_five_named():
    people = [person(str(number)) for number in range(1, 8)]
    moved = [person(str(number), target_amount="1") for number in range(1, 8)]
    assert late({"people": people}, people=moved) == (Late(LateKind.ASSIGNMENTS, 7, ("1", "2", "3", "4", "5")),)
