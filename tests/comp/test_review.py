"""Rows of a review: what was seen of each, what marks them, and what is confirmed together."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.causes import Cause, Input
from comp.compare import Change, Part
from comp.compare_added import with_adjustments
from comp.explain_settlement import added, steps_added, with_added
from comp.money import Money
from comp.nodes import Node
from comp.periods import Quarter
from comp.review import (
    Mark,
    Row,
    Said,
    Selection,
    Show,
    Sort,
    Standing,
    adjusted,
    arranged,
    is_unusual,
    payout_flags,
    progress_of,
    row_sha256,
    selected,
    standing,
    totals,
)
from comp.settlement import Earned, Key, LineKind, SettledLine, settle
from comp.waterfall import Step
from tests.make import measure, person, run

NOW, Q = datetime(2026, 1, 5, tzinfo=UTC), Quarter(2025, 3)
ANN = Key("1", "EUR")


def eur(minor):
    return Money(minor, "EUR")


def settled(*lines):
    earned = settle(Q, "2025-Q3/1", [Earned("1", "Ann", eur(10_000))])
    return earned.plus({ANN: [SettledLine(kind, eur(minor), Q, "Extra role", "x") for kind, minor in lines]}).settled[0]


def mark(said, sha256="s"):
    return Mark(said, sha256, "m@x", NOW)


def row(employee="1", **fields):
    usual = {"name": f"Person {employee}", "manager": "m", "unit": "U", "sha256": employee, "currency": "EUR"}
    usual |= {"standing": Standing.TO_CONFIRM, "payable": eur(100), "before": eur(90), "adjusted": eur(0)}
    return Row(employee, **{**usual, **fields})


@pytest.mark.parametrize(
    ("last", "where"),
    [
        (None, Standing.TO_CONFIRM),
        (mark(Said.CONFIRM), Standing.CONFIRMED),
        (mark(Said.CONFIRM, "another"), Standing.CHANGED),
        (mark(Said.SEND_BACK, "another"), Standing.SENT_BACK),
        (mark(Said.ANSWER), Standing.TO_CONFIRM),
    ],
)
def test_what_was_said_last_counts_while_nothing_changed(last, where):
    assert standing("s", last) is where


@given(st.integers(-999, 999), st.integers(-999, 999))
def test_the_hash_of_a_row_changes_with_every_cent_and_with_the_run(one, other):
    first, second = (row_sha256("r", [settled((LineKind.ADJUSTMENT, minor))]) for minor in (one, other))
    assert (first == second) == (one == other)
    assert first != row_sha256("r2", [settled((LineKind.ADJUSTMENT, one))])


@pytest.mark.parametrize(
    ("now", "before", "is_it"), [(151, 100, True), (150, 100, False), (49, 100, True), (9, None, False)]
)
def test_a_change_of_more_than_half_is_unusual(now, before, is_it):
    assert is_unusual(eur(now), None if before is None else eur(before)) == is_it


def test_what_is_remarkable_about_a_payout_is_told():
    parts = [{"id": "c", "name": "C", "share": "100%", "measures": [measure()]}]
    plan = {"id": "p", "name": "P", "starts": "2025-01-01", "applies_to": "everyone", "pay_code": "L"}
    plan |= {"components": parts, "cap": "90%", "eligibility": {"minimum_days": "60"}}
    away = person(absences=[{"kind": "unpaid", "from": "2025-07-01", "to": "2025-07-05"}])
    moved = person("2", assignments=[stretch("U", "2025-01-01", "2025-07-31"), stretch("V", "2025-08-01")])
    late = person("3", from_="2025-09-20")
    found = run(
        plans=[plan],
        units=[{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}],
        results=[{"unit": unit, "quarter": "2025-Q3", "metric": "k", "value": "100"} for unit in "UV"],
        people=[away, moved, late],
    ).payouts
    assert [payout_flags(each) for each in found] == [
        ("absent", "capped"),
        ("moved", "capped"),
        ("not eligible", "capped"),
    ]


def stretch(unit, start, end=None):
    last = {"to": end} if end else {}
    return {"unit": unit, "from": start, "currency": "EUR", "target_amount": "4000", **last}


ROWS = (
    row("1", name="Bea", payable=eur(100), before=eur(90), attainment=Fraction(1)),
    row("2", name="Ann", payable=eur(300), before=None, unit="A", standing=Standing.CONFIRMED, needs_me=False),
    row("3", name="Cem", payable=eur(200), before=eur(500), flags=("moved",), needs_me=True, standing=Standing.CHANGED),
    row("4", name="Dee", currency="", payable=None, before=None, standing=Standing.SENT_BACK, adjusted=None),
    row("5", name="Eve", payable=eur(50), before=eur(50), proposed=eur(7)),
)


@pytest.mark.parametrize(
    ("show", "numbers"),
    [
        (Show.NEEDS_ME, "3"),
        (Show.OPEN, "135"),
        (Show.FLAGGED, "3"),
        (Show.ADJUSTED, "5"),
        (Show.SENT_BACK, "4"),
        (Show.CONFIRMED, "2"),
        (Show.ALL, "12345"),
    ],
)
def test_each_filter_shows_its_rows(show, numbers):
    assert sorted(each.employee for each in arranged(ROWS, show, Sort.NAME)) == list(numbers)


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        (Sort.NAME, "21345"),
        (Sort.UNIT, "21345"),
        (Sort.PAYABLE, "42315"),
        (Sort.CHANGE, "43125"),
        (Sort.ATTAINMENT, "12345"),
    ],
)
def test_rows_are_sorted_and_those_of_equal_place_by_employee(sort, numbers):
    assert "".join(each.employee for each in arranged(ROWS, Show.ALL, sort)) == numbers


def test_a_search_looks_in_numbers_and_names():
    assert [each.employee for each in arranged(ROWS, Show.ALL, Sort.NAME, " ANN ")] == ["2"]


def test_only_open_rows_without_flags_are_confirmed_together():
    assert selected(ROWS, None).people == ("1", "5")
    chosen = selected(ROWS, ["5", "3"])
    assert (chosen.people, chosen.totals, chosen.words) == (("5",), (eur(50),), "1 person, 0.50 EUR")
    assert Selection(()).words == "0 people"


@given(st.permutations(range(3)))
def test_the_hash_of_what_is_confirmed_depends_on_no_order_and_on_every_row(order):
    chosen = Selection(tuple(ROWS[place] for place in order))
    assert chosen.sha256 == Selection(ROWS[:3]).sha256
    assert chosen.sha256 != Selection((*ROWS[:2], replace(ROWS[2], sha256="another"))).sha256


def test_amounts_are_added_up_by_currency():
    yen = row("9", currency="JPY", payable=Money(7, "JPY"))
    assert totals((*ROWS, yen)) == (eur(650), Money(7, "JPY"))
    assert totals(ROWS, "adjusted") == (eur(0),)


def test_the_progress_of_teams_counts_whom_a_manager_has_to_confirm():
    standings = {"1": Standing.CONFIRMED, "2": Standing.SENT_BACK, "3": Standing.CHANGED, "4": Standing.TO_CONFIRM}
    managers = {"1": ("m", "Mo"), "2": ("m", "Mo"), "3": ("n", "Al"), "9": ("n", "Al")}
    second, first = progress_of(standings, managers, ["2", "2"])
    assert (first.manager, first.people, first.confirmed, first.sent_back, first.adjustments) == ("m", 2, 1, 1, 2)
    assert (first.missing, first.is_done, second.manager, second.missing) == (0, False, "n", 1)


def test_what_was_added_stands_in_the_tree_and_in_the_steps_and_adds_up():
    paid = settled((LineKind.ADJUSTMENT, 200), (LineKind.ADJUSTMENT, 50), (LineKind.CORRECTION, -100))
    tree = with_added(Node("payout", "Payout", "100.00 EUR"), paid)
    assert [(part.kind, part.title) for part in tree.parts] == [
        ("payout", "Payout"),
        ("adjustment", "Adjustment"),
        ("adjustment", "Adjustment"),
        ("correction", "Correction of 2025-Q3"),
    ]
    assert (tree.value, tree.parts[1].how) == (
        "101.50\u00a0EUR" if "\u00a0" in tree.value else "101.50 EUR",
        ("Extra role.",),
    )
    steps = steps_added([Step("Target", eur(10_000))], paid)
    assert [(step.label, step.change.minor) for step in steps[1:]] == [
        ("Adjustment", 250),
        ("Correction of 2025-Q3", -100),
    ]
    assert sum(step.change.minor for step in steps) == paid.payable.minor
    assert adjusted(paid) == eur(250)


def test_where_nothing_was_added_the_explanation_is_that_of_the_run():
    tree = Node("payout", "Payout", "100.00 EUR")
    assert (with_added(tree, settled()), with_added(tree, None), added(None)) == (tree, tree, ())
    unsaid = settle(Q, "r", []).plus({ANN: [SettledLine(LineKind.CARRIED, eur(5), Q)]}).settled[0]
    assert with_added(tree, unsaid).parts[1].how == ()


@given(st.integers(-99, 99), st.integers(-99, 99))
def test_adjustments_are_a_part_of_a_difference_and_the_parts_add_up(old, new):
    parts = (Part(Input(Cause.SCORE), eur(50)),)
    change = Change("1", "Ann", eur(100), eur(150), eur(50), parts)
    grown = with_adjustments(change, ("1", "1"), {ANN: eur(old)}, {ANN: eur(new)})
    assert sum(part.change.minor for part in grown.parts) == grown.difference.minor
    assert (grown.before, grown.after, grown.difference) == (eur(100 + old), eur(150 + new), eur(50 + new - old))
    alone = with_adjustments(change._replace(before=None), ("9", "1"), {}, {})
    assert (alone.before, alone.parts) == (None, parts)


def test_about_an_ordinary_payout_nothing_is_remarkable():
    assert payout_flags(run().payouts[0]) == ()
