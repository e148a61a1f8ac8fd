"""Cliffs, and the odds that chance carries a unit over them."""

from fractions import Fraction

import pytest

from comp.facts import Result
from comp.findings import write_finding
from tests.comp.lint_companies import EIGHT, asks, component, facts, found
from tests.make import measure

STEP = {"shape": "step", "points": [["40", "100%"]]}
UNITS_38 = {"U": (52, 34, 14)}
"""One hundred answers a quarter that make 38.0."""


def cliff(known, **fields):
    (finding,) = found(known, "cliff", **fields)
    return finding


def test_two_points_below_a_cliff_a_hundred_answers_pay_in_about_39_percent_of_quarters():
    finding = cliff(facts(answers=UNITS_38), **asks(curve=STEP))
    (odds,) = finding.odds
    assert (odds.unit, odds.answers, odds.stands_above) == ("U", 100, False)
    assert odds.score == pytest.approx(38)
    assert odds.chance == pytest.approx(0.39, abs=0.01)
    assert "At 40 attainment jumps from 0\u202f% to 100\u202f%: a cliff of 100\u202f% of the target." in finding.what
    assert "U (answers of a quarter, usually 100) stands 2.0 points short of it" in finding.what
    assert "would be paid by luck alone in about 39\u202f% of quarters" in finding.what


def test_odds_are_written_as_text():
    (odds,) = write_finding(cliff(facts(answers=UNITS_38), **asks(curve=STEP)))["odds"]
    assert odds["chance"].startswith("0.39")
    assert (odds["unit"], odds["answers"], odds["score"], odds["cliff"]) == ("U", "100", "38.0", "40.0")


def test_a_unit_past_the_cliff_may_miss_it_and_the_worst_is_told_first():
    answers = {"U": (60, 24, 16), "V": (52, 34, 14)}
    finding = cliff(facts(people=(("U", "", 5), ("V", "", 5)), answers=answers), **asks(curve=STEP))
    assert [(odds.unit, odds.stands_above) for odds in finding.odds] == [("V", False), ("U", True)]
    assert finding.odds[0].luck > finding.odds[1].luck
    assert "1 more unit may cross it by luck" in finding.what
    past = cliff(facts(answers={"U": (60, 24, 16)}), **asks(curve=STEP))
    assert "past it and would miss it by bad luck" in past.what


def test_a_unit_far_from_the_cliff_is_not_concerned():
    finding = cliff(facts(answers={"U": (90, 8, 2)}), **asks(curve=STEP))
    assert finding.odds == ()
    assert "No unit stands so near to it today" in finding.what


def test_a_unit_with_few_answers_is_weighed_by_what_its_score_rests_on():
    answers = {"U": (16, 10, 4), "V": (500, 300, 200)}
    (rolling,) = cliff(facts(answers=answers), **asks(curve=STEP)).odds
    assert (rolling.answers, rolling.basis) == (120, "answers of the last four quarters")
    near = {"shape": "step", "points": [["31", "100%"]]}
    (parent,) = cliff(facts(answers=answers), **asks(curve=near, too_few=["parent", "hold"])).odds
    assert (parent.answers, parent.basis) == (1030, "answers of CO")
    held = cliff(facts(answers={"U": (16, 10, 4)}), **asks(curve=near, too_few=["parent", "hold"]))
    assert held.odds == ()
    assert cliff(facts(answers={"U": (1, 1, 0)}), **asks(curve=near, too_few=["rolling-4"])).odds == ()
    assert cliff(facts(answers={"U": (1, 1, 0)}), **asks(curve=near, too_few=["hold", "parent"])).odds == ()


def test_the_cliff_lies_where_the_units_target_puts_it():
    curve = {"x": "points_from_target", "shape": "step", "points": [["-2", "100%"]]}
    known = facts(answers=UNITS_38, targets=[("CO", "2025", "nps", 42)])
    (odds,) = cliff(known, **asks(curve=curve)).odds
    assert odds.cliff == 40
    curve = {"x": "percent_of_target", "shape": "step", "points": [["80", "100%"]]}
    known = facts(answers=UNITS_38, targets=[("CO", "2025", "nps", 50)])
    assert cliff(known, **asks(curve=curve)).odds[0].cliff == 40
    assert cliff(facts(answers=UNITS_38), **asks(curve=curve)).odds == ()


def test_a_jump_is_weighed_by_weight_and_share_against_the_companys_setting():
    measures = [
        measure("nps", weight="25%", curve=STEP),
        measure("k", weight="75%", curve={"points": [["0", "0%"], ["100", "100%"]]}),
    ]
    parts = {"components": [component(*measures, share="40%")], "elsewhere": "60%", "examples": []}
    assert "a cliff of 10\u202f% of the target" in cliff(facts(), **parts).what
    assert found(facts(cliff=Fraction(11, 100)), "cliff", **parts) == []


def test_each_step_of_a_curve_is_a_jump_and_where_a_line_begins_too():
    steps = {"shape": "step", "points": [["20", "50%"], ["40", "100%"], ["60", "105%"]]}
    told = cliff(facts(), **asks(curve=steps)).what
    assert "At 20 attainment jumps from 0\u202f% to 50\u202f%" in told
    assert "At 40 attainment jumps from 50\u202f% to 100\u202f%" in told
    assert "At 60" not in told
    assert "At 20" in cliff(facts(), **asks(curve={"points": [["20", "50%"], ["40", "100%"]]})).what


def test_where_less_is_better_the_odds_run_the_other_way():
    known = facts(answers=UNITS_38)
    fields = asks("unhappy", curve={"shape": "step", "points": [["10", "100%"]]})
    assert cliff(known, **fields).odds == ()
    gate = {"metric": "nps", "at_most": "40", "min_answers": "1", "otherwise": {"cap": "0%"}}
    (odds,) = cliff(known, gates=[gate]).odds
    assert odds.stands_above
    assert odds.luck == pytest.approx(0.39, abs=0.02)


def test_a_gate_is_a_cliff_of_what_it_takes():
    gate = {"metric": "nps", "at_least": "40", "otherwise": {"cap": "80%", "on": "c"}}
    finding = cliff(facts(answers=UNITS_38), gates=[gate])
    assert finding.path == "gates[0]"
    assert "At 40 the gate caps c at 80\u202f%: a cliff of 20\u202f% of the target." in finding.what
    assert finding.odds[0].unit == "U"
    gate["otherwise"]["cap"] = "95%"
    assert found(facts(), "cliff", gates=[gate]) == []


def test_where_a_line_begins_at_the_end_of_the_scale_nothing_jumps():
    assert found(facts(), "cliff", **asks(curve={"points": [["-100", "50%"], ["50", "100%"]]})) == []
    falling = {"points": [["100", "50%"], ["0", "100%"]]}
    assert found(facts(), "cliff", **asks("unhappy", curve=falling)) == []


def test_a_stated_value_has_no_odds():
    finding = cliff(facts(), components=[component(measure(curve=STEP))])
    assert finding.odds == ()
    assert finding.what.endswith("k is stated, not asked: whoever states it decides on which side it falls.")


def test_a_score_that_was_stated_with_its_count_has_no_odds_either():
    counts = tuple(Result("U", quarter, "nps", value=Fraction(38), answers=100) for quarter in EIGHT)
    assert cliff(facts(results=counts), **asks(curve=STEP)).odds == ()


def test_a_metric_that_is_not_known_has_no_cliffs():
    assert found(facts(), "cliff", **asks("z", curve=STEP)) == []
    assert found(facts(), "cliff", gates=[{"metric": "z", "at_least": "1", "otherwise": {"cap": "0%"}}]) == []
