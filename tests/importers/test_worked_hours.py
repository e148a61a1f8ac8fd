"""Hours worked, read from CSV and XLSX."""

import io
from datetime import date
from fractions import Fraction

import pytest
from openpyxl import Workbook

from comp.errors import RefusedError
from comp.overtime import Hours
from importers.cells import Style
from importers.worked_hours import read_worked_hours


def read(text, name="hours.csv"):
    return read_worked_hours(text.encode() if isinstance(text, str) else text, name, Style())


def refused(text):
    with pytest.raises(RefusedError) as caught:
        read(text)
    return [(problem.line, problem.column, problem.why) for problem in caught.value.problems] or str(caught.value)


def test_each_row_has_a_person_a_week_and_hours_and_other_columns_are_passed_over():
    found = read("employee,name,week,hours\n0017,Ann,2026-01-04,50\n'=1,Ben,2026-01-04,37.25\n")
    assert found == [
        Hours("0017", date(2026, 1, 4), Fraction(50), 2),
        Hours("=1", date(2026, 1, 4), Fraction("37.25"), 3),
    ]


def test_a_row_without_hours_says_nothing_and_a_zero_does():
    assert [each.hours for each in read("employee,week,hours\n1,2026-01-04,\n1,2026-01-11,0\n")] == [0]


def test_a_workbook_is_read_as_well_with_days_as_it_stores_them():
    book = Workbook()
    for row in (["Employee", "Week", "Hours"], ["0017", date(2026, 1, 4), 41.5]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue(), "hours.xlsx") == [Hours("0017", date(2026, 1, 4), Fraction("41.5"), 2)]


def test_every_problem_is_told_with_its_line_and_column():
    text = (
        "employee,week,hours\n,2026-01-04,40\n1,,40\n2,2026-01-04,169\n3,2026-01-04,-1\n4,2026-01-04,1.125\n5,x,ten\n"
    )
    told = refused(text)
    assert [(line, column) for line, column, _ in told] == [
        (2, "employee"),
        (3, "week"),
        (4, "hours"),
        (5, "hours"),
        (6, "hours"),
        (7, "week"),
        (7, "hours"),
    ]
    assert told[2][2] == "is no number of hours from 0 to 168, which a week has."
    assert told[4][2] == "has more than two decimals."


def test_days_that_could_be_read_in_two_ways_are_asked_for_in_one_that_cannot():
    assert refused("employee,week,hours\n1,04/01/2026,40\n")[0][2].endswith("Write days as 2026-07-05.")


def test_a_file_without_its_columns_or_without_hours_is_refused():
    assert [column for _, column, _ in refused("employee,week\n1,2026-01-04\n")] == ["hours"]
    assert "states no hours" in refused("employee,week,hours\n1,2026-01-04,\n")
