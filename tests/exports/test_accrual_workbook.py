"""The accrual workbook, as LibreOffice calculates it: it adds up, it balances, and a slip in it is seen."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from comp.accrual_sheets import Accrual, AccrualLine, Before, Bounds, StoredAccrual
from comp.accrual_words import assumptions
from comp.accruals import Basis, Booking, Place
from comp.exchange import Rate, in_group
from comp.money import Money
from comp.periods import Quarter, Span
from exports.accrual_workbook import accrual_workbook
from tests.office import errors, recalculated

Q = Quarter(2025, 3)
CC1, CC2 = Place("", "EUR", "CC1", "LIS"), Place("", "EUR", "=CC2", "LIS")
TOKYO, FAR = Place("JP", "JPY", "", "TYO"), Place("", "EUR", "CC3", "FAR")


def line(place, minor, liability="2610"):
    return AccrualLine(Booking(place, "6240", liability, minor), 2 * minor, minor, 3 * minor, 2)


ACCRUAL = Accrual(
    quarter=Q,
    days=Span(date(2025, 7, 1), date(2025, 10, 1)),
    as_of=date(2025, 8, 15),
    basis=Basis.FORECAST,
    run="",
    share=Fraction(1, 2),
    draws=200,
    people=6,
    held=3,
    unpriced=1,
    notes=("A pool does not suffice.",),
    has_companies=True,
    lines=(line(CC1, 12_345), line(CC2, 501), line(TOKYO, 70_001, "")),
    bounds=(Bounds("EUR", 20_000, 30_000, 10_000, 40_000, 5_000, 700), Bounds("JPY", 1, 2, 1, 3)),
    before=Before(1, date(2025, 7, 31), (Booking(CC1, "6240", "2610", 4_000), Booking(FAR, "6249", "2611", 99))),
)
STORED = StoredAccrual(1, 2, ACCRUAL, "petra@example.org", datetime(2025, 8, 16, 9, tzinfo=UTC), None, None)
RATES = {"JPY": Rate("JPY", Fraction("0.006"), "ECB")}
GROUP = in_group(Q, "EUR", RATES, [Money(12_846, "EUR"), Money(70_001, "JPY")])


def rows(book, sheet):
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def slipped():
    """The same workbook in which somebody typed over one debit."""
    book = load_workbook(io.BytesIO(accrual_workbook(STORED, GROUP)))
    book["Journal"]["I4"] = 999
    book["Accrual"]["K2"] = 0
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_totals_are_formulas_that_agree_and_a_slip_is_seen():
    missing = in_group(Q, "EUR", {}, [Money(1, "JPY")])
    books = {"good": accrual_workbook(STORED, GROUP), "bad": slipped(), "missing": accrual_workbook(STORED, missing)}
    seen = recalculated(books)
    assert not any(errors(book) for book in seen.values())
    summary = {row[0]: row for row in rows(seen["good"], "Summary")[12:14]}
    assert summary["EUR"][1:8] == [200, 256.92, 300, 128.46, 40.99, 87.47, 87.47]
    assert summary["JPY"][2:8] == [140_002, 2, 70_001, 0, 70_001, 70_001]
    checks = [row[8] for row in summary.values()]
    books_ = rows(seen["good"], "Summary")[17:19]
    assert checks + [row[5] for row in books_] == ["OK"] * 4
    assert [row[2] for row in books_] == [169.45, 70_001], "debits of both entries"
    bad = rows(seen["bad"], "Summary")
    assert [row[8] for row in bad[12:14]] == ["CHECK", "OK"]
    assert "CHECK" in {row[5] for row in bad[17:19]}
    assert rows(seen["good"], "Summary")[-1][3] == 548.47
    assert rows(seen["missing"], "Summary")[-1][0] == "No total in EUR: no rate of JPY"


def test_a_place_that_is_gone_is_reversed_and_text_stays_text():
    book = load_workbook(io.BytesIO(accrual_workbook(STORED)))
    listed = rows(book, "Accrual")
    assert listed[-1][:6] == [None, "EUR", "CC3", "FAR", "6249", "2611"]
    assert listed[-1][11:] == [0.99, "=K5-L5"]
    assert book["Accrual"]["C3"].data_type == "s", "a cost centre that looks like a formula is none"
    journal = rows(book, "Journal")[1:]
    assert ["Reversal", "Reversal of the accrual of 2025-07-31"] in [[row[0], row[6]] for row in journal]
    assert "NOT MAPPED" in {row[4] for row in journal}
    assert {row[0] for row in rows(book, "Delta")[1:]} == {"Delta"}


def test_rules_say_the_method_what_is_missing_and_the_rates():
    said = rows(load_workbook(io.BytesIO(accrual_workbook(STORED, GROUP))), "Rules")
    about = [row[0] for row in said]
    assert about[1:4] == ["Expected", "Band", "Share"]
    assert ["Not mapped", "No liability account for JP JPY."] in said
    assert ["Extremes, EUR", "100.00 EUR to 400.00 EUR"] in said
    assert ["Rate", "1 JPY = 0.006 EUR (ECB)"] in said
    assert ["Note", "A pool does not suffice."] in said


@pytest.mark.parametrize(
    ("basis", "about", "words"),
    [
        (Basis.FORECAST, "Band", "no score that it rests on comes from answers"),
        (Basis.APPROVED, "Band", "what was decided does not hang on chance"),
        (Basis.RELEASED, "Share", "All of it: the quarter is released."),
    ],
)
def test_what_it_rests_on_is_told_as_the_quarter_goes_on(basis, about, words):
    assert words in dict(assumptions(replace(ACCRUAL, basis=basis, draws=0)))[about]


def test_held_people_and_what_waits_are_told_as_far_as_is_known():
    told = dict(assumptions(ACCRUAL))
    assert told["At risk"] == (
        "3 people are held and not in the figures above. At 100 % they would get 50.00 EUR for the quarter. Of 1 no "
        "target can be told."
    )
    assert told["Not released"].startswith("7.00 EUR is owed and in no batch yet")
    bare = replace(ACCRUAL, held=1, unpriced=0, bounds=(Bounds("EUR", 0, 0, 0, 0),), notes=())
    assert dict(assumptions(bare))["At risk"] == "1 person is held and not in the figures above."
    assert "At risk" not in dict(assumptions(replace(bare, held=0)))


def test_a_taken_one_says_by_whom():
    taken = replace(STORED, taken_by="petra@example.org", taken_at=STORED.made_at)
    first = replace(
        taken, accrual=replace(ACCRUAL, before=None, basis=Basis.RELEASED, run="2025-Q3/1", lines=(line(CC1, 1),))
    )
    summary = dict(row[:2] for row in rows(load_workbook(io.BytesIO(accrual_workbook(first))), "Summary")[3:10])
    assert summary["Status"] == "taken by petra@example.org, 2025-08-16 09:00 UTC"
    assert summary["Rests on"] == "released: what payroll was given to pay, run 2025-Q3/1"
    assert (summary["Taken before"], first.file_name) == ("nothing", "accrual-2025-Q3-A2.xlsx")
    assert summary["Accounts"] == "1 missing: the sheet Rules names them"
