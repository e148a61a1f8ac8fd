"""Text files in every encoding and with every separator; what cannot be read is named with its line."""

import pytest

from comp.errors import RefusedError
from comp.intake import Kind
from importers import tables
from importers.files import read_file
from importers.tables import read_grid

NAMES = "unit,name\n1,São João\n2,Łódź – “x”\n"


def names(content):
    return [record.name for record in read_file(Kind.UNITS, content, "units.csv").records]


def refused(content):
    with pytest.raises(RefusedError) as caught:
        read_grid(content, "units.csv")
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        NAMES.encode(),
        NAMES.encode("utf-8-sig"),
        NAMES.encode("utf-16"),
        NAMES.encode("utf-16-le"),
        NAMES.encode("utf-16-be"),
        b"\xfe\xff" + NAMES.encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with BOM", "UTF-16 with BOM", "little-endian", "big-endian", "big-endian with BOM"],
)
def test_every_unicode_encoding_is_read(content):
    assert names(content) == ["São João", "Łódź – “x”"]


def test_windows_1252_is_read():
    assert names("unit,name\n1,São João – “x” 5 €\n2,qualité »\n".encode("cp1252")) == [
        "São João – “x” 5 €",
        "qualité »",
    ]


def test_bytes_in_no_encoding_are_named_with_their_lines():
    problems = refused(b"unit,name\n1,caf\xe9\n2,a\x90b\n3,\x81\n").problems
    assert [(problem.line, problem.value) for problem in problems] == [(3, "byte 0x90"), (4, "byte 0x81")]
    assert problems[0].why == (
        "is neither UTF-8 nor Windows-1252. Save the file as UTF-8 from the program that made it."
    )


def test_at_most_twenty_bytes_are_named():
    assert [problem.line for problem in refused(b"\x90\n" * 50).problems] == list(range(1, 21))


def test_a_broken_byte_in_utf8_does_not_turn_all_other_letters_into_others():
    problems = refused("unit,name\n1,São João\n2,".encode() + b"\xff\n").problems
    assert [str(problem) for problem in problems] == [
        "line 3 ('byte 0xff'): is not UTF-8, as the rest of the file is. Save the file as UTF-8."
    ]


def test_a_broken_byte_in_utf16_is_named_with_its_line():
    content = "unit,name\n1,ਊab\n2,".encode("utf-16") + b"\x00\xd8,\x00\n\x00"
    problems = refused(content).problems
    assert [(problem.line, problem.value) for problem in problems] == [(3, "byte 0x00")]
    assert "is not UTF-16-LE" in problems[0].why


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_the_header_has(separator):
    text = f'unit{separator}"a,b;c|d\te"{separator}name\n1{separator}x{separator}"São{separator} João"\n'
    assert names(text.encode()) == [f"São{separator} João"]


def test_a_file_of_one_column_needs_no_separator():
    assert read_grid(b"unit\nLIS\n", "units.csv").rows[1].cells == ["LIS"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system_and_keep_their_numbers(end):
    text = f'unit,name{end}{end}1,"two{end}lines"{end},nameless{end}'
    problems = read_file(Kind.UNITS, text.encode(), "units.csv").problems
    assert [(problem.line, problem.column) for problem in problems] == [(5, "unit")]


def test_quotes_within_quotes_are_read():
    assert names(b'unit,name\n1,"the ""Baixa"" shop"\n') == ['the "Baixa" shop']


@pytest.mark.parametrize(
    ("text", "line"), [('unit,name\n1,Lisbon\n2,"Porto\n3,Madrid\n', 3), ('unit,name\n1,"Lis" bon\n', 2)]
)
def test_a_quote_that_is_never_closed_is_named_with_the_line_on_which_its_row_begins(text, line):
    (problem,) = refused(text.encode()).problems
    assert problem.line == line
    assert problem.why.endswith("Check its quotes, or save the file as .xlsx.")


def test_a_cell_longer_than_any_text_is_refused():
    (problem,) = refused(b"unit,name\n1," + b"x" * (tables._LONGEST_CELL + 1)).problems
    assert "field larger than field limit" in problem.why


def test_a_header_alone_is_refused():
    with pytest.raises(RefusedError, match=r"units\.csv has a header and no rows below it\."):
        read_file(Kind.UNITS, b"unit,name\n", "units.csv")
