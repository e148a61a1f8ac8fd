"""How sure a score is: its 95 % interval, and whether a change is more than chance.

Floating point is at home here: intervals inform people and never reach a payout.
Sources: Rocks 2016, "Interval estimation for the Net Promoter Score"; Wilson 1927; Benjamini & Hochberg 1995.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from comp.scores import Metric, Sample, Score, Statistic, Stratum

_Z = NormalDist().inv_cdf(0.975)
_FEWEST_FOR_A_SPREAD = 2


class Interval(NamedTuple):
    """The 95 % interval of a score, in the score's own unit."""

    low: float
    high: float


class Change(NamedTuple):
    """The two-sided test of a difference between two scores: `z` and the probability `p` of as much by chance."""

    z: float
    p: float


def score_interval(metric: Metric, score: Score) -> Interval | None:
    """The 95 % interval of a score, where its answers are known."""
    if score.sample is None:
        return None
    return weighted_interval(metric, score.strata) if score.strata else interval(metric, score.sample)


def interval(metric: Metric, answers: Sample) -> Interval | None:
    """The 95 % interval of a score; None where the answers cannot tell (no answers, a mean of one, a stated value)."""
    method = _METHODS.get(metric.statistic)
    return method(answers) if method and answers.answers else None


def weighted_interval(metric: Metric, strata: Sequence[Stratum]) -> Interval | None:
    """The 95 % interval of a score weighted by touchpoint: its standard error from each stratum's own variance."""
    limits = metric.limits()
    if limits is None or any(not stratum.sample.answers for stratum in strata):
        return None
    score = sum(float(stratum.share * stratum.sample.score) for stratum in strata)
    reach = _Z * standard_error(strata)
    low, high = map(float, limits)
    return Interval(max(low, score - reach), min(high, score + reach))


def standard_error(strata: Sequence[Stratum]) -> float:
    """The standard error of a weighted score, in the score's unit."""
    return math.sqrt(
        sum(float(stratum.share) ** 2 * _variance(stratum.sample) / stratum.sample.answers for stratum in strata)
    )


def change(before: Sample, after: Sample) -> Change | None:
    """Whether a score moved by more than chance: two-sided z. None where either has no answers or nothing varies."""
    if not before.answers or not after.answers:
        return None
    error = math.sqrt(_variance(before) / before.answers + _variance(after) / after.answers)
    if not error:
        return None
    z = float(after.score - before.score) / error
    return Change(z, 2 * (1 - NormalDist().cdf(abs(z))))


def real_changes(chances: Sequence[float], level: float = 0.05) -> list[bool]:
    """Which of many changes are flagged when at most `level` of the flags may be false (Benjamini-Hochberg)."""
    ranked = sorted(range(len(chances)), key=lambda i: chances[i])
    flagged = 0
    for rank, i in enumerate(ranked, start=1):
        if chances[i] <= level * rank / len(chances):
            flagged = rank
    real = set(ranked[:flagged])
    return [i in real for i in range(len(chances))]


def _variance(answers: Sample) -> float:
    """The variance of one answer's points."""
    return answers.squares / answers.answers - (answers.points / answers.answers) ** 2


def _adjusted_wald(answers: Sample) -> Interval:
    """Three quarters of a promoter and a detractor and one and a half passives are added; clipped to ±100."""
    count = answers.answers + 3
    score = answers.points / 100 / count
    spread = (answers.squares / 10_000 + 1.5) / count - score**2
    reach = _Z * math.sqrt(spread / count)
    return Interval(max(-100.0, 100 * (score - reach)), min(100.0, 100 * (score + reach)))


def _wilson(answers: Sample) -> Interval:
    """Wilson's interval of a share, in percent."""
    count, share = answers.answers, answers.points / 100 / answers.answers
    middle = share + _Z**2 / (2 * count)
    reach = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    scale = 100 / (1 + _Z**2 / count)
    return Interval(max(0.0, scale * (middle - reach)), min(100.0, scale * (middle + reach)))


def _student(answers: Sample) -> Interval | None:
    """Student's t interval of a mean."""
    count = answers.answers
    if count < _FEWEST_FOR_A_SPREAD:
        return None
    mean = answers.points / count
    error = math.sqrt(max(0.0, _variance(answers)) / (count - 1))
    reach = student_t_quantile(0.975, count - 1) * error
    return Interval(mean - reach, mean + reach)


_METHODS: dict[Statistic, Callable[[Sample], Interval | None]] = {
    Statistic.NPS: _adjusted_wald,
    Statistic.TOP_BOX: _wilson,
    Statistic.SHARE: _wilson,
    Statistic.MEAN: _student,
}


@lru_cache(maxsize=10_000)
def student_t_quantile(probability: float, freedom: int) -> float:
    """The value below which Student's t with `freedom` degrees falls with `probability` (above one half)."""
    low, high = 0.0, 1e4
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_t_cdf(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def _student_t_cdf(t: float, freedom: int) -> float:
    """Abramowitz & Stegun 26.7.3 and 26.7.4, by their recurrence; exact for whole degrees of freedom."""
    if freedom > 1000:  # noqa: PLR2004 - from here on 26.7.8, a corrected normal, is right to 1e-7
        return NormalDist().cdf(t * (1 - 1 / (4 * freedom)) / math.sqrt(1 + t * t / (2 * freedom)))
    angle = math.atan2(t, math.sqrt(freedom))
    cos2 = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cos2 * (k - 1) / k
        total += term
    within = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    return (1 + within) / 2
