"""Columns are known by their names, whatever their order, and none is left out unseen."""

import pytest

from comp.intake import Kind
from importers.files import read_file
from importers.options import Options


def read(text, kind=Kind.UNITS, **columns):
    return read_file(kind, text.encode(), "file.csv", Options({key.replace("_", " "): f for key, f in columns.items()}))


def told(problems):
    return [str(problem) for problem in problems]


def test_names_of_columns_are_read_without_regard_to_case_blanks_or_hyphens():
    (unit,) = read("NAME,Loyalty Lead,UNIT \nLisbon,000123,001\n").records
    assert (unit.unit, unit.name, unit.loyalty_lead) == ("001", "Lisbon", "000123")


def test_a_column_is_mapped_to_a_field():
    (unit,) = read("Loja N.º,Nome\n001,Lisboa\n", **{"loja_n.º": "unit", "Nome": "name"}).records
    assert (unit.unit, unit.name) == ("001", "Lisboa")


def test_a_mapped_column_goes_before_the_one_that_bears_the_fields_name():
    intake = read("unit,name,shop\nA,Lisbon,001\n", shop="unit")
    assert intake.records[0].unit == "001"
    assert told(intake.warnings) == ["line 1, column unit: is not a known column; it is left out."]


def test_a_mapping_of_a_column_that_is_not_there_is_a_problem():
    assert told(read("unit,name\nA,B\n", shop="parent").problems) == [
        "line 1, column shop: is mapped, but the file has no such column."
    ]


def test_a_mapping_to_a_field_that_does_not_exist_lists_those_that_do():
    (problem,) = read("unit,name,shop\nA,B,C\n", shop="colour").problems
    assert problem.why == "is mapped to 'colour', which is not one of currency, loyalty_lead, name, parent, unit."


def test_two_columns_of_one_meaning_are_a_problem():
    assert told(read("unit,Unit,name\nA,B,C\n").problems) == [
        "line 1, column Unit: means unit, as the column 'unit' does."
    ]


def test_a_missing_column_says_what_to_do():
    assert told(read("unit\nA\n").problems) == [
        "line 1, column name: is required in a units file and is not there. Add the column, or map one to it."
    ]


def test_columns_that_are_not_known_or_have_no_name_are_told():
    assert told(read("unit,name,colour,,\nA,B,red,x,\n").warnings) == [
        "line 1, column colour: is not a known column; it is left out.",
        "line 1: column 4 has cells and no name in the header; it is left out.",
    ]


def test_columns_of_the_same_unknown_name_do_no_harm():
    assert len(read("unit,name,note,note\nA,B,x,y\n").records) == 1


def test_a_row_with_more_cells_than_the_header_is_a_problem_and_one_with_fewer_is_not():
    intake = read("unit,name,parent\nA,Lisbon, the capital,CO\nB,Porto\n")
    assert told(intake.problems) == [
        "line 2: has 4 cells, the header 3. Put text that has a separator in it in quotes."
    ]
    assert intake.records[1].parent is None


@pytest.mark.parametrize("code", ["\x01", "\x0b", "\x7f", "\ufffe", "\x00"])
def test_control_characters_in_a_name_are_a_problem(code):
    assert [problem.why for problem in read(f"unit,name\nA,Lis{code}bon\n").problems] == [
        "has control characters in it. Type it anew."
    ]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "@SUM(1)", "+cmd|' /C calc'!A0", "-1+1", "＝1+1"])
def test_text_that_a_spreadsheet_would_run_is_kept_and_told_once_for_a_column(text):
    quoted = '"' + text.replace('"', '""') + '"'
    intake = read(f"unit,name\nA,{quoted}\nB,{quoted}\nC,Porto\n")
    assert (intake.records[0].name, intake.problems) == (text, ())
    (warning,) = told(intake.warnings)
    assert warning == (
        "line 2, column name: starts like a formula. It is kept as text, here and in every workbook, "
        "like 1 more of the column."
    )


def test_numbers_and_dashes_do_not_start_like_formulas():
    assert read("unit,name\n-12,-\n+3.5,A - B\n").warnings == ()
