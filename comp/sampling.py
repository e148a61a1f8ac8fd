"""What chance does to a score: how a unit's score scatters from quarter to quarter while nothing about it changes.

Floating point is at home here: odds inform people and never reach a payout.
"""

import math
from collections.abc import Iterator
from statistics import NormalDist
from typing import NamedTuple

from comp.scores import Metric, Sample, Statistic

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)
_HUGE = 1e200
_VANISHING = 1e-100
_NEGLIGIBLE = 1e-9
_ALIKE = 1e-6
_STEPS = 200
_MOST_COUNTED = 2_000


class Scatter(NamedTuple):
    """How one answer's points scatter: their mean, their variance and, of a Net Promoter Score, its groups' shares."""

    mean: float
    variance: float
    groups: tuple[float, float, float] | None = None

    @property
    def is_share(self) -> bool:
        """Whether each answer counts as 0 or 100."""
        return abs(self.variance - self.mean * (100 - self.mean)) < _ALIKE


def scatter(metric: Metric, answers: Sample) -> Scatter:
    """How single answers scatter, as a sample shows it.

    As where its interval is computed, a group or share of which the sample has none is taken for a small one, so that a
    unit whose customers all said the same is not taken for one that cannot change.
    """
    seen = answers.points / answers.answers
    spread = answers.squares / answers.answers - seen**2
    if metric.statistic is Statistic.MEAN:
        return Scatter(seen, max(0.0, spread))
    known = _smoothed(metric, answers)
    return moved_to(metric, known, seen) if spread > _NEGLIGIBLE else known


def _smoothed(metric: Metric, answers: Sample) -> Scatter:
    if metric.statistic is Statistic.NPS:
        promoters, passives, detractors = answers.groups
        count = answers.answers + 3
        return of_groups((promoters + 0.75) / count, (passives + 1.5) / count, (detractors + 0.75) / count)
    share = (answers.points / 100 + 1) / (answers.answers + 2)
    return Scatter(100 * share, 10_000 * share * (1 - share))


def of_groups(promoters: float, passives: float, detractors: float) -> Scatter:
    """The scatter of a Net Promoter Score whose groups have these shares."""
    mean = promoters - detractors
    return Scatter(100 * mean, 10_000 * (promoters + detractors - mean**2), (promoters, passives, detractors))


def moved_to(metric: Metric, known: Scatter, mean: float) -> Scatter:
    """The scatter of a unit that is truly at another score and otherwise as like the known one as can be."""
    limits = metric.limits()
    if limits is None:
        return known._replace(mean=mean)
    low, high = (float(limit) for limit in limits)
    mean = min(max(mean, low + (high - low) / 1000), high - (high - low) / 1000)
    if known.groups:
        return of_groups(*_tilted(known.groups, mean / 100))
    if metric.statistic in {Statistic.TOP_BOX, Statistic.SHARE}:
        return Scatter(mean, mean * (100 - mean))
    room = (mean - low) * (high - mean) / max((known.mean - low) * (high - known.mean), 1e-9)
    return Scatter(mean, known.variance * min(1.0, room))


def _tilted(groups: tuple[float, float, float], mean: float) -> tuple[float, float, float]:
    """The shares with another mean that need the least change: promoters times a factor, detractors divided by it.

    The factor solves promoters·(1 − mean)·f² − passives·mean·f − detractors·(1 + mean) = 0.
    """
    promoters, passives, detractors = groups
    half = passives * mean
    root = math.sqrt(half**2 + 4 * promoters * detractors * (1 - mean**2))
    factor = (half + root) / (2 * promoters * (1 - mean))
    up, down = promoters * factor, detractors / factor
    whole = up + passives + down
    return up / whole, passives / whole, down / whole


def standard_error(known: Scatter, answers: int) -> float:
    """The standard deviation of the score of so many answers."""
    return math.sqrt(known.variance / answers)


def margin(known: Scatter, answers: int) -> float:
    """How far a score of so many answers strays from the truth in 19 of 20 quarters."""
    return _Z * standard_error(known, answers)


def answers_needed(known: Scatter, within: float) -> int:
    """How many answers keep a score within so many points of the truth in 19 of 20 quarters."""
    return max(1, math.ceil(known.variance * (_Z / within) ** 2 - _NEGLIGIBLE))


def chance_of_reaching(metric: Metric, known: Scatter, answers: int, score: float, *, downward: bool = False) -> float:
    """The chance that the published score of so many answers is at least `score`, or at most where `downward`.

    The score is rounded half up before it is published, so that half of the last decimal less is enough. How many
    customers answer varies, too, which smooths the grid that a fixed number of answers leaves between possible scores:
    the normal curve is nearer to that than counting the cases of one number is.
    """
    half = 0.5 / 10**metric.decimals
    error = standard_error(known, answers)
    distance = score + half - known.mean if downward else known.mean - (score - half)
    if not error:
        return float(distance > 0 if downward else distance >= 0)
    return _NORMAL.cdf(distance / error)


def chance_of_move(known: Scatter, answers: int, points: float) -> float:
    """The chance that the scores of two quarters differ by so many points or more although nothing changed."""
    chances = list(score_chances(known, answers))
    return sum(one * other for a, one in chances for b, other in chances if abs(a - b) >= points - _NEGLIGIBLE)


def score_chances(known: Scatter, answers: int) -> Iterator[tuple[float, float]]:
    """The scores that so many answers can give, each with its chance; those that never happen are left out.

    Exact for a Net Promoter Score and for shares, by enumeration; in 200 equal slices of the normal curve for a mean,
    and where answers are so many that the two are alike.
    """
    if known.groups and answers <= _MOST_COUNTED:
        chances = _trinomial(known.groups, answers)
        scores = (100 * (number - answers) / answers for number in range(2 * answers + 1))
    elif not known.groups and known.is_share and answers <= _MOST_COUNTED:
        chances = _binomial(known.mean / 100, answers)
        scores = (100 * number / answers for number in range(answers + 1))
    else:
        yield from _slices(known, answers)
        return
    for score, chance in zip(scores, chances, strict=True):
        if chance > _NEGLIGIBLE:
            yield score, chance


def _slices(known: Scatter, answers: int) -> Iterator[tuple[float, float]]:
    error = standard_error(known, answers)
    for place in range(_STEPS):
        yield known.mean + error * _NORMAL.inv_cdf((place + 0.5) / _STEPS), 1 / _STEPS


def _trinomial(groups: tuple[float, float, float], answers: int) -> list[float]:
    """The chances of promoters less detractors from −answers to answers.

    They are the coefficients of (detractors + passives·x + promoters·x²) to the power of `answers`, each of which
    follows from the two before it; from both ends to the middle, where all terms are positive.
    """
    promoters, passives, detractors = groups
    front = _half(detractors, passives, promoters, answers)
    back = _half(promoters, passives, detractors, answers)
    if min(front[-1], back[-1]) < _VANISHING:
        is_back = front[-1] > back[-1]
        coefficients = [0.0] * answers + back[::-1] if is_back else front + [0.0] * answers
    else:
        coefficients = [*front, *(value * front[-1] / back[-1] for value in reversed(back[:-1]))]
    whole = math.fsum(coefficients)
    return [value / whole for value in coefficients]


def _half(first: float, middle: float, last: float, power: int) -> list[float]:
    """The coefficients from one end to the middle, the greatest of them as 1."""
    found = [1.0]
    before = 0.0
    for k in range(power):
        here = found[-1]
        value = (middle * (power - k) * here + last * (2 * power - k + 1) * before) / (first * (k + 1))
        before = here
        found.append(value)
        if value > _HUGE:
            found, before = [each / _HUGE for each in found], before / _HUGE
    greatest = max(found)
    return [value / greatest for value in found]


def _binomial(share: float, answers: int) -> list[float]:
    logs = [
        math.lgamma(answers + 1)
        - math.lgamma(k + 1)
        - math.lgamma(answers - k + 1)
        + k * math.log(share)
        + (answers - k) * math.log1p(-share)
        for k in range(answers + 1)
    ]
    return [math.exp(log) for log in logs]
