"""What a batch pays otherwise than before: new, changed, gone, with the parts that differ."""

from comp.batch_changes import changes, standings
from comp.money import Money
from comp.paid_lines import LineKey, PaidLine, Place
from comp.periods import Quarter
from comp.settlement import Key, LineKind

Q3, Q2 = Quarter(2025, 3), Quarter(2025, 2)


def line(employee, minor, kind=LineKind.EARNED, quarter=Q3):
    return PaidLine(LineKey(employee, "EUR", kind, quarter, Place()), f"P{employee}", Money(minor, "EUR"))


def told(before, now, known=()):
    found = changes("2025-Q2", standings(Q3, before), standings(Q3, now), dict(known))
    return [(each.what, each.key.employee, each.name, each.delta.minor, each.why) for each in found]


def test_who_is_new_changed_or_gone_is_told_with_the_difference():
    before = [line("1", 100), line("2", 100), line("3", 100)]
    now = [line("2", 130), line("3", 100), line("4", 50)]
    assert told(before, now) == [
        ("gone", "1", "P1", -100, ""),
        ("changed", "2", "P2", 30, "earned +0.30"),
        ("new", "4", "P4", 50, ""),
    ]


def test_the_parts_say_why_corrections_with_their_quarter():
    before = [line("1", 100), line("1", 20, LineKind.ADJUSTMENT)]
    now = [line("1", 100), line("1", 5, LineKind.ADJUSTMENT), line("1", 500, LineKind.CORRECTION, Q2)]
    assert told(before, now) == [("changed", "1", "P1", 485, "adjustment -0.15, correction of 2025-Q2 +5.00")]


def test_what_is_known_otherwise_is_said_instead():
    known = {Key("1", "EUR"): "held back: asked"}
    assert told([line("1", 100)], [], known.items()) == [("gone", "1", "P1", -100, "held back: asked")]


def test_whoever_is_paid_alike_is_not_listed():
    assert told([line("1", 100)], [line("1", 60), line("1", 40, LineKind.ADJUSTMENT)]) == []
