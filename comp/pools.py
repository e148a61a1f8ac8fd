"""Results pooled up the tree of units: a unit's answers are its own and those of all units below it."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from comp.errors import Problem
from comp.facts import Result
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.scores import NO_ANSWERS, Sample

_Key = tuple[str, Quarter]


class Pool(NamedTuple):
    """Answers, and stated values that have a count. `stated` is the sum of value × count."""

    sample: Sample = NO_ANSWERS
    stated: Fraction = Fraction(0)
    stated_answers: int = 0

    def add(self, other: "Pool") -> "Pool":
        """Both pools together."""
        sample = self.sample.pool(other.sample)
        if not self.stated_answers and not other.stated_answers:
            return Pool(sample)
        return Pool(sample, self.stated + other.stated, self.stated_answers + other.stated_answers)

    @property
    def answers(self) -> int:
        """How many answers the pool has, tallied or stated."""
        return self.sample.answers + self.stated_answers

    @property
    def score(self) -> Fraction:
        """The pooled score, exactly. Raises `ZeroDivisionError` without answers."""
        if not self.stated_answers:
            return self.sample.score
        return (self.sample.points + self.stated) / Fraction(self.answers)


EMPTY = Pool()


class Pools:
    """All results by metric and quarter. Each metric's pools are made when they are first asked for."""

    def __init__(self, results: Iterable[Result], organisation: Organisation) -> None:
        """Index the results by what they are of, and those that state a value once more."""
        self._organisation = organisation
        self._results: dict[_Key, dict[str, list[Result]]] = {}
        self._statements: dict[_Key, dict[str, list[Result]]] = {}
        for result in results:
            key = (result.metric, result.quarter)
            self._results.setdefault(key, {}).setdefault(result.unit, []).append(result)
            if result.value is not None:
                self._statements.setdefault(key, {}).setdefault(result.unit, []).append(result)
        self._pools: dict[tuple[str, Quarter, str | None], dict[str, Pool]] = {}

    def quarters(self) -> set[Quarter]:
        """The quarters that have any result."""
        return {quarter for _, quarter in self._results}

    def pool(self, metric: str, unit: str, quarter: Quarter, touchpoint: str | None = None) -> Pool:
        """What a unit has with all units below it; only one touchpoint's answers where one is named."""
        pools = self._pools.setdefault((metric, quarter, touchpoint), {})
        if unit not in pools:
            own = self._results.get((metric, quarter), {})
            for place, below in self._organisation.from_bottom(unit):
                if place not in pools:
                    here = [_of(r) for r in own.get(place, ()) if touchpoint is None or r.touchpoint == touchpoint]
                    pools[place] = _together(here + [pools[each] for each in below])
        return pools[unit]

    def stated(self, metric: str, unit: str, quarter: Quarter) -> Fraction | None:
        """The value that a unit states without a count."""
        for result in self._stating(metric, unit, quarter):
            if result.answers is None:
                return result.value
        return None

    def contradiction(self, metric: str, unit: str, quarter: Quarter) -> str:
        """A sentence where a unit's data for a metric says two things at once, else empty."""
        statements = self._stating(metric, unit, quarter)
        if not statements:
            return ""
        if len(statements) > 1:
            return f"{unit} states {metric} {len(statements)} times in {quarter}: no score is usable. Keep one."
        answers_below = statements[0].answers is None and self.pool(metric, unit, quarter).sample.answers
        if answers_below or any(_of(result).sample.answers for result in self._results[metric, quarter][unit]):
            return (
                f"{unit} states a value of {metric} in {quarter} and has answers too: no score is usable. "
                "Withdraw the stated value or the answers."
            )
        return ""

    def problems(self, quarter: Quarter) -> Iterator[Problem]:
        """Results of a quarter that contradict each other or stand for units that do not exist."""
        for metric in sorted(name for name, of in self._results if of == quarter):
            for unit in sorted(self._results[metric, quarter]):
                unknown = "" if unit in self._organisation else f"{unit} is not a unit of the company."
                if why := unknown or self.contradiction(metric, unit, quarter):
                    yield Problem(why, where=f"{metric} of {unit} in {quarter}")

    def _stating(self, metric: str, unit: str, quarter: Quarter) -> Sequence[Result]:
        return self._statements.get((metric, quarter), {}).get(unit, ())


def _together(pools: list[Pool]) -> Pool:
    return reduce(Pool.add, pools) if pools else EMPTY


def _of(result: Result) -> Pool:
    if result.sample:
        return Pool(result.sample)
    if result.value is not None and result.answers:
        return Pool(NO_ANSWERS, result.value * result.answers, result.answers)
    return EMPTY
