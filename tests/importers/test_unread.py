"""Columns of answers that no question describes: kept in sight where they may be questions."""

import pytest

from comp.intake import Kind, UnreadColumn
from importers.files import read_file


def unread(header, *rows):
    lines = [
        f"response,unit,answered_on,recommend,{header}",
        *(f"r{n},U,2025-07-01,9,{row}" for n, row in enumerate(rows)),
    ]
    return read_file(Kind.ANSWERS, "\n".join(lines).encode(), "a.csv").unread


def test_a_column_of_small_whole_numbers_may_be_a_question():
    assert unread("q7,note", "5,fine", "1,bad", ",ok") == (UnreadColumn("q7", 2, 1, 5),)
    assert unread("Q7 (Ease)", "3.0", "2") == (UnreadColumn("Q7 (Ease)", 2, 2, 3),)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("price", ("9.5", "7")),
        ("always", ("1", "1")),
        ("blank", ("", "")),
        ("zip", ("12345", "54321")),
        ("seconds", ("3", "204")),
        ("Progress", ("50", "100")),
        ("", ("1", "2")),
        ("debt", ("-3", "2")),
    ],
)
def test_other_columns_are_not(header, rows):
    assert unread(header, *rows) == ()


def test_a_known_question_is_read_and_not_left_out():
    assert unread("satisfaction", "5", "1") == ()
