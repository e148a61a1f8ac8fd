"""The part of an explanation that a unit's people share: components, measures, gates and modifiers."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from comp.attainment import Attainment, ComponentResult, GateResult, MeasureResult, ModifierResult
from comp.curves import Axis, Curve, Shape
from comp.figures import MINUS, counted, decimal_text, exact_text, fixed_text, grouped, percent, shown
from comp.intervals import Interval, score_interval
from comp.nodes import Node
from comp.plan import TOTAL, Component, Gate, Measure, Modifier, Plan, Reading
from comp.scores import OWN, PERSONAL, ROLLING_4, STATED, Metric, Score

Numbers = tuple[tuple[str, str], ...]
LeftOut = Mapping[tuple[str, str], tuple[int, int]]
"""How many answers were left out, by metric and unit: of the quarter, and of the last four quarters together."""

_WITHOUT_SCORE = {
    "renormalise": "No usable score: left out, and the other weights scaled to 100 %.",
    "neutral": "No usable score: the plan takes it as neutral.",
    "zero": "No usable score: the plan takes it as zero.",
}


class UnitExplainer:
    """Explains attainments, each once."""

    def __init__(
        self, metrics: Iterable[Metric], unit_names: Mapping[str, str], left_out: LeftOut | None = None
    ) -> None:
        self._metrics = {metric.id: metric for metric in metrics}
        self._left_out = left_out or {}
        self._unit_names = unit_names
        self._made: dict[tuple[str, str, str], tuple[Node, ...]] = {}

    def attainment(self, plan: Plan, attainment: Attainment) -> tuple[Node, ...]:
        """The components, the rules on the total, and how the total comes about."""
        key = (plan.version, attainment.unit, attainment.employee)
        if key not in self._made:
            pairs = zip(plan.components, attainment.components, strict=True)
            components = (self._component(plan, attainment, component, result) for component, result in pairs)
            self._made[key] = (*components, *self._rules(plan, attainment, TOTAL), _total(plan, attainment))
        return self._made[key]

    def unit(self, code: str) -> str:
        """A unit's name, or its code where it has none."""
        return self._unit_names.get(code, code)

    def metric(self, id_: str) -> str:
        """A metric's name, or its id where it has none."""
        return self._metrics[id_].name if id_ in self._metrics else id_

    def definition(self, id_: str) -> Metric | None:
        """A metric as it was calculated with; None where it is not known."""
        return self._metrics.get(id_)

    def directions(self) -> Iterator[tuple[str, str]]:
        """Which way is better, by metric."""
        yield from ((id_, metric.better) for id_, metric in self._metrics.items())

    def score(self, score: Score) -> str:
        """A metric's name and published score."""
        return f"{self.metric(score.metric)} {self.value(score)}"

    def value(self, score: Score) -> str:
        """A published score at its metric's decimals."""
        decimals = self._metrics[score.metric].decimals if score.metric in self._metrics else 0
        return grouped(fixed_text(score.value, decimals)).replace("-", MINUS)

    def left_out(self, score: Score) -> int:
        """How many answers were left out of a score by decision."""
        of_one, of_four = self._left_out.get((score.metric, score.unit), (0, 0))
        if score.sample is None:
            return 0
        return of_four if score.basis == ROLLING_4 else of_one

    def interval(self, score: Score) -> Interval | None:
        """The 95 % interval of a score, where its answers are known."""
        metric = self._metrics.get(score.metric)
        return score_interval(metric, score) if metric else None

    def _component(self, plan: Plan, attainment: Attainment, component: Component, result: ComponentResult) -> Node:
        pairs = zip(component.measures, result.measures, strict=True)
        measures = (self._measure(attainment, measure, measured) for measure, measured in pairs)
        numbers = {"share": component.share, "earned": result.earned, "attainment": result.attainment}
        numbers |= {} if component.cap is None else {"cap": component.cap}
        return Node(
            kind="component",
            title=f"{component.name}, {percent(component.share)} of variable pay",
            value=percent(result.attainment),
            how=tuple(_how_component(component, result)),
            numbers=_exact(numbers),
            parts=(*measures, *self._rules(plan, attainment, component.id)),
        )

    def _measure(self, attainment: Attainment, measure: Measure, result: MeasureResult) -> Node:
        worth = _exact({"weight": result.weight, "attainment": result.attainment})
        if result.score is None:
            value = percent(result.attainment) if result.weight else "left out"
            title, how = self.metric(measure.reading.metric), (_WITHOUT_SCORE[result.fallback],)
            return Node("measure", title, value, how, worth)
        return Node(
            kind="measure",
            title=self.score(result.score),
            value=percent(result.attainment),
            how=(
                *self._how_score(attainment, measure.reading, result.score),
                *self._how_curve(measure.curve, measure.reading, result),
                *([] if result.weight == 1 else [f"Weight {percent(result.weight)}."]),
            ),
            numbers=(*_score_numbers(result.score), *worth),
        )

    def _rules(self, plan: Plan, attainment: Attainment, on: str) -> Iterator[Node]:
        for modifier, modified in zip(plan.modifiers, attainment.modifiers, strict=True):
            if modifier.on == on:
                yield self._modifier(attainment, modifier, modified)
        for gate, tried in zip(plan.gates, attainment.gates, strict=True):
            if gate.on == on:
                yield self._gate(attainment, gate, tried)

    def _modifier(self, attainment: Attainment, modifier: Modifier, result: ModifierResult) -> Node:
        value, worth = f"× {decimal_text(result.multiplier)}", _exact({"multiplier": result.multiplier})
        if result.score is None:
            title = f"Modifier {self.metric(modifier.reading.metric)}"
            return Node("modifier", title, value, (_WITHOUT_SCORE[result.fallback],), worth)
        how = (
            *self._how_score(attainment, modifier.reading, result.score),
            *self._how_curve(modifier.curve, modifier.reading, result),
        )
        numbers = (*_score_numbers(result.score), *worth)
        return Node("modifier", f"Modifier {self.score(result.score)}", value, how, numbers)

    def _gate(self, attainment: Attainment, gate: Gate, result: GateResult) -> Node:
        if result.score is None:
            title = f"Gate {self.metric(gate.reading.metric)}"
            return Node("gate", title, "passed over", (_WITHOUT_SCORE[result.fallback],))
        asked = [f"at least {shown(gate.at_least)}"] if gate.at_least is not None else []
        asked += [f"at most {shown(gate.at_most)}"] if gate.at_most is not None else []
        return Node(
            kind="gate",
            title=f"Gate {self.score(result.score)}",
            value="holds" if result.holds else f"fails: at most {percent(gate.cap)}",
            how=(f"Asks for {' and '.join(asked)}.", self._basis(attainment, gate.reading, result.score)),
            numbers=(*_score_numbers(result.score), *_exact({"cap": gate.cap})),
        )

    def _how_score(self, attainment: Attainment, reading: Reading, score: Score) -> Iterator[str]:
        yield self._basis(attainment, reading, score)
        without = self.left_out(score)
        if without:
            yield f"{counted(without, 'answer')} more {'is' if without == 1 else 'are'} left out by decision."
        if score.strata:
            yield _how_weighted(score)
        known = self.interval(score)
        if known:
            ends = f"{known.low:.1f} to {known.high:.1f}".replace("-", MINUS)
            yield f"95\N{NARROW NO-BREAK SPACE}% interval {ends}."

    def _basis(self, attainment: Attainment, reading: Reading, score: Score) -> str:
        answers = "" if score.answers is None else counted(score.answers, "answer")
        place, few = self.unit(score.unit), f"has fewer than {reading.min_answers}"
        if score.basis == PERSONAL:
            return "The person's own result."
        if score.basis == STATED:
            return f"Stated for {place}, on {answers}." if answers else f"Stated for {place}."
        if score.basis == OWN:
            return f"{answers} in {place}."
        if score.basis == ROLLING_4:
            return f"{answers} of the last four quarters in {place}: this quarter alone {few}."
        return f"{answers} in {place} above: {self.unit(attainment.unit)} {few} of its own."

    def _how_curve(self, curve: Curve, reading: Reading, result: MeasureResult | ModifierResult) -> Iterator[str]:
        better = self._metrics[reading.metric].better if reading.metric in self._metrics else "higher"
        x = shown(result.x or Fraction(0))
        if result.target is not None:
            along = " points from" if curve.axis is Axis.POINTS_FROM_TARGET else "\N{NARROW NO-BREAK SPACE}% of"
            yield f"{x}{along} the target of {shown(result.target)}."
        points = ", ".join(f"{shown(at)} → {percent(height)}" for at, height in curve.from_worst(better))
        shape = "Steps" if curve.shape is Shape.STEP else "Curve"
        height = result.attainment if isinstance(result, MeasureResult) else result.multiplier
        yield f"{shape}: {points}; {x} → {percent(height)}."


def _how_component(component: Component, result: ComponentResult) -> Iterator[str]:
    terms = [f"{decimal_text(m.weight)} × {percent(m.attainment)}" for m in result.measures if m.weight]
    if len(terms) > 1:
        yield f"{' + '.join(terms)} = {percent(result.earned)}."
    if component.cap is not None and result.attainment == component.cap != result.earned:
        yield f"Capped at {percent(component.cap)}."


def _total(plan: Plan, attainment: Attainment) -> Node:
    """How the components make the total."""
    pairs = zip(plan.components, attainment.components, strict=True)
    terms = [f"{decimal_text(component.share)} × {percent(result.attainment)}" for component, result in pairs]
    how = [f"{' + '.join(terms)} = {percent(attainment.earned)}."]
    if plan.elsewhere:
        how.append(f"{percent(plan.elsewhere)} of variable pay is calculated elsewhere.")
    if plan.cap is not None and attainment.total == plan.cap != attainment.earned:
        how.append(f"Capped at {percent(plan.cap)}.")
    numbers = {"earned": attainment.earned, "attainment": attainment.total}
    numbers |= {} if plan.cap is None else {"cap": plan.cap}
    return Node("total", "Total attainment", percent(attainment.total), tuple(how), _exact(numbers))


def _how_weighted(score: Score) -> str:
    raw = decimal_text(score.sample.score, 1) if score.sample else ""
    shares = ", ".join(f"{stratum.touchpoint} {percent(stratum.share)}" for stratum in score.strata)
    worth = decimal_text(score.effective or Fraction(0), 1)
    return f"Weighted by touchpoint ({shares}); {raw} before weighting; worth {worth} answers of a plain sample."


def _score_numbers(score: Score) -> Numbers:
    answers = () if score.answers is None else (("answers", str(score.answers)),)
    return (("score", exact_text(score.value)), ("basis", score.basis), *answers)


def _exact(numbers: Mapping[str, Fraction]) -> Numbers:
    return tuple((name, exact_text(number)) for name, number in numbers.items())
