"""Two attainments laid side by side: each measure, gate and modifier of one with its like in the other."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from comp.attainment import Attainment, ComponentResult
from comp.causes import Cause, Input
from comp.curves import Axis, Curve, from_target
from comp.plan import Component, Fallback, Gate, Modifier, Plan
from comp.scores import Score

_NOTHING = Fraction(0)


class LaneError(Exception):
    """A mixture of old and new that no rule is for, such as a percentage of a target of 0."""


class Side(NamedTuple):
    """One of the two attainments: the plan that it is of, and which way each metric is better."""

    plan: Plan
    attainment: Attainment
    better: Mapping[str, str]


class _Read(NamedTuple):
    """What a measure, gate or modifier read, and what it makes of that."""

    metric: str
    score: Score | None
    fallback: str
    target: Fraction | None = None
    curve: Curve | None = None
    weight: Fraction = _NOTHING


class _State(NamedTuple):
    """A published score and which way is better, or what the plan did without one."""

    score: Fraction | None
    fallback: str
    better: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One measure, gate or modifier, old and new. What only one side has stands for both, but for its weight."""

    score: Input
    target: Input
    curve: Input
    states: tuple[_State, _State]
    targets: tuple[Fraction | None, Fraction | None]
    curves: tuple[Curve | None, Curve | None]
    weights: tuple[Fraction, Fraction]

    def inputs(self) -> Iterator[Input]:
        """The inputs of the lane that differ."""
        pairs = ((self.score, self.states), (self.target, self.targets), (self.curve, self.curves))
        yield from (each for each, (old, new) in pairs if old != new)

    def reads(self, chosen: Collection[Input]) -> _State:
        """What is read of the metric, with some inputs new."""
        return self.states[self.score in chosen]

    def height(self, chosen: Collection[Input]) -> Fraction | None:
        """What the curve gives; None where there is no score and the plan leaves it out then."""
        state, curve = self.reads(chosen), self.curves[self.curve in chosen]
        if state.score is None or curve is None:
            return None if state.fallback == Fallback.RENORMALISE else Fraction(state.fallback == Fallback.NEUTRAL)
        return curve.attainment(_along(curve, state.score, self.targets[self.target in chosen]), state.better)


def _along(curve: Curve, score: Fraction, target: Fraction | None) -> Fraction:
    if curve.axis is Axis.SCORE:
        return score
    if target is None or (curve.axis is Axis.PERCENT_OF_TARGET and target <= 0):
        raise LaneError
    return from_target(curve.axis, score, target)


class ComponentLanes(NamedTuple):
    """A component, old and new: its shares (0 where a side has none such), its caps, and its measures."""

    shares: tuple[Fraction, Fraction]
    caps: tuple[Fraction | None, Fraction | None]
    lanes: tuple[Lane, ...]


def component_lanes(old: Side, new: Side) -> dict[str, ComponentLanes]:
    """The components of both sides by id."""
    found, before, after = {}, _components(old), _components(new)
    for id_ in {**before, **after}:
        was, now = before.get(id_), after.get(id_)
        shares = was[0].share if was else _NOTHING, now[0].share if now else _NOTHING
        caps = (was or after[id_])[0].cap, (now or before[id_])[0].cap
        lanes = _lanes(old.better, new.better, _measures(was), _measures(now))
        found[id_] = ComponentLanes(shares, caps, tuple(lanes.values()))
    return found


def _components(side: Side) -> dict[str, tuple[Component, ComponentResult]]:
    pairs = zip(side.plan.components, side.attainment.components, strict=True)
    return {component.id: (component, result) for component, result in pairs}


_Key = tuple[str, str, int]


def _measures(component: tuple[Component, ComponentResult] | None) -> dict[_Key, _Read]:
    if component is None:
        return {}
    pairs = zip(component[0].measures, component[1].measures, strict=True)
    return _keyed(("", _Read(m.reading.metric, r.score, r.fallback, r.target, m.curve, m.weight)) for m, r in pairs)


def gate_lanes(old: Side, new: Side) -> tuple[tuple[tuple[Gate, Lane], ...], ...]:
    """The gates of each side with their lanes."""
    reads = [_gates(side) for side in (old, new)]
    lanes = _lanes(old.better, new.better, *reads)
    return tuple(
        tuple(zip(side.plan.gates, (lanes[key] for key in read), strict=True))
        for side, read in zip((old, new), reads, strict=True)
    )


def modifier_lanes(old: Side, new: Side) -> tuple[tuple[tuple[Modifier, Lane], ...], ...]:
    """The modifiers of each side with their lanes."""
    reads = [_modifiers(side) for side in (old, new)]
    lanes = _lanes(old.better, new.better, *reads)
    return tuple(
        tuple(zip(side.plan.modifiers, (lanes[key] for key in read), strict=True))
        for side, read in zip((old, new), reads, strict=True)
    )


def _gates(side: Side) -> dict[_Key, _Read]:
    pairs = zip(side.plan.gates, side.attainment.gates, strict=True)
    return _keyed((gate.on, _Read(gate.reading.metric, result.score, result.fallback)) for gate, result in pairs)


def _modifiers(side: Side) -> dict[_Key, _Read]:
    pairs = zip(side.plan.modifiers, side.attainment.modifiers, strict=True)
    return _keyed((each.on, _Read(each.reading.metric, r.score, r.fallback, r.target, each.curve)) for each, r in pairs)


def _keyed(reads: Iterable[tuple[str, _Read]]) -> dict[_Key, _Read]:
    """What is read, by what it works on and by its metric: where several do alike, by their order."""
    found: dict[_Key, _Read] = {}
    for on, read in reads:
        alike = sum(key[:2] == (on, read.metric) for key in found)
        found[on, read.metric, alike] = read
    return found


def _lanes(
    better: Mapping[str, str], better_now: Mapping[str, str], old: Mapping[_Key, _Read], new: Mapping[_Key, _Read]
) -> dict[_Key, Lane]:
    found = {}
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        ways = (better if was else better_now), (better_now if now else better)
        weights = was.weight if was else _NOTHING, now.weight if now else _NOTHING
        found[key] = _lane(was or new[key], now or old[key], ways, weights)
    return found


def _lane(was: _Read, now: _Read, better: tuple[Mapping[str, str], ...], weights: tuple[Fraction, Fraction]) -> Lane:
    metric = was.metric
    return Lane(
        score=Input(Cause.SCORE, metric),
        target=Input(Cause.UNIT_TARGET, metric),
        curve=Input(Cause.CURVE, metric),
        states=(_state(was, better[0]), _state(now, better[1])),
        targets=(_other(was.target, now.target), _other(now.target, was.target)),
        curves=(was.curve, now.curve),
        weights=weights,
    )


def _state(read: _Read, better: Mapping[str, str]) -> _State:
    score = None if read.score is None else read.score.value
    return _State(score, read.fallback, better.get(read.metric, "higher"))


def _other(target: Fraction | None, other: Fraction | None) -> Fraction | None:
    """A target, or the other side's where this one asks for none."""
    return other if target is None else target
