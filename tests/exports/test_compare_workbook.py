"""The workbook of a comparison: every figure of it, its formulas, and text that stays text."""

import io
from dataclasses import replace
from fractions import Fraction

from openpyxl import load_workbook

from comp.calculate import calculate
from comp.compare import Comparison
from comp.compare_totals import add_up
from comp.results import StoredRun
from exports.compare_workbook import compare_workbook
from tests.exports.books import sheets_of
from tests.make import person, scenario
from tests.office import listed, recalculated


def facts_of(**fields):
    return scenario(**fields).facts


def result(value):
    return {"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": value}


OLD = facts_of(people=[person("1", name="=cmd"), person("2", currency="KWD"), person("003"), person("4")])
NEW = facts_of(
    results=[result("110")],
    people=[person("1", name="=cmd", target_amount="8000"), person("2", currency="KWD"), person("003")],
)


def content(old=OLD, new=NEW):
    changes = list(Comparison(calculate(old), calculate(new), new.calendar).changes())
    first = sheets_of(old).run
    second = StoredRun(2, new.quarter, 2, first.origin)
    return compare_workbook(first, second, changes, add_up(changes))


def test_each_person_has_a_row_with_what_each_cause_changed():
    opened = load_workbook(io.BytesIO(content()))
    header, *rows = opened["Changes"].iter_rows(values_only=True)
    assert header == (
        "Employee", "Name", "Currency", "Before", "After", "Difference",
        "Scores", "Target pay", "Only in one run", "Check",
    )  # fmt: skip
    assert [row[:9] for row in rows] == [
        ("003", "Person 003", "EUR", 1000, 1100, 100, 100, None, None),
        ("1", "=cmd", "EUR", 1000, 2200, 1200, 150, 1050, None),
        ("2", "Person 2", "KWD", 1000, 1100, 100, 100, None, None),
        ("4", "Person 4", "EUR", 1000, None, -1000, None, None, -1000),
    ]
    assert opened["Changes"]["B3"].data_type == "s"
    assert opened["Changes"]["D2"].number_format.startswith("#,##0.00;")
    assert opened["Changes"]["D4"].number_format.startswith("#,##0.000;")


def test_the_summary_adds_causes_up_in_each_currency():
    sheet = load_workbook(io.BytesIO(content()))["Summary"]
    rows = [row[:4] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "From run 2025-Q3/1 to run 2025-Q3/2"
    assert rows[6:12] == [
        ("Before", "EUR", 3000, None),
        ("Scores", "EUR", 250, 2),
        ("Target pay", "EUR", 1050, 1),
        ("Only in one run", "EUR", -1000, 1),
        ("After", "EUR", 3300, 3),
        ("Before", "KWD", 1000, None),
    ]


def test_its_formulas_agree_with_every_figure_in_another_program():
    opened = recalculated({"changes": content()})["changes"]
    assert [row["Check"] for row in listed(opened, "Changes")] == ["OK"] * 4
    for _, _, change, people, there in opened["Summary"].iter_rows(min_row=7, values_only=True):
        if people is not None and there is not None:
            assert there == change


def test_two_runs_that_are_alike_have_a_workbook_that_opens():
    opened = load_workbook(io.BytesIO(content(OLD, OLD)))
    assert opened["Changes"].max_row == 1
    assert opened["Summary"]["A7"].value == "Before"


def test_coarse_rounding_has_its_column():
    opened = load_workbook(io.BytesIO(content(OLD, replace(OLD, round_to=(("EUR", Fraction(300)),)))))
    header = [cell.value for cell in opened["Changes"][1]]
    assert header[6:] == ["Rounding", "Check"]
    assert opened["Changes"]["F2"].value == -100
