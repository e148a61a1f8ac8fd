"""What a replay is held against: every kind of difference, and none where there is none."""

from dataclasses import replace

from hypothesis import given

from comp.calculate import calculate
from comp.errors import Problem
from comp.replay import differences
from comp.results import Hold, Outside
from tests.comp.companies import companies
from tests.make import run


def cut(stored):
    """A run as it is stored: each assignment with the days of its piece."""
    payouts = tuple(
        payout._replace(
            pieces=tuple(
                piece._replace(assignment=replace(piece.assignment, span=piece.stretch.span)) for piece in payout.pieces
            )
        )
        for payout in stored.payouts
    )
    return replace(stored, payouts=payouts)


def found(stored, replayed):
    return [(each.employee, each.why) for each in differences(stored, replayed)]


@given(companies())
def test_the_same_facts_calculated_again_differ_in_nothing(facts):
    assert found(cut(calculate(facts)), calculate(facts)) == []


def test_a_payout_that_only_one_of_them_has_is_found():
    paid = run()
    nobody = replace(paid, payouts=())
    assert found(cut(paid), nobody) == [("1", "Paid only in the run.")]
    assert found(nobody, paid) == [("1", "Paid only in the replay.")]


def test_another_name_or_another_piece_is_found():
    paid = run()
    renamed = replace(paid, payouts=tuple(payout._replace(name="Else") for payout in paid.payouts))
    assert found(cut(paid), renamed) == [("1", "The amount is the same, but the steps to it are not.")]
    (payout,) = paid.payouts
    piece = payout.pieces[0]
    forfeited = piece._replace(stretch=piece.stretch._replace(forfeited="why"))
    changed = replace(paid, payouts=(payout._replace(pieces=(forfeited,)),))
    assert found(cut(paid), changed) == [("1", "The amount is the same, but the steps to it are not.")]


def test_holds_and_people_in_no_plan_are_compared_by_their_reasons():
    paid = run()
    held = replace(paid, held=(Hold("2", "B", "no score"),))
    outside = replace(paid, outside=(Outside("2", "B", "no plan"),))
    assert found(cut(held), outside) == [
        ("2", "held (no score) in the run, in no plan (no plan) in the replay."),
    ]
    assert found(cut(held), paid) == [("2", "held (no score) in the run, paid or unknown in the replay.")]


def test_other_problems_are_nobodys_own():
    paid = run()
    assert found(cut(paid), replace(paid, problems=(Problem("x"),))) == [
        ("", "Problems, metrics or rounding of the run are others.")
    ]
