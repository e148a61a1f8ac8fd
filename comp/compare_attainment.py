"""Why two attainments differ: the difference split over scores, targets, curves, weights and rules, exactly.

Every input that differs is changed from old to new, one after another, and the rule is worked out anew at each step;
then once more in the reverse order. A part is the mean of the two: the average of the two polar decompositions
(Dietzenbacher & Los 1998, "Structural decomposition techniques: sense and sensitivity"). So the parts add up exactly,
none gains by its place in the order alone, and exchanging old and new only turns the signs.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import NamedTuple

from comp.attainment import Attainment, weighted
from comp.causes import Cause, Input
from comp.compare_lanes import Lane, LaneError, Side, component_lanes, gate_lanes, modifier_lanes
from comp.plan import TOTAL, Plan

_NOTHING, _WHOLE = Fraction(0), Fraction(1)
_WEIGHT, _RULES, _PLAN = Input(Cause.WEIGHT), Input(Cause.RULES), Input(Cause.PLAN)
Chosen = Collection[Input]
"""The inputs that are new already."""


class Steps(NamedTuple):
    """What each input changes a total attainment by: in the order of causes, and in the reverse order.

    Whole numbers of which `over` is the denominator, halved already: so the sum of both is a part at a target of 1.
    """

    inputs: tuple[Input, ...]
    forward: tuple[int, ...]
    backward: tuple[int, ...]
    over: int

    @classmethod
    def of(cls, inputs: tuple[Input, ...], forward: Sequence[Fraction], backward: Sequence[Fraction]) -> "Steps":
        """The steps of exact changes."""
        over = lcm(*(each.denominator for each in (*forward, *backward)))
        there, back = (
            tuple(each.numerator * (over // each.denominator) for each in way) for way in (forward, backward)
        )
        return cls(inputs, there, back, 2 * over)


UNCHANGED = Steps.of((), (), ())


def split_attainment(old: Side, new: Side) -> Steps:
    """How each input changes the total attainment from old to new.

    Versions of different plans, and totals that the rule does not give again, differ by `plan` alone.
    """
    if old.attainment == new.attainment and old.plan == new.plan and old.better == new.better:
        return UNCHANGED
    if old.plan.id == new.plan.id:
        working = _Working(old, new)
        ends = working.total(frozenset()), working.total(working.inputs)
        steps = _both_ways(working) if ends == (old.attainment.total, new.attainment.total) else None
        if steps is not None:
            return steps
    return whole_difference(Cause.PLAN, old.attainment, new.attainment)


def whole_difference(cause: Cause, old: Attainment, new: Attainment) -> Steps:
    """The whole difference of two totals as one input's."""
    whole = new.total - old.total
    return Steps.of((Input(cause),), (whole,), (whole,)) if whole else UNCHANGED


def _both_ways(working: "_Working") -> Steps | None:
    inputs = working.inputs
    forward = _steps(working.total, [inputs[:count] for count in range(len(inputs) + 1)])
    backward = _steps(working.total, [inputs[count:] for count in range(len(inputs), -1, -1)])
    return Steps.of(inputs, forward, backward[::-1]) if forward is not None and backward is not None else None


def _steps(
    total: Callable[[Chosen], Fraction | None], ways: Sequence[tuple[Input, ...]]
) -> tuple[Fraction, ...] | None:
    """The change at each step; None where one of the mixtures has no total."""
    totals = [each for each in map(total, ways) if each is not None]
    return tuple(after - before for before, after in pairwise(totals)) if len(totals) == len(ways) else None


class _Working:
    """Old and new side by side: what differs, and the total for any mixture of them."""

    def __init__(self, old: Side, new: Side) -> None:
        self._plans = old.plan, new.plan
        self._components = component_lanes(old, new)
        self._gates = gate_lanes(old, new)
        self._modifiers = modifier_lanes(old, new)
        lanes = [lane for each in self._components.values() for lane in each.lanes]
        lanes += [lane for rules in (*self._gates, *self._modifiers) for _, lane in rules]
        found = {each for lane in lanes for each in lane.inputs()}
        shares = [component.shares for component in self._components.values()]
        found |= {_WEIGHT} if any(a != b for a, b in (*shares, *(lane.weights for lane in lanes))) else set()
        found |= {_RULES} if _limits(old.plan) != _limits(new.plan) else set()
        self.inputs = tuple(sorted(found, key=lambda each: each.place))
        ruling = {each for rules in (*self._gates, *self._modifiers) for _, lane in rules for each in lane.inputs()}
        self._known: dict[tuple[str, frozenset[Input]], Fraction] = {}
        self._touching = {
            id_: frozenset({_WEIGHT, _RULES, *ruling, *(each for lane in component.lanes for each in lane.inputs())})
            for id_, component in self._components.items()
        }

    def total(self, chosen: Chosen) -> Fraction | None:
        """The total attainment with some inputs new; None where no rule is for such a mixture."""
        try:
            earned = sum((self._once(id_, chosen) for id_ in self._components), _NOTHING)
            return self._limited(earned, TOTAL, self._plans[_RULES in chosen].cap, chosen)
        except LaneError:
            return None

    def _once(self, id_: str, chosen: Chosen) -> Fraction:
        """What a component adds to the total, worked out once for all mixtures that are alike for it."""
        key = id_, self._touching[id_].intersection(chosen)
        if key not in self._known:
            self._known[key] = self._earned(id_, key[1])
        return self._known[key]

    def _earned(self, id_: str, chosen: Chosen) -> Fraction:
        """What a component adds to the total."""
        component, is_new = self._components[id_], _WEIGHT in chosen
        share = component.shares[is_new]
        if not share:
            return _NOTHING
        heights = [(lane.weights[is_new], lane.height(chosen)) for lane in component.lanes]
        measured = [(weight, height) for weight, height in heights if height is not None]
        left = sum((weight for weight, _ in measured), _NOTHING)
        earned = weighted(measured)
        earned = earned / left if left not in {_NOTHING, _WHOLE} else earned
        return share * self._limited(earned, id_, component.caps[_RULES in chosen], chosen)

    def _limited(self, earned: Fraction, on: str, cap: Fraction | None, chosen: Chosen) -> Fraction:
        """What was earned × each modifier, at most each failing gate's cap, at most the cap."""
        is_new = _RULES in chosen
        for modifier, lane in self._modifiers[is_new]:
            if modifier.on == on:
                height = lane.height(chosen)
                earned *= _WHOLE if height is None else height
        caps = [
            gate.cap for gate, lane in self._gates[is_new] if gate.on == on and not _holds(gate.holds, lane, chosen)
        ]
        return min([earned, *caps] if cap is None else [earned, *caps, cap])


def _holds(rule: Callable[[Fraction], bool], lane: Lane, chosen: Chosen) -> bool:
    """Whether a gate holds. One without a score is passed over."""
    score = lane.reads(chosen).score
    return score is None or rule(score)


def _limits(plan: Plan) -> tuple[object, ...]:
    """What a plan limits and multiplies by, apart from curves and from how scores are read."""
    gates = [(gate.on, gate.cap, gate.at_least, gate.at_most, gate.reading.metric) for gate in plan.gates]
    modifiers = [(modifier.on, modifier.reading.metric) for modifier in plan.modifiers]
    caps: Mapping[str, Fraction | None] = {component.id: component.cap for component in plan.components}
    return gates, modifiers, plan.cap, caps
