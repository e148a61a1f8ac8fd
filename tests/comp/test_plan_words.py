"""A plan in sentences: what an employee reads."""

from fractions import Fraction

import pytest

from comp.curves import Axis, Curve, Shape
from comp.explain_unit import UnitExplainer
from comp.plan import Scope
from comp.plan_words import (
    axis_title,
    by_touchpoint,
    curve_sentences,
    listed,
    measure_sentence,
    number,
    percent,
    rules,
    too_few,
    whom,
)
from tests.make import measure, plan

NAMES = UnitExplainer((), {"U": "Lisbon", "V": "Faro"})
POINTS = ((Fraction(30), Fraction(1, 2)), (Fraction(55), Fraction(3, 2)))


def plain(text):
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def told(**fields):
    return {rule.title: [plain(each) for each in rule.sentences] for rule in rules(plan(**fields), NAMES)}


def test_words_are_listed_as_a_sentence_lists_them():
    assert [listed([]), listed("a"), listed("ab"), listed("abc", "or")] == ["", "a", "a and b", "a, b or c"]


def test_numbers_are_told_in_full():
    assert (number(Fraction(-3, 2)), number(Fraction(1, 3)), number(Fraction(12345))) == ("−1.5", "1/3", "12,345")
    assert plain(percent(Fraction(1, 8))) == "12.5 %"


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (None, "nobody yet: the plan does not say whom it pays"),
        (Scope(), "everybody in the company"),
        (Scope(("U", "V")), "everybody in Lisbon and Faro and in all units below"),
        (Scope((), ("A", "B")), "everybody in the company with grade A or B"),
    ],
)
def test_whom_a_plan_pays_is_told(scope, words):
    assert whom(scope, NAMES) == words


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("unit", "your unit’s k"),
        ("parent", "the next higher unit’s k"),
        ("top", "the whole company’s k"),
        ("V", "Faro’s k"),
        ("person", "your own k"),
    ],
)
def test_what_a_measure_follows_is_told(place, words):
    (component,) = plan(components=[{"id": "c", "share": "100%", "measures": [measure(measured_at=place)]}]).components
    assert plain(measure_sentence(component.measures[0], NAMES)) == f"100 % of this part follows {words}."


def test_what_happens_with_few_answers_is_told_way_by_way():
    (component,) = plan().components
    assert plain(too_few(component.measures[0].reading)) == (
        "With fewer than 50 answers: the answers of the last four quarters together; if that does not help, the score "
        "of the unit above; if that does not help, the payout is held until somebody decides."
    )


def test_shares_of_touchpoints_are_told_where_there_are_any():
    mixed = measure(touchpoints={"store": "60%", "repair": "40%"})
    (component,) = plan(components=[{"id": "c", "share": "100%", "measures": [mixed]}]).components
    told = by_touchpoint(component.measures[0].reading)
    assert plain(told) == "The score is put together from store 60 % and repair 40 %."
    assert by_touchpoint(plan().components[0].measures[0].reading) == ""


def test_a_line_is_told_from_its_worse_end():
    assert [plain(each) for each in curve_sentences(Curve(POINTS), "higher")] == [
        "From a score of 30 it pays 50 %; below that 0 %.",
        "At a score of 55 it pays 150 %; in between it rises evenly.",
        "It stays at 150 % above a score of 55.",
    ]


def test_steps_where_less_is_better_are_told_from_above():
    curve = Curve(POINTS[::-1], Shape.STEP, Axis.PERCENT_OF_TARGET, Fraction(1, 10))
    assert [plain(each) for each in curve_sentences(curve, "lower")] == [
        "From 55 % of the target it pays 150 %; above that 10 %.",
        "At 30 % of the target it pays 50 %; in between it pays the step that was reached.",
        "It stays at 50 % below 30 % of the target.",
    ]


def test_a_curve_that_goes_on_and_one_of_a_single_point_are_told():
    assert curve_sentences(Curve(POINTS, extends=True), "higher")[-1] == "It goes on beyond a score of 55."
    single = Curve(POINTS[:1], axis=Axis.POINTS_FROM_TARGET)
    assert [plain(each) for each in curve_sentences(single, "higher")] == [
        "From 30 points from the target it pays 50 %; below that 0 %.",
        "It stays at 50 % above 30 points from the target.",
    ]


def test_the_column_of_points_is_named_for_what_the_curve_reads():
    titles = [axis_title(Curve(POINTS, axis=axis)) for axis in Axis]
    assert titles == ["Score", "Points from target", "% of target"]


def test_a_plan_that_says_little_has_few_rules():
    assert told() == {
        "Whom it pays": ["This plan pays everybody in the company."],
        "The four quarters": ["Each quarter pays a quarter of the year’s target."],
        "Joining and leaving": [
            "Days before somebody joins and after somebody leaves pay nothing; the other days pay their part."
        ],
    }


def test_every_rule_is_told_in_sentences():
    gate = {"metric": "csat", "at_least": "70", "otherwise": {"cap": "0%", "on": "c"}}
    both = {"metric": "csat", "at_least": "70", "at_most": "90", "otherwise": {"cap": "50%"}}
    assert told(
        quarter_shares={"Q1": "10%", "Q2": "20%", "Q3": "30%", "Q4": "40%"},
        components=[{"id": "c", "name": "Customer", "share": "80%", "measures": [measure()]}],
        elsewhere="20%",
        gates=[gate, both],
        modifiers=[{"metric": "k", "curve": {"points": [["0", "1"]]}, "on": "c"}],
        cap="150%",
        eligibility={"minimum_days": "30", "on_last_day": True, "leavers": {"retired": "prorate", "ill": "prorate"}},
        absences={"unpaid": "50%", "parental": "100%"},
    ) == {
        "Whom it pays": ["This plan pays everybody in the company."],
        "The four quarters": [f"Of the year’s target it pays {listed(f'{n}0 % in quarter {n}' for n in range(1, 5))}."],
        "What else there is": ["20 % of variable pay is calculated elsewhere."],
        "Conditions": [
            "If your unit’s result in csat is below 70, Customer pays at most 0 %.",
            "If your unit’s result in csat is below 70 or above 90, the whole payout pays at most 50 %.",
        ],
        "Multipliers": ["Your unit’s result in k multiplies Customer."],
        "The most that it pays": ["Together the parts pay at most 150 % of the target."],
        "Joining and leaving": [
            "Days before somebody joins and after somebody leaves pay nothing; the other days pay their part.",
            "Whoever is employed for fewer than 30 days of a quarter gets nothing for it.",
            (
                "Whoever is not employed on a quarter’s last day gets nothing for it, unless the reason of leaving is "
                "ill or retired: then the days until the last one are paid."
            ),
        ],
        "Absence": [
            "A day of unpaid absence counts 50 %.",
            "Days of parental absence count in full.",
            "Any other absence counts in full.",
        ],
    }


def test_without_leavers_that_are_paid_the_last_day_is_asked_of_everybody():
    joining = told(eligibility={"on_last_day": True})["Joining and leaving"]
    assert joining[1:] == ["Whoever is not employed on a quarter’s last day gets nothing for it."]
