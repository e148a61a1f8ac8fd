"""What differs between what two plans read, and between their curves; and how a difference is told."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from comp.curves import Axis, Curve, Point, Shape
from comp.figures import counted
from comp.plan import Reading
from comp.plan_words import Names, follows, listed, number, percent, too_few

T = TypeVar("T")
_SHAPES = {Shape.LINEAR: "rises evenly between its points", Shape.STEP: "rises in steps"}
_AXES = {
    Axis.SCORE: "the score",
    Axis.POINTS_FROM_TARGET: "points from the target",
    Axis.PERCENT_OF_TARGET: "percent of the target",
}


class Kind(StrEnum):
    """How something differs."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: in which part, of what, and what it says before and after (empty where there is nothing)."""

    part: str
    what: str
    before: str
    after: str
    kind: Kind = Kind.CHANGED

    @property
    def sentence(self) -> str:
        """The difference on one line: `Customer loyalty: share 40 % → 45 %`."""
        if self.kind is Kind.ADDED:
            return f"{self.part}: {self.what} is added: {self.after}"
        if self.kind is Kind.REMOVED:
            return f"{self.part}: {self.what} is removed: {self.before}"
        return f"{self.part}: {self.what} {self.before} → {self.after}"


def differs(part: str, what: str, before: T, after: T, told: Callable[[T], str]) -> Iterator[Change]:
    """A change, in words, where two values differ."""
    if before != after:
        yield Change(part, what, told(before), told(after))


def told_apart(before: str, after: str, *codes: Sequence[str] | None) -> tuple[str, str]:
    """Names, with the codes beside them where the names alone read alike."""
    if before != after:
        return before, after
    return tuple(f"{name} ({', '.join(each or ())})" for name, each in zip((before, after), codes, strict=True))  # type: ignore[return-value] # two of them


def paired(
    before: Sequence[T], after: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[list[tuple[T | None, T | None]], bool]:
    """What belongs together by key and, of one key, by turn; and whether what stays comes in another order."""
    old, new = _numbered(before, key), _numbered(after, key)
    pairs: list[tuple[T | None, T | None]] = [(item, new.get(place)) for place, item in old.items()]
    pairs += [(None, item) for place, item in new.items() if place not in old]
    return pairs, [place for place in old if place in new] != [place for place in new if place in old]


def _numbered(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[tuple[Hashable, int], T]:
    seen: Counter[Hashable] = Counter()
    found = {}
    for item in items:
        name = key(item)
        found[name, seen[name]] = item
        seen[name] += 1
    return found


def order(part: str, what: str, before: Iterable[str], after: Iterable[str]) -> Change:
    """A change of nothing but the order."""
    return Change(part, what, listed(before), listed(after), Kind.ORDER)


def one_sided(
    what: str, old: T | None, new: T | None, part: Callable[[T], str], told: Callable[[T], str]
) -> Iterator[Change]:
    """What only one of two versions has: added, or removed."""
    if new is not None:
        yield Change(part(new), what, "", told(new), Kind.ADDED)
    if old is not None:
        yield Change(part(old), what, told(old), "", Kind.REMOVED)


def reading_changes(part: str, metric: str, old: Reading, new: Reading, names: Names) -> Iterator[Change]:
    """What differs in where and from how many answers a metric is read."""
    if old.measured_at != new.measured_at:
        told = told_apart(follows(old, names), follows(new, names), [old.measured_at], [new.measured_at])
        yield Change(part, f"{metric} is", *told)
    answers = f"fewest answers to {metric}"
    yield from differs(part, answers, old.min_answers, new.min_answers, lambda count: counted(count, "answer"))
    if old.too_few != new.too_few:
        yield Change(part, f"too few answers to {metric}:", too_few(old), too_few(new))
    yield from share_changes(part, f"share of {{}} in {metric}", old.touchpoints, new.touchpoints)


def share_changes(
    part: str, what: str, old: Iterable[tuple[str, Fraction]], new: Iterable[tuple[str, Fraction]]
) -> Iterator[Change]:
    """What differs between shares that are given by name; `what` has a place for the name."""
    before, after = dict(old), dict(new)
    for name in dict.fromkeys((*before, *after)):
        pair = before.get(name), after.get(name)
        yield from differs(part, what.format(name), *pair, lambda each: "not stated" if each is None else percent(each))


def curve_changes(part: str, metric: str, old: Curve, new: Curve) -> Iterator[Change]:
    """What differs between two curves: what they read, their ends, and their points."""
    curve = f"the curve of {metric}"
    yield from differs(part, curve, old.shape, new.shape, _SHAPES.__getitem__)
    yield from differs(part, f"{curve} reads", old.axis, new.axis, _AXES.__getitem__)
    yield from differs(part, f"{curve} pays before its first point", old.below, new.below, percent)
    ends = ("stays as at the last point", "goes on along the last slope")
    yield from differs(part, f"{curve} beyond its last point", old.extends, new.extends, lambda goes_on: ends[goes_on])
    if old.points != new.points:
        yield from _point_changes(part, curve, old.points, new.points)


def _point_changes(part: str, curve: str, old: Sequence[Point], new: Sequence[Point]) -> Iterator[Change]:
    """Points that pay more or less, that moved, that came and went; else the order in which they are stated."""
    before, after = dict(old), dict(new)
    for x in (x for x in before if x in after):
        yield from differs(part, f"{curve} pays at {number(x)}", before[x], after[x], percent)
    gone, come = ({x: y for x, y in one.items() if x not in other} for one, other in ((before, after), (after, before)))
    for x, height in gone.items():
        there = [each for each, reached in come.items() if reached == height]
        if there:
            yield Change(part, f"{curve} pays {percent(height)} at", number(x), number(there[0]))
            del come[there[0]]
        else:
            yield Change(part, f"a point of {curve}", points_text([(x, height)]), "", Kind.REMOVED)
    for point in come.items():
        yield Change(part, f"a point of {curve}", "", points_text([point]), Kind.ADDED)
    if sorted(old) == sorted(new) or len(before) < len(old) or len(after) < len(new):
        yield order(part, f"points of {curve}", [points_text(old)], [points_text(new)])


def points_text(points: Iterable[Point]) -> str:
    """Points of a curve with what they pay."""
    return listed(f"{number(x)} pays {percent(height)}" for x, height in points)
