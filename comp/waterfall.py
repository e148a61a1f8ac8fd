"""The steps from a target to a payout, in whole minor units that add up: what a waterfall draws."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from comp.attainment import Attainment
from comp.explain_unit import UnitExplainer
from comp.money import Money
from comp.plan import TOTAL, Plan
from comp.results import Payout, Piece

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Step:
    """One bar. `change` is what the step adds or takes; the first step is the target itself."""

    label: str
    change: Money


def waterfall(payout: Payout, names: UnitExplainer) -> tuple[Step, ...]:
    """From the target of the days in a plan to the payout: absence, each measure, rules, eligibility, coarse rounding.

    The changes add up to the payout exactly: each is a part of it by largest remainder. A step that changes nothing is
    left out, the target apart.
    """
    exact: dict[str, Fraction] = {}
    for label, change in _steps(payout.pieces, names):
        exact[label] = exact.get(label, _NOTHING) + change
    rounding = payout.amount.amount - sum(exact.values(), _NOTHING)
    if abs(rounding) * 2 * 10 ** _decimals(payout) > 1:
        exact["Rounding"] = rounding
    parts = zip(exact, payout.amount.split(list(exact.values())), strict=True)
    return tuple(Step(label, change) for label, change in parts if change.minor or label == "Target")


def _decimals(payout: Payout) -> int:
    return len(str(payout.amount).partition(".")[2])


def _steps(pieces: Iterable[Piece], names: UnitExplainer) -> Iterator[tuple[str, Fraction]]:
    yield "Target", _NOTHING
    for piece in pieces:
        yield from _piece(piece, names)


def _piece(piece: Piece, names: UnitExplainer) -> Iterator[tuple[str, Fraction]]:
    stretch = piece.stretch
    a_day = piece.annual_target * stretch.share_of_year / stretch.days_in_quarter
    yield "Target", a_day * stretch.span.days
    for absent in stretch.absent:
        yield f"Absence: {absent.kind}", -a_day * absent.days * (1 - absent.counted)
    if stretch.forfeited:
        yield "Not eligible", -piece.target
        return
    for label, ratio in _unit_steps(stretch.plan, stretch.attainment, names):
        yield label, piece.target * ratio


def _unit_steps(plan: Plan, attainment: Attainment, names: UnitExplainer) -> Iterator[tuple[str, Fraction]]:
    """What each rule of the plan adds to, or takes from, a target of 1."""
    if plan.elsewhere:
        yield "Paid elsewhere", -plan.elsewhere
    for component, result in zip(plan.components, attainment.components, strict=True):
        for measure, measured in zip(component.measures, result.measures, strict=True):
            gain = component.share * measured.weight * (measured.attainment - 1)
            yield names.metric(measure.reading.metric), gain
        for label, gain in _limits(plan, attainment, component.id, result.earned, result.attainment):
            yield f"{label}: {component.name}", component.share * gain
    yield from _limits(plan, attainment, TOTAL, attainment.earned, attainment.total)


def _limits(
    plan: Plan, attainment: Attainment, on: str, earned: Fraction, left: Fraction
) -> Iterator[tuple[str, Fraction]]:
    modified = earned
    for modifier, result in zip(plan.modifiers, attainment.modifiers, strict=True):
        if modifier.on == on:
            modified *= result.multiplier
    yield "Modifier", modified - earned
    yield "Gates and caps", left - modified
