"""Layouts of payroll files: read with all their problems at once, and written back."""

from datetime import date
from fractions import Fraction

import pytest

from comp.payroll_layout_documents import layout_sha256, read_layout, write_layout
from comp.payroll_layouts import Characters, Formulas, Layout, Mark, Quotes
from comp.payroll_templates import day_text, is_day_pattern, read_template
from tests.exports.payroll_cases import layout_document, layout_of

FULL = {
    "id": "full",
    "name": "Full",
    "note": "Everything that can be said.",
    "sources": ["https://example.org/spec"],
    "unconfirmed": ["Whether it works."],
    "maps": "small",
    "file": {
        "name": "P{company_code:_<3}{currency}-{pay_date:YYYYMMDD}.txt",
        "encoding": "utf-16-le",
        "bom": "true",
        "line_ends": "lf",
        "delimiter": "none",
        "closes_lines": "true",
        "quotes": "never",
        "formulas": "keep",
        "header": "false",
    },
    "rows": {
        "one_for": "cost centre",
        "split": ["company_code", "currency"],
        "zero": "write",
        "negative": "refuse",
    },
    "currencies": ["EUR", "JPY"],
    "days": "DD.MM.YYYY",
    "amounts": {"mark": "none", "decimals": "3", "sign": "after"},
    "values": {"owner": "LP", "blank": ""},
    "limits": {"rows": "5000", "amount": "99999.99"},
    "before": ["H{company_code}{owner}"],
    "records": [
        {"columns": [{"header": "A", "field": "amount", "width": "12", "fill": "0", "align": "right"}]},
        {
            "columns": [
                {"text": "X{row}", "width": "5"},
                {"header": "N", "field": "name", "width": "20", "cut": "true"},
                {"field": "cost_centre", "width": "4", "characters": "ascii"},
                {
                    "field": "payroll_number",
                    "required": "true",
                    "width": "6",
                    "longest": "9",
                    "characters": "digits",
                    "least": "51",
                    "most": "999999",
                },
            ]
        },
    ],
    "after": ["T{rows} {people} {total}"],
}


def read(**fields) -> tuple[Layout | None, list[str]]:
    layout, problems = read_layout(layout_document(**fields))
    return layout, [str(problem) for problem in problems]


def column(**fields):
    """A small layout's columns, and one more."""
    return [*layout_document()["columns"], fields]


def test_a_layout_that_says_everything_comes_back_as_it_was():
    layout, problems = read_layout(FULL)
    assert problems == []
    assert write_layout(layout) == FULL
    assert read_layout(write_layout(layout)) == (layout, [])


def test_what_a_layout_says_is_read():
    layout, _ = read_layout(FULL)
    assert (layout.file.encoding, layout.file.quotes, layout.file.formulas) == (
        "utf-16-le",
        Quotes.NEVER,
        Formulas.KEEP,
    )
    assert (layout.amounts.mark, layout.amounts.decimals, layout.amounts.sign_after) == (Mark.NONE, 3, True)
    assert (layout.most_rows, layout.warns_above) == (5000, Fraction(9999999, 100))
    assert layout.records[1].columns[3].characters is Characters.DIGITS
    assert layout.records[1].columns[3].limit == 6
    assert layout.lacking_values == ("blank",)
    assert (layout.maps_of, layout.records[1].columns[1].limit) == ("small", 20)
    assert layout.names >= {"company_code", "currency", "pay_date", "total", "owner", "cost_centre"}


def test_what_is_usual_is_left_out_of_the_document():
    layout = layout_of()
    assert layout.maps_of == "small"
    assert set(write_layout(layout)) == {"id", "name", "file", "rows", "days", "amounts", "columns"}
    assert write_layout(layout)["columns"][0] == {"header": "No", "field": "payroll_number"}


def test_the_hash_changes_with_anything_that_a_layout_says():
    assert layout_sha256(layout_of()) == layout_sha256(layout_of())
    assert len({layout_sha256(layout_of(**fields)) for fields in ({}, {"name": "Other"}, {"days": "DD.MM.YY"})}) == 3


def test_all_problems_of_a_document_are_told_at_once():
    layout, told = read(
        id="Not One",
        file={"name": "{", "encoding": "ebcdic", "delimter": "x"},
        rows={"split": ["unit"]},
        days="tomorrow",
        currencies=["EURO"],
        amounts={"decimals": "7"},
        limits={"rows": "0"},
        before=["{"],
        columns=[{"header": "A", "field": "amount", "text": "x", "width": "0", "fill": "00"}],
    )
    assert layout is None
    assert told == [
        "id ('Not One'): 'Not One' is not a name of small letters, digits and single hyphens, such as adp-lisbon",
        "file.name ('{'): '{' has a brace that is no place; write places like {company_code} or {batch:0>6}",
        "file.encoding ('ebcdic'): 'ebcdic' is not one of utf-8, ascii, cp1252, iso-8859-1, utf-16-le",
        "file.delimter: is not a known field; did you mean delimiter?",
        "rows.split ('unit'): is not one of company_code, currency",
        "currencies ('EURO'): is not an ISO 4217 currency",
        "days ('tomorrow'): 'tomorrow' is not a pattern of days; write it like YYYY-MM-DD, DD.MM.YYYY or MMDDYY",
        "amounts.decimals ('7'): should be from 0 to 4, or `currency`",
        "before[0]: '{' has a brace that is no place; write places like {company_code} or {batch:0>6}",
        "columns[0].text: stands beside field; state one of them",
        "columns[0].width ('0'): should be 1 or more",
        "columns[0].fill ('00'): should be one character, such as 0",
        "limits.rows ('0'): should be 1 or more",
    ]


def test_columns_beside_records_are_refused():
    assert read(records=[{"columns": layout_document()["columns"]}])[1] == [
        "columns: stands beside records; state one of them"
    ]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"id": "workbook"}, "id: is the name of the payroll workbook; choose another"),
        ({"values": {"amount": "x"}}, "values.amount: is taken, or is no single word; choose another name"),
        ({"values": {"two words": "x"}}, "values.two words: is taken, or is no single word; choose another name"),
        (
            {"rows": {"split": ["currency"]}},
            "file.name: has no {currency}, so that the files of a split would have one name",
        ),
        (
            {"file": {"name": "p.csv", "encoding": "ascii", "bom": "true"}},
            "file.bom: is for UTF files, not for ascii",
        ),
        (
            {"file": {"name": "{company_code}.csv"}},
            "file.name: {company_code} is not known here; known: batch, batch_name, first_day, last_day, pay_date",
        ),
        ({"file": {"name": "{batch:YYYYMMDD}.csv"}}, "file.name: 'YYYYMMDD' does not say how {batch} is written"),
        ({"file": {"name": "{pay_date:0>9}.csv"}}, "file.name: '0>9' does not say how {pay_date} is written"),
        (
            {"after": ["{name}"]},
            "after[0]: {name} is not known here; known: batch, batch_name, first_day, last_day, pay_date",
        ),
        ({"file": {"name": "p.txt", "delimiter": "none"}}, "columns[0].width: is missing"),
        ({"columns": column(least="9", most="8", characters="digits")}, "columns[4].least: is more than most"),
        ({"columns": column(least="9")}, "columns[4].characters: should be digits where least or most are stated"),
        (
            {"columns": column(field="employee", cut="true")},
            "columns[4].cut: would shorten what something is found by; only a name can be cut",
        ),
        ({"columns": column(text="{amount} EUR")}, "columns[4]: an amount stands in a column of its own"),
        ({"columns": []}, "columns: should be from 1 to 300, not 0"),
        ({"columns": [{"field": "employee"}]}, "columns: should have one column with the amount, not 0"),
        ({"columns": column(field="amount")}, "columns: should have one column with the amount, not 2"),
        ({"columns": [{"field": "amount"}]}, "columns: should have a column with the employee's number"),
        (
            {"amounts": {"mark": "none"}},
            "amounts: should be stated: without a mark the reader must know how many decimals there are",
        ),
        (
            {"rows": {"one_for": "cost centre"}},
            "rows.one_for: is for layouts that have a column with the cost centre",
        ),
        (
            {"columns": column(field="cost_centre")},
            "rows.one_for: should be `cost centre` where a column has the cost centre",
        ),
        (
            {"records": [{"columns": column()}, {"columns": []}], "columns": None},
            "records[1].columns: should be from 1 to 300, not 0",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(fields, why):
    layout, told = read(**fields)
    assert layout is None
    assert [line for line in told if line.startswith(why)], told


def test_a_path_comes_before_the_place_of_each_problem():
    _, problems = read_layout({}, "layouts[0]")
    assert str(problems[0]) == "layouts[0].id: is missing"


def test_places_are_filled_with_texts_and_days():
    template = read_template("{a}-{b:_<4}{a:0>3}{day}{day:MMDDYY}")
    assert template.names == {"a", "b", "day"}
    values = {"a": "7", "b": "x", "day": date(2026, 7, 1)}
    assert template.filled(values, "YYYY-MM-DD") == "7-x___0072026-07-01070126"


@pytest.mark.parametrize("text", ["{", "}", "{a:}}", "a}b", "{a b}", "{a:%d}", "{a:0>}", "{a:yyyy}"])
def test_a_brace_that_is_no_place_is_refused(text):
    with pytest.raises(ValueError, match=r"brace|neither a pattern"):
        read_template(text)


def test_a_template_without_places_is_its_text():
    assert read_template("##GENERIC## V1.0").filled({}, "YYYY") == "##GENERIC## V1.0"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("YYYY-MM-DD", "2026-03-09"), ("DD.MM.YYYY", "09.03.2026"), ("MMDDYY", "030926"), ("YYYYMMDD", "20260309")],
)
def test_days_are_written_by_their_pattern(pattern, text):
    assert is_day_pattern(pattern)
    assert day_text(date(2026, 3, 9), pattern) == text


@pytest.mark.parametrize("pattern", ["", "YYYY", "DD.MM", "YYYY-MM-DDThh", "YYMMYY"])
def test_what_leaves_a_day_open_is_no_pattern(pattern):
    assert not is_day_pattern(pattern)


def test_a_year_before_1000_has_four_digits():
    assert day_text(date(987, 1, 2), "YYYYMMDD") == "09870102"


def test_a_column_that_tells_of_corrections_is_left_out_where_there_are_none_and_columns_are_known_by_headers():
    columns = [*layout_document()["columns"], {"header": "Corrects", "field": "corrects"}]
    headed = layout_of(columns=columns)
    assert [each.header for each in headed.without_corrections().records[0].columns] == [
        each.header for each in headed.records[0].columns[:-1]
    ]
    bare = layout_of(columns=columns, file={"name": "pay.csv", "header": False})
    assert bare.without_corrections() is bare
