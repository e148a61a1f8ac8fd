"""From score to attainment: lines and steps through points, exactly."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Point = tuple[Fraction, Fraction]
"""Where on the x axis, and the attainment there (1 is 100 %)."""


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

    def from_worst(self, better: str) -> tuple[Point, ...]:
        """The points from the worse end of the axis to the better."""
        return tuple(sorted(self.points, reverse=better == "lower"))

    def attainment(self, x: Fraction, better: str) -> Fraction:
        """The attainment at `x`, where `better` says which way along the axis is up."""
        points = self.from_worst(better)
        way = -1 if better == "lower" else 1
        reached = sum(1 for point_x, _ in points if way * x >= way * point_x)
        if reached == 0:
            return self.below
        if reached == len(points):
            return self._beyond(points, x)
        (x0, y0), (x1, y1) = points[reached - 1 : reached + 1]
        if self.shape is Shape.STEP:
            return y0
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def best(self, better: str) -> Fraction | None:
        """The highest attainment that the curve can give; None where it goes on without end."""
        if self.extends and self._last_slope(self.from_worst(better)) * (-1 if better == "lower" else 1) > 0:
            return None
        return max(self.below, *(attainment for _, attainment in self.points))

    def _beyond(self, points: tuple[Point, ...], x: Fraction) -> Fraction:
        last_x, last_y = points[-1]
        if not self.extends:
            return last_y
        return max(Fraction(0), last_y + self._last_slope(points) * (x - last_x))

    def _last_slope(self, points: tuple[Point, ...]) -> Fraction:
        (x0, y0), (x1, y1) = points[-2:]
        return (y1 - y0) / (x1 - x0)


def from_target(axis: Axis, score: Fraction, target: Fraction) -> Fraction:
    """Where a score lies on an axis that is measured from the unit's target, which is above 0 for a percentage."""
    return score - target if axis is Axis.POINTS_FROM_TARGET else score / target * 100
