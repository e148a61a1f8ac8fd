"""What share of the target a unit earned under a plan version: measures, components, gates, modifiers and caps."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from comp.curves import Axis, Curve, from_target
from comp.facts import Facts, Person, Target
from comp.figures import decimal_text
from comp.organisation import Organisation
from comp.periods import FiscalYear, Period
from comp.plan import PERSON, TOTAL, Component, Fallback, Gate, Measure, Modifier, Plan, Reading
from comp.readings import Found, Missing, Reader
from comp.scores import Score

_FULL, _NOTHING = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """One measure: its score, where that lies on the curve, and what comes out.

    `weight` is the weight it has after others dropped; 0 where it dropped itself. `fallback` says what the plan did
    without a score.
    """

    weight: Fraction
    attainment: Fraction
    score: Score | None = None
    target: Fraction | None = None
    x: Fraction | None = None
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate: whether it held. A gate that was passed over for want of a score counts as held, and says so."""

    holds: bool
    score: Score | None = None
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class ModifierResult:
    """One modifier: what it multiplies by. One without a score multiplies by 1 unless the plan says 0."""

    multiplier: Fraction
    score: Score | None = None
    target: Fraction | None = None
    x: Fraction | None = None
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """One component: `earned` is what its measures give, `attainment` what is left after modifiers, gates and caps."""

    measures: tuple[MeasureResult, ...]
    earned: Fraction
    attainment: Fraction


@dataclass(frozen=True, slots=True)
class Attainment:
    """What share of the target the people of a unit earned under a plan version, with every number that made it.

    `employee` is stated where a part of the plan is measured at the person. Results stand in the order of the plan's
    components, gates and modifiers. `earned` is the sum over components before the plan's own modifiers, gates and cap.
    `held` are the reasons why there is no attainment: `total` means nothing then.
    """

    plan: str
    unit: str
    employee: str = ""
    components: tuple[ComponentResult, ...] = ()
    gates: tuple[GateResult, ...] = ()
    modifiers: tuple[ModifierResult, ...] = ()
    earned: Fraction = _NOTHING
    total: Fraction = _NOTHING
    held: tuple[str, ...] = ()


class Targets:
    """What units aim at: the quarter's target before the fiscal year's, else the parent's and upward."""

    def __init__(self, facts: Facts, organisation: Organisation) -> None:
        """Index the targets of the quarter and of its fiscal year."""
        self._organisation = organisation
        self._periods: tuple[Period, ...] = (facts.quarter, FiscalYear(facts.quarter.year))
        self._targets: dict[tuple[str, str, Period], set[Fraction]] = {}
        for target in facts.targets:
            self._targets.setdefault((target.unit, target.metric, target.period), set()).add(target.target)

    def find(self, metric: str, unit: str) -> Fraction | None:
        """The target of a unit; None where neither it nor a unit above has one, or where several are stated."""
        found = self.nearest(metric, unit)
        return found.target if found else None

    def nearest(self, metric: str, unit: str) -> Target | None:
        """The target that `find` gives, with the unit and the period that it is stated for."""
        place, period, targets = self._nearest(metric, unit)
        return Target(place, period, metric, next(iter(targets))) if len(targets) == 1 else None

    def why_none(self, metric: str, unit: str) -> str:
        """Why a unit has no target, and what would help, as a sentence."""
        place, _, targets = self._nearest(metric, unit)
        if targets:
            return f"{place} has {len(targets)} targets of {metric} for one period. Keep one of them."
        return f"No target of {metric} for {unit} or a unit above it. Import the target."

    def _nearest(self, metric: str, unit: str) -> tuple[str, Period, set[Fraction]]:
        for place in self._organisation.way_up(unit):
            for period in self._periods:
                targets = self._targets.get((place, metric, period))
                if targets:
                    return place, period, targets
        return unit, self._periods[0], set()


class Attainments:
    """The attainment of each unit under each plan version, computed once however many people share it."""

    def __init__(self, readings: Reader, targets: Targets, earned: "Earned | None" = None) -> None:
        """Nothing is computed before a person needs it. `earned` is kept from others that read the same scores."""
        self._readings = readings
        self._targets = targets
        self._earned = Earned() if earned is None else earned
        self._made: dict[tuple[str, str, str], Attainment] = {}
        self._read_personal_results: dict[str, bool] = {}

    def of(self, plan: Plan, unit: str, person: Person) -> Attainment:
        """The attainment that `person` shares with the unit, or has alone where the plan reads personal results."""
        version = plan.version
        if version not in self._read_personal_results:
            self._read_personal_results[version] = plan.reads_personal_results
        employee = person.employee if self._read_personal_results[version] else ""
        key = (version, unit, employee)
        if key not in self._made:
            scores = _Scores(self._readings, self._targets, self._earned)
            self._made[key] = _Working(scores, plan, unit, employee).attainment()
        return self._made[key]


class Earned:
    """What measures earned at each unit, kept for as long as their tuple is the same object."""

    def __init__(self) -> None:
        self._by_measures: dict[int, tuple[tuple[Measure, ...], _ByPlace]] = {}

    def of(self, measures: tuple[Measure, ...]) -> "_ByPlace":
        """What these measures earned, by unit and employee. The measures that were asked for first are forgotten."""
        known = self._by_measures.get(id(measures))
        if known is None:
            while sum(len(places) for _, places in self._by_measures.values()) > _MOST_KEPT:
                del self._by_measures[next(iter(self._by_measures))]
            known = self._by_measures[id(measures)] = (measures, {})
        return known[1]


_ByPlace = dict[tuple[str, str], tuple[tuple[MeasureResult, ...], Fraction, tuple[str, ...]]]
_MOST_KEPT = 50_000


class _Scores(NamedTuple):
    """Where the working of an attainment takes its numbers from."""

    readings: Reader
    targets: Targets
    earned: Earned


class AtTarget:
    """Attainments of exactly 100 %, whatever the scores: what is left of pay is each piece's target."""

    def of(self, plan: Plan, unit: str, person: Person) -> Attainment:
        """The whole target, for the unit or for the person alone where the plan reads personal results."""
        employee = person.employee if plan.reads_personal_results else ""
        return Attainment(plan.version, unit, employee, total=_FULL)


class _Working:
    """The working of one attainment; gathers every reason for a hold before it gives up."""

    def __init__(self, scores: _Scores, plan: Plan, unit: str, employee: str) -> None:
        self._readings, self._targets, self._earned = scores
        self._plan = plan
        self._unit = unit
        self._employee = employee
        self._held: list[str] = []

    def attainment(self) -> Attainment:
        """Component by component, then the total: modifiers, failing gates' caps, the plan's cap."""
        plan = self._plan
        gates = tuple(self._gate(gate) for gate in plan.gates)
        modifiers = tuple(self._modifier(modifier) for modifier in plan.modifiers)
        components = tuple(self._component(component, gates, modifiers) for component in plan.components)
        if self._held:
            reasons = tuple(dict.fromkeys(self._held))
            return Attainment(plan.version, self._unit, self._employee, held=reasons)
        shares = (component.share for component in plan.components)
        earned = weighted(zip(shares, (component.attainment for component in components), strict=True))
        total = self._limited(earned, TOTAL, plan.cap, gates, modifiers)
        return Attainment(plan.version, self._unit, self._employee, components, gates, modifiers, earned, total)

    def _component(
        self, component: Component, gates: tuple[GateResult, ...], modifiers: tuple[ModifierResult, ...]
    ) -> ComponentResult:
        known, place = self._earned.of(component.measures), (self._unit, self._employee)
        if place not in known:
            known[place] = self._earn(component)
        measures, earned, held = known[place]
        self._held += held
        return ComponentResult(measures, earned, self._limited(earned, component.id, component.cap, gates, modifiers))

    def _earn(self, component: Component) -> tuple[tuple[MeasureResult, ...], Fraction, tuple[str, ...]]:
        """The measures of a component, what they earn together, and why they may not."""
        before, self._held = self._held, []
        measures = _reweighted([self._measure(measure) for measure in component.measures])
        if measures and not any(measure.weight for measure in measures):
            self._held.append(f"No measure of {component.name} has a score to pay on: all of them drop.")
        earned = weighted((measure.weight, measure.attainment) for measure in measures)
        held, self._held = tuple(self._held), before
        return measures, earned, held

    def _limited(
        self,
        earned: Fraction,
        on: str,
        cap: Fraction | None,
        gates: tuple[GateResult, ...],
        modifiers: tuple[ModifierResult, ...],
    ) -> Fraction:
        """What was earned × each modifier, at most each failing gate's cap, at most the cap."""
        for modifier, modified in zip(self._plan.modifiers, modifiers, strict=True):
            if modifier.on == on:
                earned *= modified.multiplier
        caps = [
            gate.cap for gate, tried in zip(self._plan.gates, gates, strict=True) if gate.on == on and not tried.holds
        ]
        return min([earned, *caps] if cap is None else [earned, *caps, cap])

    def _measure(self, measure: Measure) -> MeasureResult:
        found = self._find(measure.reading)
        if isinstance(found, Score):
            target, x, attainment = self._along(measure.curve, measure.reading, found)
            return MeasureResult(measure.weight, attainment, found, target, x)
        if found is Fallback.RENORMALISE:
            return MeasureResult(_NOTHING, _NOTHING, fallback=found)
        return MeasureResult(measure.weight, _without_score(found), fallback=_word(found))

    def _gate(self, gate: Gate) -> GateResult:
        found = self._find(gate.reading)
        if isinstance(found, Score):
            return GateResult(gate.holds(found.value), found)
        return GateResult(holds=True, fallback=_word(found))

    def _modifier(self, modifier: Modifier) -> ModifierResult:
        found = self._find(modifier.reading)
        if isinstance(found, Score):
            target, x, multiplier = self._along(modifier.curve, modifier.reading, found)
            return ModifierResult(multiplier, found, target, x)
        multiplier = _FULL if found is Fallback.RENORMALISE else _without_score(found)
        return ModifierResult(multiplier, fallback=_word(found))

    def _find(self, reading: Reading) -> Found:
        found = (
            self._readings.personal(reading, self._employee)
            if reading.measured_at == PERSON
            else self._readings.find(reading, self._readings.place(reading.measured_at, self._unit))
        )
        if isinstance(found, Missing):
            self._held.append(found.why)
        return found

    def _along(self, curve: Curve, reading: Reading, score: Score) -> tuple[Fraction | None, Fraction, Fraction]:
        """The target where the curve needs one, the place on its axis, and what the curve gives there."""
        better = self._readings.metrics[reading.metric].better
        if curve.axis is Axis.SCORE:
            return None, score.value, curve.attainment(score.value, better)
        place = self._readings.place(reading.measured_at, self._unit)
        target = self._targets.find(reading.metric, place)
        if target is None:
            self._held.append(self._targets.why_none(reading.metric, place))
            return None, score.value, _NOTHING
        if curve.axis is Axis.PERCENT_OF_TARGET and target <= 0:
            why = f"The target of {reading.metric} for {place} is {decimal_text(target)}"
            self._held.append(f"{why}: a percentage of it needs a target above 0.")
            return target, score.value, _NOTHING
        x = from_target(curve.axis, score.value, target)
        return target, x, curve.attainment(x, better)


def weighted(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """The sum of weight × value. Brought to lowest terms once, at the end."""
    numerator, denominator = 0, 1
    for weight, value in parts:
        over = weight.denominator * value.denominator
        numerator = numerator * over + weight.numerator * value.numerator * denominator
        denominator *= over
    return Fraction(numerator, denominator)


def _reweighted(measures: list[MeasureResult]) -> tuple[MeasureResult, ...]:
    """The measures with the weights of those that are left scaled to 100 %."""
    left = sum((measure.weight for measure in measures), _NOTHING)
    if left in {_NOTHING, _FULL}:
        return tuple(measures)
    return tuple(MeasureResult(m.weight / left, m.attainment, m.score, m.target, m.x, m.fallback) for m in measures)


def _without_score(found: Found) -> Fraction:
    return _FULL if found is Fallback.NEUTRAL else _NOTHING


def _word(found: Found) -> str:
    return str(found) if isinstance(found, Fallback) else ""
