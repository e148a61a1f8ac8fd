"""What an analysis of quarters is made of: flat rows of pay and of units' scores, and the figures for charts."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from comp.money import Money, paid
from comp.pay_rows import unit_codes
from comp.periods import Quarter
from comp.results import Hold, Payout
from comp.scores import STATED, Metric, Score, Statistic
from comp.settlement import Key, LineKind, Settled

FEWEST_ANSWERS = 5
"""From how many answers on scores are shown to whoever does not prepare pay."""

_UNITS_IN_A_CHART, _METRICS_IN_CHARTS = 8, 3
_STEPS = 20
OTHERS = "all others"


class PayLine(NamedTuple):
    """What one person is paid for a quarter in one currency, or why not. `unit` is the last one, by code.

    `attainment` is of the target that is calculated here; `added` is paid besides what was earned and adjusted.
    """

    employee: str
    name: str
    unit: str
    currency: str
    target: Money | None
    attainment: Fraction | None
    earned: Money | None
    adjusted: Money | None
    added: Money | None
    paid: Money | None
    held: str


class UnitLine(NamedTuple):
    """A unit's score of a metric in a quarter. `source` is the run that paid on it, or says that none did."""

    unit: str
    metric: Metric
    score: Score
    target: Fraction | None
    attainment: Fraction | None
    plan: str
    source: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One quarter of an analysis. `hidden` are the units and metrics whose scores rest on too few answers."""

    quarter: Quarter
    state: str
    run: str
    payouts: tuple[Payout, ...]
    pay: tuple[PayLine, ...]
    scores: tuple[UnitLine, ...]
    metrics: tuple[Metric, ...]
    names: Mapping[str, str]
    hidden: Collection[tuple[str, str]] = frozenset()

    def shows(self, score: Score | None) -> bool:
        """Whether a score may be shown."""
        return score is not None and (score.unit, score.metric) not in self.hidden


def pay_lines(settled: Iterable[Settled], payouts: Iterable[Payout], held: Iterable[Hold]) -> Iterator[PayLine]:
    """A row for each person and currency that is paid, and for each person who is held; by employee."""
    known = {Key(payout.employee, payout.amount.currency): payout for payout in payouts}
    lines = [_paid(each, known.get(each.key)) for each in settled]
    nothing = (None,) * 6
    lines += [PayLine(hold.employee, hold.name, "", "", *nothing, hold.why) for hold in held]
    yield from sorted(lines, key=lambda line: (line.employee, line.currency))


def _paid(settled: Settled, payout: Payout | None) -> PayLine:
    adjusted = settled.of_kind(LineKind.ADJUSTMENT)
    added = settled.payable.minor - settled.earned.minor - adjusted.minor
    target = payout.target_here if payout else None
    return PayLine(
        settled.employee,
        settled.name,
        unit_codes(payout)[-1] if payout else "",
        settled.currency,
        paid(target.numerator, target.denominator, settled.currency) if target is not None else None,
        payout.exact / target if payout and target else None,
        settled.earned,
        adjusted,
        Money(added, settled.currency),
        settled.payable,
        f"held back: {settled.held_back}" if settled.held_back else "",
    )


def paid_scores(payouts: Iterable[Payout], metrics: Iterable[Metric], run: str) -> list[UnitLine]:
    """The scores that payouts rest on, by unit and metric, each as it was read first; people's own results are none."""
    defined = {metric.id: metric for metric in metrics}
    found: dict[tuple[str, str], UnitLine] = {}
    seen: set[int] = set()
    for payout in payouts:
        for piece in payout.pieces:
            attainment = piece.stretch.attainment
            if id(attainment) in seen or attainment.employee:
                continue
            seen.add(id(attainment))
            for made in attainment.components:
                for each in made.measures:
                    if each.score is not None:
                        metric = defined[each.score.metric]
                        key = (attainment.unit, metric.id)
                        about = each.score, each.target, each.attainment, attainment.plan, run
                        found.setdefault(key, UnitLine(attainment.unit, metric, *about))
    return list(found.values())


def hidden_scores(lines: Iterable[UnitLine], parents: Mapping[str, str | None]) -> frozenset[tuple[str, str]]:
    """The units and metrics whose scores are not to be shown: those on fewer than five answers.

    Where exactly one of the units below another is hidden, the next one with the fewest answers is too: else the one
    could be worked out from the others and from the unit above.
    """
    counted = {
        (line.score.unit, line.metric.id): line.score.answers
        for line in lines
        if line.score.basis != STATED and line.score.answers is not None
    }
    hidden = {key for key, answers in counted.items() if answers < FEWEST_ANSWERS}
    families: dict[tuple[str | None, str], list[tuple[str, str]]] = {}
    for unit, metric in sorted(counted):
        families.setdefault((parents.get(unit), metric), []).append((unit, metric))
    for family in families.values():
        if sum(key in hidden for key in family) == 1 and len(family) > 1:
            hidden.add(min((key for key in family if key not in hidden), key=lambda key: counted[key]))
    return frozenset(hidden)


Block = tuple[tuple[str, ...], list[tuple[str | Fraction | int | None, ...]]]
"""A header and rows for one chart."""


@dataclass(slots=True)
class ChartFigures:
    """What charts show, gathered slice by slice, the oldest first. Amounts of different currencies stand apart."""

    quarters: list[Quarter] = field(default_factory=list)
    metrics: dict[str, Metric] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _scores: dict[tuple[str, str, Quarter], UnitLine] = field(default_factory=dict)
    _paid: Counter[tuple[str, str, Quarter]] = field(default_factory=Counter)
    _spread: Counter[int] = field(default_factory=Counter)

    def add(self, part: Slice) -> None:
        """Take a quarter in, later than those before."""
        self.quarters.append(part.quarter)
        self.names |= part.names
        for line in part.scores:
            if part.shows(line.score):
                self.metrics[line.metric.id] = line.metric
                self._scores[line.metric.id, line.unit, part.quarter] = line
        self._spread.clear()
        for each in part.pay:
            if each.paid is not None:
                self._paid[each.currency, each.unit, part.quarter] += each.paid.minor
            if each.attainment is not None:
                self._spread[min(_STEPS, int(each.attainment * 10))] += 1

    @property
    def charted_metrics(self) -> list[Metric]:
        """The metrics that charts show: those made of answers, Net Promoter Scores first."""
        asked = [metric for metric in self.metrics.values() if metric.statistic is not Statistic.VALUE]
        ordered = sorted(asked, key=lambda metric: (metric.statistic is not Statistic.NPS, metric.id))
        return ordered[:_METRICS_IN_CHARTS]

    def trend(self, metric: str) -> Block:
        """The scores of the units with the most answers, a row for each quarter."""
        units = self._largest(metric)
        header = ("Quarter", *(self._name(unit) for unit in units))
        return header, [(str(each), *(self._value(metric, unit, each) for unit in units)) for each in self.quarters]

    def _largest(self, metric: str) -> list[str]:
        answers = Counter[str]()
        for (id_, unit, _), line in self._scores.items():
            if id_ == metric:
                answers[unit] += line.score.answers or 0
        return sorted(answers, key=lambda unit: (-answers[unit], unit))[:_UNITS_IN_A_CHART]

    def _value(self, metric: str, unit: str, quarter: Quarter) -> Fraction | None:
        line = self._scores.get((metric, unit, quarter))
        return line.score.value if line else None

    def _name(self, unit: str) -> str:
        return self.names.get(unit, unit) or "no unit"

    def spread(self) -> Block:
        """How many payouts of the last quarter lie in each tenth of the target."""
        steps = range(max(self._spread, default=0) + 1)
        return ("Attained", "Payouts"), [(_step(step), self._spread[step]) for step in steps]

    @property
    def currencies(self) -> list[str]:
        """The currencies in which somebody is paid."""
        return sorted({currency for currency, _, _ in self._paid})

    def paid_by_unit(self, currency: str) -> Block:
        """What is paid in one currency, by the units that get most and all others together, a row for each quarter."""
        sums = Counter[str]()
        for (code, unit, _), minor in self._paid.items():
            sums[unit] += minor if code == currency else 0
        ordered = [unit for unit in sorted(sums, key=lambda unit: (-sums[unit], unit)) if sums[unit]]
        units, rest = ordered[:_UNITS_IN_A_CHART], ordered[_UNITS_IN_A_CHART:]
        header = ("Quarter", *(self._name(unit) for unit in units), *([OTHERS] if rest else []))
        return header, [self._paid_row(currency, each, units, rest) for each in self.quarters]

    def _paid_row(
        self, currency: str, quarter: Quarter, units: list[str], rest: list[str]
    ) -> tuple[str | Fraction | int | None, ...]:
        own = [self._paid[currency, unit, quarter] for unit in units]
        own += [sum(self._paid[currency, unit, quarter] for unit in rest)] if rest else []
        return (str(quarter), *(Money(minor, currency).amount for minor in own))

    def against(self, metric: str) -> Block:
        """The score of each unit that was paid on it in the last quarter, with what it attained as a ratio."""
        last = self.quarters[-1:]
        lines = [
            line
            for (id_, _, quarter), line in sorted(self._scores.items(), key=lambda each: each[0][1])
            if id_ == metric and quarter in last and line.attainment is not None
        ]
        return ("Unit", "Score", "Attained"), [
            (self._name(line.unit), line.score.value, line.attainment) for line in lines
        ]


def _step(step: int) -> str:
    return f"{step * 10} % and more" if step == _STEPS else f"{step * 10}–{step * 10 + 10} %"
