"""CSV whose text stays text in a spreadsheet."""

import csv
import io

import pytest

from exports.comma_separated import comma_separated


def read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_table_comes_back_as_it_was():
    rows = [["a", 'Ünal, "Bo"\nnext line'], ["", "12"]]
    assert read(comma_separated(("one", "two"), rows)) == [["one", "two"], *rows]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(text):
    assert read(comma_separated(("one",), [[text]]))[1] == [f"'{text}"]


def test_every_field_is_quoted_and_spreadsheets_know_the_encoding():
    assert comma_separated(("one",), [["é"]]) == '\ufeff"one"\r\n"é"\r\n'.encode()
