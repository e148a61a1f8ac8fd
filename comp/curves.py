"""From score to attainment: lines and steps through points, exactly."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

_NOTHING = Fraction(0)
Point = tuple[Fraction, Fraction]
"""Where on the x axis, and the attainment there (1 is 100 %)."""

_Line = tuple[int, int, int]
"""A line through two points in whole numbers: its height at `x` is (first × x + second) ÷ third."""


class Shape(StrEnum):
    """How attainment runs between points."""

    LINEAR = "linear"
    STEP = "step"


class Axis(StrEnum):
    """What a curve reads along its x axis."""

    SCORE = "score"
    POINTS_FROM_TARGET = "points_from_target"
    PERCENT_OF_TARGET = "percent_of_target"


@dataclass(frozen=True, slots=True)
class Curve:
    """Attainment by score. `points` run strictly up or strictly down the x axis; attainments are ratios of at least 0.

    `below` is paid on the worse side of the first point. On the better side of the last, its attainment goes on, or,
    where `extends`, the last slope does (never below 0).
    """

    points: tuple[Point, ...]
    shape: Shape = Shape.LINEAR
    axis: Axis = Axis.SCORE
    below: Fraction = Fraction(0)
    extends: bool = False
    _rising: tuple[Point, ...] = field(init=False, repr=False, compare=False)
    _lines: tuple[_Line, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the points, and work out the lines between them, once for all units that are read on the curve."""
        rising = tuple(sorted(self.points))
        object.__setattr__(self, "_rising", rising)
        object.__setattr__(self, "_lines", tuple(_line(*ends) for ends in pairwise(rising) if ends[0][0] != ends[1][0]))

    def from_worst(self, better: str) -> tuple[Point, ...]:
        """The points from the worse end of the axis to the better."""
        return self._rising[::-1] if better == "lower" else self._rising

    def attainment(self, x: Fraction, better: str) -> Fraction:
        """The attainment at `x`, where `better` says which way along the axis is up."""
        points = self.from_worst(better)
        reached = _reached(points, x, better)
        if reached == 0:
            return self.below
        if self.shape is Shape.STEP or (reached == len(points) and not self.extends):
            return points[reached - 1][1]
        from_low = len(points) - reached if better == "lower" else reached
        slope, offset, over = self._lines[min(max(from_low - 1, 0), len(self._lines) - 1)]
        height = slope * x.numerator + offset * x.denominator
        return Fraction(height, over * x.denominator) if height > 0 else _NOTHING

    def best(self, better: str) -> Fraction | None:
        """The highest attainment that the curve can give; None where it goes on without end."""
        if self.extends and (self._lines[0][0] < 0 if better == "lower" else self._lines[-1][0] > 0):
            return None
        return max(self.below, *(attainment for _, attainment in self.points))


def _line(start: Point, end: Point) -> _Line:
    (x0, y0), (x1, y1) = start, end
    slope = (y1 - y0) / (x1 - x0)
    offset = y0 - slope * x0
    over = lcm(slope.denominator, offset.denominator)
    return int(slope * over), int(offset * over), over


def _reached(points: tuple[Point, ...], x: Fraction, better: str) -> int:
    """How many points, from the worst on, a score reaches. Compares whole numbers, as this is done for every score."""
    n, d = x.numerator, x.denominator
    if better == "lower":
        return sum([n * at.denominator <= at.numerator * d for at, _ in points])
    return sum([n * at.denominator >= at.numerator * d for at, _ in points])


def from_target(axis: Axis, score: Fraction, target: Fraction) -> Fraction:
    """Where a score lies on an axis that is measured from the unit's target, which is above 0 for a percentage."""
    return score - target if axis is Axis.POINTS_FROM_TARGET else score / target * 100
