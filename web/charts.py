"""Where the lines and bars of charts lie. The macros in `parts/charts.html` draw them as SVG, which prints.

Coordinates are in units of the drawing; floating point is at home here, since a drawing pays nobody.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from comp.curves import Curve, Shape
from comp.intervals import Interval
from comp.scores import STATED, Score
from comp.services.metrics import Reached
from comp.waterfall import Step
from web.locales import readers
from web.presentation import plain


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """A score as a dot on its interval, with the target as a dashed line; `None` where there is none."""

    width: float
    dot: float
    low: float | None
    high: float | None
    target: float | None


def interval_chart(
    score: Fraction, known: Interval | None, target: Fraction | None, limits: tuple[float, float], width: float = 104
) -> IntervalChart:
    """A score on a scale from one limit to the other."""
    low, high = limits
    reach = (width - 12) / ((high - low) or 1)

    def place(value: float) -> float:
        return round(6 + (min(max(value, low), high) - low) * reach, 1)

    return IntervalChart(
        width,
        place(float(score)),
        place(known.low) if known else None,
        place(known.high) if known else None,
        None if target is None else place(float(target)),
    )


@dataclass(frozen=True, slots=True)
class SparkLine:
    """A trend without axes: its stretches as SVG wants them, with a gap where a metric changed, and its last point."""

    lines: tuple[str, ...]
    last: tuple[float, float]


def spark_line(
    values: Sequence[Fraction | None], breaks: Collection[int] = (), width: float = 74, height: float = 26
) -> SparkLine | None:
    """The line through the values that there are, broken before the places in `breaks`; None for fewer than two."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    step, reach = (width - 8) / (len(values) - 1), (height - 8) / ((high - low) or 1)
    points = {
        place: (round(4 + place * step, 1), round(height - 4 - (value - low) * reach, 1)) for place, value in known
    }
    lines = (_path(stretch) for stretch in _stretches(points, breaks))
    return SparkLine(tuple(lines), points[known[-1][0]])


def _stretches(
    points: Mapping[int, tuple[float, float]], breaks: Collection[int]
) -> Iterator[list[tuple[float, float]]]:
    """The points between the breaks."""
    ends = [*sorted(breaks), len(points) + max(points)]
    for start, end in pairwise([0, *ends]):
        if stretch := [point for place, point in points.items() if start <= place < end]:
            yield stretch


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a waterfall: where it lies, how it is drawn, and where the line to the next starts."""

    label: tuple[str, ...]
    step: Step | None
    kind: str
    x: float
    y: float
    height: float
    level: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The bars from target to payout. `base` is the value at the bottom, 0 unless that hides the steps."""

    bars: tuple[Bar, ...]
    width: float
    height: float
    floor: float
    bar_width: float
    base: int

    @property
    def reach(self) -> float:
        """How far the longest bar reaches above the floor."""
        return self.floor - _TOP


_BAR, _GAP, _TOP, _FLOOR, _BELOW = 74.0, 30.0, 34.0, 186.0, 48.0
_LINE = 13
_NARROWEST = 620.0


def waterfall_chart(steps: Sequence[Step], last: str = "Payout") -> Waterfall:
    """The bars of some steps, with what they come to as the last bar: a payout, unless it is named otherwise."""
    levels, level = [], 0
    for step in steps:
        level += step.change.minor
        levels.append(level)
    base = _base([0, *levels] if min(levels) <= 0 else levels)
    reach = (_FLOOR - _TOP) / ((max(levels) - base) or 1)

    def y(value: int) -> float:
        return round(_FLOOR - (max(value, base) - base) * reach, 1)

    bars = []
    for place, step in enumerate(steps):
        before, after = (levels[place - 1] if place else base), levels[place]
        kind = "whole" if place == 0 else "more" if after >= before else "less"
        top, height = y(max(before, after)), abs(y(before) - y(after))
        bars.append(Bar(_wrapped(step.label), step, kind, _x(place), top, max(height, 1.0), y(after)))
    end = y(levels[-1])
    bars.append(Bar(_wrapped(last), None, "whole", _x(len(steps)), end, max(_FLOOR - end, 1.0), end))
    width = max(_NARROWEST, _x(len(bars)) + 8)
    return Waterfall(tuple(bars), width, _FLOOR + _BELOW, _FLOOR, _BAR, base)


def _x(place: int) -> float:
    return 20 + place * (_BAR + _GAP)


def _base(levels: Sequence[int]) -> int:
    """A round value below all levels where a scale from 0 would hide the steps between them."""
    low, high = min(levels), max(levels)
    if low <= 0 or high - low > low:
        return 0
    spare = low - (high - low)
    unit = 10 ** max(0, len(str(spare)) - 2)
    return spare // unit * unit if spare > 0 else 0


def _wrapped(label: str) -> tuple[str, ...]:
    """A label on up to three lines."""
    lines, line = [], ""
    for word in label.split():
        if line and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    return tuple(lines[:3])


@dataclass(frozen=True, slots=True)
class CurveChart:
    """A curve: its line, its points with their labels, and the lines of the grid with theirs."""

    line: str
    points: tuple[tuple[float, float], ...]
    xs: tuple[tuple[float, str], ...]
    ys: tuple[tuple[float, str], ...]


def curve_chart(curve: Curve, better: str, width: float = 330, height: float = 150) -> CurveChart:
    """A curve from its worse end to its better, with some room beyond both."""
    exact_points = curve.from_worst(better)
    points = [(float(x), float(y)) for x, y in exact_points]
    way = -1 if better == "lower" else 1
    room = (abs(points[-1][0] - points[0][0]) or 10) / 4
    ends = points[0][0] - way * room, points[-1][0] + way * room
    beyond = float(curve.attainment(Fraction(ends[1]), better))
    top = max(1.0, float(curve.below), beyond, *(height for _, height in points))

    def place(x: float, y: float) -> tuple[float, float]:
        along = (x - ends[0]) / (ends[1] - ends[0])
        return round(52 + along * (width - 72), 1), round(height - y / top * (height - 32), 1)

    path = [(ends[0], float(curve.below)), (points[0][0], float(curve.below))]
    for (x, y), before in zip(points, [None, *points[:-1]], strict=True):
        if before and curve.shape is Shape.STEP:
            path.append((x, before[1]))
        path.append((x, y))
    path.append((ends[1], beyond))
    marks = sorted({0.0, 0.5, 1.0, top})
    return CurveChart(
        " ".join(f"{x},{y}" for x, y in (place(*each) for each in path)),
        tuple(place(*each) for each in points),
        tuple((place(float(x), 0)[0], plain(x)) for x, _ in exact_points),
        tuple((place(ends[0], y)[1], readers().written(f"{y * 100:.6g}")) for y in marks),
    )


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many lie in each tenth: a bar's place, height, count and label."""

    bars: tuple[tuple[float, float, int, int], ...]
    bar_width: float


def histogram(counts: Mapping[int, int], width: float = 340, height: float = 96) -> Histogram:
    """Bars from 0 % to the highest tenth that has any, and at least to 150 %."""
    last = max([15, *counts])
    bar_width = width / (last + 1)
    tallest = max([1, *counts.values()])
    bars = []
    for tenth in range(last + 1):
        count = counts.get(tenth, 0)
        bars.append((round(tenth * bar_width + 1, 1), round(count / tallest * height, 1), count, tenth * 10))
    return Histogram(tuple(bars), round(max(bar_width - 2, bar_width / 2), 1))


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A trend with axes: a line and the interval's band for each stretch of one definition, and where these end."""

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    breaks: tuple[float, ...]
    xs: tuple[tuple[float, str], ...]
    ys: tuple[tuple[float, str], ...]


_FEWEST_SHOWN, _MOST_LABELS = 5, 7


def trend_chart(reached: Sequence[Reached], width: float = 620, height: float = 170) -> TrendChart | None:
    """The scores of some quarters on one scale; None where fewer than two may be shown."""
    values = {
        place: float(each.score.value) for place, each in enumerate(reached) if each.score and _is_shown(each.score)
    }
    if len(values) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    intervals = {place: known for place in values if (known := reached[place].interval)}
    ends = [*values.values(), *(end for known in intervals.values() for end in known)]
    low, high = min(ends), max(ends)
    room = (high - low) / 10 or 1.0

    def x(place: int) -> float:
        return round(52 + place * (width - 84) / (len(reached) - 1), 1)

    def y(value: float) -> float:
        return round(height - 8 - (value - low + room) / (high - low + 2 * room) * (height - 24), 1)

    breaks = [place for place, each in enumerate(reached) if each.changes]
    last, every = len(reached) - 1, -(-len(reached) // _MOST_LABELS)
    points = {place: (x(place), y(value)) for place, value in values.items()}
    tops = {place: (x(place), y(known.high)) for place, known in intervals.items()}
    bottoms = {place: (x(place), y(known.low)) for place, known in intervals.items()}
    bands = zip(_stretches(tops, breaks), _stretches(bottoms, breaks), strict=True) if tops else ()
    return TrendChart(
        tuple(_path(stretch) for stretch in _stretches(points, breaks)),
        tuple(_path([*top, *reversed(bottom)]) for top, bottom in bands),
        tuple(points.values()),
        tuple(round((x(place) + x(place - 1)) / 2, 1) for place in breaks),
        tuple((x(place), str(each.quarter)) for place, each in enumerate(reached) if not (last - place) % every),
        tuple((y(value), readers().written(f"{value:.0f}")) for value in (low, (low + high) / 2, high)),
    )


def _is_shown(score: Score) -> bool:
    return score.basis == STATED or score.answers is None or score.answers >= _FEWEST_SHOWN


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
