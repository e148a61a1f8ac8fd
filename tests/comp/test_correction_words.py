"""What a statement says of a correction."""

from comp.causes import Cause, Input
from comp.compare import Part
from comp.correction_words import OTHER, about, reasons, recovered, signed_text
from comp.money import Money
from comp.periods import Quarter

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)


def part(cause, minor, metric=""):
    return Part(Input(cause, metric), Money(minor, "EUR"))


def test_causes_are_named_with_what_each_changed_whatever_the_metric():
    why = reasons(
        [part(Cause.SCORE, 1_500, "nps"), part(Cause.SCORE, 500, "csat"), part(Cause.SALARY, -300)],
        Money(1_700, "EUR"),
    )
    assert about(Q1, why) == "Correction of 2026-Q1: scores +20.00 EUR, salary −3.00 EUR."


def test_what_the_two_runs_do_not_differ_by_is_named_too_and_the_parts_add_up():
    why = reasons([part(Cause.UNIT, 1_000)], Money(400, "EUR"))
    assert sum(each.change.minor for each in why) == 400
    assert why[-1].label == OTHER.capitalize()
    assert (
        about(Q1, why) == "Correction of 2026-Q1: another unit +10.00 EUR, earlier corrections and additions −6.00 EUR."
    )


def test_parts_that_cancel_out_are_not_told():
    why = reasons([part(Cause.SCORE, 5, "a"), part(Cause.SCORE, -5, "b")], Money(0, "EUR"))
    assert about(Q1, why) == "Correction of 2026-Q1."


def test_what_is_set_against_a_payment_says_how_much_and_what_is_left():
    text = "Correction of 2026-Q1."
    assert (
        recovered(text, Money(-100, "EUR"), Money(200, "EUR"), Q2, Q2)
        == "Correction of 2026-Q1. 1.00 EUR is set against this payment. 2.00 EUR is left and carried on."
    )
    assert (
        recovered(text, Money(-200, "EUR"), Money(0, "EUR"), Q2, Q3)
        == "Correction of 2026-Q1. Carried over from 2026-Q2. 2.00 EUR is set against this payment."
    )


def test_a_change_has_its_sign():
    amounts = [signed_text(Money(minor, "EUR")) for minor in (123_456, -5, 0)]
    assert amounts == ["+1,234.56 EUR", "−0.05 EUR", "0.00 EUR"]
