"""Files of payroll systems: every rule of a layout, and everything that keeps a file from being taken."""

from dataclasses import replace

import pytest

from comp.errors import Problem, RefusedError
from comp.money import Money
from exports.payroll_files import payroll_files
from tests.exports.payroll_cases import layout_document, layout_of, made_rows, row, why


def export(*rows, **fields):
    return payroll_files(layout_of(**fields), made_rows(rows or (row(),)))


def text(*rows, **fields):
    """The one file as text."""
    made = export(*rows, **fields)
    assert made.refused == ()
    (content,) = made.contents().values()
    return content.decode(made.layout.file.encoding)


def lines(*rows, **fields):
    return text(*rows, **fields).split("\r\n")


def columns(*added, **changed):
    """The columns of the small layout, the first one changed, and more."""
    first, *rest = layout_document()["columns"]
    return [{**first, **changed}, *rest, *added]


def form(**fields):
    return {"name": "pay.csv", **fields}


def test_a_file_has_its_header_and_a_line_for_each_row():
    assert lines(row(), row("2", -50)) == [
        "No,Name,Amount,Currency",
        "1,Person 1,123.45,EUR",
        "2,Person 2,-0.50,EUR",
        "",
    ]


def test_delimiters_line_ends_quotes_and_closed_lines():
    made = text(file=form(delimiter="semicolon", line_ends="lf", quotes="all", closes_lines="true"))
    assert made == '"No";"Name";"Amount";"Currency";\n"1";"Person 1";"123.45";"EUR";\n'


def test_a_file_may_have_no_header_and_lines_of_its_own():
    made = lines(
        row(),
        row("2", 55),
        file=form(header="false"),
        before=["[{quarter}]", "{owner}"],
        after=["{rows};{people};{total}"],
        values={"owner": "LP"},
    )
    assert made == ["[2026-Q2]", "LP", "1,Person 1,123.45,EUR", "2,Person 2,0.55,EUR", "2;2;124.00", ""]


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", b"\xef\xbb\xbfNo"), ("utf-16-le", b"\xff\xfeN\x00o\x00")])
def test_a_byte_order_mark_stands_before_everything(encoding, start):
    (content,) = export(file=form(encoding=encoding, bom="true")).contents().values()
    assert content.startswith(start)


def test_fixed_widths_are_filled_and_headers_cut_to_them():
    fixed = [
        {"header": "Number of the employee", "field": "payroll_number", "width": "8", "fill": "0", "align": "right"},
        {"header": "N", "field": "name", "width": "10"},
        {"header": "A", "field": "amount", "width": "9", "fill": "0", "align": "right"},
        {"header": "B", "width": "2", "fill": "x"},
    ]
    made = lines(
        row(name="Ann"),
        row("2", -5),
        columns=fixed,
        file=form(delimiter="none"),
        amounts={"mark": "none", "decimals": "2"},
    )
    assert made[:3] == [
        "Number oN         A        B ",
        "00000001Ann       000012345xx",
        "00000002Person 2  -00000005xx",
    ]


@pytest.mark.parametrize(
    ("amounts", "minor", "currency", "written"),
    [
        ({}, 12345, "EUR", "123.45"),
        ({}, 0, "EUR", "0.00"),
        ({}, -1, "EUR", "-0.01"),
        ({}, 98765, "JPY", "98765"),
        ({}, 154321, "KWD", "154.321"),
        ({"mark": "comma"}, 12345, "EUR", "123,45"),
        ({"decimals": "2"}, 98765, "JPY", "98765.00"),
        ({"decimals": "2"}, 154320, "KWD", "154.32"),
        ({"decimals": "0"}, -12300, "EUR", "-123"),
        ({"decimals": "4"}, 12345, "EUR", "123.4500"),
        ({"mark": "none", "decimals": "2"}, 5, "EUR", "005"),
        ({"sign": "after"}, -12345, "EUR", "123.45-"),
    ],
)
def test_amounts_are_written_as_the_layout_says(amounts, minor, currency, written):
    assert lines(row("1", minor, currency), amounts=amounts)[1].split(",Person 1,")[1].removesuffix(f",{currency}") == (
        f'"{written}"' if "," in written else written
    )


def test_an_amount_that_would_lose_a_part_is_refused():
    made = export(row("1", 154321, "KWD"), row("2", 7, "KWD"), row("3", 10, "KWD"), amounts={"decimals": "2"})
    assert why(made.refused) == [
        "Amount: 154.321 KWD has more than 2 decimals: 1 person (1 Person 1).",
        "Amount: 0.007 KWD has more than 2 decimals: 1 person (2 Person 2).",
    ]


@pytest.mark.parametrize(
    ("column", "number", "reason"),
    [
        ({"required": "true"}, "", ""),
        ({"longest": "3"}, "1234", "'1234' is longer than 3 characters"),
        ({"width": "3"}, "1234", "'1234' is longer than 3 characters"),
        ({"characters": "digits"}, "12a", "'12a' has other characters than digits"),
        ({"characters": "letters and digits"}, "1-2", "'1-2' has other characters than letters and digits"),
        ({"characters": "ascii"}, "1é", "'1é' has other characters than ASCII's"),
        ({"characters": "digits", "least": "51"}, "50", "'50' is below 51"),
        ({"characters": "digits", "most": "99"}, "100", "'100' is above 99"),
        ({}, "1\n2", "'1\\n2' has a control character (U+000A) or a line end in it"),
        ({}, "1\x7f", "'1\\x7f' has a control character (U+007F) or a line end in it"),
        ({}, "=1", "'=1' would be calculated by a spreadsheet that opens the file"),
        ({}, "＋1", "'＋1' would be calculated by a spreadsheet that opens the file"),
    ],
)
def test_a_field_that_the_column_may_not_hold_is_refused_with_the_person(column, number, reason):
    made = export(row(payroll_number=number), columns=columns(**column))
    expected = [f"No: {reason}: 1 person (1 Person 1)."] if reason else []
    assert why(made.refused) == expected
    assert made.files[0].fields[0][0][0] == ""


@pytest.mark.parametrize("number", ["51", "99", "075", ""])
def test_a_number_within_its_bounds_is_written(number):
    made = export(row(payroll_number=number), columns=columns(characters="digits", least="51", most="99"))
    assert made.refused == ()


def test_what_an_encoding_does_not_have_is_refused_and_never_replaced():
    made = export(row(name="Łukasz"), row("2", name="Jürgen"), file=form(encoding="cp1252"))
    assert why(made.refused) == ["Name: 'Łukasz' has 'Ł', which cp1252 does not have: 1 person (1 Łukasz)."]
    with pytest.raises(RefusedError, match="The files for Small cannot be made yet"):
        made.contents()


def test_a_header_that_an_encoding_does_not_have_is_refused():
    made = export(columns=columns({"header": "Größe", "text": "x"}), file=form(encoding="ascii"))
    assert why(made.refused) == ["pay.csv: has 'ö', which ascii does not have."]


def test_a_name_that_is_too_long_is_cut_where_the_layout_says_so_with_a_warning():
    cut = [{"field": "payroll_number"}, {"header": "N", "field": "name", "longest": "5", "cut": "true"}]
    made = export(
        row(name="Maximiliane"), row("2", name="Ann"), columns=[*cut, {"field": "amount"}, {"field": "currency"}]
    )
    assert [fields[1] for fields in made.files[0].fields[0]] == ["Maxim", "Ann"]
    assert why(made.warnings) == ["N: Names are cut after 5 characters: 1 person (1 Maximiliane)."]


@pytest.mark.parametrize(
    ("formulas", "name", "written"),
    [
        ("apostrophe", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("apostrophe", " @sum", "' @sum"),
        ("apostrophe", "'=1", "''=1"),
        ("apostrophe", "'t Hooft", "'t Hooft"),
        ("apostrophe", "Ann-Marie", "Ann-Marie"),
        ("keep", "=1", "=1"),
    ],
)
def test_text_that_a_spreadsheet_would_calculate(formulas, name, written):
    assert export(row(name=name), file=form(formulas=formulas)).files[0].fields[0][0][1] == written


def test_amounts_are_never_given_an_apostrophe():
    assert "-123.45" in lines(row("1", -12345), file=form(formulas="apostrophe"))[1].split(",")


def test_fields_with_the_delimiter_or_a_quote_are_quoted_where_there_are_quotes():
    assert lines(row(name='O"Neill, Ann'))[1] == '1,"O""Neill, Ann",123.45,EUR'
    made = export(row(name="O'Neill, Ann"), file=form(quotes="never"))
    reason = '"O\'Neill, Ann" has the sign that parts the columns, and the file has no quotes'
    assert why(made.refused) == [f"Name: {reason}: 1 person (1 O'Neill, Ann)."]
    assert export(row(name='O"Neill'), file=form(quotes="never")).files[0].fields[0][0][1] == 'O"Neill'


def test_files_are_split_by_company_and_currency_in_their_order():
    made = export(
        row("1", company_code="B"),
        row("2", company_code="A"),
        row("3", 5, "JPY", company_code="B"),
        file=form(name="P{company_code:_<3}{currency}.csv"),
        rows={"split": ["company_code", "currency"]},
    )
    assert [(file.name, [row.employee for row in file.rows]) for file in made.files] == [
        ("PA__EUR.csv", ["2"]),
        ("PB__EUR.csv", ["1"]),
        ("PB__JPY.csv", ["3"]),
    ]
    assert list(made.contents()) == [file.name for file in made.files]


@pytest.mark.parametrize(
    ("code", "name"),
    [("A/B", "A-B"), ("../x", "-x"), ("C:\\", "C--"), ("\x01", "-"), ("..", "payroll"), ("a. ", "a"), ("Ünal", "Ünal")],
)
def test_a_file_name_leads_nowhere_else(code, name):
    made = export(row(company_code=code), file=form(name="{company_code}"), rows={"split": ["company_code"]})
    assert made.files[0].name == name


def test_two_files_never_have_one_name():
    made = export(
        row("1", company_code="a/b"),
        row("2", company_code="A:B"),
        file=form(name="{company_code}.csv"),
        rows={"split": ["company_code"]},
    )
    assert why(made.refused) == ["a-b.csv: would be the name of two files: their company codes differ too little."]


def test_currencies_are_not_mixed_where_the_file_does_not_name_them():
    unnamed = layout_document()["columns"][:3]
    made = export(row(), row("2", 5, "JPY"), columns=unnamed)
    assert why(made.refused) == ["pay.csv: would mix EUR and JPY without naming them. Split the layout by currency."]
    split = {"file": form(name="{currency}.csv"), "rows": {"split": ["currency"]}}
    assert export(row(), row("2", 5, "JPY"), columns=unnamed, **split).refused == ()


def test_a_system_pays_in_its_own_currencies_only():
    made = export(row(), row("2", 5, "JPY"), currencies=["EUR", "CHF"])
    (told,) = why(made.refused)
    assert told.startswith("pay.csv: would pay 1 person (2 Person 2) in JPY; Small is for EUR and CHF.")
    assert told.endswith("Where another system pays them, say so with a minus sign as their company code.")


def test_two_people_under_one_number_are_refused_leading_zeros_or_not():
    made = export(row("1", payroll_number="007"), row("2", payroll_number="7"), row("1", 5, payroll_number="007"))
    assert why(made.refused) == ["pay.csv: Payroll's number 7 is that of 2 people (1 Person 1, 2 Person 2)."]
    assert export(row("1", payroll_number="0"), row("2", payroll_number="00")).refused == ()
    by_employee = [{"field": "employee"}, *layout_document()["columns"][2:]]
    assert export(row("1", payroll_number="7"), row("2", payroll_number="7"), columns=by_employee).refused == ()


def test_limits_warn_and_negative_amounts_are_refused_where_the_layout_says_so():
    made = export(
        row("1", 1000000),
        row("2", -1000001),
        limits={"rows": "1", "amount": "10000"},
        rows={"negative": "refuse"},
    )
    assert why(made.warnings) == [
        "pay.csv: has 2 rows; the system is known to read 1.",
        "amount: Amounts above 10,000 may be refused by the system: 1 person (2 Person 2).",
    ]
    assert why(made.refused) == ["amount: Small takes no negative amount: 1 person (2 Person 2)."]


def test_blank_values_and_what_the_maps_lack_keep_files_from_being_made():
    lacking = Problem("has no code in Small: 1 person (1 Person 1).", "pay code LOY")
    layout = layout_of(
        values={"owner": ""}, columns=columns({"header": "Code", "field": "pay_code", "required": "true"})
    )
    made = payroll_files(layout, made_rows((row(pay_code=""),), refused=(lacking,)))
    assert why(made.refused) == [str(lacking), "values.owner: is blank: copy the layout small and fill it in."]


def test_a_run_that_pays_nobody_gives_no_file():
    made = payroll_files(layout_of(), made_rows((), left_out=3))
    assert why(made.refused) == [
        "rows: Nobody is paid by this batch through this system, so that there is nothing to write."
    ]
    assert (made.files, made.left_out) == ((), 3)


def test_rows_are_numbered_in_their_file_and_for_each_person():
    numbered = columns({"header": "R", "text": "{row}/{nth}"})
    made = export(row("1"), row("2"), row("1", 5), columns=numbered)
    assert [fields[-1] for fields in made.files[0].fields[0]] == ["1/1", "2/1", "3/2"]


def test_several_kinds_of_lines_follow_each_other_each_with_its_header():
    kinds = [
        {"columns": [{"header": "K", "text": "A"}, {"header": "No", "field": "payroll_number"}]},
        {"columns": [{"header": "K", "text": "B"}, {"header": "Amount", "field": "amount"}, {"field": "currency"}]},
    ]
    made = lines(row(), row("2"), columns=None, records=kinds)
    assert made == ["K,No", "A,1", "A,2", "K,Amount,", "B,123.45,EUR", "B,123.45,EUR", ""]


def test_a_total_that_cannot_be_written_is_refused_for_its_rows():
    made = export(row("1", 1, "KWD"), amounts={"decimals": "2"}, after=["{total}"])
    assert why(made.refused) == ["Amount: 0.001 KWD has more than 2 decimals: 1 person (1 Person 1)."]


def test_a_file_keeps_the_rows_that_it_was_made_of():
    one = row()
    made = export(one)
    assert made.files[0].rows == (one,)
    assert replace(made, refused=(Problem("x"),)).files == made.files
    assert one.amount == Money(12345, "EUR")
