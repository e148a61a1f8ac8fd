"""Columns of days and numbers: one form for a whole column, and a question where two forms fit."""

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from comp.periods import FOREVER, FiscalYear, Quarter
from importers.cells import Column, Style, days, days_after, decimals, percents, periods, quarters, whole_numbers

JULY = date(2026, 7, 31)


def column(*cells):
    return Column("c", range(2, 2 + len(cells)), cells, [])


def read(reader, *cells):
    """What a reader makes of cells, and its problems by line."""
    made = column(*cells)
    values = reader(made)
    return values, [(problem.line, problem.why) for problem in made.problems]


def read_days(*cells, **style):
    return read(lambda made: days(made, Style(**style)), *cells)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-31",
        "2026-07-31 23:59",
        "2026-07-31T23:59:59.5",
        "31.07.2026",
        "31-07-2026 10:15",
        "2026/07/31",
        "7/31/2026, 4:05 PM",
        "31 Jul 2026",
        "31-July-2026",
        "1 January 2026",
        "46234",
        "46234.75",
    ],
)
def test_a_day_is_read_in_any_form_that_is_clear(text):
    expected = date(2026, 1, 1) if "January" in text else JULY
    assert read_days(text) == ([expected], [])


@pytest.mark.parametrize(
    "text",
    [
        "31/31/2026",
        "2026-02-30",
        "2026-07-31 25:00",
        "2026-07-31 10:00 +99:00",
        "31 Xxx 2026",
        "31 Feb 2026",
        "yesterday",
        "19999",
        "80000",
        "1/2/3",
        "2026-7",
        "٣١.٠٧.٢٠٢٦",
    ],
)
def test_what_is_no_day_is_a_problem_that_shows_the_form(text):
    values, ((line, why),) = read_days(text)
    assert (values, line) == ([None], 2)
    assert "Write it like 2026-07-31." in why


def test_one_clear_day_tells_the_order_of_a_whole_column():
    assert read_days("03/04/2026", "31/07/2026") == ([date(2026, 4, 3), JULY], [])
    assert read_days("03/04/2026", "07/31/2026") == ([date(2026, 3, 4), JULY], [])


def test_a_day_that_does_not_fit_the_order_of_the_others_is_a_problem():
    values, problems = read_days("31/07/2026", "30/07/2026", "07/31/2026")
    assert values == [JULY, date(2026, 7, 30), None]
    assert problems == [(4, "is not a day in the order day, month, year. Write it like 2026-07-31.")]


def test_where_two_orders_fit_the_file_is_not_taken_before_somebody_says_which():
    _, ((line, why),) = read_days("05/05/2026", "03/04/2026", "06/07/2026")
    assert line == 3
    assert why == (
        "may mean 03 April 2026 (dmy) or 04 March 2026 (mdy), and no other cell of the column tells. "
        "Say which with --date-order."
    )


def test_a_year_of_two_digits_may_stand_first_or_last():
    _, ((_, why),) = read_days("31/7/26")
    assert why.startswith("may mean 31 July 2026 (dmy) or 26 July 2031 (ymd)")


@pytest.mark.parametrize(
    ("text", "year"), [("31/12/68", 2068), ("31/12/69", 1969), ("27/01/95", 1995), ("27/01/00", 2000)]
)
def test_a_year_of_two_digits_is_of_the_century_that_is_meant(text, year):
    assert read_days(text, date_order="dmy")[0][0].year == year


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("dmy", "03/04/2026", date(2026, 4, 3)),
        ("mdy", "03/04/2026", date(2026, 3, 4)),
        ("ymd", "2026/03/04", date(2026, 3, 4)),
        ("ymd", "26/03/04", date(2026, 3, 4)),
    ],
)
def test_the_order_that_is_said_is_the_order_that_is_read(order, text, day):
    assert read_days(text, date_order=order) == ([day], [])


def test_an_order_that_is_said_and_does_not_fit_is_a_problem():
    assert read_days("31/07/2026", date_order="mdy") == (
        [None],
        [(2, "is not a day in the order month, day, year. Write it like 2026-07-31.")],
    )


def test_days_on_which_all_orders_agree_need_no_question():
    assert read_days("05/05/2026", "06/06/2026") == ([date(2026, 5, 5), date(2026, 6, 6)], [])


def test_iso_days_tell_nothing_about_the_order_of_others():
    assert read_days("2026-07-31", "03/04/2026")[1] != []


def test_serial_numbers_count_from_the_epoch_of_the_workbook():
    assert read_days("44772", base_1904=True) == ([JULY], [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-31 23:30", date(2026, 8, 1)),
        ("2026-07-31 23:30:00Z", date(2026, 8, 1)),
        ("2026-07-31 23:30:00 UTC", date(2026, 8, 1)),
        ("2026-07-31T23:30:00-0500", date(2026, 8, 1)),
        ("2026-07-31 23:30 +09:00", JULY),
        ("2026-07-31", JULY),
    ],
)
def test_a_moment_counts_for_its_day_in_the_companys_zone(text, day):
    assert read_days(text, zone=ZoneInfo("UTC"), into=ZoneInfo("Europe/Lisbon")) == ([day], [])


def test_a_moment_without_any_zone_counts_for_the_day_that_is_written():
    assert read_days("2026-07-31 23:30", into=ZoneInfo("Asia/Tokyo")) == ([JULY], [])


@pytest.mark.parametrize("text", ["0026-07-31", "1899-12-31", "2200-01-01", "9999-12-31 23:59 -05:00"])
def test_a_day_in_no_year_that_is_meant_is_a_problem(text):
    values, ((_, why),) = read_days(text)
    assert values == [None]
    assert why == f"is in the year {int(text[:4])}. Write a day from 1900 to 2199."


@pytest.mark.parametrize("text", ["9999-12-31", "31.12.9999", "4712-12-31", "9999-12-31 00:00:00"])
def test_a_last_day_at_the_end_of_time_means_that_there_is_none(text):
    assert read(lambda made: days_after(made, Style()), text) == ([FOREVER], [])


def test_a_last_day_is_included():
    assert read(lambda made: days_after(made, Style()), "2026-07-31", "") == ([date(2026, 8, 1), None], [])


@pytest.mark.parametrize("blank", ["", "NA", "n/a", "NULL", "None", "-", "--", "#N/A", "NaN"])
def test_blanks_say_nothing(blank):
    assert read_days(blank) == ([None], [])
    assert read(decimals, blank, "1") == ([None, 1], [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", "1234.5"),
        ("-0.25", "-0.25"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1234,5", "1234.5"),
        ("1 234 567,5", "1234567.5"),
        ("1\u202f234", "1234"),
        ("1\u00a0234.5", "1234.5"),
        ("1'234.50", "1234.5"),
        ("1’234.50", "1234.5"),
        ("000123", "123"),
    ],
)
def test_a_number_is_read_exactly_in_any_form_that_is_clear(text, number):
    assert read(decimals, text) == ([Fraction(number)], [])


@pytest.mark.parametrize(
    "text", ["12 34", "1 2", "1e3", "1,23,456", "1_000", "0x10", "∞", "NaN1", "１２", "12-", "(12)", "€ 12", ".5", "5."]
)
def test_what_is_no_plain_number_is_a_problem(text):
    assert read(decimals, text) == ([None], [(2, "is not a number such as 1234.5")])


def test_a_number_of_more_digits_than_anything_has_is_a_problem():
    values, ((_, why),) = read(decimals, "1" * 21)
    assert values == [None]
    assert "is not a plain decimal number" in why


def test_one_clear_number_tells_the_form_of_a_whole_column():
    assert read(decimals, "1.234", "0,5") == ([1234, Fraction(1, 2)], [])
    assert read(decimals, "1,234", "0.5") == ([1234, Fraction(1, 2)], [])


def test_a_number_that_may_be_two_is_not_taken_before_somebody_says_which():
    _, problems = read(decimals, "7", "1.234", "5,678")
    assert problems == [
        (3, "may mean 1.234 or 1234, and no other cell of the column tells. Write it without a thousands sign.")
    ]


def test_a_number_in_the_other_form_than_the_column_is_a_problem():
    assert read(decimals, "1234.5", "1.234,5") == ([Fraction(2469, 2), None], [(3, "is not a number such as 1234.5")])


@pytest.mark.parametrize("text", ["-1", "1.5"])
def test_counts_are_whole_and_not_negative(text):
    assert read(whole_numbers, "12.0", text)[1] == [(3, "is not a whole number of at least 0")]


def test_counts_are_read():
    assert read(whole_numbers, "12.0", "0", "") == ([12, 0, None], [])


@pytest.mark.parametrize(
    ("cells", "ratios"),
    [
        (["12 %", "12.5%"], ["0.12", "0.125"]),
        (["12", "0", "12.5"], ["0.12", "0", "0.125"]),
        (["0.12", "0", "0.5"], ["0.12", "0", "0.5"]),
        (["12%", "0.5"], ["0.12", "0.5"]),
        (["12,5 %", ""], ["0.125", None]),
    ],
)
def test_percentages_are_read_with_and_without_their_sign(cells, ratios):
    assert read(percents, *cells) == ([ratio and Fraction(ratio) for ratio in ratios], [])


@pytest.mark.parametrize("cells", [["1"], ["12", "0.5"]])
def test_a_number_that_may_be_a_percentage_or_a_ratio_is_a_problem(cells):
    _, problems = read(percents, *cells)
    assert problems == [(1 + len(cells), "may be a percentage or a ratio. Write the % sign, as in 12%.")]


def test_quarters_and_fiscal_years_are_read():
    assert read(quarters, "2026-Q3") == ([Quarter(2026, 3)], [])
    assert read(periods, "2026-Q3", "FY2026", "2026") == ([Quarter(2026, 3), FiscalYear(2026), FiscalYear(2026)], [])
    assert read(quarters, "Q3")[1] == [(2, "'Q3' is not a quarter; write it like 2026-Q3")]
