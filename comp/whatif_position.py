"""Where the sliders of a what-if stand, and the plan that comes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from comp.curves import Curve
from comp.errors import Problem, RefusedError
from comp.plan import TOTAL, Component, Measure, Plan
from comp.plan_problems import plan_problems

_UNCHANGED = Fraction(1)
Values = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the sliders stand, on top of a plan. What is not named stays as the plan has it.

    `shares` and `caps` go by component (`total` for the plan's cap; None takes a cap away), `weights` and `shifts` by
    measure as `customer.0`. A shift moves a curve along its axis by so many of its points, up for more; `scale`
    multiplies what every curve of a measure pays.
    """

    shares: Values = field(default_factory=dict)
    weights: Values = field(default_factory=dict)
    caps: Mapping[str, Fraction | None] = field(default_factory=dict)
    shifts: Values = field(default_factory=dict)
    scale: Fraction = _UNCHANGED

    @property
    def is_unchanged(self) -> bool:
        """Whether no slider was moved."""
        return not (self.shares or self.weights or self.caps or self.shifts) and self.scale == _UNCHANGED

    def then(self, more: "Position") -> "Position":
        """This position with another on top of the plan that it gives."""
        shifts = {name: self.shifts.get(name, Fraction(0)) + points for name, points in more.shifts.items()}
        return Position(
            {**self.shares, **more.shares},
            {**self.weights, **more.weights},
            {**self.caps, **more.caps},
            {**self.shifts, **shifts},
            self.scale * more.scale,
        )


def turned(plan: Plan, position: Position) -> Plan:
    """The plan with the sliders where they stand; it may be inconsistent, which `position_problems` tells.

    Raises `RefusedError` for a component or measure that the plan does not have.
    """
    if position.is_unchanged:
        return plan
    _refuse_unknown(plan, position)
    components = tuple(_component(component, position) for component in plan.components)
    return replace(plan, components=components, cap=position.caps.get(TOTAL, plan.cap))


def _component(component: Component, position: Position) -> Component:
    measures = tuple(
        _measure(measure, measure_name(component, place), position) for place, measure in enumerate(component.measures)
    )
    return replace(
        component,
        share=position.shares.get(component.id, component.share),
        cap=position.caps.get(component.id, component.cap),
        measures=measures,
    )


def _measure(measure: Measure, name: str, position: Position) -> Measure:
    curve = moved(measure.curve, position.shifts.get(name, Fraction(0)), position.scale)
    return replace(measure, weight=position.weights.get(name, measure.weight), curve=curve)


def measure_name(component: Component, place: int) -> str:
    """What names a measure among all of a plan: `customer.0`."""
    return f"{component.id}.{place}"


def measures_of(plan: Plan, metric: str) -> list[str]:
    """The names of all measures of a metric."""
    return [
        measure_name(component, place)
        for component in plan.components
        for place, measure in enumerate(component.measures)
        if measure.reading.metric == metric
    ]


def moved(curve: Curve, shift: Fraction, scale: Fraction) -> Curve:
    """A curve moved along its axis, with everything that it pays scaled."""
    if not shift and scale == _UNCHANGED:
        return curve
    points = tuple((x + shift, attainment * scale) for x, attainment in curve.points)
    return replace(curve, points=points, below=curve.below * scale)


def _refuse_unknown(plan: Plan, position: Position) -> None:
    components = [component.id for component in plan.components]
    measures = [measure_name(each, place) for each in plan.components for place in range(len(each.measures))]
    known = {
        "share": (position.shares, components),
        "cap": (position.caps, [*components, TOTAL]),
        "weight": (position.weights, measures),
        "shift": (position.shifts, measures),
    }
    for what, (named, there) in known.items():
        for name in named:
            if name not in there:
                raise RefusedError(f"{plan.version} has no {what} {name!r}. It has: {', '.join(there)}.")


def position_problems(plan: Plan) -> tuple[Problem, ...]:
    """What keeps a plan from paying anybody as the sliders stand: shares or weights that do not make 100 %."""
    return tuple(finding.problem for finding in plan_problems(plan) if finding.is_error)


def with_share(plan: Plan, component: str, share: Fraction) -> Position:
    """The position that gives a component a share, and scales the others so that all still make 100 %.

    Raises `RefusedError` where there is no such component, or no other with a share to give or take from.
    """
    shares = {each.id: each.share for each in plan.components}
    if component not in shares:
        raise RefusedError(f"{plan.version} has no component {component!r}. It has: {', '.join(shares)}.")
    others = sum((own for id_, own in shares.items() if id_ != component), Fraction(0))
    if not others:
        raise RefusedError(f"No component of {plan.version} beside {component} has a share: none can give or take.")
    return balanced(plan, Position(shares={component: share}))


def balanced(plan: Plan, position: Position) -> Position:
    """The position with the shares and weights that it does not name scaled, so that all make 100 % where they can."""
    shares = {each.id: each.share for each in plan.components}
    weights: dict[str, Fraction] = {}
    for component in plan.components:
        own = {measure_name(component, place): each.weight for place, each in enumerate(component.measures)}
        weights |= _filled(own, position.weights, _UNCHANGED)
    _refuse_unknown(plan, position)
    return replace(position, shares=_filled(shares, position.shares, 1 - plan.elsewhere), weights=weights)


def _filled(stated: Values, named: Values, whole: Fraction) -> dict[str, Fraction]:
    """The named values, and with them the others in proportion where they have to give or take."""
    here = {name: value for name, value in named.items() if name in stated}
    if not here:
        return {}
    others = {name: value for name, value in stated.items() if name not in here}
    together, left = sum(others.values(), Fraction(0)), whole - sum(here.values(), Fraction(0))
    if together and left >= 0:
        here |= {name: value * left / together for name, value in others.items()}
    return here


def on_trial(in_force: tuple[Plan, ...], plan: Plan, first_day: date) -> tuple[Plan, ...]:
    """The plans of a quarter as if a version had paid from its first day on, in place of all others of its id."""
    tried = replace(plan, starts=min(plan.starts, first_day))
    return (*(each for each in in_force if each.id != plan.id), tried)


Frame = tuple[object, ...]
"""Everything of a plan that decides who is paid for which days, and nothing of how much."""


def frame(plan: Plan, first_day: date) -> Frame:
    """What two versions must share so that only attainments differ between them."""
    eligibility = plan.eligibility
    return (
        plan.id,
        max(plan.starts, first_day),
        plan.people,
        plan.quarter_shares,
        eligibility.minimum_days,
        eligibility.on_last_day,
        eligibility.prorated_leavers,
        tuple(sorted(plan.absences)),
        plan.reads_personal_results,
    )


def frames(plans: tuple[Plan, ...], first_day: date) -> tuple[Frame, ...]:
    """The frames of all plans of a quarter, in an order of their own."""
    return tuple(sorted((frame(plan, first_day) for plan in plans), key=repr))


def position_values(position: Position) -> Iterator[tuple[str, str, Fraction | None]]:
    """Each slider that was moved: what it is, of what, and where it stands."""
    for what in ("shares", "weights", "caps", "shifts"):
        for name, value in sorted(getattr(position, what).items()):
            yield what, name, value
    if position.scale != _UNCHANGED:
        yield "scale", "", position.scale
