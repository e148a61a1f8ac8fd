"""What measures earned is kept for sliders, and forgotten in the order in which it was asked for."""

from comp import attainment
from comp.attainment import Earned
from tests.make import plan


def test_of_too_much_what_was_asked_for_first_is_forgotten(monkeypatch):
    monkeypatch.setattr(attainment, "_MOST_KEPT", 1)
    first, second = plan().components[0].measures, plan(id="q").components[0].measures
    earned = Earned()
    earned.of(first).update({("A", ""): None, ("B", ""): None})
    earned.of(second)
    assert earned.of(first) == {}
