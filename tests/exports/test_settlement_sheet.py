"""From what was earned to what is paid: every kind of line, and LibreOffice comes to the same cent by cent."""

from dataclasses import replace

import pytest

from comp.batch_changes import changes, standings
from comp.calculate import calculate
from comp.money import Money
from comp.paid_lines import paid_lines, places_of, settled_run, unreleased
from comp.periods import Quarter
from comp.settlement import Key, LineKind, SettledLine
from comp.sheets import Paying, Signature, make_sheets
from exports.payroll_workbook import payroll_workbook
from exports.sign_off_sheet import read_signatures
from tests.exports.books import MOMENT, book, sheets_of
from tests.make import person, scenario
from tests.office import beside, errors, listed, recalculated

Q3 = Quarter(2025, 3)
ANN, BOB, CEM, DIA = Key("1", "EUR"), Key("2", "EUR"), Key("3", "JPY"), Key("4", "EUR")
SIGNED = Signature("released", "p@example.org", "Petra Lind", MOMENT, "ab" * 32)


def line(kind, minor, currency="EUR", quarter=Q3, about=""):
    return SettledLine(kind, Money(minor, currency), quarter, about)


ADDED = {
    ANN: [
        line(LineKind.FUNDING, -333),
        line(LineKind.ADJUSTMENT, 12345, about="Covered for a colleague."),
        line(LineKind.CORRECTION, -50, quarter=Q3.plus(-1)),
    ],
    BOB: [line(LineKind.GUARANTEE, 7), line(LineKind.RECOVERY, -150000)],
    CEM: [line(LineKind.CARRIED, -13, "JPY")],
}


def paying(run, *, number=1, earlier=False, named=True):
    """What a batch pays of a run with every kind of line; one person is held back, or what they earned was paid."""
    settlement = settled_run(run, "2025-Q3/1").plus(ADDED).holding_back({DIA: "Asked."})
    lines = list(paid_lines(settlement, places_of(run)))
    released = {each.key: each for each in lines if earlier and each.key.kind is LineKind.EARNED}
    left = tuple(unreleased(lines, released))
    paid = {each.whose: each.amount for each in released.values()}
    told = tuple(changes("2025-Q2", {}, standings(Q3, left), {}))
    return Paying(settlement, left, paid, number if named else None, told, (SIGNED,))


@pytest.fixture(scope="module")
def made():
    people = [person("1"), person("2"), person("3", currency="JPY"), person("4")]
    facts = scenario(people=people).facts
    run = calculate(facts)

    def build(**fields):
        return make_sheets(sheets_of(facts).run, run, "payroll@example.com", MOMENT, paying(run, **fields))

    return build


@pytest.fixture(scope="module")
def opened(made):
    """Both workbooks, and one in which somebody typed another adjustment, after LibreOffice calculated all of it."""
    planted = made()
    settled = [each._replace(lines=each.lines[:-1]) if each.key == ANN else each for each in planted.settled]
    return recalculated(
        {
            "first": payroll_workbook(made()),
            "second": payroll_workbook(made(earlier=True)),
            "planted": payroll_workbook(replace(planted, settled=tuple(settled), lines=planted.lines)),
        }
    )


def test_the_formulas_add_up_to_what_is_paid_in_every_currency(opened):
    rows = listed(opened["first"], "Settlement")
    assert [
        (row["Employee"], row["Earned"], row["Payable by formula"], row["In this batch"], row["Check"]) for row in rows
    ] == [
        ("1", 1000, 1119.62, 1119.62, "OK"),
        ("2", 1000, -499.93, -499.93, "OK"),
        ("3", 1000, 987, 987, "OK"),
    ]
    kinds = ("Funding", "Adjustments", "Guarantee", "Recovery", "Corrections", "Carried")
    assert [rows[0][kind] for kind in kinds] == [-3.33, 123.45, 0, 0, -0.5, 0]
    assert errors(opened["first"]) == []
    for label in ("Payouts that differ from their formulas", "Amounts paid that differ from their settlement"):
        assert beside(opened["first"], label) == 0
    assert beside(opened["first"], "Totals that differ from the sheet Payroll") == 0


def test_what_earlier_batches_paid_is_taken_off(opened):
    rows = listed(opened["second"], "Settlement")
    told = [
        (row["Payable by formula"], row["Paid in earlier batches"], row["In this batch"], row["Check"]) for row in rows
    ]
    assert told == [(1119.62, 1000, 119.62, "OK"), (-499.93, 1000, -1499.93, "OK"), (987, 1000, -13, "OK")]
    assert beside(opened["second"], "Amounts paid that differ from their settlement") == 0


def test_the_lines_of_a_person_come_to_what_the_settlement_says(made):
    for sheets in (made(), made(earlier=True)):
        sums = {}
        for each in sheets.lines:
            key = Key(each.employee, each.amount.currency)
            sums[key] = sums.get(key, 0) + each.amount.minor
        left = {
            each.key: each.payable.minor - sheets.paid.get(each.key, Money(0, each.currency)).minor
            for each in sheets.settled
        }
        assert sums == left


def test_exceptions_name_the_held_back_the_adjusted_and_who_owes(made):
    rows = list(book(made())["Exceptions"].values)[1:]
    assert rows == [
        ("held back", "4", "Person 4", "Asked. Somebody else lifts it."),
        ("adjusted", "1", "Person 1", "123.45 EUR: Covered for a colleague."),
        ("pays less than 0", "2", "Person 2", "What is taken back is more than what is paid."),
    ]


def test_changes_and_sign_off_say_who_and_what(made):
    opened = book(made())
    who = ("1", "Person 1", "EUR")
    change = ("2025-Q2", "new", None, *who, None, 1119.62, 1119.62, None, None)
    assert list(opened["Changes"].values)[1] == change
    sign_off = list(opened["Sign-off"].iter_rows(values_only=True))
    assert sign_off[0][0] == "Sign-off of 2025-Q3-B1"
    assert ("released", "Petra Lind", "p@example.org", "2025-10-06 09:30:00", "ab" * 32, "_" * 30) in sign_off
    assert ("approved", None, None, None, None, "_" * 30) in sign_off


def test_a_preview_says_so_and_a_released_workbook_says_that(made):
    preview, released = made(named=False), made()
    assert (preview.batch, preview.preview_name, preview.is_released) == (
        "2025-Q3-R1",
        "payroll-2025-Q3-R1-preview.xlsx",
        False,
    )
    assert (released.batch, released.file_name, released.is_released) == ("2025-Q3-B1", "payroll-2025-Q3-B1.xlsx", True)
    assert beside(book(preview), "Status") == "PREVIEW: not released, nothing of it may be paid"
    assert beside(book(released), "Status") == "released: this batch is frozen"


def test_a_later_batch_is_signed_as_one(made):
    sheets = replace(made(), signatures=(replace(SIGNED, done="released in part"),))
    steps = [row[0] for row in book(sheets)["Sign-off"].iter_rows(min_row=12, values_only=True)]
    assert steps == ["calculated", "given to review", "approved", "released in part"]


def test_who_stands_for_a_batch_is_read_back_from_its_workbook(made):
    earlier = Signature("approved", "r@example.org", "=Rui", MOMENT)
    sheets = replace(made(number=1), signatures=(earlier, SIGNED))
    assert read_signatures(payroll_workbook(sheets)) == (earlier, SIGNED)
