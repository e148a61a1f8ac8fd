"""What makes a person look twice at a unit: scores that end just above their target, and touchpoints that shift."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from comp.figures import counted, fixed_text, percent_text
from comp.periods import Quarter
from comp.scores import NO_ANSWERS, Metric, Sample, Stratum, weighted_score

MARGIN = Fraction(2)
"""How near a score lies to its target, in points."""

_LEVEL = 0.05
_MIX_LEVEL = 0.01
_LEAST_SHIFT = Fraction(1, 10)
_FEWEST = 30


@dataclass(frozen=True, slots=True)
class Against:
    """A published score of one quarter, and the target that it was measured against."""

    quarter: Quarter
    score: Fraction
    target: Fraction


def bunching(metric: Metric, history: Sequence[Against]) -> str:
    """A sentence where scores end just above the target more often than chance would let them; else empty.

    Of scores near the target as many should lie below it as above: one-sided sign test at 5 %.
    """
    sign = 1 if metric.better == "higher" else -1
    apart = [sign * (each.score - each.target) for each in history]
    above = sum(0 <= gap < MARGIN for gap in apart)
    near = above + sum(-MARGIN <= gap < 0 for gap in apart)
    chance = sum(math.comb(near, k) for k in range(above, near + 1)) / 2**near
    if not near or chance >= _LEVEL:
        return ""
    ends = ", ".join(f"{each.quarter} {fixed_text(each.score, metric.decimals)}" for each in history)
    return (
        f"{metric.name} reached the target by less than {MARGIN} points in {counted(above, 'quarter')}, and missed it "
        f"by as little in {near - above} ({ends}). By chance that happens in {chance:.1%} of cases."
    )


def mix_shift(metric: Metric, before: Mapping[str, Sample], after: Mapping[str, Sample]) -> str:
    """A sentence where the shares of touchpoints moved by ten points or more, and by more than chance; else empty.

    It tells what the score would be with the touchpoints at the shares that they had in the quarter before.
    """
    was, now = _total(before), _total(after)
    if min(was.answers, now.answers) < _FEWEST:
        return ""
    moved = list(_moved(before, after, was.answers, now.answers))
    if not moved:
        return ""
    told = f"Answers shifted between touchpoints: {', '.join(moved)}."
    alike = _at_shares(metric, before, after, was.answers)
    score = fixed_text(metric.published(now.score), metric.decimals)
    return f"{told} {metric.name} is {score}; {alike}" if alike else told


def _total(samples: Mapping[str, Sample]) -> Sample:
    total = NO_ANSWERS
    for each in samples.values():
        total = total.pool(each)
    return total


def _moved(before: Mapping[str, Sample], after: Mapping[str, Sample], was: int, now: int) -> Iterator[str]:
    for touchpoint in sorted(before.keys() | after.keys()):
        counts = before.get(touchpoint, NO_ANSWERS).answers, after.get(touchpoint, NO_ANSWERS).answers
        shares = Fraction(counts[0], was), Fraction(counts[1], now)
        if abs(shares[1] - shares[0]) >= _LEAST_SHIFT and _chance(*counts, was, now) < _MIX_LEVEL:
            ends = " → ".join(percent_text(share, 0) for share in shares)
            yield f"{touchpoint or 'no touchpoint'} {ends}"


def _chance(first: int, second: int, was: int, now: int) -> float:
    """The probability of two shares as far apart by chance (two-sided z of two proportions)."""
    together = (first + second) / (was + now)
    error = math.sqrt(together * (1 - together) * (1 / was + 1 / now))
    return 2 * (1 - NormalDist().cdf(abs(second / now - first / was) / error))


def _at_shares(metric: Metric, before: Mapping[str, Sample], after: Mapping[str, Sample], was: int) -> str:
    """What the score would be at the shares of before; empty where a touchpoint of then has no answers now."""
    strata = [
        Stratum(touchpoint, Fraction(sample.answers, was), after.get(touchpoint, NO_ANSWERS))
        for touchpoint, sample in before.items()
        if sample.answers
    ]
    if any(not stratum.sample.answers for stratum in strata):
        return ""
    score = fixed_text(metric.published(weighted_score(strata)), metric.decimals)
    return f"with the touchpoints at the shares of the quarter before it would be {score}."
