"""A pay plan: who it pays for what, as immutable facts that know when they are inconsistent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from comp.curves import Curve, Shape
from comp.errors import Problem
from comp.figures import percent_text

TOTAL = "total"
"""The target of a gate or modifier that works on the whole plan instead of one component."""

UNIT, PARENT, TOP, PERSON = "unit", "parent", "top", "person"
"""Where a reading is measured, besides a unit named by its code."""

_WHOLE = Fraction(1)
_NEVER = date(2200, 1, 1)


class Fallback(StrEnum):
    """What a plan does where a unit has too few answers."""

    ROLLING_4 = "rolling-4"
    PARENT = "parent"
    RENORMALISE = "renormalise"
    NEUTRAL = "neutral"
    ZERO = "zero"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a plan reads a metric: where, from how many answers at least, and what to do with fewer.

    `touchpoints` gives each touchpoint its share of the score, where a plan weights them; shares total 1.
    """

    metric: str
    measured_at: str = UNIT
    min_answers: int = 50
    too_few: tuple[Fallback, ...] = (Fallback.ROLLING_4, Fallback.PARENT, Fallback.HOLD)
    touchpoints: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric's weight in its component, and the curve that makes attainment of it."""

    reading: Reading
    weight: Fraction
    curve: Curve


@dataclass(frozen=True, slots=True)
class Component:
    """A part of variable pay: its share of the target and the measures that earn it."""

    id: str
    name: str
    share: Fraction
    measures: tuple[Measure, ...]
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that caps a component, or the total, where it fails."""

    reading: Reading
    cap: Fraction
    on: str = TOTAL
    at_least: Fraction | None = None
    at_most: Fraction | None = None

    def holds(self, score: Fraction) -> bool:
        """Whether a published score meets the condition."""
        enough = self.at_least is None or score >= self.at_least
        return enough and (self.at_most is None or score <= self.at_most)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A multiplier on a component, or on the total, that follows a metric."""

    reading: Reading
    curve: Curve
    on: str = TOTAL


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a plan pays: the units it names and all below them (none: the whole company), and the grades (None: all)."""

    units: tuple[str, ...] = ()
    grades: tuple[str, ...] | None = None

    def fits(self, grade: str) -> bool:
        """Whether the plan pays people of a grade."""
        return self.grades is None or grade in self.grades


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who earns nothing although the rule of pay gives an amount.

    `prorated_leavers` are the reasons of leaving that keep what was earned until the last day.
    """

    minimum_days: int = 0
    on_last_day: bool = False
    prorated_leavers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: these scores on this target pay this much. Amounts are exact, in `currency`."""

    name: str
    scores: tuple[tuple[str, Fraction], ...]
    targets: tuple[tuple[str, Fraction], ...]
    target: Fraction
    pays: Fraction
    currency: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One dated, immutable version of a pay plan. `scope` None says that the document states no scope."""

    id: str
    name: str
    starts: date
    components: tuple[Component, ...]
    scope: Scope | None = None
    quarter_shares: tuple[Fraction, ...] = (Fraction(1, 4),) * 4
    pay_code: str = ""
    gates: tuple[Gate, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    cap: Fraction | None = None
    eligibility: Eligibility = Eligibility()
    absences: tuple[tuple[str, Fraction], ...] = ()
    elsewhere: Fraction = Fraction(0)
    examples: tuple[Example, ...] = ()

    @property
    def version(self) -> str:
        """What names this version among all: `service-incentive@2026-04-01`."""
        return f"{self.id}@{self.starts}"

    @property
    def people(self) -> Scope:
        """Whom the plan pays; a document without a scope pays the whole company."""
        return self.scope or Scope()

    def counts_absence(self, kind: str) -> Fraction:
        """How much of a day of this kind of absence counts: 1 unless the plan names the kind."""
        return dict(self.absences).get(kind, _WHOLE)

    def readings(self) -> Iterator[Reading]:
        """Every reading of the plan."""
        for component in self.components:
            yield from (measure.reading for measure in component.measures)
        yield from (rule.reading for rule in self.rules)

    @property
    def rules(self) -> tuple[Gate | Modifier, ...]:
        """The gates, then the modifiers."""
        return (*self.gates, *self.modifiers)

    @property
    def reads_personal_results(self) -> bool:
        """Whether a part of the plan is measured at each person, so that attainment is a person's and not a unit's."""
        return any(reading.measured_at == PERSON for reading in self.readings())


def plan_problems(plan: Plan) -> Iterator[Problem]:
    """Every inconsistency of a plan that makes it unfit to pay anybody."""
    shares = sum((component.share for component in plan.components), plan.elsewhere)
    if shares != _WHOLE:
        yield Problem(_not_whole("Component shares with `elsewhere`", shares), where="components")
    if sum(plan.quarter_shares) != _WHOLE:
        yield Problem(_not_whole("Quarter shares", sum(plan.quarter_shares, Fraction(0))), where="quarter_shares")
    if plan.starts >= _NEVER:
        yield Problem(f"A plan cannot wait until {plan.starts}: quarters end with 2199.", where="starts")
    if not plan.components:
        yield Problem("A plan needs at least one component.", where="components")
    yield from _repeated_ids(plan)
    for component in plan.components:
        yield from _component_problems(component)
    for kind, counted in plan.absences:
        if counted > _WHOLE:
            yield Problem("An absent day cannot count for more than a day.", where=f"absences.{kind}")
    yield from _rule_problems(plan)


def _repeated_ids(plan: Plan) -> Iterator[Problem]:
    seen: set[str] = set()
    for component in plan.components:
        if component.id in seen or component.id == TOTAL:
            why = f"A component cannot be called {component.id!r}: the name is taken."
            yield Problem(why, where=_place(component))
        seen.add(component.id)


def _component_problems(component: Component) -> Iterator[Problem]:
    if not component.measures:
        yield Problem("A component needs at least one measure.", where=_place(component))
        return
    weights = sum((measure.weight for measure in component.measures), Fraction(0))
    if weights != _WHOLE:
        yield Problem(_not_whole(f"Weights of {component.name}", weights), where=_place(component))
    for measure in component.measures:
        place = f"{_place(component)} {measure.reading.metric}"
        yield from _curve_problems(measure.curve, place)
        yield from _reading_problems(measure.reading, place)


def _rule_problems(plan: Plan) -> Iterator[Problem]:
    targets = {TOTAL, *(component.id for component in plan.components)}
    for rule in plan.rules:
        place = f"{'gate' if isinstance(rule, Gate) else 'modifier'} {rule.reading.metric}"
        if rule.on not in targets:
            why = f"`on` names {rule.on!r}, which is neither a component of the plan nor `total`."
            yield Problem(why, where=place)
        yield from _reading_problems(rule.reading, place)
        if isinstance(rule, Modifier):
            yield from _curve_problems(rule.curve, place)
        elif rule.at_least is None and rule.at_most is None:
            yield Problem("A gate needs `at_least` or `at_most`.", where=place)


def _curve_problems(curve: Curve, place: str) -> Iterator[Problem]:
    xs = [x for x, _ in curve.points]
    if sorted(set(xs)) != xs and sorted(set(xs), reverse=True) != xs:
        yield Problem("The points are out of order: each x must lie beyond the one before it.", where=place)
    if any(attainment < 0 for _, attainment in curve.points):
        yield Problem("Attainment cannot fall below 0%.", where=place)
    if curve.extends and (len(xs) < 2 or curve.shape is Shape.STEP):  # noqa: PLR2004 - a slope needs two points
        yield Problem("`above: extend` needs a line through at least two points.", where=place)


def _reading_problems(reading: Reading, place: str) -> Iterator[Problem]:
    shares = sum((share for _, share in reading.touchpoints), Fraction(0))
    if reading.touchpoints and shares != _WHOLE:
        yield Problem(_not_whole("Touchpoint shares", shares), where=place)
    if any(share == 0 for _, share in reading.touchpoints):
        yield Problem("A touchpoint needs a share above 0%; leave it out instead.", where=place)


def _not_whole(what: str, total: Fraction) -> str:
    gap = _WHOLE - total
    left = f"{percent_text(gap)} is left" if gap > 0 else f"{percent_text(-gap)} is too much"
    return f"{what} make {percent_text(total)}, not 100%: {left}."


def _place(component: Component) -> str:
    return f"component {component.id}"
