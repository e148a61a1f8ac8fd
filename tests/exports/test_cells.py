import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import Workbook, load_workbook

from exports.cells import Formula, Styled, add_row, money_format


def saved(*contents) -> bytes:
    """A workbook with one row of these contents."""
    book = Workbook(write_only=True)
    add_row(book.create_sheet("S"), contents)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xml(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def first(content: bytes):
    return load_workbook(io.BytesIO(content))["S"]["A1"]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "=1+1", "+1", "-2", "@SUM(A1)", "\t=1+1", "\r=1+1", "=HYPERLINK(0)"]
)
def test_a_name_that_starts_like_a_formula_stays_text_also_after_it_is_edited(text):
    content = saved(text)
    cell = first(content)
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert "<f>" not in xml(content)
    assert cell.value.replace("\n", "\r") == text


@pytest.mark.parametrize(
    "text", ["#N/A", "#REF!", "#DIV/0!", "TRUE", "1E5", "2026-01-01", "007", "1.10", "O'Neil", " a "]
)
def test_a_text_that_a_spreadsheet_would_read_as_something_else_stays_text(text):
    cell = first(saved(text))
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.number_format == "@"


def test_control_characters_and_halves_of_characters_are_left_out_and_the_rest_stays():
    assert first(saved("A\x00n\x0ba \ud800Sil\x1fva\uffff")).value == "Ana Silva"


def test_a_formula_behind_a_control_character_is_text_with_its_quote_prefix():
    cell = first(saved("\x00=1+1"))
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=1+1", True)


def test_an_empty_text_is_an_empty_cell():
    assert first(saved("", "x")).value is None


def test_only_a_formula_is_a_formula():
    content = saved(Formula("1+1"))
    assert re.search("<f>1\\+1</f>", xml(content))
    assert first(content).data_type == "f"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Fraction("0.1"), "0.1"),
        (Fraction("1335.94"), "1335.94"),
        (Fraction("0.3"), "0.3"),
        (Fraction("9999999999.99"), "9999999999.99"),
        (Fraction(-1234, 100), "-12.34"),
        (Fraction(4075821), "4075821"),
        (Fraction("1.157407407407"), "1.157407407407"),
        (0, "0"),
        (12, "12"),
    ],
)
def test_a_number_is_written_as_it_is_without_binary_dust(number, written):
    assert f"<v>{written}</v>" in xml(saved(number))


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("1.5"), float("nan"), 0.1, b"bytes", object()])
def test_what_is_not_exact_is_refused_and_not_left_blank(value):
    with pytest.raises(TypeError, match="is neither text, a day nor an exact number"):
        saved(value)


def test_a_day_is_a_day_in_iso_order():
    cell = first(saved(date(2026, 9, 30)))
    assert (cell.is_date, cell.value.date(), cell.number_format) == (True, date(2026, 9, 30), "yyyy-mm-dd")


@pytest.mark.parametrize(
    ("currency", "shown"),
    [("EUR", "#,##0.00;[Red]-#,##0.00"), ("JPY", "#,##0;[Red]-#,##0"), ("KWD", "#,##0.000;[Red]-#,##0.000")],
)
def test_amounts_show_the_decimals_of_their_currency(currency, shown):
    assert money_format(currency) == shown
    assert first(saved(Styled(Fraction(1), money_format(currency)))).number_format == shown
