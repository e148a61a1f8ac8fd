"""When it is sound to let pay hang on what customers say: what the data tells, and what only people can answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comp.figures import counted, listed, percent
from comp.findings import Finding
from comp.guidance import NEAR, MeasureGuidance
from comp.lint_answers import single_metric
from comp.lint_cliffs import cliffs
from comp.lint_grounds import Grounds, is_answered
from comp.plan_places import measures

_A_YEAR = 4
MET, OPEN, ASK = "met", "open", "ask"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what it asks for, whether the data says that it is met, and what is known of it."""

    asks: str
    state: str
    known: str


_PEOPLE = (
    (
        "Whoever draws the sample and sends the surveys is not paid by them.",
        "Name who does it, and to whom they report.",
    ),
    (
        "Every customer is asked, or a random part of them.",
        "Nobody whose pay depends on the score can choose who is invited, hold a survey back or answer one.",
    ),
    (
        "Asking customers for a good mark is ruled out, and people know it.",
        "Say what counts as begging, and who looks at comments that tell of it.",
    ),
    (
        "People can move the score within a quarter by what they do.",
        "If price, product or delivery decide it, measure it higher up or leave it out of their pay.",
    ),
    (
        "Questions, channels and the mix of touchpoints stay as they are during the year.",
        "A new wording or channel moves scores by itself: start a new baseline.",
    ),
    (
        "Everybody concerned can read how their pay comes about, and ask.",
        "Show them an example with their own unit before the plan starts.",
    ),
)


def conditions(grounds: Grounds, guided: Sequence[MeasureGuidance]) -> tuple[Condition, ...]:
    """The checklist of a plan, first what the data says. Empty for a plan that pays by no survey."""
    if not guided:
        return ()
    return (
        _baseline(grounds, guided),
        _several_metrics(grounds),
        *_enough_answers(guided),
        _no_cliffs(grounds),
        _at_stake(grounds),
        *(Condition(asks, ASK, known) for asks, known in _PEOPLE),
    )


def _baseline(grounds: Grounds, guided: Sequence[MeasureGuidance]) -> Condition:
    known = {_name(each): len(grounds.quarters(each.metric.id)) for each in guided}
    short = [metric for metric, quarters in known.items() if quarters < _A_YEAR]
    told = listed([f"{counted(quarters, 'quarter')} of {metric}" for metric, quarters in known.items()])
    asks = "A year of answers is known before the first payout hangs on them."
    return Condition(asks, OPEN if short else MET, f"Known: {told}.")


def _several_metrics(grounds: Grounds) -> Condition:
    lone = [finding.what for finding in single_metric(grounds)]
    asks = "No part of pay rests on one survey question alone."
    return Condition(asks, OPEN if lone else MET, " ".join(lone) or "Each part has two metrics or more.")


def _enough_answers(guided: Sequence[MeasureGuidance]) -> Iterator[Condition]:
    for each in guided:
        unsure = [unit.unit for unit in each.units if unit.margin is None or unit.margin > NEAR]
        asks = f"Units get so many answers that {_name(each)} is known within ±{NEAR} points."
        if not unsure:
            yield Condition(asks, MET, f"So it is in all of {counted(each.count, 'unit')}.")
        else:
            more = "" if len(unsure) < len(each.units) else " or more"
            yield Condition(
                asks, OPEN, f"Not in {len(unsure)}{more} of {counted(each.count, 'unit')}: {listed(unsure)}."
            )


def _name(guided: MeasureGuidance) -> str:
    return guided.metric.name or guided.metric.id


def _no_cliffs(grounds: Grounds) -> Condition:
    found = [finding for finding in cliffs(grounds) if is_answered(grounds.metrics.get(_metric_of(finding)))]
    units = {odds.unit for finding in found for odds in finding.odds}
    asks = f"No single answer decides over {percent(grounds.facts.cliff)} of the target or more."
    if not found:
        return Condition(asks, MET, "Pay rises in slopes and small steps.")
    return Condition(asks, OPEN, f"{counted(len(found), 'cliff')}, with {counted(len(units), 'unit')} near one.")


def _metric_of(finding: Finding) -> str:
    """The metric that a place names last: `component customer nps`."""
    return finding.where.split(" ")[-1]


def _at_stake(grounds: Grounds) -> Condition:
    weights = (
        component.share * measure.weight
        for _, component, measure in measures(grounds.plan)
        if is_answered(grounds.metrics.get(measure.reading.metric))
    )
    asks = "The share of pay that hangs on surveys is one that people can bear to see move by chance."
    return Condition(asks, ASK, f"{percent(sum(weights, Fraction(0)))} of the target hangs on customers' answers.")
