"""What those who decide on a plan are told: how sure scores are, what that does to pay, when surveys may pay at all."""

import pytest

from comp import guidance
from comp.documents import Fields
from comp.guidance import basis_words, full_at, guide
from comp.guidance_conditions import ASK, MET, OPEN, conditions
from comp.lint_grounds import Basis, Grounds
from comp.rule_documents import read_curve
from tests.comp.lint_companies import BY_ID, EIGHT, asks, component, facts
from tests.make import measure, plan

LINE = {"points": [["20", "50%"], ["40", "100%"], ["60", "150%"]]}
HUNDRED = {"U": (50, 30, 20)}


def guided(known, unit="", most=25, **fields):
    return guide(Grounds(plan(**{"examples": [], **fields}), known), most, unit)


def only(known, unit="", **fields):
    (found,) = guided(known, unit, **asks(**{"curve": LINE, **fields}))
    return found


def test_a_unit_is_told_its_answers_its_margin_and_what_it_would_be_paid_by_chance():
    found = only(facts(answers=HUNDRED))
    (unit,) = found.units
    assert (unit.unit, unit.name, unit.people, unit.usual, unit.basis.word) == ("U", "Unit", 10, 100, "own")
    assert unit.margin == pytest.approx(15.3, abs=0.05)
    assert unit.needed == (235, 937)
    assert unit.truth == 40
    assert unit.spread.mean == pytest.approx(1, abs=0.01)
    assert unit.spread.low == pytest.approx(0.625, abs=0.03)
    assert unit.spread.high == pytest.approx(1.375, abs=0.03)
    assert (found.path, found.component, found.min_answers, found.count) == (
        "components[0].measures[0]",
        "Customer",
        50,
        1,
    )


def test_a_line_is_calmer_than_an_edge_and_four_quarters_are_calmer_than_one():
    cliff, linear, rolling = only(facts(answers=HUNDRED)).variants
    assert [each.kind for each in (cliff, linear, rolling)] == ["cliff", "linear", "rolling"]
    assert [each.answers for each in (cliff, linear, rolling)] == [100, 100, 400]
    assert cliff.spread.deviation > 2 * linear.spread.deviation
    assert rolling.spread.deviation == pytest.approx(linear.spread.deviation / 2, rel=0.1)
    assert (cliff.spread.low, cliff.spread.high) == (0, 1)
    assert cliff.spread.nothing == pytest.approx(0.5, abs=0.05)


def test_the_plans_own_steps_are_shown_as_a_line_through_their_points():
    steps = {**LINE, "shape": "step"}
    found = only(facts(answers=HUNDRED), curve=steps)
    line = only(facts(answers=HUNDRED)).variants[1]
    assert found.variants[1] == line
    assert found.units[0].spread != line.spread


@pytest.mark.parametrize(("metric", "better"), [("nps", 1), ("unhappy", -1)])
def test_one_step_is_shown_as_a_line_over_a_fifth_of_the_scale(metric, better):
    answers = facts(answers=HUNDRED)
    (found,) = guided(answers, **asks(metric, curve={"shape": "step", "points": [["40", "100%"]]}))
    if better > 0:
        assert found.variants[1].spread.mean == pytest.approx(1, abs=0.01)
    else:
        assert (found.shown, found.variants) == (None, ())


def test_few_answers_are_paid_on_four_quarters_or_on_the_unit_above():
    answers = {"U": (8, 4, 3), "V": (300, 200, 100)}
    rolling = only(facts(answers=answers)).units[0]
    assert (rolling.basis.word, rolling.basis.answers, rolling.usual) == ("rolling-4", 60, 15)
    above = only(facts(answers=answers), too_few=["parent", "hold"]).units[0]
    assert (above.basis.word, above.basis.answers) == ("parent CO", 615)
    assert above.spread.deviation < rolling.spread.deviation
    held = only(facts(answers={"U": (8, 4, 3)}), too_few=["hold"])
    assert (held.units[0].basis, held.units[0].spread) == (None, None)
    assert (held.shown, held.variants) == (None, ())


def test_a_unit_without_answers_is_the_least_sure_and_scatters_as_those_above_it():
    people = (("U", "", 2), ("V", "", 3))
    found = only(facts(people=people, answers={"V": (50, 30, 20)}))
    assert [unit.unit for unit in found.units] == ["U", "V"]
    first = found.units[0]
    assert (first.usual, first.margin, first.basis.word, first.needed) == (0, None, "parent CO", (235, 937))
    assert found.shown == first
    assert found.variants == ()
    nothing = only(facts(people=people)).units[0]
    assert (nothing.needed, nothing.margin, nothing.spread) == (None, None, None)


def test_a_unit_that_is_asked_for_is_looked_at_closely_and_only_so_many_are_told():
    people = (("U", "", 2), ("V", "", 3))
    known = facts(people=people, answers={"U": (20, 20, 20), "V": (500, 300, 200)})
    (found,) = guided(known, "V", 1, **asks(curve=LINE))
    assert ([unit.unit for unit in found.units], found.count) == (["U"], 2)
    assert found.shown.unit == "V"
    assert only(known, "elsewhere").shown.unit == "U"


def test_targets_say_where_a_unit_is_truly_at_target():
    curve = {"x": "points_from_target", "points": [["-10", "0%"], ["0", "100%"], ["10", "150%"]]}
    known = facts(answers=HUNDRED, targets=[("CO", "2025", "nps", 35)])
    assert only(known, curve=curve).units[0].truth == 35
    without = only(facts(answers=HUNDRED), curve=curve)
    assert (without.units[0].truth, without.units[0].spread, without.variants) == (None, None, ())
    share = {"x": "percent_of_target", "points": [["80", "0%"], ["100", "100%"]]}
    assert only(known, curve=share).units[0].truth == 35
    nothing = facts(answers=HUNDRED, targets=[("CO", "2025", "nps", 0)])
    assert only(nothing, curve=share).units[0].truth is None


def test_what_is_stated_or_measured_at_persons_is_not_guided():
    assert guided(facts(), components=[component(measure())]) == ()
    (person,) = guided(facts(answers=HUNDRED), **asks(measured_at="person"))
    assert (person.units, person.count, person.shown) == ((), 0, None)


@pytest.mark.parametrize(
    ("points", "shape", "better", "at"),
    [
        ([["20", "50%"], ["40", "150%"]], "linear", "nps", 30),
        ([["20", "50%"], ["40", "150%"]], "step", "nps", 40),
        ([["20", "100%"], ["40", "150%"]], "linear", "nps", 20),
        ([["20", "50%"], ["40", "80%"]], "linear", "nps", 40),
        ([["20", "50%"], ["10", "100%"]], "linear", "unhappy", 10),
    ],
)
def test_a_unit_is_at_target_where_the_curve_pays_100_percent(points, shape, better, at):
    curve = read_curve(Fields({"points": points, "shape": shape}, []))
    assert full_at(curve, BY_ID[better], 0) == at


def test_where_less_is_better_the_line_runs_the_other_way():
    from comp.guidance import _line

    curve = read_curve(Fields({"points": [["40", "100%"]], "shape": "step"}, []))
    line = _line(curve, BY_ID["unhappy"], 0)
    assert [line.attainment(x, "lower") for x in (60, 50, 40, 30)] == [0, 0, 1, 2]
    assert _line(curve, BY_ID["effort"], 0).attainment(30, "lower") == 2


def test_what_a_unit_is_paid_on_has_words():
    assert basis_words(None) == "no score of its own"
    assert basis_words(Basis("U", 5, "own")) == "its own answers of the quarter"
    assert basis_words(Basis("CO", 5, "parent CO")) == "CO, above it"


def checklist(known, **fields):
    grounds = Grounds(plan(**{"examples": [], **fields}), known)
    return conditions(grounds, guide(grounds, 1))


def states(known, **fields):
    return [each.state for each in checklist(known, **fields)]


BOTH = [component(measure("nps", weight="60%", curve=LINE), measure("k", weight="40%"))]


def test_the_checklist_tells_what_the_data_says_and_asks_what_only_people_know():
    found = checklist(facts(answers={"U": (500, 300, 200)}), components=BOTH)
    assert [each.state for each in found[:5]] == [MET, MET, MET, OPEN, ASK]
    assert {each.state for each in found[5:]} == {ASK}
    assert found[0].known == "Known: 8 quarters of nps."
    assert found[2].known == "So it is in all of 1 unit."
    assert found[3].known == "1 cliff, with 0 units near one."
    assert found[4].known == "60\u202f% of the target hangs on customers' answers."
    assert any("not paid by them" in each.asks for each in found)


def test_conditions_that_do_not_hold_are_open():
    smooth = {"points": [["-100", "0%"], ["100", "200%"]]}
    known = facts(people=(("U", "", 1), ("V", "", 1)), answers={"U": (5, 3, 2)}, quarters=EIGHT[:3])
    found = checklist(known, **asks(curve=smooth))
    assert [each.state for each in found[:4]] == [OPEN, OPEN, OPEN, MET]
    assert found[0].known == "Known: 3 quarters of nps."
    assert found[1].known.startswith("Customer rests on nps alone")
    assert found[2].known == "Not in 1 or more of 2 units: V."


def test_a_plan_that_pays_by_no_survey_has_no_checklist():
    assert checklist(facts()) == ()


def test_chances_that_add_up_to_a_hair_less_than_the_whole_end_at_the_most_that_is_paid():
    assert guidance._quantile([(0.5, 0.25), (1.5, 0.7499999)], 1.0) == 1.5
