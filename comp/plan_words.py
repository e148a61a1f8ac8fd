"""A plan in sentences that the people whom it pays understand; comparisons and pages use the same words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from comp.curves import Axis, Curve, Shape
from comp.figures import MINUS, counted, exact_text, grouped
from comp.plan import PARENT, PERSON, TOP, TOTAL, UNIT, Example, Fallback, Gate, Measure, Modifier, Plan, Reading, Scope

_SPACE = "\N{NARROW NO-BREAK SPACE}"
_OWNERS = {UNIT: "your unit’s", PARENT: "the next higher unit’s", TOP: "the whole company’s", PERSON: "your own"}
_FALLBACKS = {
    Fallback.ROLLING_4: "the answers of the last four quarters together",
    Fallback.PARENT: "the score of the unit above",
    Fallback.RENORMALISE: "the measure is left out and the others count for more",
    Fallback.NEUTRAL: "it counts as 100" + _SPACE + "%",
    Fallback.ZERO: "it counts as 0" + _SPACE + "%",
    Fallback.HOLD: "the payout is held until somebody decides",
}
_AXES = {
    Axis.SCORE: ("a score of {}", "scores"),
    Axis.POINTS_FROM_TARGET: ("{} points from the target", "points from the target"),
    Axis.PERCENT_OF_TARGET: ("{} % of the target", "percent of the target"),
}


class Names(Protocol):
    """What knows how metrics and units are called."""

    def metric(self, id_: str, /) -> str:
        """A metric's name."""
        ...

    def unit(self, code: str, /) -> str:
        """A unit's name."""
        ...


def percent(ratio: Fraction) -> str:
    """A ratio as a percentage in full: `12.5 %`."""
    return f"{number(ratio * 100)}{_SPACE}%"


def number(value: Fraction) -> str:
    """A number in full, with a real minus sign; as a fraction where it has no decimals."""
    text = exact_text(value)
    return (text if "/" in text else grouped(text)).replace("-", MINUS)


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a sentence lists them: `a, b and c`."""
    every = list(words)
    return f" {last} ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def whom(scope: Scope | None, names: Names) -> str:
    """Whom a plan pays."""
    if scope is None:
        return "nobody yet: the plan does not say whom it pays"
    places = listed(names.unit(code) for code in scope.units)
    who = f"everybody in {places} and in all units below" if scope.units else "everybody in the company"
    return f"{who} with grade {listed(scope.grades, 'or')}" if scope.grades is not None else who


def part_name(plan: Plan, part: str) -> str:
    """What a gate or modifier works on."""
    named = {component.id: component.name for component in plan.components}
    return "the whole payout" if part == TOTAL else named.get(part, part)


def follows(reading: Reading, names: Names) -> str:
    """What a reading reads: `your unit’s Net Promoter Score`."""
    return f"{_owner(reading, names)} {names.metric(reading.metric)}"


def _owner(reading: Reading, names: Names) -> str:
    return _OWNERS.get(reading.measured_at) or f"{names.unit(reading.measured_at)}’s"


def _result(reading: Reading, names: Names) -> str:
    return f"{_owner(reading, names)} result in {names.metric(reading.metric)}"


def too_few(reading: Reading) -> str:
    """What happens with fewer answers than a reading needs, each way after the one before."""
    ways = [_FALLBACKS[way] for way in reading.too_few]
    return f"With fewer than {counted(reading.min_answers, 'answer')}: {'; if that does not help, '.join(ways)}."


def by_touchpoint(reading: Reading) -> str:
    """How a score is put together from touchpoints; empty where it is not."""
    shares = (f"{touchpoint} {percent(share)}" for touchpoint, share in reading.touchpoints)
    return f"The score is put together from {listed(shares)}." if reading.touchpoints else ""


def curve_sentences(curve: Curve, better: str) -> tuple[str, ...]:
    """What a curve pays, from its worse end to its better."""
    points = curve.from_worst(better)
    one, _ = _AXES[curve.axis]
    ends = [one.format(number(points[0][0])), one.format(number(points[-1][0]))]
    worse, beyond = ("above", "below") if better == "lower" else ("below", "above")
    first, last = percent(points[0][1]), percent(points[-1][1])
    between = (
        "in between it pays the step that was reached" if curve.shape is Shape.STEP else "in between it rises evenly"
    )
    told = [f"From {ends[0]} it pays {first}; {worse} that {percent(curve.below)}."]
    if len(points) > 1:
        told.append(f"At {ends[1]} it pays {last}; {between}.")
    told.append(f"It goes on beyond {ends[1]}." if curve.extends else f"It stays at {last} {beyond} {ends[1]}.")
    return tuple(told)


def axis_title(curve: Curve) -> str:
    """What stands above the column with the points of a curve."""
    return {Axis.SCORE: "Score", Axis.POINTS_FROM_TARGET: "Points from target", Axis.PERCENT_OF_TARGET: "% of target"}[
        curve.axis
    ]


def measure_sentence(measure: Measure, names: Names) -> str:
    """What share of a part follows which score."""
    return f"{percent(measure.weight)} of this part follows {follows(measure.reading, names)}."


def gate_sentence(plan: Plan, gate: Gate, names: Names) -> str:
    """When a gate fails, and what then."""
    fails = [f"below {number(gate.at_least)}"] if gate.at_least is not None else []
    fails += [f"above {number(gate.at_most)}"] if gate.at_most is not None else []
    what = part_name(plan, gate.on)
    return f"If {_result(gate.reading, names)} is {' or '.join(fails)}, {what} pays at most {percent(gate.cap)}."


def modifier_sentence(plan: Plan, modifier: Modifier, names: Names) -> str:
    """What a modifier multiplies."""
    told = f"{_result(modifier.reading, names)} multiplies {part_name(plan, modifier.on)}."
    return told[0].upper() + told[1:]


def example_sentence(example: Example, names: Names) -> str:
    """A worked example in one sentence."""
    scores = listed(f"{names.metric(metric)} {number(score)}" for metric, score in example.scores)
    targets = listed(f"{names.metric(metric)} {number(target)}" for metric, target in example.targets)
    given = f"With {scores or 'no score'}" + (f" and targets of {targets}" if targets else "")
    money = [f"{number(amount)} {example.currency}" for amount in (example.target, example.pays)]
    return f"{given}, a quarter's target of {money[0]} pays {money[1]}."


@dataclass(frozen=True, slots=True)
class Rule:
    """Rules of a plan that belong together, in sentences."""

    title: str
    sentences: tuple[str, ...]


def rules(plan: Plan, names: Names) -> tuple[Rule, ...]:
    """Everything that a plan says besides its parts and examples; what it does not say is left out."""
    found = (
        Rule("Whom it pays", (f"This plan pays {whom(plan.scope, names)}.",)),
        Rule("The four quarters", (_quarters(plan.quarter_shares),)),
        Rule("What else there is", _elsewhere(plan)),
        Rule("Conditions", tuple(gate_sentence(plan, gate, names) for gate in plan.gates)),
        Rule("Multipliers", tuple(modifier_sentence(plan, modifier, names) for modifier in plan.modifiers)),
        Rule("The most that it pays", _caps(plan)),
        Rule("Joining and leaving", tuple(_employment(plan))),
        Rule("Absence", tuple(_absences(plan.absences))),
    )
    return tuple(rule for rule in found if rule.sentences)


def _quarters(shares: Sequence[Fraction]) -> str:
    if len(set(shares)) == 1:
        return "Each quarter pays a quarter of the year’s target."
    told = listed(f"{percent(share)} in quarter {place}" for place, share in enumerate(shares, start=1))
    return f"Of the year’s target it pays {told}."


def _elsewhere(plan: Plan) -> tuple[str, ...]:
    return (f"{percent(plan.elsewhere)} of variable pay is calculated elsewhere.",) if plan.elsewhere else ()


def _caps(plan: Plan) -> tuple[str, ...]:
    return () if plan.cap is None else (f"Together the parts pay at most {percent(plan.cap)} of the target.",)


def _employment(plan: Plan) -> Iterable[str]:
    rule = plan.eligibility
    yield "Days before somebody joins and after somebody leaves pay nothing; the other days pay their part."
    if rule.minimum_days:
        days = counted(rule.minimum_days, "day")
        yield f"Whoever is employed for fewer than {days} of a quarter gets nothing for it."
    if rule.on_last_day:
        kept = listed(sorted(rule.prorated_leavers), "or")
        unless = f", unless the reason of leaving is {kept}: then the days until the last one are paid" if kept else ""
        yield f"Whoever is not employed on a quarter’s last day gets nothing for it{unless}."


def _absences(absences: Sequence[tuple[str, Fraction]]) -> Iterable[str]:
    for kind, counted_share in absences:
        if counted_share == 1:
            yield f"Days of {kind} absence count in full."
        else:
            yield f"A day of {kind} absence counts {percent(counted_share)}."
    if absences:
        yield "Any other absence counts in full."
