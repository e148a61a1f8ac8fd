"""What has accrued adds up to the cent, its journal balances, and differences add up to the last accrual."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comp.accrual_accounts import Accounts, Booker, read_pairs, unmapped, write_pairs
from comp.accrual_sheets import Accrual, AccrualLine, Before, Bounds, accrual_name
from comp.accruals import Basis, Booking, Cost, Ledger, Part, Place, accrued, delta, elapsed, journal, unbalanced
from comp.facts import Unit
from comp.money import Money
from comp.organisation import Organisation
from comp.periods import Quarter, Span

Q3 = Span(date(2025, 7, 1), date(2025, 10, 1))
CC1, CC2 = Place("PT", "EUR", "CC1", "LIS"), Place("PT", "EUR", "CC2", "LIS")
FAR = Place("PT", "EUR", "", "FAR")
TOKYO = Place("JP", "JPY", "CC9", "TYO")
PLACES = (CC1, CC2, FAR, TOKYO)


def booked(**minors):
    known = {"cc1": CC1, "cc2": CC2, "far": FAR, "tokyo": TOKYO}
    return [Booking(known[name], "6240", "2610", minor) for name, minor in minors.items()]


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2025, 7, 1), Fraction(1, 92)),
        (date(2025, 7, 31), Fraction(31, 92)),
        (date(2025, 9, 29), Fraction(91, 92)),
        (date(2025, 9, 30), Fraction(1)),
        (date(2025, 10, 1), Fraction(1)),
        (date(2026, 3, 1), Fraction(1)),
    ],
)
def test_the_share_of_a_quarter_counts_its_days_with_the_day_itself(day, share):
    assert elapsed(Q3, day) == share


def test_before_its_first_day_nothing_of_a_quarter_has_accrued():
    with pytest.raises(ValueError, match="The quarter begins on 2025-07-01: on 2025-06-30 nothing has accrued"):
        elapsed(Q3, date(2025, 6, 30))


def test_what_has_accrued_is_rounded_once_for_each_company_and_currency_and_adds_up():
    costs = {CC1: Cost(100), CC2: Cost(100), FAR: Cost(101), TOKYO: Cost(7)}
    found = accrued(costs, Fraction(1, 2))
    assert (found[CC1] + found[CC2] + found[FAR], found[TOKYO]) == (151, 4)
    assert (found[CC1], found[CC2], found[FAR]) == (50, 50, 51)


def test_what_is_owed_for_earlier_quarters_has_accrued_whole():
    assert accrued({CC1: Cost(1000, 33), CC2: Cost(0, -50)}, Fraction(1, 4)) == {CC1: 283, CC2: -50}
    assert Cost(1000, 33).whole == 1033


AMOUNTS = st.dictionaries(st.sampled_from(PLACES), st.integers(-(10**7), 10**9), min_size=1)
DAYS = st.lists(st.integers(0, 100), min_size=1, max_size=5)


@settings(max_examples=50)
@given(AMOUNTS, DAYS)
def test_differences_of_successive_accruals_add_up_to_the_last_and_every_journal_balances(amounts, days):
    before, booked_so_far = [], dict.fromkeys(PLACES, 0)
    for day in accumulate(sorted(days)):
        share = elapsed(Q3, Q3.start + timedelta(days=day))
        now = [
            Booking(place, "6240", "2610", minor)
            for place, minor in accrued({place: Cost(minor) for place, minor in amounts.items()}, share).items()
        ]
        both, net = journal(now, before), delta(now, before)
        assert unbalanced(both) == unbalanced(net) == {}
        for place, line in ((place, line) for place in PLACES for line in net if line.centre == place.centre):
            booked_so_far[place] += line.amount.minor
        assert sums(both) == sums(net)
        before = now
    assert {place: minor for place, minor in booked_so_far.items() if minor} == {
        each.place: each.minor for each in before if each.minor
    }


def sums(lines):
    found = {}
    for line in lines:
        key = line.ledger, line.account, line.centre
        found[key] = found.get(key, 0) + line.amount.minor
    return {key: minor for key, minor in found.items() if minor}


def test_a_journal_takes_back_what_was_booked_and_books_what_has_accrued():
    lines = journal(booked(cc1=300, far=50), booked(cc1=100))
    assert [(line.part, line.account, line.centre, line.debit, line.credit) for line in lines] == [
        (Part.REVERSAL, "6240", "CC1", 0, 100),
        (Part.REVERSAL, "2610", "", 100, 0),
        (Part.ACCRUAL, "6240", "CC1", 300, 0),
        (Part.ACCRUAL, "6240", "FAR", 50, 0),
        (Part.ACCRUAL, "2610", "", 0, 350),
    ]
    assert [(line.centre, line.debit, line.credit) for line in delta(booked(cc1=90), booked(cc1=100))] == [
        ("CC1", 0, 10),
        ("", 10, 0),
    ]


def test_each_company_and_currency_balances_by_itself():
    lines = journal(booked(cc1=5, tokyo=7), ())
    assert {line.ledger for line in lines} == {Ledger("PT", "EUR"), Ledger("JP", "JPY")}
    assert unbalanced(lines) == {}
    assert unbalanced(lines[:1]) != {}


ORGANISATION = Organisation([Unit("AUR", "Aurelia"), Unit("LIS", "Lisbon", "AUR"), Unit("FAR", "Faro", "AUR")])


def test_accounts_are_found_by_cost_centre_then_up_the_units_then_for_all():
    accounts = Accounts({"CC1": "1", "LIS": "2", "AUR": "3", "*": "4"}, {"PT EUR": "a", "JPY": "b"}, {"AUR": "PT"})
    booker = Booker(accounts, ORGANISATION)
    assert [booker.expense(place) for place in (CC1, CC2, FAR, TOKYO)] == ["1", "2", "3", "4"]
    assert [booker.liability(place.ledger) for place in (CC1, TOKYO)] == ["a", "b"]
    assert booker.liability(Ledger("PT", "USD")) == ""
    assert (booker.company("FAR", ""), booker.company("TYO", "")) == ("PT", "")
    assert booker.booking(CC1, 5) == Booking(CC1, "1", "a", 5)
    by_company = Booker(Accounts({}, {"PT": "c", "*": "d"}), ORGANISATION)
    assert [by_company.liability(place.ledger) for place in (CC1, TOKYO)] == ["c", "d"]


def test_what_is_not_mapped_is_named_once():
    nobody = Booking(Place("", "EUR", "", ""), "", "", 1)
    bookings = [Booking(CC1, "", "x", 1), Booking(CC1, "", "x", 2), Booking(FAR, "1", "", 1), nobody]
    assert unmapped(bookings, has_companies=False) == (
        "No expense account for unit unknown.",
        "No liability account for EUR.",
        "No liability account for PT EUR.",
        "No expense account for cost centre CC1.",
    )
    assert unmapped([nobody._replace(expense="1", liability="2")], has_companies=True) == (
        "No company for unit unknown.",
    )


def test_a_map_is_read_and_written_as_lines():
    pairs, problems = read_pairs("CC1 = 6240\n\n*=6200\nPT   EUR = 2610", "accounts")
    assert (pairs, problems) == ({"CC1": "6240", "*": "6200", "PT EUR": "2610"}, [])
    assert write_pairs(pairs) == "CC1 = 6240\nPT EUR = 2610\n* = 6200\n"
    assert read_pairs(write_pairs(pairs), "accounts")[0] == pairs


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("CC2 6240", "Write each line as a code"),
        ("= 6240", "Write each line as a code"),
        ("CC1 = 1", "CC1 stands here twice"),
        ("CC2 = " + "9" * 41, "A code has at most 40 plain characters"),
        ("CC2 = a\x07b", "A code has at most 40 plain characters"),
    ],
)
def test_a_line_that_is_no_mapping_is_told(row, why):
    _, problems = read_pairs(f"CC1 = 6240\n{row}", "expense accounts")
    assert [(problem.line, problem.where) for problem in problems] == [(2, "expense accounts")]
    assert problems[0].why.startswith(why)


def accrual(**fields):
    usual = {
        "quarter": Quarter(2025, 3),
        "days": Q3,
        "as_of": date(2025, 8, 15),
        "basis": Basis.FORECAST,
        "run": "",
        "share": Fraction(1, 2),
        "draws": 200,
        "people": 3,
        "held": 0,
        "unpriced": 0,
        "notes": (),
        "has_companies": True,
        "lines": tuple(
            AccrualLine(each, 2 * each.minor, each.minor, 3 * each.minor, 1) for each in booked(cc1=500, far=100)
        ),
        "bounds": (Bounds("EUR", 900, 1501, 600, 1800),),
        "before": Before(1, date(2025, 7, 31), tuple(booked(cc1=200, cc2=40))),
    }
    return Accrual(**{**usual, **fields})


def test_totals_state_the_band_of_what_has_accrued_and_the_change():
    (total,) = accrual().totals
    assert (total.currency, total.expected, total.accrued, total.before) == ("EUR", eur(1200), eur(600), eur(240))
    assert (total.change, total.people, total.money(5)) == (eur(360), 2, eur(5))
    assert (total.accrued_low, total.accrued_high) == (eur(450), eur(751)), "half of 300 less, half of 301 more"


def eur(minor):
    return Money(minor, "EUR")


def test_a_place_that_is_gone_is_reversed_and_named():
    found = accrual()
    assert (found.gone, found.taken_before) == ((CC2,), {CC1: 200, CC2: 40})
    assert unbalanced(found.journal) == unbalanced(found.delta) == {}
    assert {line.centre: line.amount.minor for line in found.delta} == {"CC1": 300, "CC2": -40, "FAR": 100, "": -360}
    assert (found.ledgers, found.unmapped) == ((Ledger("PT", "EUR"),), ())


def test_the_first_accrual_of_a_quarter_reverses_nothing():
    first = accrual(before=None)
    assert (first.booked_before, first.gone) == ((), ())
    assert {line.part for line in first.journal} == {Part.ACCRUAL}
    assert accrual_name(first.quarter, 1) == "2025-Q3-A1"


def test_a_line_without_an_amount_needs_no_account():
    empty = AccrualLine(Booking(TOKYO, "", "", 0), 0, 0, 0, 1)
    assert accrual(lines=(empty,), before=None).unmapped == ()
