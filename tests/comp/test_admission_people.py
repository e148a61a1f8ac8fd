"""What stands against rows of people and their absences."""

from datetime import date
from fractions import Fraction

import pytest

from comp.admission_people import absence_problems, person_problems
from comp.intake import AbsenceRecord, PersonRecord
from comp.periods import FOREVER, Span


def span(start, end=None):
    return Span(date.fromisoformat(start), date.fromisoformat(end) if end else FOREVER)


def person(line, employee, start="2026-01-01", end=None, **fields):
    return PersonRecord(
        line,
        employee,
        **{"name": f"Person {employee}", "unit": "LIS", "span": span(start, end), "currency": "EUR", **fields},
    )


def problems(*records, employees=(), assignments=None):
    return [str(each) for each in person_problems(records, {"LIS"}, set(employees), assignments or {})]


def test_people_with_their_manager_in_the_file_or_on_file_are_sound():
    assert problems(person(2, "1", manager="2"), person(3, "2", manager="9"), employees={"9"}) == []


def test_two_assignments_that_touch_do_not_overlap():
    assert problems(person(2, "1", end="2026-04-01"), person(3, "1", "2026-04-01")) == []


def test_the_same_number_for_two_people_is_a_problem():
    assert problems(person(2, "1", name="Ana"), person(3, "1", "2026-04-01", name="Rui")) == [
        "line 3, column employee ('1'): stands for two people: 'Ana' on line 2 and 'Rui' here."
    ]


@pytest.mark.parametrize(
    "other", [{"email": "x@example.com"}, {"left": date(2027, 1, 1)}, {"leaving_reason": "retired"}]
)
def test_rows_that_say_different_things_of_one_person_are_a_problem(other):
    assert problems(person(2, "1", end="2026-04-01"), person(3, "1", "2026-04-01", **other)) == [
        "line 3, column employee ('1'): has another email, hired, left or leaving_reason here than on line 2."
    ]


def test_numbers_that_differ_in_zeros_are_reported_and_not_merged():
    assert problems(person(2, "007"), person(3, "7")) == [
        "line 3, column employee ('7'): looks like '007' on line 2. Write both alike, or make them clearly different."
    ]


def test_an_unknown_unit_and_an_unknown_manager_are_named():
    assert problems(person(2, "1", unit="POR", manager="8")) == [
        "line 2, column unit ('POR'): is not a unit. Import the units first, or correct the code.",
        "line 2, column manager ('8'): is not an employee: neither this file nor an earlier one has the number.",
    ]


def test_nobody_is_their_own_manager():
    assert problems(person(2, "1", manager="1")) == ["line 2, column manager ('1'): is the employee's own number."]


def test_nobody_leaves_before_being_hired():
    hired, left = date(2026, 5, 1), date(2026, 4, 1)
    assert problems(person(2, "1", hired=hired, left=left)) == [
        "line 2, column left ('2026-04-01'): is before `hired`."
    ]
    assert problems(person(2, "1", hired=left, left=hired)) == []


def test_a_currency_is_one_of_iso_4217():
    assert problems(person(2, "1", currency="EURO", annual_salary=Fraction(1, 3))) == [
        "line 2, column currency ('EURO'): is not an ISO 4217 currency such as EUR."
    ]


def test_amounts_are_not_finer_than_the_minor_unit_of_their_currency():
    fine = {"annual_salary": Fraction("48000.5"), "target_amount": Fraction("0.001")}
    assert problems(person(2, "1", currency="JPY", **fine)) == [
        "line 2, column annual_salary ('48000.5'): is finer than the minor unit of JPY.",
        "line 2, column target_amount ('0.001'): is finer than the minor unit of JPY.",
    ]
    assert problems(person(2, "1", currency="KWD", **fine)) == []


def overlap(start, place, later):
    return (
        f"1's assignments overlap: the one from {start} ({place}) is not ended before {later}. "
        "Give it a last day in `to`."
    )


def test_two_assignments_that_share_days_are_named_with_the_line_that_lacks_its_end():
    why = overlap("1 January 2026", "line 2", "1 April 2026")
    assert problems(person(2, "1"), person(3, "1", "2026-04-01")) == [f"line 3, column from ('2026-04-01'): {why}"]


def test_two_assignments_from_the_same_day_are_a_problem():
    rows = (person(2, "1", end="2026-04-01"), person(3, "1"), person(4, "2"))
    assert problems(*rows) == ["line 3, column from ('2026-01-01'): 1 has two rows from this day."]


def test_an_assignment_on_file_that_the_file_does_not_replace_may_not_overlap_with_it():
    why = overlap("1 January 2025", "an assignment on file", "1 January 2026")
    assert problems(person(2, "1"), assignments={"1": {span("2025-01-01"): None}}) == [
        f"line 2, column from ('2026-01-01'): {why}"
    ]
    why = overlap("1 January 2026", "line 2", "1 June 2026")
    assert problems(person(2, "1"), assignments={"1": {span("2026-06-01"): None}}) == [
        f"line 2, column from ('2026-06-01'): {why}"
    ]
    assert problems(person(2, "1"), assignments={"1": {span("2025-01-01", "2026-01-01"): None}}) == []


def test_a_circle_of_managers_is_told_once_with_the_whole_way_round():
    rows = (
        person(2, "1", manager="2"),
        person(3, "2", manager="3"),
        person(4, "3", manager="1"),
        person(5, "4", manager="1"),
    )
    assert problems(*rows) == ["line 2, column manager ('2'): closes a circle of managers: 1 under 2 under 3 under 1."]


def test_managers_in_turn_are_no_circle():
    rows = (
        person(2, "1", end="2026-04-01", manager="2"),
        person(3, "1", "2026-04-01"),
        person(4, "2", end="2026-04-01"),
        person(5, "2", "2026-04-01", manager="1"),
    )
    assert problems(*rows) == []


def test_a_circle_may_run_over_people_who_are_not_in_the_file_and_last_for_a_day():
    on_file = {"9": {span("2026-03-31", "2026-04-01"): "1", span("2026-04-01"): None}}
    assert problems(person(2, "1", manager="9"), employees={"9"}, assignments=on_file) == [
        "line 2, column manager ('9'): closes a circle of managers: 1 under 9 under 1."
    ]


def test_two_ways_up_to_the_same_manager_are_no_circle():
    rows = (
        person(2, "1", end="2026-04-01", manager="2"),
        person(3, "1", "2026-04-01", manager="2"),
        person(4, "2", manager="3"),
        person(5, "3"),
    )
    assert problems(*rows) == []


def test_a_circle_above_somebody_is_told_of_those_in_it():
    on_file = {"8": {span("2026-01-01"): "9"}, "9": {span("2026-01-01"): "8"}}
    assert problems(person(2, "1", manager="8"), employees={"8", "9"}, assignments=on_file) == []


def absence(line, start, end, employee="1"):
    return AbsenceRecord(line, employee, span(start, end), "unpaid")


def absences(*records, kept=None):
    return [str(each) for each in absence_problems(records, {"1", "2"}, kept or {})]


def test_absences_that_touch_and_those_of_different_people_are_sound():
    rows = (absence(2, "2026-07-01", "2026-07-10"), absence(3, "2026-07-10", "2026-07-20"))
    assert absences(*rows, absence(4, "2026-07-05", "2026-07-15", "2")) == []


def test_absences_that_share_a_day_are_a_problem_in_the_file_and_with_those_on_file():
    rows = (absence(2, "2026-07-01", "2026-07-11"), absence(3, "2026-07-10", "2026-07-20"))
    assert absences(*rows) == ["line 3, column from ('2026-07-10'): overlaps with the absence of 1 from 1 July 2026."]
    assert absences(rows[0], kept={"1": [span("2026-07-10", "2026-07-20")]}) == [
        "line 2, column from ('2026-07-01'): overlaps with the absence of 1 from 10 July 2026."
    ]


def test_an_absence_of_nobody_known_is_a_problem():
    assert absences(absence(2, "2026-07-01", "2026-07-11", "3")) == [
        "line 2, column employee ('3'): is not an employee. Import the people first, or correct the number."
    ]


def test_an_amount_that_nobody_is_paid_is_a_problem():
    assert problems(person(2, "1", annual_salary=Fraction("999999999999.99"), target_amount=Fraction(10**12))) == [
        "line 2, column target_amount ('1000000000000'): is a trillion or more. Correct the amount."
    ]
