"""Questions, metrics and the arithmetic from a tally of answers to a score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from comp.figures import exact_text
from comp.money import round_half_up

Tally = Mapping[int, int]
"""How many times each answer was given."""

PROMOTER, PASSIVE, DETRACTOR = 10, 8, 0
"""The answers that stand for the three groups where a file states only the groups' counts."""

_FIRST_PASSIVE, _FIRST_PROMOTER = 7, 9


class Statistic(StrEnum):
    """What a metric makes of its answers."""

    NPS = "nps"
    TOP_BOX = "top_box"
    MEAN = "mean"
    SHARE = "share"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer was asked, and the whole numbers from `low` to `high` that answer it.

    `best` names the better end of the scale. `labels` reads choice texts: `(("very satisfied", 5), …)`, in lower case.
    """

    id: str
    low: int
    high: int
    best: str = "high"
    text: str = ""
    labels: tuple[tuple[str, int], ...] = ()

    @property
    def answers(self) -> range:
        """Every valid answer."""
        return range(self.low, self.high + 1)

    def best_answers(self, count: int) -> frozenset[int]:
        """The `count` answers at the better end of the scale."""
        ordered = list(self.answers)
        return frozenset(ordered[-count:] if self.best == "high" else ordered[:count])


STANDARD_QUESTIONS = tuple(
    Question(id_, low, high, best, text)
    for id_, low, high, best, text in (
        ("recommend", 0, 10, "high", "How likely are you to recommend us to a friend or colleague?"),
        ("recommend-brand", 0, 10, "high", "How likely are you to recommend the brand?"),
        ("satisfaction", 1, 5, "high", "How satisfied are you?"),
        ("effort", 1, 7, "high", "How easy was it to get what you came for?"),
        ("shop-first", 0, 1, "high", "Do you look at our products first?"),
        ("buy-even-if-discounted", 0, 1, "high", "Would you buy ours even if others were discounted?"),
        ("buy-only", 0, 1, "high", "Would you buy only ours?"),
        ("repurchase", 1, 5, "high", "Would you buy from us again?"),
        ("expectation", 1, 3, "high", "Did you receive less than, as much as or more than you expected?"),
        ("emotion", 1, 5, "high", "How did the experience make you feel?"),
    )
)
"""The questions that every company may ask without describing them first."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number made of the answers to one question, or a stated value.

    `decimals` is how many are published, and so paid on. `counted` are the answers that `top_box` and `share` count.
    `better` is `higher` or `lower`.
    """

    id: str
    statistic: Statistic
    decimals: int
    better: str = "higher"
    name: str = ""
    question: Question | None = None
    counted: frozenset[int] = field(default_factory=frozenset)
    top: int | None = None

    def points(self, answer: int) -> int:
        """What one answer is worth, so that the score is the mean of the answers' points."""
        match self.statistic:
            case Statistic.NPS:
                return 100 * ((answer >= _FIRST_PROMOTER) - (answer < _FIRST_PASSIVE))
            case Statistic.TOP_BOX | Statistic.SHARE:
                return 100 * (answer in self.counted)
            case _:
                return answer

    def published(self, score: Fraction) -> Fraction:
        """The score as everybody sees it and as pay reads it: half up to the metric's decimals."""
        scale = 10**self.decimals
        return Fraction(round_half_up(score.numerator * scale, score.denominator), scale)

    def limits(self) -> tuple[Fraction, Fraction] | None:
        """The lowest and the highest score there can be; None for stated values, which have no scale."""
        if self.question is None or self.statistic is Statistic.VALUE:
            return None
        points = [self.points(answer) for answer in self.question.answers]
        return Fraction(min(points)), Fraction(max(points))

    def off_scale(self, value: Fraction) -> str:
        """A sentence where no score can have a value, else empty."""
        limits = self.limits()
        if limits is None or limits[0] <= value <= limits[1]:
            return ""
        return f"is outside the scale of {self.id}, {exact_text(limits[0])} to {exact_text(limits[1])}."

    def scale_warning(self) -> str:
        """A sentence where the scale is not the one that the statistic was made for, else empty."""
        if self.statistic is not Statistic.NPS or self.question is None:
            return ""
        low, high = self.question.low, self.question.high
        if (low, high) == (0, 10):
            return ""
        return (
            f"{self.id} is a Net Promoter Score of {self.question.id}, whose scale is {low}-{high}, not 0-10: "
            "it cannot be compared with other Net Promoter Scores. Answers are taken as they are, never converted."
        )


class Sample(NamedTuple):
    """The points of a set of answers: how many, their sum, and the sum of their squares.

    Every statistic is a mean of points and its spread follows from the squares, so that two sets of answers are
    pooled by adding three whole numbers.
    """

    answers: int = 0
    points: int = 0
    squares: int = 0

    def pool(self, other: "Sample") -> "Sample":
        """The sample of both sets of answers together."""
        return Sample(self.answers + other.answers, self.points + other.points, self.squares + other.squares)

    @property
    def score(self) -> Fraction:
        """The mean of the points, exactly. Raises `ZeroDivisionError` without answers."""
        return Fraction(self.points, self.answers)

    @property
    def groups(self) -> tuple[int, int, int]:
        """Promoters, passives and detractors of a Net Promoter Score."""
        promoters_and_detractors, promoters_less_detractors = self.squares // 10_000, self.points // 100
        promoters = (promoters_and_detractors + promoters_less_detractors) // 2
        return promoters, self.answers - promoters_and_detractors, promoters_and_detractors - promoters


NO_ANSWERS = Sample()


def sample(metric: Metric, tally: Tally) -> Sample:
    """The points that a tally's answers earn under a metric."""
    worth = [(metric.points(answer), count) for answer, count in tally.items()]
    return Sample(
        sum(count for _, count in worth),
        sum(points * count for points, count in worth),
        sum(points * points * count for points, count in worth),
    )


def groups_tally(promoters: int, passives: int, detractors: int) -> Tally:
    """The tally of a file that states only the sizes of the three groups."""
    return {PROMOTER: promoters, PASSIVE: passives, DETRACTOR: detractors}


class Stratum(NamedTuple):
    """One touchpoint's answers and the share that it is given in a weighted score."""

    touchpoint: str
    share: Fraction
    sample: Sample


def weighted_score(strata: Iterable[Stratum]) -> Fraction:
    """The score with each touchpoint at its given share instead of its share of the answers (post-stratification)."""
    return sum((stratum.share * stratum.sample.score for stratum in strata), Fraction(0))


def effective_answers(strata: Iterable[Stratum]) -> Fraction:
    """How many answers of a plain random sample a weighted score is worth (Kish 1965): n over the design effect."""
    return 1 / sum((stratum.share**2 / stratum.sample.answers for stratum in strata), Fraction(0))


OWN, STATED, PERSONAL, ROLLING_4 = "own", "stated", "personal", "rolling-4"
"""What a score may rest on, besides `parent <unit>`."""


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's value somewhere in one quarter, and what it rests on.

    `unit` is where the answers or the statement stand (the employee, for a personal result). `value` is the published
    score, half up from `exact`. `sample` is None for stated values; `strata` are stated where the score is weighted by
    touchpoint.
    """

    metric: str
    unit: str
    basis: str
    exact: Fraction
    value: Fraction
    answers: int | None = None
    sample: Sample | None = None
    strata: tuple[Stratum, ...] = ()

    @property
    def effective(self) -> Fraction | None:
        """How many answers count towards a plan's minimum: fewer than given where touchpoints are weighted."""
        if self.strata:
            return effective_answers(self.strata)
        return None if self.answers is None else Fraction(self.answers)
