"""The table of payroll's numbers: read as a whole or refused with every problem; and problems at their lines."""

import pytest

from comp.errors import Problem, RefusedError
from importers.payroll_numbers import read_numbers
from importers.places import located
from tests.importers.books import book


def refused(text):
    with pytest.raises(RefusedError) as told:
        read_numbers(text.encode(), "numbers.csv")
    return str(told.value), [str(problem) for problem in told.value.problems]


def test_numbers_are_text_in_any_order_of_columns():
    table = "Payroll_Number;name;EMPLOYEE\n007;Ann;0001\n7;Bob; 2 \n7;Bob;2\n"
    assert read_numbers(table.encode("utf-16"), "numbers.csv") == {"0001": "007", "2": "7"}


def test_a_workbook_is_read_too():
    content = book(["employee", "payroll_number"], ["0001", "007"])
    assert read_numbers(content, "numbers.xlsx") == {"0001": "007"}


def test_every_problem_is_told_at_its_line():
    told, problems = refused("employee,payroll_number\n1,\n,5\n2,6\n2,7\n")
    assert told == "numbers.csv was not taken in."
    assert problems == [
        "line 2, column payroll_number: is empty. Fill it in, or take the row out.",
        "line 3, column employee: is empty. Fill it in, or take the row out.",
        "line 5, column employee ('2'): has two numbers in this file. Keep one.",
    ]


@pytest.mark.parametrize("header", ["employee,number", "payroll_number", "employee,payroll_number,employee"])
def test_a_table_without_its_columns_is_refused(header):
    told, problems = refused(f"{header}\n1,2,3\n")
    assert "should have one column named employee and one named payroll_number" in told
    assert problems


YAML = b"""id: x
file:
  name: pay.csv
  encoding: ebcdic
columns:
  - header: A
    field: amount
  - {header: B, width: 0}
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("id", 1),
        ("file", 2),
        ("file.encoding", 4),
        ("file.bom", 2),
        ("name", 1),
        ("columns", 5),
        ("columns[0]", 6),
        ("columns[0].field", 7),
        ("columns[1].width", 8),
        ("columns[7]", 5),
        ("id.more", 1),
        ("id[0]", 1),
        ("", 1),
    ],
)
def test_a_problem_is_found_at_its_line_or_at_that_of_what_should_hold_it(where, line):
    assert [problem.line for problem in located([Problem("is wrong", where)], YAML)] == [line]


def test_problems_come_in_the_order_of_the_text_and_keep_the_lines_that_they_have():
    problems = [Problem("b", "columns"), Problem("c", line=3), Problem("a", "id")]
    assert [(problem.why, problem.line) for problem in located(problems, YAML)] == [("a", 1), ("c", 3), ("b", 5)]


def test_an_empty_text_has_no_lines():
    assert located([Problem("is missing", "id")], b"# nothing\n") == [Problem("is missing", "id")]
