from fractions import Fraction

import pytest

from comp.curves import Axis, Curve, Shape, from_target


def curve(*points: tuple[object, object], **fields) -> Curve:
    return Curve(tuple((Fraction(x), Fraction(y)) for x, y in points), **fields)


SAP = curve((620, ".5"), (1997, 1), (2400, "1.5"), (3324, 2), (4000, 3))
EFFORT = curve(("99.5", ".5"), ("95.5", 1), ("90", 2))


@pytest.mark.parametrize(("x", "percent"), [("619.9999", 0), (620, 50), (1997, 100), (4000, 300), (5000, 300)])
def test_a_line_pays_its_points_nothing_below_and_the_last_above(x, percent):
    assert SAP.attainment(Fraction(x), "higher") * 100 == percent


def test_a_line_interpolates_exactly():
    assert SAP.attainment(Fraction(1313), "higher") == Fraction(1, 2) + Fraction(1, 2) * Fraction(693, 1377)


@pytest.mark.parametrize(("x", "percent"), [("99.6", 0), ("99.5", 50), ("97.5", 75), ("90", 200), ("80", 200)])
def test_where_less_is_better_points_are_read_from_the_worse_end_in_either_order(x, percent):
    backwards = Curve(EFFORT.points[::-1])
    assert EFFORT.attainment(Fraction(x), "lower") * 100 == percent
    assert backwards.attainment(Fraction(x), "lower") * 100 == percent


def test_steps_pay_the_best_point_reached():
    steps = curve((30, ".5"), (40, 1), shape=Shape.STEP, below=Fraction(1, 10))
    assert [steps.attainment(Fraction(x), "higher") for x in (29, 30, "39.9", 40)] == [
        Fraction(1, 10),
        Fraction(1, 2),
        Fraction(1, 2),
        1,
    ]


def test_a_curve_may_go_on_along_its_last_slope_but_never_below_zero():
    rising = curve((100, 0), (115, 1), extends=True)
    assert rising.attainment(Fraction(118), "higher") == Fraction(6, 5)
    falling = curve((0, 1), (10, ".5"), extends=True)
    assert falling.attainment(Fraction(30), "higher") == 0
    downward = curve((10, 0), (5, 1), extends=True)
    assert downward.attainment(Fraction(0), "lower") == 2


def test_the_best_that_a_curve_can_give_is_known():
    assert SAP.best("higher") == 3
    assert curve((0, 0), (1, 1), extends=True).best("higher") is None
    assert curve((1, 0), (0, 1), extends=True).best("lower") is None
    assert curve((0, 1), (1, 0), extends=True, below=Fraction(2)).best("higher") == 2


def test_a_score_is_placed_by_its_target():
    assert from_target(Axis.POINTS_FROM_TARGET, Fraction(88), Fraction(85)) == 3
    assert from_target(Axis.PERCENT_OF_TARGET, Fraction(90), Fraction(120)) == 75
