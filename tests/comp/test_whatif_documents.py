"""What-ifs as documents: money as text, and nothing lost that a scenario needs."""

from fractions import Fraction

import pytest

from comp.errors import RefusedError
from comp.money import Money
from comp.whatif import Snapshot
from comp.whatif_documents import (
    read_lines,
    read_position,
    result_lines,
    write_bands,
    write_estimate,
    write_lines,
    write_points,
    write_position,
    write_sought,
)
from comp.whatif_goal import Goal, seek
from comp.whatif_position import Position, turned, with_share
from comp.whatif_scores import bands, point_costs
from tests.comp.test_whatif import two_metrics


@pytest.fixture
def tried():
    facts = two_metrics()
    return Snapshot(facts), turned(facts.plans[0], with_share(facts.plans[0], "c", Fraction(1, 2)))


def test_an_estimate_is_written_with_money_as_text(tried):
    snapshot, plan = tried
    made = write_estimate(snapshot.estimate(plan))
    (cost,) = made["costs"]
    assert (made["people"], made["held"]) == (3, {"before": 0, "after": 0})
    assert (cost["before"], cost["after"], cost["change"], cost["bound"]) == ("3160.00", "3050.00", "-110.00", "0.015")
    assert (cost["gaining"], cost["gained"], cost["losing"], cost["lost"]) == (1, "20.00", 2, "130.00")
    assert cost["largest"][0] == {"employee": "2", "before": "920.00", "after": "850.00"}
    assert made["units"][0]["attainment"] == "90%"
    assert made["attainments"] == {"80": 2, "90": 1}


def test_points_bands_and_goals_are_written(tried):
    snapshot, plan = tried
    assert write_points(point_costs(snapshot, plan))["k"] == {"EUR": "17.50"}
    band = {"currency": "EUR", "low": "3050.00", "expected": "3050.00", "high": "3050.00"}
    assert write_bands(bands(snapshot, plan))["after"] == [band]
    found = write_sought(seek(snapshot, plan, Goal("scale"), Fraction(1525), "EUR"), "EUR")
    assert found == {"goal": "scale", "found": True, "value": "0.5", "cost": "1525.00", "next": "1525.31"}
    none = write_sought(seek(snapshot, plan, Goal("share", "c"), Fraction(1), "EUR"), "EUR")
    assert none == {"goal": "share:c", "found": False, "least": "2500.00", "most": "3600.00"}


def test_results_are_kept_to_the_cent_and_come_back(tried):
    snapshot, plan = tried
    lines = result_lines(snapshot.estimate(plan), snapshot.exact_costs(plan))
    assert [(line.before, line.after, line.change) for line in lines] == [
        (Money(316_000, "EUR"), Money(305_000, "EUR"), Money(-11_000, "EUR"))
    ]
    assert read_lines(write_lines(lines)) == lines


def test_damaged_results_are_refused():
    with pytest.raises(RefusedError, match="damaged"):
        read_lines([{"currency": "EUR"}])


def test_positions_come_back_as_they_were():
    position = Position(
        caps={"c": None, "total": Fraction(3, 2)}, shifts={"c.0": Fraction(-1, 3)}, scale=Fraction(9, 10)
    )
    assert read_position(write_position(position)) == position
    assert write_position(Position()) == {}
