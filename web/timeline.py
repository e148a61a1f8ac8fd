"""Where the bars of a plan's time line lie. The macro `timeline` draws them as SVG, which prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from comp.periods import FOREVER
from comp.plan_life import Standing
from comp.versions import Version

_WIDTH, _LEFT, _RIGHT, _ROW, _HEAD, _FOOT = 1080.0, 2.0, 2.0, 30.0, 22.0, 20.0
_WORDS_FIT = 170
_KINDS = {
    Standing.IN_FORCE: "force",
    Standing.COMING: "coming",
    Standing.SUPERSEDED: "over",
    Standing.DRAFT: "open",
    Standing.SUBMITTED: "open",
}


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One version: where its bar lies, what it is called, and where its words stand."""

    version: Version
    standing: Standing
    kind: str
    x: float
    y: float
    width: float
    words_x: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The versions of a plan below each other along the years, with a line at today."""

    bars: tuple[TimelineBar, ...]
    years: tuple[tuple[float, int], ...]
    today: float
    width: float
    height: float


def timeline(versions: Sequence[Version], today: date) -> Timeline | None:
    """The time line of versions that live; None where there is none."""
    living = sorted((each for each in versions if not each.is_over), key=lambda each: each.plan.starts)
    if not living:
        return None
    first = min(living[0].plan.starts, today)
    last = max(living[-1].plan.starts, today)
    start, end = first.toordinal(), last.toordinal() + max(180, (last - first).days // 4)

    def x(day: int) -> float:
        return round(_LEFT + (min(max(day, start), end) - start) / (end - start) * (_WIDTH - _LEFT - _RIGHT), 1)

    bars = []
    for row, version in enumerate(living):
        left, right = x(version.plan.starts.toordinal()), x(_end(version, living))
        is_narrow = right - left < _WORDS_FIT and left > _WIDTH / 2
        bars.append(
            TimelineBar(
                version,
                standing := version.standing(living, today),
                _KINDS[standing],
                left,
                _HEAD + row * _ROW,
                max(3.0, round(right - left, 1)),
                left - 6 if is_narrow else left + 8,
            )
        )
    years = tuple(
        (x(date(year, 1, 1).toordinal()), year) for year in range(first.year + 1, date.fromordinal(end).year + 1)
    )
    return Timeline(tuple(bars), years, x(today.toordinal()), _WIDTH, _HEAD + len(living) * _ROW + _FOOT)


def _end(version: Version, living: Sequence[Version]) -> int:
    """The day on which the next published version of the plan starts."""
    starts = [each.plan.starts for each in living if each.is_published and each.plan.starts > version.plan.starts]
    return min(starts, default=FOREVER).toordinal()
