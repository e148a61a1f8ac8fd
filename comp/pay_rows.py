"""A payout as flat rows for lists: a row for each rule of each piece, and what share of each component was attained."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from comp.attainment import GateResult
from comp.plan import TOTAL, Gate, Plan
from comp.results import Payout, Piece
from comp.scores import Score

MEASURE, MODIFIER, GATE = "measure", "modifier", "gate"
"""The kinds of rules."""

_NOTHING = Fraction(0)


class RuleRow(NamedTuple):
    """What one rule of a plan made of one piece of a payout.

    `about` is the part that it works on: the component's name, or `total`, its share of pay, and what it came to with
    all of its rules. `gives` is a measure's attainment, a modifier's multiplier, or the cap of a gate that fails; None
    for a gate that holds. `weight` is a measure's, after others dropped. `said` tells what a number does not.
    """

    payout: Payout
    piece: Piece
    rule: str
    about: tuple[str, Fraction, Fraction]
    metric: str
    score: Score | None
    target: Fraction | None
    gives: Fraction | None
    weight: Fraction | None
    said: str

    @property
    def part(self) -> str:
        """The name of the component, or `total`."""
        return self.about[0]

    @property
    def share(self) -> Fraction:
        """The part's share of pay."""
        return self.about[1]

    @property
    def attains(self) -> Fraction:
        """What the part came to."""
        return self.about[2]


def rule_rows(payout: Payout) -> Iterator[RuleRow]:
    """The rules behind a payout, piece by piece, in the order in which they are worked out."""
    for piece in payout.pieces:
        yield from measure_rows(payout, piece)
        yield from _modifiers(payout, piece)
        yield from _gates(payout, piece)


def measure_rows(payout: Payout, piece: Piece) -> Iterator[RuleRow]:
    """The measures of one piece, component by component."""
    plan, attainment = piece.stretch.plan, piece.stretch.attainment
    for component, made in zip(plan.components, attainment.components, strict=True):
        for measure, result in zip(component.measures, made.measures, strict=True):
            yield RuleRow(
                payout,
                piece,
                MEASURE,
                (component.name, component.share, made.attainment),
                measure.reading.metric,
                result.score,
                result.target,
                result.attainment,
                result.weight,
                piece.stretch.forfeited or result.fallback,
            )


def _modifiers(payout: Payout, piece: Piece) -> Iterator[RuleRow]:
    plan, attainment = piece.stretch.plan, piece.stretch.attainment
    for modifier, result in zip(plan.modifiers, attainment.modifiers, strict=True):
        metric, part = modifier.reading.metric, _part(piece, modifier.on)
        gives, said = result.multiplier, result.fallback
        yield RuleRow(payout, piece, MODIFIER, part, metric, result.score, result.target, gives, None, said)


def _gates(payout: Payout, piece: Piece) -> Iterator[RuleRow]:
    plan, attainment = piece.stretch.plan, piece.stretch.attainment
    for gate, result in zip(plan.gates, attainment.gates, strict=True):
        metric, part = gate.reading.metric, _part(piece, gate.on)
        caps = None if result.holds else gate.cap
        yield RuleRow(payout, piece, GATE, part, metric, result.score, None, caps, None, _of_gate(gate, result))


def _of_gate(gate: Gate, result: GateResult) -> str:
    if result.fallback:
        return f"passed over, {result.fallback}"
    return "holds" if result.holds else f"fails: caps {gate.on}"


def _part(piece: Piece, on: str) -> tuple[str, Fraction, Fraction]:
    """The name, the share and the attainment of what a rule works on."""
    plan, attainment = piece.stretch.plan, piece.stretch.attainment
    for component, made in zip(plan.components, attainment.components, strict=True):
        if component.id == on:
            return component.name, component.share, made.attainment
    return TOTAL, 1 - plan.elsewhere, attainment.total


def attained_parts(payout: Payout) -> dict[str, Fraction]:
    """What share of each component's target was attained, by the component's name.

    Pieces weigh as much as their targets; days that are not eligible attained nothing. What has no target is left out.
    """
    aimed: dict[str, Fraction] = {}
    earned: dict[str, Fraction] = {}
    for piece in payout.pieces:
        for name, share, attainment in _components(piece.stretch.plan, piece):
            aim = piece.target * share
            aimed[name] = aimed.get(name, _NOTHING) + aim
            earned[name] = earned.get(name, _NOTHING) + aim * attainment
    return {name: earned[name] / aim for name, aim in aimed.items() if aim}


def _components(plan: Plan, piece: Piece) -> Iterator[tuple[str, Fraction, Fraction]]:
    for component, made in zip(plan.components, piece.stretch.attainment.components, strict=True):
        attained = _NOTHING if piece.stretch.forfeited else made.attainment
        yield component.name, component.share, attained


def counted_days(payout: Payout) -> Fraction:
    """How many days of the quarter count for a payout."""
    return sum((piece.stretch.counted_days for piece in payout.pieces), _NOTHING)


def unit_codes(payout: Payout) -> tuple[str, ...]:
    """The units that somebody was in, in order, each once."""
    return tuple(dict.fromkeys(piece.assignment.unit for piece in payout.pieces))
