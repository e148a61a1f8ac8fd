"""What is read of a workbook, however oddly it was written."""

from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from comp.errors import RefusedError
from comp.intake import Kind
from importers.files import read_file
from importers.workbooks import cell_text, plain_number, read_workbook
from tests.importers.books import SHEET, WORKBOOK, book, edited, rebuilt, saved

HEADER = ("unit", "name")


def units(content):
    return read_file(Kind.UNITS, content, "units.xlsx")


def codes(content):
    return [record.unit for record in units(content).records]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (940.99999999999989, "941"),
        (0.1 + 0.2, "0.3"),
        (10417.0, "10417"),
        (-2.5, "-2.5"),
        (1.23456789012e-05, "0.0000123456789012"),
        (1e20, "100000000000000000000"),
        (100.0, "100"),
    ],
)
def test_a_number_has_the_digits_that_were_typed(value, text):
    assert plain_number(value) == text
    assert read_workbook(book([value])).rows == [(1, [text])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (" 007 ", "007"),
        (date(2026, 7, 31), "2026-07-31"),
        (datetime.fromisoformat("2026-07-31"), "2026-07-31"),
        (datetime.fromisoformat("2026-07-31 23:30"), "2026-07-31 23:30:00"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (7, "7"),
    ],
)
def test_other_cells_have_the_text_of_a_csv_file(value, text):
    assert cell_text(value) == text


def test_a_declared_dimension_that_is_too_small_loses_no_row():
    content = book(HEADER, ("LIS", "Lisbon"), ("POR", "Porto"))
    assert codes(edited(content, SHEET, '<dimension ref="A1:B3"', '<dimension ref="A1"')) == ["LIS", "POR"]


def test_a_declared_dimension_that_is_too_large_does_no_harm():
    content = book(HEADER, ("LIS", "Lisbon"))
    assert codes(edited(content, SHEET, '<dimension ref="A1:B2"', '<dimension ref="A1:XFD1048576"')) == ["LIS"]


def test_a_sheet_without_a_dimension_is_read():
    content = book(HEADER, ("LIS", "Lisbon"))
    assert codes(edited(content, SHEET, '<dimension ref="A1:B2"/>', "")) == ["LIS"]


def test_rows_keep_the_number_that_they_have_in_the_sheet():
    content = book((), (), HEADER, (), (None, "Lisbon"))
    assert [(p.line, p.column) for p in units(content).problems] == [(5, "unit")]


def test_a_row_as_wide_as_a_sheet_can_be_is_refused():
    with pytest.raises(RefusedError, match=r"units\.xlsx has more than 1,000 columns\. Save only those with data."):
        units(book(HEADER, fill=lambda sheet: sheet.cell(1, 16_384, "x")))


def test_reading_stops_after_200_blank_rows_and_says_what_it_did_not_read():
    far = units(book(HEADER, ("LIS", "Lisbon"), fill=lambda sheet: sheet.cell(204, 1, "POR")))
    assert [record.unit for record in far.records] == ["LIS"]
    assert [str(each) for each in far.warnings] == [
        "line 204: stands below 200 blank rows and is not read, nor is anything below it."
    ]


def test_200_blank_rows_do_not_end_a_sheet():
    assert codes(book(HEADER, ("LIS", "Lisbon"), fill=lambda sheet: sheet.cell(203, 1, "POR"))) == ["LIS", "POR"]


def test_a_value_in_the_last_row_that_a_sheet_can_have_is_told_and_not_waited_for():
    last = units(book(HEADER, ("LIS", "Lisbon"), fill=lambda sheet: sheet.cell(1_048_576, 1, "x")))
    assert (len(last.records), last.warnings[0].line) == (1, 1_048_576)


def test_days_of_a_1904_workbook_are_right_with_and_without_a_format():
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append(["employee", "from", "to", "kind"])
    workbook.active.append(["1", date(2026, 7, 31), 44773, "unpaid"])
    (absence,) = read_file(Kind.ABSENCES, saved(workbook), "absences.xlsx").records
    assert (absence.span.start, absence.span.last) == (date(2026, 7, 31), date(2026, 8, 1))


def test_unformatted_days_of_a_usual_workbook_count_from_1900():
    content = book(["employee", "from", "to", "kind"], ["1", 46234, 46234.75, "unpaid"])
    (absence,) = read_file(Kind.ABSENCES, content, "absences.xlsx").records
    assert (absence.span.start, absence.span.last) == (date(2026, 7, 31), date(2026, 7, 31))


def test_the_first_visible_sheet_with_data_is_read_and_the_others_are_named():
    workbook = openpyxl.Workbook()
    workbook.active.title = "Empty"
    for title, state in (("Secret", "hidden"), ("Deep", "veryHidden"), ("Units", "visible"), ("Notes", "visible")):
        sheet = workbook.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(HEADER)
        sheet.append((title, "A unit"))
    intake = units(saved(workbook))
    assert [record.unit for record in intake.records] == ["Units"]
    assert [str(each) for each in intake.warnings] == ["Only the sheet 'Units' is read. Not read: 'Notes'."]


def test_a_workbook_whose_only_data_is_hidden_is_refused():
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Units").append(HEADER)
    workbook["Units"].sheet_state = "hidden"
    with pytest.raises(RefusedError, match=r"units\.xlsx has no sheet with data that is not hidden"):
        units(saved(workbook))


def test_hidden_rows_are_read_and_told():
    def hide(sheet):
        for line in (3, 4, 9):
            sheet.row_dimensions[line].hidden = True

    intake = units(book(HEADER, ("LIS", "Lisbon"), ("POR", "Porto"), ("MAD", "Madrid"), fill=hide))
    assert [record.unit for record in intake.records] == ["LIS", "POR", "MAD"]
    assert [str(each) for each in intake.warnings] == [
        "line 3: is hidden in the sheet and read like the others; hidden rows in all: 2."
    ]


def test_merged_cells_have_their_value_in_the_first_of_them():
    def merge(sheet):
        sheet.merge_cells("A2:A3")

    assert [(p.line, p.column, p.why) for p in units(book(HEADER, ("LIS", "a"), (None, "b"), fill=merge)).problems] == [
        (3, "unit", "is missing")
    ]


def test_a_formula_that_was_never_calculated_is_named_with_its_place():
    with pytest.raises(RefusedError, match=r"units\.xlsx has formulas that were never calculated") as caught:
        units(book(HEADER, ("LIS", '="Lis"&"bon"'), ("POR", "Porto")))
    assert [str(problem) for problem in caught.value.problems] == [
        "line 2, column B: holds a formula without a value. Open the workbook in a spreadsheet program and save it."
    ]


def test_a_sheet_of_nothing_but_uncalculated_formulas_says_so():
    with pytest.raises(RefusedError, match="never calculated"):
        units(book(("=1+1",)))


def test_a_formula_on_a_sheet_that_is_not_read_does_not_matter():
    workbook = openpyxl.Workbook()
    for row in (HEADER, ("LIS", "Lisbon")):
        workbook.active.append(row)
    workbook.create_sheet("Sums").append(["=1+1"])
    assert codes(saved(workbook)) == ["LIS"]


@pytest.mark.parametrize("cached", ["<v>Lisbon</v>", '<v xml:space="preserve">Lisbon</v>'])
def test_a_formula_is_read_as_its_value(cached):
    content = edited(
        book(HEADER, ("LIS", "=A2")), SHEET, '<c r="B2"><f>A2</f><v></v>', f'<c r="B2" t="str"><f>A2</f>{cached}'
    )
    assert units(content).records[0].name == "Lisbon"


def test_an_error_of_the_spreadsheet_is_no_blank_and_no_name():
    content = book(("unit", "name", "parent"), ("LIS", "#REF!", "#N/A"), ("POR", "Porto", None))
    assert [(p.line, p.column, p.value) for p in units(content).problems] == [
        (2, "name", "#REF!"),
        (2, "parent", "#N/A"),
    ]


def test_an_error_among_numbers_is_a_problem_and_not_available_is_a_blank():
    content = book(
        ("unit", "quarter", "metric", "target"), ("LIS", 2026, "nps", "#DIV/0!"), ("LIS", 2027, "nps", "#N/A")
    )
    assert [(p.line, p.value, p.why) for p in read_file(Kind.TARGETS, content, "targets.xlsx").problems] == [
        (2, "#DIV/0!", "is not a number such as 1234.5"),
        (3, "#N/A", "is missing"),
    ]


def test_a_workbook_whose_parts_cannot_be_matched_to_its_sheets_is_still_read():
    content = book(HEADER, ("LIS", "Lisbon"))
    odd = edited(content, WORKBOOK, 'name="Sheet"', 'name="Sheet" xmlns:odd="x" odd:note="&gt;"')
    assert codes(odd) == ["LIS"]


def test_a_workbook_that_holds_no_sheets_cannot_be_read():
    with pytest.raises(RefusedError, match=r"units\.xlsx cannot be read as a workbook: "):
        units(rebuilt(book(HEADER), {WORKBOOK: b"<workbook>"}))
    with pytest.raises(RefusedError, match=r"units\.xlsx cannot be read as a workbook: "):
        units(rebuilt(book(HEADER), {SHEET: b"no xml"}))
