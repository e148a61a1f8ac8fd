"""The trace of a run as a table: every piece × rule with all that is needed to come to the payout again.

One row stands for one rule of a plan, a measure, a gate or a modifier, on one person's days in one assignment. What is
the person's own is repeated on each row, so that a spreadsheet filters it. Names are left out: numbers are enough.
"""

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from comp.attainment import Attainment, GateResult, MeasureResult, ModifierResult
from comp.curves import Curve
from comp.evidence import Cell, Written, cell_text
from comp.plan import TOTAL, Component, Gate, Modifier, Plan
from comp.results import Payout, Piece
from comp.rule_documents import number_or_none, percent_or_none, write_curve
from comp.scores import Score

_PIECE = (
    "employee",
    "currency",
    "first_day",
    "last_day",
    "unit",
    "grade",
    "plan",
    "pay_code",
    "cost_centre",
    "annual_salary",
    "target_percent",
    "target_amount",
    "fte",
    "share_of_year",
    "days",
    "absences",
    "days_counted",
    "days_in_quarter",
    "forfeited",
    "piece_earns",
)
_RULE = (
    "rule",
    "part",
    "place",
    "metric",
    "basis",
    "score_of",
    "answers",
    "points",
    "touchpoints",
    "score_exact",
    "score",
    "target",
    "without_score",
    "weight_in_plan",
    "curve",
    "at_least",
    "at_most",
    "gate_cap",
    "part_share",
    "part_cap",
    "plan_cap",
    "gives",
    "weight",
    "part_attains",
    "total_attains",
)
TRACE = (*_PIECE, *_RULE)
"""The columns of the trace."""

PAYOUTS = ("employee", "currency", "payout", "pay_code", "cost_centre", "line")
"""The columns of payouts: one row for each line of a payout, whose lines add up to it."""

_FORFEITED = dict.fromkeys(_RULE, "") | {"rule": "forfeited"}
_Row = dict[str, Cell]


def plain(value: object) -> str:
    """Lists and mappings as the one text that states them."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class TraceRows:
    """Writes the rows of payouts as they are read, and keeps what other tables say of them.

    `nothing` says why payouts are 0. What people share is worked out once.
    """

    def __init__(self) -> None:
        self._rules: dict[int, tuple[Attainment, list[tuple[Cell, ...]]]] = {}
        self.payouts: list[tuple[Cell, ...]] = []
        self.nothing: list[tuple[str, str]] = []

    def rows(self, payouts: Iterable[Payout]) -> Iterator[tuple[Cell, ...]]:
        """The values of `TRACE`, in the order of the payouts and their pieces."""
        for payout in payouts:
            own = payout.employee, payout.amount.currency, payout.amount
            self.payouts += [(*own, line.pay_code, line.cost_centre, line.amount) for line in payout.lines]
            if not payout.amount.minor:
                self.nothing.append((payout.employee, _why_nothing(payout)))
            for piece in payout.pieces:
                mine = _piece(payout.employee, piece)
                yield from ((*mine, *rule) for rule in self._of(piece))

    def _of(self, piece: Piece) -> list[tuple[Cell, ...]]:
        stretch = piece.stretch
        if stretch.forfeited:
            return [tuple(_FORFEITED.values())]
        known = self._rules.get(id(stretch.attainment))
        if known is None:
            rows = _rules(stretch.plan, stretch.attainment)
            rules = [tuple(_once(row.get(name, "")) for name in _RULE) for row in rows]
            known = self._rules[id(stretch.attainment)] = stretch.attainment, rules
        return known[1]


def _once(cell: Cell) -> Cell:
    return cell if isinstance(cell, str) else Written(cell_text(cell))


def _why_nothing(payout: Payout) -> str:
    forfeited = dict.fromkeys(piece.stretch.forfeited for piece in payout.pieces if piece.stretch.forfeited)
    return " ".join(forfeited) or "The rules give 0: see the trace."


def _piece(employee: str, piece: Piece) -> tuple[Cell, ...]:
    assignment, stretch = piece
    absences = [[each.kind, each.days, percent_or_none(each.counted)] for each in stretch.absent]
    return (
        employee,
        assignment.currency,
        stretch.span.start,
        stretch.span.last,
        assignment.unit,
        assignment.grade,
        stretch.plan.version,
        stretch.plan.pay_code,
        assignment.cost_centre,
        assignment.annual_salary,
        assignment.target_percent,
        assignment.target_amount,
        assignment.fte,
        stretch.share_of_year,
        stretch.span.days,
        plain(absences) if absences else "",
        stretch.counted_days,
        stretch.days_in_quarter,
        stretch.forfeited,
        piece.amount,
    )


def _rules(plan: Plan, attainment: Attainment) -> Iterator[_Row]:
    """Each component's measures, then the modifiers and gates, in the plan's order."""
    attains = {TOTAL: attainment.total}
    for component, result in zip(plan.components, attainment.components, strict=True):
        attains[component.id] = result.attainment
        for place in range(len(component.measures)):
            yield _common(plan, attains, component.id, attainment) | _measure(component, place, result.measures[place])
    for place, (modifier, modified) in enumerate(zip(plan.modifiers, attainment.modifiers, strict=True), start=1):
        yield _common(plan, attains, modifier.on, attainment) | _modifier(modifier, place, modified)
    for place, (gate, tried) in enumerate(zip(plan.gates, attainment.gates, strict=True), start=1):
        yield _common(plan, attains, gate.on, attainment) | _gate(gate, place, tried)


def _common(plan: Plan, attains: dict[str, Fraction], part: str, attainment: Attainment) -> _Row:
    return {
        "part": part,
        "plan_cap": percent_or_none(plan.cap) or "",
        "part_attains": attains[part],
        "total_attains": attainment.total,
    }


def _measure(component: Component, place: int, result: MeasureResult) -> _Row:
    measure = component.measures[place]
    return {
        "rule": "measure",
        "place": place + 1,
        "metric": measure.reading.metric,
        "weight_in_plan": percent_or_none(measure.weight),
        "curve": _curve(measure.curve),
        "part_share": percent_or_none(component.share),
        "part_cap": percent_or_none(component.cap),
        "gives": result.attainment,
        "weight": result.weight,
        **_score(result),
    }


def _modifier(modifier: Modifier, place: int, result: ModifierResult) -> _Row:
    own: _Row = {"rule": "modifier", "place": place, "metric": modifier.reading.metric}
    return {**own, "curve": _curve(modifier.curve), "gives": result.multiplier, **_score(result)}


def _gate(gate: Gate, place: int, result: GateResult) -> _Row:
    return {
        "rule": "gate",
        "place": place,
        "metric": gate.reading.metric,
        "at_least": number_or_none(gate.at_least),
        "at_most": number_or_none(gate.at_most),
        "gate_cap": percent_or_none(gate.cap),
        "gives": "holds" if result.holds else "fails",
        **_read(result.score),
        "without_score": result.fallback,
    }


def _curve(curve: Curve) -> str:
    return plain(write_curve(curve))


def _score(result: MeasureResult | ModifierResult) -> _Row:
    return {**_read(result.score), "target": result.target, "without_score": result.fallback}


def _read(score: Score | None) -> _Row:
    """A score with the counts that it is made of, where every answer behind it is known."""
    if score is None:
        return {}
    strata = [[each.touchpoint, percent_or_none(each.share), *each.sample[:2]] for each in score.strata]
    return {
        "basis": score.basis,
        "score_of": score.unit,
        "answers": score.answers,
        "points": score.sample.points if score.sample and not strata else None,
        "touchpoints": plain(strata) if strata else "",
        "score_exact": score.exact,
        "score": score.value,
    }
