"""Where things stand in a plan, as people and as documents name it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from comp.curves import Curve
from comp.findings import Finding, Odds
from comp.plan import TOTAL, Component, Gate, Measure, Modifier, Plan, Reading

_ALL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a plan: `component customer nps`, which is `components[0].measures[0]`."""

    where: str
    path: str

    def at(self, field: str) -> "Place":
        """A field within the place."""
        return Place(self.where, f"{self.path}.{field}")

    def error(self, check: str, what: str, change: str) -> Finding:
        """What makes the plan unfit to pay anybody."""
        return Finding(check, is_error=True, where=self.where, path=self.path, what=what, change=change)

    def warning(self, check: str, what: str, change: str, odds: tuple[Odds, ...] = ()) -> Finding:
        """What the author should think about."""
        return Finding(check, is_error=False, where=self.where, path=self.path, what=what, change=change, odds=odds)


def field(name: str) -> Place:
    """A field of the plan itself, which people call by the same name."""
    return Place(name, name)


def components(plan: Plan) -> Iterator[tuple[Place, Component]]:
    """Every component with its place."""
    for number, component in enumerate(plan.components):
        yield Place(f"component {component.id}", f"components[{number}]"), component


def measures(plan: Plan) -> Iterator[tuple[Place, Component, Measure]]:
    """Every measure with its place and its component."""
    for place, component in components(plan):
        for number, measure in enumerate(component.measures):
            where = f"{place.where} {measure.reading.metric}"
            yield Place(where, f"{place.path}.measures[{number}]"), component, measure


def gates(plan: Plan) -> Iterator[tuple[Place, Gate]]:
    """Every gate with its place."""
    for number, gate in enumerate(plan.gates):
        yield Place(f"gate {gate.reading.metric}", f"gates[{number}]"), gate


def modifiers(plan: Plan) -> Iterator[tuple[Place, Modifier]]:
    """Every modifier with its place."""
    for number, modifier in enumerate(plan.modifiers):
        yield Place(f"modifier {modifier.reading.metric}", f"modifiers[{number}]"), modifier


def readings(plan: Plan) -> Iterator[tuple[Place, Reading]]:
    """Every reading with the place of the rule that reads it."""
    yield from ((place, measure.reading) for place, _, measure in measures(plan))
    yield from ((place, gate.reading) for place, gate in gates(plan))
    yield from ((place, modifier.reading) for place, modifier in modifiers(plan))


def curves(plan: Plan) -> Iterator[tuple[Place, Reading, Curve, Fraction]]:
    """Every curve with its place, and the share of the target that 100 % on it is worth."""
    for place, component, measure in measures(plan):
        yield place.at("curve"), measure.reading, measure.curve, component.share * measure.weight
    for place, modifier in modifiers(plan):
        yield place.at("curve"), modifier.reading, modifier.curve, share_of(plan, modifier.on)


def share_of(plan: Plan, on: str) -> Fraction:
    """The share of the target that a gate or modifier works on."""
    return next((component.share for component in plan.components if component.id == on), _ALL) if on != TOTAL else _ALL
