"""The parts of a statement: what one person is paid in one currency, and the numbers that made it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from comp.attainment import Attainment, ComponentResult, GateResult, MeasureResult, ModifierResult
from comp.explain_settlement import steps_added
from comp.explain_unit import UnitExplainer
from comp.intervals import Interval
from comp.money import Money
from comp.periods import Span
from comp.plan import TOTAL, Component, Gate, Measure, Modifier, Plan
from comp.results import Payout, Piece
from comp.scores import Metric
from comp.settlement import Key, Settled
from comp.waterfall import Step, waterfall


class Standing(StrEnum):
    """How far what a statement shows can still change."""

    FINAL = "final"
    IN_PART = "released in part"
    HELD_BACK = "held back"
    PRELIMINARY = "preliminary"


@dataclass(frozen=True, slots=True)
class Scored:
    """A metric as a plan read it: the rule, what came of it, and what its score rests on.

    `place` is the unit whose answers they are, by name; `points` are those of the rule's curve, the worst first.
    """

    name: str
    rule: Measure | Modifier | Gate
    result: MeasureResult | ModifierResult | GateResult
    metric: Metric | None
    place: str
    interval: Interval | None
    left_out: int
    points: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A component with its measures, and the rules on it."""

    component: Component
    result: ComponentResult
    measures: tuple[Scored, ...]
    modifiers: tuple[Scored, ...]
    gates: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Earning:
    """What a unit attained under a plan version, and the days of one person that earned it."""

    plan: Plan
    attainment: Attainment
    unit: str
    spans: tuple[Span, ...]
    parts: tuple[Part, ...]
    modifiers: tuple[Scored, ...]
    gates: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of days in one unit, by name."""

    piece: Piece
    unit: str


@dataclass(frozen=True, slots=True)
class PaidWith:
    """What one batch paid somebody in one currency."""

    batch: str
    released_at: datetime
    pay_date: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Pay:
    """What one person is paid in one currency. `payout` is None for who is paid a correction only.

    `before` is what the quarter before paid, where whoever asks may know it.
    """

    settled: Settled
    payout: Payout | None
    steps: tuple[Step, ...]
    stays: tuple[Stay, ...]
    earnings: tuple[Earning, ...]
    paid_with: tuple[PaidWith, ...]
    before: Money | None

    @property
    def total(self) -> Money:
        """What is paid, all in all."""
        return self.settled.payable

    @property
    def released(self) -> Money:
        """What all batches of the quarter paid together."""
        return Money(sum(each.amount.minor for each in self.paid_with), self.settled.currency)

    @property
    def waiting(self) -> Money:
        """What no batch has paid yet; negative where too much was."""
        return Money(self.total.minor - self.released.minor, self.settled.currency)

    @property
    def standing(self) -> Standing:
        """How far it can still change."""
        if self.settled.held_back:
            return Standing.HELD_BACK
        if not self.paid_with:
            return Standing.PRELIMINARY
        return Standing.IN_PART if self.waiting.minor else Standing.FINAL


class Teller:
    """Makes the parts of statements. What is a unit's is put together once and shared by its people."""

    def __init__(self, names: UnitExplainer) -> None:
        self._names = names
        self._made: dict[tuple[str, str, str], tuple[tuple[Part, ...], tuple[Scored, ...], tuple[Scored, ...]]] = {}

    def pay(
        self, settled: Settled, payout: Payout | None, paid_with: Iterable[PaidWith], before: Mapping[Key, Money]
    ) -> Pay:
        """What one person is paid in one currency."""
        pieces = payout.pieces if payout else ()
        return Pay(
            settled=settled,
            payout=payout,
            steps=steps_added(waterfall(payout, self._names), settled) if payout else (),
            stays=tuple(Stay(piece, self._names.unit(piece.assignment.unit)) for piece in pieces),
            earnings=tuple(self._earnings(pieces)),
            paid_with=tuple(paid_with),
            before=before.get(settled.key),
        )

    def _earnings(self, pieces: Iterable[Piece]) -> Iterator[Earning]:
        """Each attainment once, with all days that it paid; what is forfeited earned nothing."""
        found: dict[tuple[str, str, str], list[Piece]] = {}
        for piece in pieces:
            stretch = piece.stretch
            if not stretch.forfeited:
                key = (stretch.plan.version, stretch.attainment.unit, stretch.attainment.employee)
                found.setdefault(key, []).append(piece)
        for key, own in found.items():
            plan, attainment = own[0].stretch.plan, own[0].stretch.attainment
            if key not in self._made:
                self._made[key] = self._told(plan, attainment)
            spans = tuple(piece.stretch.span for piece in own)
            yield Earning(plan, attainment, self._names.unit(attainment.unit), spans, *self._made[key])

    def _told(
        self, plan: Plan, attainment: Attainment
    ) -> tuple[tuple[Part, ...], tuple[Scored, ...], tuple[Scored, ...]]:
        parts = []
        for component, result in zip(plan.components, attainment.components, strict=True):
            pairs = zip(component.measures, result.measures, strict=True)
            measures = tuple(self._scored(attainment, measure, measured) for measure, measured in pairs)
            parts.append(Part(component, result, measures, *self._rules(plan, attainment, component.id)))
        return tuple(parts), *self._rules(plan, attainment, TOTAL)

    def _rules(self, plan: Plan, attainment: Attainment, on: str) -> tuple[tuple[Scored, ...], tuple[Scored, ...]]:
        modifiers, gates = (
            zip(plan.modifiers, attainment.modifiers, strict=True),
            zip(plan.gates, attainment.gates, strict=True),
        )
        return (
            tuple(self._scored(attainment, rule, result) for rule, result in modifiers if rule.on == on),
            tuple(self._scored(attainment, rule, result) for rule, result in gates if rule.on == on),
        )

    def _scored(
        self,
        attainment: Attainment,
        rule: Measure | Modifier | Gate,
        result: MeasureResult | ModifierResult | GateResult,
    ) -> Scored:
        names, score, id_ = self._names, result.score, rule.reading.metric
        metric = names.definition(id_)
        better = metric.better if metric else "higher"
        return Scored(
            name=names.metric(id_),
            rule=rule,
            result=result,
            metric=metric,
            place=names.unit(score.unit if score else attainment.unit),
            interval=names.interval(score) if score else None,
            left_out=names.left_out(score) if score else 0,
            points=() if isinstance(rule, Gate) else rule.curve.from_worst(better),
        )
