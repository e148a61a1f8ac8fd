"""A pay plan: who it pays for what, as immutable facts that know when they are inconsistent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from comp.curves import Curve

TOTAL = "total"
"""The target of a gate or modifier that works on the whole plan instead of one component."""

UNIT, PARENT, TOP, PERSON = "unit", "parent", "top", "person"
"""Where a reading is measured, besides a unit named by its code."""

_WHOLE = Fraction(1)


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
