"""Where lines and bars lie, from numbers that one can check by hand."""

from fractions import Fraction

import pytest

from comp.curves import Curve, Shape
from comp.intervals import Interval
from comp.money import Money
from comp.periods import Quarter
from comp.scores import Metric, Score, Statistic
from comp.services.metrics import Reached
from comp.waterfall import Step
from web.charts import curve_chart, histogram, interval_chart, spark_line, trend_chart, waterfall_chart


def test_an_interval_lies_on_its_scale():
    chart = interval_chart(Fraction(50), Interval(25.0, 75.0), Fraction(100), (0.0, 100.0), width=112)
    assert (chart.low, chart.dot, chart.high, chart.target, chart.width) == (31.0, 56.0, 81.0, 106.0, 112)


def test_an_interval_and_a_target_that_there_are_not_are_not_drawn():
    chart = interval_chart(Fraction(0), None, None, (0.0, 100.0), width=112)
    assert (chart.low, chart.dot, chart.high, chart.target) == (None, 6.0, None, None)


def test_what_lies_beyond_the_scale_is_drawn_at_its_end():
    chart = interval_chart(Fraction(50), Interval(-20.0, 120.0), Fraction(300), (0.0, 100.0), width=112)
    assert (chart.low, chart.high, chart.target) == (6.0, 106.0, 106.0)


def test_a_scale_without_length_draws_all_at_its_start():
    chart = interval_chart(Fraction(5), Interval(5.0, 5.0), None, (5.0, 5.0), width=112)
    assert (chart.low, chart.dot, chart.high) == (6.0, 6.0, 6.0)


def test_a_trend_runs_from_its_lowest_to_its_highest_value():
    line = spark_line([Fraction(0), Fraction(5), Fraction(10)], width=28, height=26)
    assert line.lines == ("4.0,22.0 14.0,13.0 24.0,4.0",)
    assert line.last == (24.0, 4.0)


def test_a_trend_leaves_out_what_there_is_not_and_keeps_its_place():
    line = spark_line([None, Fraction(1), None, Fraction(2), None], width=28, height=26)
    assert line.lines == ("9.0,22.0 19.0,4.0",)


def test_an_even_trend_is_a_level_line():
    assert spark_line([Fraction(7), Fraction(7)], width=28, height=26).lines == ("4.0,22.0 24.0,22.0",)


@pytest.mark.parametrize("values", [[], [Fraction(1)], [None, Fraction(1), None]])
def test_one_value_is_no_trend(values):
    assert spark_line(values) is None


def test_a_trend_is_broken_where_its_metric_was_defined_anew():
    line = spark_line([Fraction(0), Fraction(5), Fraction(10)], [1], width=28, height=26)
    assert line.lines == ("4.0,22.0", "14.0,13.0 24.0,4.0")
    assert spark_line([None, Fraction(5), Fraction(10)], [1], width=28, height=26).lines == ("14.0,22.0 24.0,4.0",)


def test_a_waterfall_falls_and_rises_from_the_target_to_the_payout():
    chart = waterfall_chart(steps(("Target", 1000), ("Net Promoter Score", -500), ("Operating income", 250)))
    assert [(bar.kind, bar.y, bar.height, bar.level) for bar in chart.bars] == [
        ("whole", 34.0, 152.0, 34.0),
        ("less", 34.0, 76.0, 110.0),
        ("more", 72.0, 38.0, 72.0),
        ("whole", 72.0, 114.0, 72.0),
    ]
    assert [bar.x for bar in chart.bars] == [20.0, 124.0, 228.0, 332.0]
    assert [bar.label for bar in chart.bars][1:] == [("Net Promoter", "Score"), ("Operating", "income"), ("Payout",)]
    assert (chart.base, chart.floor, chart.reach, chart.width, chart.height) == (0, 186.0, 152.0, 620.0, 234.0)


def test_a_payout_of_zero_ends_at_the_floor_and_can_still_be_seen():
    chart = waterfall_chart(steps(("Target", 1000), ("Not eligible", -1000)))
    assert (chart.bars[1].y, chart.bars[1].height, chart.bars[1].level) == (34.0, 152.0, 186.0)
    assert (chart.bars[-1].y, chart.bars[-1].height) == (186.0, 1.0)


def test_a_target_of_zero_is_drawn_too():
    chart = waterfall_chart(steps(("Target", 0)))
    assert [(bar.y, bar.height) for bar in chart.bars] == [(186.0, 1.0), (186.0, 1.0)]


def test_a_scale_from_zero_does_not_hide_small_steps():
    chart = waterfall_chart(steps(("Target", 100_000), ("A", 5_000), ("B", -2_000)))
    assert chart.base == 95_000
    assert [bar.y for bar in chart.bars] == [110.0, 34.0, 34.0, 64.4]
    assert waterfall_chart(steps(("Target", 100_000), ("A", 150_000))).base == 0


def test_a_base_is_a_round_number_below_every_level():
    assert waterfall_chart(steps(("Target", 123_456), ("A", 1_111))).base == 120_000
    assert waterfall_chart(steps(("Target", 9), ("A", 1))).base == 8
    assert waterfall_chart(steps(("Target", 10), ("A", 10))).base == 0


def test_many_steps_make_a_wider_drawing():
    chart = waterfall_chart(steps(*[(f"Step {number}", 100) for number in range(9)]))
    assert chart.width == 20 + 10 * 104 + 8


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Payout", ("Payout",)),
        ("Gates and caps: Customer loyalty of all", ("Gates and", "caps:", "Customer")),
        ("Unbreakablewordoflength", ("Unbreakablewordoflength",)),
        ("", ("",)),
    ],
)
def test_a_label_has_at_most_three_lines(label, lines):
    assert waterfall_chart(steps((label, 1))).bars[0].label == lines


def test_a_curve_runs_through_its_points_with_room_beyond_both_ends():
    chart = curve_chart(curve((10, 0), (50, 1)), "higher", width=372, height=182)
    # from 0 to 60 along 300 units; 0 % at 182, 100 % at 32
    assert chart.line == "52.0,182.0 102.0,182.0 102.0,182.0 302.0,32.0 352.0,32.0"
    assert chart.points == ((102.0, 182.0), (302.0, 32.0))
    assert chart.xs == ((102.0, "10"), (302.0, "50"))
    assert chart.ys == ((182.0, "0"), (107.0, "50"), (32.0, "100"))


def test_where_less_is_better_the_worse_end_is_still_on_the_left():
    chart = curve_chart(curve((5, 1), (25, 0)), "lower", width=372, height=182)
    assert chart.xs == ((102.0, "25"), (302.0, "5"))
    assert chart.points == ((102.0, 182.0), (302.0, 32.0))


def test_steps_rise_at_their_points_from_what_is_paid_below():
    stepped = Curve(curve((10, 1), (50, 2)).points, Shape.STEP, below=Fraction(1, 2))
    chart = curve_chart(stepped, "higher", width=372, height=182)
    assert chart.line == "52.0,144.5 102.0,144.5 102.0,107.0 302.0,107.0 302.0,32.0 352.0,32.0"


def test_a_curve_that_goes_on_stays_within_the_drawing():
    chart = curve_chart(Curve(curve((10, 0), (50, 1)).points, extends=True), "higher", width=372, height=182)
    assert chart.line.endswith("302.0,62.0 352.0,32.0")
    assert chart.ys[-1] == (32.0, "125")


def test_a_curve_of_one_point_has_room_on_both_sides():
    assert curve_chart(curve((40, 1)), "higher", width=372, height=182).xs == ((202.0, "40"),)


@pytest.mark.parametrize(
    ("x", "label"), [("2500000", "2,500,000"), ("-5", "−5"), ("0.25", "0.25"), ("1234567.5", "1,234,567.5")]
)
def test_a_point_is_labelled_as_people_write_it(x, label):
    chart = curve_chart(Curve(((Fraction(x), Fraction(1)),)), "higher")
    assert chart.xs[0][1] == label


def test_a_histogram_has_a_bar_for_each_tenth_up_to_150_percent():
    chart = histogram({9: 2, 10: 4}, width=320, height=100)
    assert len(chart.bars) == 16
    assert chart.bars[9] == (181.0, 50.0, 2, 90)
    assert chart.bars[10] == (201.0, 100.0, 4, 100)
    assert chart.bars[0] == (1.0, 0.0, 0, 0)
    assert chart.bar_width == 18.0


def test_a_histogram_reaches_as_far_as_anybody_does():
    chart = histogram({0: 1, 31: 1}, width=320)
    assert len(chart.bars) == 32
    assert chart.bar_width == 8.0
    assert histogram({400: 1}, width=320).bar_width > 0


def test_a_histogram_of_nobody_is_empty():
    assert {count for _, _, count, _ in histogram({}).bars} == {0}


def steps(*changes):
    return [Step(label, Money(minor, "EUR")) for label, minor in changes]


def curve(*points):
    return Curve(tuple((Fraction(x), Fraction(y)) for x, y in points))


def reached(number, value, answers=100, *, interval=True, changes=()):
    metric = Metric("m", Statistic.VALUE, 1)
    score = None if value is None else Score("m", "U", "own", Fraction(value), Fraction(value), answers)
    known = Interval(float(value) - 2, float(value) + 2) if interval and value is not None else None
    return Reached(Quarter(2025, number), metric, score, known, changes)


def test_a_trend_over_quarters_has_a_line_and_a_band_for_each_definition_and_a_mark_between_them():
    chart = trend_chart([reached(1, 10), reached(2, 20), reached(3, 30, changes=("scale",)), reached(4, 40)])
    assert [len(line.split()) for line in chart.lines] == [2, 2]
    assert [len(band.split()) for band in chart.bands] == [4, 4]
    assert len(chart.breaks) == 1
    assert chart.points[1][0] < chart.breaks[0] < chart.points[2][0]
    assert [label for _, label in chart.xs] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert [label for _, label in chart.ys] == ["8", "25", "42"]


def test_a_trend_shows_no_score_of_fewer_than_five_answers_and_needs_two_points():
    few = [reached(1, 10, 4), reached(2, 20, 5), reached(3, None)]
    assert trend_chart(few) is None
    chart = trend_chart([*few, reached(4, 20, None, interval=False)])
    assert len(chart.points) == 2
    assert trend_chart([]) is None


def test_a_trend_of_stated_values_has_no_band():
    assert trend_chart([reached(1, 10, None, interval=False), reached(2, 12, None, interval=False)]).bands == ()
