"""A plan's curve as formulas over the cells that hold its points, for scores in other cells."""

from dataclasses import dataclass

from comp.curves import Axis, Curve, Shape


@dataclass(frozen=True, slots=True)
class CurveCells:
    """Where a curve's points stand, and the score, target, place on the axis and point reached of one row."""

    xs: str
    heights: str
    below: str
    score: str
    target: str
    x: str
    reached: str


def read_along(curve: Curve, cells: CurveCells) -> str:
    """Where a score lies on the curve's axis; rounded where binary numbers would miss a point by a hair."""
    return {
        Axis.SCORE: cells.score,
        Axis.POINTS_FROM_TARGET: f"ROUND({cells.score}-{cells.target},9)",
        Axis.PERCENT_OF_TARGET: f"ROUND({cells.score}/{cells.target}*100,9)",
    }[curve.axis]


def point_reached(cells: CurveCells, better: str) -> str:
    """How many points, from the worst on, the score reaches."""
    return f"IFERROR(MATCH({cells.x},{cells.xs},{-1 if better == 'lower' else 1}),0)"


def gives(curve: Curve, cells: CurveCells) -> str:
    """What the curve gives there."""
    return f"IF({cells.reached}=0,{cells.below},{_from_first_point(curve, cells)})"


def _from_first_point(curve: Curve, cells: CurveCells) -> str:
    here = f"INDEX({cells.heights},{cells.reached})"
    count = len(curve.points)
    if curve.shape is Shape.STEP or count == 1:
        return here
    inside = _line(cells, cells.reached, f"{cells.reached}+1")
    beyond = f"MAX(0,{_line(cells, str(count), str(count - 1))})" if curve.extends else here
    return f"IF({cells.reached}={count},{beyond},{inside})"


def _line(cells: CurveCells, here: str, there: str) -> str:
    """The line through two points."""
    x0, x1 = f"INDEX({cells.xs},{here})", f"INDEX({cells.xs},{there})"
    y0, y1 = f"INDEX({cells.heights},{here})", f"INDEX({cells.heights},{there})"
    return f"{y0}+({y1}-{y0})*({cells.x}-{x0})/({x1}-{x0})"
