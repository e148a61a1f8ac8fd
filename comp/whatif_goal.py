"""Goal seek: which share, shift or scale meets a budget."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from comp.calculate import uncollected
from comp.errors import RefusedError
from comp.plan import Plan
from comp.whatif import Snapshot
from comp.whatif_position import Position, measures_of, turned, with_share

_NOTHING, _WHOLE = Fraction(0), Fraction(1)
_FINEST = Fraction(1, 10_000)
"""The step of what is sought: 0.01 of a percentage, and 0.0001 times 100 of a point."""

_LOOKS = 8
_FARTHEST = 50
_SCALE = 2


@dataclass(frozen=True, slots=True)
class Goal:
    """What may be turned: `kind` is share, shift or scale; `name` the component, or the metric whose curves move."""

    kind: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "Goal":
        """Read `share:customer`, `shift:nps` or `scale`. Raises `ValueError` with a sentence for the user."""
        kind, _, name = text.partition(":")
        if (kind in {"share", "shift"} and name) or text == "scale":
            return cls(kind, name)
        raise ValueError(f"{text!r} is not a goal; write share:COMPONENT, shift:METRIC or scale")


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a goal seek ended. `position` is None where nothing in range meets the budget.

    `value` is the share or scale as a ratio, or the points of the shift; `cost` is what it costs, within the budget.
    One `step` further costs `beyond`, which is more than the budget. `least` and `most` are what was seen in range.
    """

    goal: Goal
    position: Position | None
    value: Fraction
    cost: Fraction
    step: Fraction
    beyond: Fraction
    least: Fraction
    most: Fraction


def seek(snapshot: Snapshot, plan: Plan, goal: Goal, budget: Fraction, currency: str) -> Sought:
    """The value of a goal that costs as much of a budget as it can without going beyond it.

    Raises `RefusedError` where the plan has no such component or metric.
    """
    step, first, last, here = _range(plan, goal)
    costs: dict[int, Fraction] = {}

    def cost(place: int) -> Fraction:
        if place not in costs:
            costs[place] = _cost(snapshot, turned(plan, _position(plan, goal, place * step)), currency)
        return costs[place]

    with uncollected():
        spread = {first + (last - first) * look // _LOOKS for look in range(_LOOKS + 1)}
        crossing = _crossing(cost, sorted({*spread, here}), here, budget)
        if crossing is None:
            least, most = min(costs.values()), max(costs.values())
            return Sought(goal, None, _NOTHING, _NOTHING, step, _NOTHING, least, most)
        within, beyond = _closed_in(cost, *crossing, budget)
        position = _position(plan, goal, within * step)
        seen = costs.values()
        return Sought(goal, position, within * step, cost(within), step, cost(beyond), min(seen), max(seen))


def _range(plan: Plan, goal: Goal) -> tuple[Fraction, int, int, int]:
    """The step, the first and the last place, and the place where the plan stands."""
    if goal.kind == "scale":
        return _FINEST, 0, _SCALE * 10_000, 10_000
    if goal.kind == "shift":
        if not measures_of(plan, goal.name):
            metrics = sorted({measure.reading.metric for each in plan.components for measure in each.measures})
            raise RefusedError(f"No measure of {plan.version} reads {goal.name!r}. Its metrics: {', '.join(metrics)}.")
        return Fraction(1, 100), -_FARTHEST * 100, _FARTHEST * 100, 0
    share = next((each.share for each in plan.components if each.id == goal.name), _NOTHING)
    with_share(plan, goal.name, share)  # refuses what cannot be turned
    return _FINEST, 0, int((_WHOLE - plan.elsewhere) / _FINEST), int(share / _FINEST)


def _position(plan: Plan, goal: Goal, value: Fraction) -> Position:
    if goal.kind == "scale":
        return Position(scale=value)
    if goal.kind == "shift":
        return Position(shifts=dict.fromkeys(measures_of(plan, goal.name), value))
    return with_share(plan, goal.name, value)


def _cost(snapshot: Snapshot, plan: Plan, currency: str) -> Fraction:
    return snapshot.sides(plan)[1].costs.get(currency, _NOTHING)


def _crossing(
    cost: Callable[[int], Fraction], places: Sequence[int], here: int, budget: Fraction
) -> tuple[int, int] | None:
    """Two places between which the cost crosses the budget, the nearest to where the plan stands; the one within first.

    A place that meets the budget to the cent and the cheaper side are both within.
    """
    crossings: Iterable[tuple[int, int]] = (
        (a, b) if cost(a) <= budget else (b, a)
        for a, b in pairwise(places)
        if (cost(a) <= budget) != (cost(b) <= budget)
    )
    return min(crossings, key=lambda ends: min(abs(end - here) for end in ends), default=None)


def _closed_in(cost: Callable[[int], Fraction], within: int, beyond: int, budget: Fraction) -> tuple[int, int]:
    """Two neighbouring places: what is within the budget, and what is beyond it."""
    while abs(beyond - within) > 1:
        middle = (within + beyond) // 2
        if cost(middle) <= budget:
            within = middle
        else:
            beyond = middle
    return within, beyond
