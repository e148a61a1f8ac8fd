"""A settlement's lines as they are booked: places add up, corrections stand alone, batches hold only what is new."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from comp.calculate import calculate
from comp.money import Money
from comp.paid_lines import (
    LineKey,
    PaidLine,
    Place,
    paid_lines,
    places_of,
    settled_run,
    shared_out,
    unreleased,
)
from comp.periods import Quarter
from comp.settlement import Key, LineKind, SettledLine
from comp.sheets import payroll_lines
from tests.booked import earned_lines
from tests.comp.companies import companies
from tests.make import person, plan_document
from tests.make import run as run_of

Q3, Q2 = Quarter(2025, 3), Quarter(2025, 2)
HALF = {"currency": "EUR", "target_amount": "4000"}
MOVED = [
    {**HALF, "unit": "U", "from": "2020-01-01", "to": "2025-08-15", "cost_centre": "A"},
    {**HALF, "unit": "V", "from": "2025-08-16", "cost_centre": "B"},
]
UNITS = [{"unit": "U", "name": "Unit"}, {"unit": "V", "name": "Other", "parent": "U"}]


def eur(minor):
    return Money(minor, "EUR")


def line(minor, kind=LineKind.EARNED, quarter=Q3, place=("LOY", "A", "U"), employee="1"):
    return PaidLine(LineKey(employee, "EUR", kind, quarter, Place(*place)), "Ann", eur(minor))


def booked(lines):
    return [(each.key.kind, each.key.place.cost_centre, each.amount.minor) for each in lines]


def test_what_a_run_earned_is_booked_as_its_payouts_say():
    run = run_of(units=UNITS, people=[person("1", assignments=MOVED), person("2")])
    expected = [(p.employee, each.pay_code, each.cost_centre, each.amount) for p in run.payouts for each in p.lines]
    found = [
        (each.employee, each.pay_code, each.cost_centre, each.amount) for each in payroll_lines(Q3, earned_lines(run))
    ]
    assert found == expected


def test_an_adjustment_is_shared_out_as_the_pay_was_to_the_cent():
    run = run_of(units=UNITS, people=[person("1", assignments=MOVED)])
    more = {
        Key("1", "EUR"): [SettledLine(LineKind.ADJUSTMENT, eur(101), Q3), SettledLine(LineKind.FUNDING, eur(-1), Q3)]
    }
    lines = list(paid_lines(settled_run(run).plus(more), places_of(run)))
    assert booked(lines) == [
        (LineKind.EARNED, "A", 50000),
        (LineKind.EARNED, "B", 50000),
        (LineKind.ADJUSTMENT, "A", 51),
        (LineKind.ADJUSTMENT, "B", 50),
        (LineKind.FUNDING, "A", 0),
        (LineKind.FUNDING, "B", -1),
    ]


def test_a_correction_is_booked_where_the_pay_that_it_corrects_was_and_is_a_row_of_its_own():
    run = run_of(people=[person("1", cost_centre="A")])
    key = Key("1", "EUR")
    settlement = settled_run(run).plus({key: [SettledLine(LineKind.CORRECTION, eur(500), Q2)]})
    lines = list(paid_lines(settlement, {**places_of(run), (key, Q2): {Place("OLD", "Z", "V"): Fraction(7)}}))
    assert lines[-1] == line(500, LineKind.CORRECTION, Q2, ("OLD", "Z", "V"))._replace(name="Person 1")
    rows = [(row.pay_code, row.cost_centre, row.corrects, row.amount.minor) for row in payroll_lines(Q3, lines)]
    assert rows == [("LOY", "A", "", 100000), ("OLD", "Z", "2025-Q2", 500)]


def test_somebody_whom_no_run_paid_is_booked_nowhere_for_a_layout_to_refuse():
    run = run_of(people=[person("1")])
    settlement = settled_run(run).plus(
        {Key("9", "EUR"): [SettledLine(LineKind.GUARANTEE, eur(100), Q3)]}, {"9": "Nina"}
    )
    last = list(paid_lines(settlement, places_of(run)))[-1]
    assert (last.name, last.key.place, last.amount) == ("Nina", Place(), eur(100))


def test_where_nothing_was_earned_targets_say_where_an_adjustment_goes_and_else_the_first_place():
    plans = [plan_document(eligibility={"minimum_days": "365"})]
    run = run_of(units=UNITS, plans=plans, people=[person("1", assignments=MOVED)])
    places = places_of(run)[Key("1", "EUR"), Q3]
    assert sorted(minor.minor for _, minor in shared_out(eur(100), places)) == [50, 50]
    unpaid = run_of(people=[person("1", target_amount="0")])
    assert list(places_of(unpaid)[Key("1", "EUR"), Q3].values()) == [Fraction(1)]
    nothing = {Place("A"): Fraction(1), Place("B"): Fraction(-1)}
    assert [part.minor for _, part in shared_out(eur(100), nothing)] == [100, 0]


def test_what_is_held_back_is_in_no_line():
    run = run_of(people=[person("1"), person("2")])
    settlement = settled_run(run).holding_back({Key("1", "EUR"): "Asked."})
    assert [each.key.employee for each in paid_lines(settlement, places_of(run))] == ["2"]


def test_the_next_batch_holds_what_is_new_changed_or_gone_and_nothing_else():
    released = {
        each.key: each for each in (line(100), line(50, employee="2"), line(0, employee="4"), line(5, employee="5"))
    }
    now = [line(130), line(50, employee="2"), line(70, employee="3"), line(0, employee="4"), line(0, employee="6")]
    left = [(each.key.employee, each.amount.minor) for each in unreleased(now, released)]
    assert left == [("1", 30), ("3", 70), ("5", -5), ("6", 0)]


AMOUNTS = st.integers(-(10**9), 10**9)
WEIGHTS = st.dictionaries(
    st.builds(Place, st.sampled_from("AB"), st.sampled_from("CD"), st.sampled_from("UVW")),
    st.fractions(0, 1000, max_denominator=50),
    min_size=1,
)


@settings(max_examples=60)
@given(AMOUNTS, WEIGHTS)
def test_parts_always_add_up(minor, weights):
    parts = list(shared_out(eur(minor), weights))
    assert sum(part.minor for _, part in parts) == minor
    assert {place for place, _ in parts} == set(weights)


@settings(max_examples=15)
@given(companies())
def test_what_is_booked_is_what_each_person_earned(facts):
    run = calculate(facts)
    sums = {}
    for each in earned_lines(run):
        sums[each.whose] = sums.get(each.whose, 0) + each.amount.minor
    assert sums == {Key(p.employee, p.amount.currency): p.amount.minor for p in run.payouts}
    rows = [
        (each.employee, each.pay_code, each.cost_centre, each.amount)
        for each in payroll_lines(run.quarter, earned_lines(run))
    ]
    lines = [(p.employee, each.pay_code, each.cost_centre, each.amount) for p in run.payouts for each in p.lines]
    assert rows == lines


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("123"), AMOUNTS), max_size=6),
    st.lists(st.tuples(st.sampled_from("123"), AMOUNTS), max_size=6),
)
def test_batches_together_always_come_to_what_is_payable(first, second):
    before = {each.key: each for each in (line(minor, employee=who) for who, minor in first)}
    now = {each.key: each for each in (line(minor, employee=who) for who, minor in second)}
    paid = {key: each.amount.minor for key, each in before.items()}
    for each in unreleased(now.values(), before):
        paid[each.key] = paid.get(each.key, 0) + each.amount.minor
    assert {key: minor for key, minor in paid.items() if minor} == {
        key: each.amount.minor for key, each in now.items() if each.amount.minor
    }
