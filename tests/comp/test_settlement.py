"""What is paid of a run: lines that add up, and a hash that every cent changes."""

from hypothesis import given
from hypothesis import strategies as st

from comp.money import Money
from comp.periods import Quarter
from comp.settlement import Earned, Key, LineKind, SettledLine, settle

Q = Quarter(2026, 2)
EARNED = (Earned("1", "Ann", Money(10_000, "EUR")), Earned("2", "Bob", Money(5_000, "EUR")))
ANN, BOB, GONE = Key("1", "EUR"), Key("2", "EUR"), Key("9", "EUR")


def line(minor, kind=LineKind.ADJUSTMENT):
    return SettledLine(kind, Money(minor, "EUR"), Q, "Stood in for two.", "adjustment 1")


def settled():
    return settle(Q, "2026-Q2/1", EARNED)


def test_a_run_alone_pays_what_it_gave():
    assert [each.payable for each in settled().settled] == [Money(10_000, "EUR"), Money(5_000, "EUR")]
    assert settled().payable == {"EUR": Money(15_000, "EUR")}


def test_lines_are_added_and_what_is_earned_stays():
    ann = settled().plus({ANN: [line(250)]}).settled[0]
    assert (ann.earned, ann.payable) == (Money(10_000, "EUR"), Money(10_250, "EUR"))
    assert ann.of_kind(LineKind.ADJUSTMENT, LineKind.CORRECTION) == Money(250, "EUR")


def test_a_line_of_nothing_is_no_line():
    assert settled().plus({ANN: [line(0)], GONE: [line(0)]}) == settled()


def test_somebody_whom_the_run_does_not_pay_can_be_owed_a_correction():
    grown = settled().plus({GONE: [line(-300, LineKind.CORRECTION)]}, {"9": "Gus"})
    assert [(each.employee, each.name, each.payable.minor) for each in grown.settled][-1] == ("9", "Gus", -300)
    assert settled().plus({GONE: [line(1)]}).settled[-1].name == "9"


def test_what_is_held_back_is_not_in_the_total():
    held = settled().holding_back({BOB: "The bank account is not confirmed."})
    assert held.payable == {"EUR": Money(10_000, "EUR")}
    assert held.settled[1].held_back


@given(st.integers(-9_999, 9_999), st.integers(-9_999, 9_999))
def test_the_hash_changes_with_every_cent_and_with_nothing_else(one, other):
    first, second = (settled().plus({ANN: [line(minor)]}) for minor in (one, other))
    assert (first.sha256 == second.sha256) == (one == other)


def test_holding_somebody_back_changes_the_hash_and_words_do_not():
    assert settled().holding_back({ANN: "x"}).sha256 != settled().sha256
    said, unsaid = (settled().plus({ANN: [line(1)._replace(about=about)]}) for about in ("x", "y"))
    assert said.sha256 == unsaid.sha256
