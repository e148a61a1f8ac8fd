"""Every unit's score of every metric in a quarter, as the plan in force reads it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from comp.errors import RefusedError
from comp.facts import Facts
from comp.figures import fixed_text
from comp.intervals import Interval, score_interval
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import Plan, Reading
from comp.readings import Readings
from comp.scope import Scopes
from comp.scores import ROLLING_4, Metric, Score, Statistic
from comp.store.answers import PooledCounts, pooled_left_out
from comp.store.facts import load_facts

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One unit's score of one metric. `is_enough` says whether it meets what the plan in force asks for.

    `left_out` is how many more answers of the quarters that it rests on are left out by decision.
    """

    unit: str
    name: str
    depth: int
    metric: Metric
    score: Score
    interval: Interval | None
    is_enough: bool
    left_out: int = 0


def scoreboard(session: Session, quarter: Quarter) -> list[ScoreLine]:
    """Every score that a quarter has, by metric, units in the order of the tree.

    Raises `RefusedError` for a quarter without any result.
    """
    facts, _ = load_facts(session, quarter)
    if not any(result.quarter == quarter for result in facts.results):
        raise RefusedError(f"{quarter} has no answers and no results of any kind. Import them first.")
    organisation = Organisation(facts.units)
    return list(_lines(facts, organisation, pooled_left_out(session, organisation, facts.calendar)))


def _lines(facts: Facts, organisation: Organisation, without: PooledCounts) -> Iterator[ScoreLine]:
    readings = Readings(facts, organisation)
    scopes = Scopes(facts.plans, facts.calendar.span(facts.quarter), organisation)
    for metric in sorted(facts.metrics, key=lambda metric: (metric.statistic is not Statistic.NPS, metric.name)):
        for unit in organisation.from_top():
            plan = scopes.any_plan(unit)
            found = readings.find(_reading(plan, metric), unit)
            score = found if isinstance(found, Score) else readings.score(metric, unit)
            if score:
                depth = len(organisation.way_up(unit)) - 1
                known = score_interval(metric, score)
                is_enough = isinstance(found, Score)
                out = _left_out(facts.quarter, metric, score, without)
                yield ScoreLine(unit, organisation.name(unit), depth, metric, score, known, is_enough, out)


def _left_out(quarter: Quarter, metric: Metric, score: Score, without: PooledCounts) -> int:
    if metric.question is None or score.sample is None:
        return 0
    quarters = quarter.last_four() if score.basis == ROLLING_4 else (quarter,)
    return sum(without.get((score.unit, each, metric.question.id), 0) for each in quarters)


def _reading(plan: Plan | None, metric: Metric) -> Reading:
    """How the plan reads the metric at the unit itself; by the usual rules where it does not."""
    for reading in plan.readings() if plan else ():
        if reading.metric == metric.id and reading.measured_at == "unit":
            return reading
    return Reading(metric.id)


def write_scores(quarter: Quarter, lines: list[ScoreLine]) -> Document:
    """What `scores --json` prints: numbers as text."""
    return {"quarter": str(quarter), "scores": [_line(line) for line in lines]}


def _line(line: ScoreLine) -> Document:
    score, known = line.score, line.interval
    return {
        "unit": line.unit,
        "metric": line.metric.id,
        "value": fixed_text(score.value, line.metric.decimals),
        "answers": None if score.answers is None else str(score.answers),
        "low": None if known is None else f"{known.low:.3f}",
        "high": None if known is None else f"{known.high:.3f}",
        "basis": score.basis,
    }
