"""What the data check finds in the tree of managers on the quarter's last day."""

from comp.data_check import check_data
from comp.data_findings import Check, Stop
from tests.make import person, scenario


def managed(*pairs, **left):
    """The findings in a company of people, each with a manager; some left on a day."""
    people = [
        person(number, manager=manager, **({"left": left[f"l{number}"]} if f"l{number}" in left else {}))
        for number, manager in pairs
    ]
    return check_data(scenario(people=people).facts)


def test_managers_who_follow_each_other_to_the_top_are_no_finding():
    assert managed(("1", "2"), ("2", "3"), ("3", "")) == ()


def test_a_circle_of_managers_is_one_error_that_stops_the_review_and_holds_nobody():
    (finding,) = managed(("4", "3"), ("3", "2"), ("2", "3"), ("5", "4"))
    assert (finding.check, finding.stops, finding.held) == (Check.MANAGER_CIRCLE, Stop.REVIEW, ())
    assert finding.what == "Managers in a circle: 2 under 3 under 2."
    assert [each.employee for each in finding.people] == ["2", "3"]


def test_somebody_who_is_their_own_manager_is_a_circle():
    (finding,) = managed(("1", "1"))
    assert finding.what == "Managers in a circle: 1 under 1."


def test_a_manager_who_was_not_employed_is_an_error_for_all_who_report_to_them():
    (finding,) = managed(("1", "99"), ("2", "99"))
    assert (finding.check, finding.is_error, finding.is_waivable) == (Check.MANAGER_NOBODY, True, True)
    assert finding.what == "2 people report to 99, who was not employed on a day of 2025-Q3."
    (finding,) = managed(("1", "99"))
    assert finding.what == "1 person reports to 99, who was not employed on a day of 2025-Q3."


def test_a_manager_who_left_while_somebody_stays_is_worth_a_look():
    (finding,) = managed(("1", "2"), ("2", ""), l2="2025-08-31")
    assert (finding.check, finding.is_error) == (Check.MANAGER_LEFT, False)
    assert finding.what == "1 person reports to somebody whose last day was 31 August 2025."
    assert managed(("1", "2"), ("2", ""), l1="2025-07-31", l2="2025-08-31") == ()


def test_the_manager_of_the_last_day_counts():
    spans = [("2020-01-01", "2025-08-14", "99"), ("2025-08-15", "", "2")]
    own = [
        {"unit": "U", "from": a, "to": b, "currency": "EUR", "target_amount": "4000", "manager": m} for a, b, m in spans
    ]
    own[1].pop("to")
    assert check_data(scenario(people=[person(assignments=own), person("2")]).facts) == ()
