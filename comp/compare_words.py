"""Why one person's payout changed, in sentences: each part of the difference with what it was and what it is now."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from comp.attainment import GateResult, MeasureResult, ModifierResult
from comp.causes import Cause
from comp.compare import Change, Found, Part
from comp.compare_pieces import Cell
from comp.explain_unit import UnitExplainer
from comp.figures import MINUS, counted, decimal_text, fixed_text, grouped, percent, shown
from comp.plan import Plan
from comp.results import Piece

Result = MeasureResult | GateResult | ModifierResult


class Told(NamedTuple):
    """A part of a difference, and the sentence that says what changed."""

    part: Part
    sentence: str


class Sides(NamedTuple):
    """What a comparison of one person rests on: what both runs say, and the days laid over each other."""

    was: Found
    now: Found
    cells: Sequence[Cell]
    across_people: bool = False

    def pairs(self, cause: Cause) -> Iterator[tuple[Piece, Piece]]:
        """The pieces that pay for the same days and that a cause can be of: those whose amounts were split by it."""
        for cell in self.cells:
            if cell.old and cell.new and _is_of(cause, cell.old, cell.new, across_people=self.across_people):
                yield cell.old, cell.new


def _is_of(cause: Cause, was: Piece, now: Piece, *, across_people: bool) -> bool:
    old, new = was.stretch, now.stretch
    if old.forfeited or new.forfeited:
        return cause is Cause.ELIGIBILITY
    is_alike = old.plan.id == new.plan.id and (across_people or old.attainment.unit == new.attainment.unit)
    return is_alike or cause not in _OF_ALIKE


def tell(change: Change, sides: Sides, names: UnitExplainer) -> tuple[Told, ...]:
    """Each part of a change with its sentence."""
    return tuple(Told(part, _sentence(part, sides, names)) for part in change.parts)


def _sentence(part: Part, sides: Sides, names: UnitExplainer) -> str:
    cause, metric = part.input
    pairs = sides.pairs(cause)
    if cause in _OF_METRICS:
        said = [_OF_METRICS[cause](was, now, metric, names) for was, now in pairs]
    elif cause in _OF_PIECES:
        said = [_OF_PIECES[cause](was, now, names) for was, now in pairs]
    else:
        said = [_OF_PEOPLE[cause](sides)]
    return " ".join(dict.fromkeys(sentence for sentence in said if sentence)) or f"{part.label} differ."


# What a metric says


def _score(was: Piece, now: Piece, metric: str, names: UnitExplainer) -> str:
    name, pairs = names.metric(metric), zip(_results(was, metric), _results(now, metric), strict=False)
    differing = ((old, new) for old, new in pairs if _shown(old, names) != _shown(new, names))
    return next((_moved(name, old, new, names) for old, new in differing), "")


def _moved(name: str, old: Result, new: Result, names: UnitExplainer) -> str:
    if old.score is None or new.score is None:
        return f"{name} had {_shown(old, names)} and has {_shown(new, names)} now."
    if old.score.unit != new.score.unit:
        here, there = names.unit(new.score.unit), names.unit(old.score.unit)
        return f"{name} is {_shown(new, names)} for {here} and {_shown(old, names)} for {there}."
    verb = "rose" if new.score.value > old.score.value else "fell"
    return f"{name} {verb} from {_shown(old, names)} to {_shown(new, names)}."


def _shown(result: Result, names: UnitExplainer) -> str:
    return names.value(result.score) if result.score else f"no usable score ({result.fallback})"


def _results(piece: Piece, metric: str) -> list[Result]:
    """What a metric came to, each time that the plan reads it."""
    plan, attainment = piece.stretch.plan, piece.stretch.attainment
    pairs: list[tuple[str, Result]] = []
    for component, result in zip(plan.components, attainment.components, strict=True):
        pairs += [(m.reading.metric, r) for m, r in zip(component.measures, result.measures, strict=True)]
    pairs += [(g.reading.metric, r) for g, r in zip(plan.gates, attainment.gates, strict=True)]
    pairs += [(m.reading.metric, r) for m, r in zip(plan.modifiers, attainment.modifiers, strict=True)]
    return [result for name, result in pairs if name == metric]


def _unit_target(was: Piece, now: Piece, metric: str, names: UnitExplainer) -> str:
    pairs = zip(_targets(was, metric), _targets(now, metric), strict=False)
    moved = next((pair for pair in pairs if pair[0] != pair[1]), None)
    return f"The unit’s target of {names.metric(metric)} {_went(*moved, shown)}." if moved else ""


def _targets(piece: Piece, metric: str) -> list[Fraction]:
    found = (each.target for each in _results(piece, metric) if not isinstance(each, GateResult))
    return [target for target in found if target is not None]


def _curve(_was: Piece, _now: Piece, metric: str, names: UnitExplainer) -> str:
    return f"The plan has another curve for {names.metric(metric)}."


# What the plan says


def _weights(was: Piece, now: Piece, names: UnitExplainer) -> str:
    old, new = (dict(_weighed(piece.stretch.plan, names)) for piece in (was, now))
    moved = [
        f"{name} {percent(old.get(name, _NOTHING))} → {percent(new.get(name, _NOTHING))}"
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]
    return f"The plan weighs otherwise: {'; '.join(moved)}." if moved else ""


def _weighed(plan: Plan, names: UnitExplainer) -> Iterator[tuple[str, Fraction]]:
    for component in plan.components:
        yield component.name, component.share
        for measure in component.measures:
            yield f"{names.metric(measure.reading.metric)} in {component.name}", measure.weight


def _rules(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.stretch.plan, now.stretch.plan
    if (old.gates, old.modifiers) == (new.gates, new.modifiers) and old.cap != new.cap:
        return f"The plan’s cap went from {_cap(old.cap)} to {_cap(new.cap)}."
    return f"Gates, caps or modifiers differ between {old.version} and {new.version}." if old != new else ""


def _cap(cap: Fraction | None) -> str:
    return "none" if cap is None else percent(cap)


def _unit(was: Piece, now: Piece, names: UnitExplainer) -> str:
    old, new = was.assignment.unit, now.assignment.unit
    if old == new:
        return ""
    here, there = percent(now.stretch.attainment.total), percent(was.stretch.attainment.total)
    return f"In {names.unit(new)}, which attained {here}, instead of {names.unit(old)} with {there}."


def _plan(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.stretch.plan, now.stretch.plan
    if was.stretch.attainment.total == now.stretch.attainment.total:
        return ""
    if old.id == new.id:
        return f"{new.name} pays by rules that cannot be compared one by one."
    return f"Paid under {new.name} ({new.version}) instead of {old.name} ({old.version})."


def _quarter_share(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.stretch.share_of_year, now.stretch.share_of_year
    return "" if old == new else f"The quarter is {percent(new)} of the year’s target instead of {percent(old)}."


# What the person brings


def _salary(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.assignment.annual_salary or _NOTHING, now.assignment.annual_salary or _NOTHING
    return "" if old == new else f"The annual salary {_went(old, new, _main_units)}."


def _working_time(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.assignment.fte, now.assignment.fte
    return "" if old == new else f"Working time {_went(old, new, percent)}."


def _target(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.assignment, now.assignment
    if old.target_amount is None and new.target_amount is None:
        shares = old.target_percent or _NOTHING, new.target_percent or _NOTHING
        return "" if shares[0] == shares[1] else f"The target {_went(*shares, percent)} of salary."
    years = was.annual_target, now.annual_target
    return "" if years[0] == years[1] else f"The year’s target {_went(*years, _main_units)}."


def _absence(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = (
        f"{decimal_text(piece.stretch.counted_days)} of {counted(piece.stretch.span.days, 'day')}"
        for piece in (was, now)
    )
    return "" if old == new else f"{new} counted instead of {old}."


def _eligibility(was: Piece, now: Piece, _names: UnitExplainer) -> str:
    old, new = was.stretch.forfeited, now.stretch.forfeited
    if bool(old) == bool(new):
        return ""
    return f"Not eligible any more: {new}" if new else f"Eligible now. Before: {old}"


def _went(old: Fraction, new: Fraction, words: Callable[[Fraction], str]) -> str:
    return f"{'rose' if new > old else 'fell'} from {words(old)} to {words(new)}"


def _main_units(amount: Fraction) -> str:
    text = fixed_text(amount, 2).removesuffix(".00")
    return grouped(text).replace("-", MINUS)


# What happened to the person


def _days(sides: Sides) -> str:
    old, new = (counted(_paid_days(found), "day") for found in (sides.was, sides.now))
    return f"{new} in a plan instead of {old}." if old != new else "Other days of the quarter are in a plan."


def _paid_days(found: Found) -> int:
    return sum(piece.stretch.span.days for payout in found.payouts for piece in payout.pieces)


def _currency(sides: Sides) -> str:
    old, new = (_currencies(found) for found in (sides.was, sides.now))
    return f"Paid in {new} instead of {old}." if old != new else "Other days are paid in another currency."


def _currencies(found: Found) -> str:
    return " and ".join(payout.amount.currency for payout in found.payouts)


def _without(sides: Sides) -> str:
    """Held, or in no plan, on one side."""
    old, new = sides.was.excluded, sides.now.excluded
    return f"No payout now: {new.why}" if new else f"Paid now. Before: {old.why}" if old else ""


def _one_sided(sides: Sides) -> str:
    return "Not in the old run." if sides.now.payouts else "Not in the new run."


def _rounding(_sides: Sides) -> str:
    return "Each payout is rounded once, half up: what that did on both sides."


def _adjustments(_sides: Sides) -> str:
    return "What was added to the payouts since, or taken off, and approved."


_NOTHING = Fraction(0)
_OF_METRICS: dict[Cause, Callable[[Piece, Piece, str, UnitExplainer], str]] = {
    Cause.SCORE: _score,
    Cause.UNIT_TARGET: _unit_target,
    Cause.CURVE: _curve,
}
_OF_ALIKE = {*_OF_METRICS, Cause.WEIGHT, Cause.RULES}
"""Causes that are told apart only within one unit and plan."""

_OF_PIECES: dict[Cause, Callable[[Piece, Piece, UnitExplainer], str]] = {
    Cause.WEIGHT: _weights,
    Cause.RULES: _rules,
    Cause.UNIT: _unit,
    Cause.PLAN: _plan,
    Cause.QUARTER_SHARE: _quarter_share,
    Cause.SALARY: _salary,
    Cause.WORKING_TIME: _working_time,
    Cause.TARGET: _target,
    Cause.ABSENCE: _absence,
    Cause.ELIGIBILITY: _eligibility,
}
_OF_PEOPLE: dict[Cause, Callable[[Sides], str]] = {
    Cause.DAYS: _days,
    Cause.CURRENCY: _currency,
    Cause.HOLD: _without,
    Cause.SCOPE: _without,
    Cause.PERSON: _one_sided,
    Cause.ROUNDING: _rounding,
    Cause.ADJUSTMENT: _adjustments,
}
