"""The home page: what a quarter pays, what moved it, what waits for somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from sqlmodel import Session

from comp.attainment import Targets
from comp.facts import Facts
from comp.intervals import Interval, change, interval, real_changes
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.pools import Pools
from comp.results import Hold, StoredRun
from comp.roles import Account, Permission
from comp.scores import Metric, Sample, Statistic
from comp.services.relations import sight
from comp.store import batches, run_totals, runs
from comp.store.bulk import Reader
from comp.store.facts import load_frame
from comp.store.metrics import load_definitions
from comp.store.results import load_dated
from comp.store.run_totals import CurrencyTotal

_HISTORY = 6
_FEWEST_SHOWN = 5
_MOST_UNITS = 12
_NOBODY = (Fraction(0), 0)


@dataclass(frozen=True, slots=True)
class UnitReading:
    """A unit's score with what it may be compared with, what it attained, and what to make of it.

    `breaks` are the places in the history from which the metric was defined otherwise than before.
    """

    code: str
    name: str
    score: Fraction
    answers: int
    interval: Interval | None
    target: Fraction | None
    history: tuple[Fraction | None, ...]
    breaks: tuple[int, ...]
    attainment: Fraction | None
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """What a currency came to, and by how much that is more or less than the quarter before (a ratio, None without)."""

    total: CurrencyTotal
    change: Fraction | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A calculated quarter at a glance. `spread` counts payouts by tenths of the target."""

    run: StoredRun
    paid: tuple[PaidBefore, ...]
    held: tuple[Hold, ...]
    outside: int
    spread: Mapping[int, int]
    files: int


def overview(session: Session, actor: Account, run: StoredRun, now: datetime) -> Overview:
    """What a run pays and whom it holds, of the people whom an actor may see."""
    seen = sight(session, actor, run.quarter, now)
    before = runs.find_run(session, run.quarter.plus(-1))
    earlier = {each.amount.currency: each for each in _totals(session, actor, before, now)} if before else {}
    counts = run_totals.exclusion_counts(session, run.id, seen)
    return Overview(
        run=run,
        paid=tuple(
            PaidBefore(total, _growth(total, earlier.get(total.amount.currency)))
            for total in _totals(session, actor, run, now)
        ),
        held=tuple(runs.load_holds(session, run.id, seen)),
        outside=counts.get("outside", 0),
        spread=run_totals.attainment_counts(session, run.id, seen),
        files=len(batches.load_batches(session, limit=1000)),
    )


def _totals(session: Session, actor: Account, run: StoredRun, now: datetime) -> list[CurrencyTotal]:
    return run_totals.currency_totals(session, run.id, sight(session, actor, run.quarter, now))


def _growth(now: CurrencyTotal, before: CurrencyTotal | None) -> Fraction | None:
    return Fraction(now.amount.minor, before.amount.minor) - 1 if before and before.amount.minor else None


def unit_readings(
    session: Session, actor: Account, quarter: Quarter, run: StoredRun | None
) -> tuple[Metric | None, list[UnitReading]]:
    """The company's Net Promoter Scores unit by unit, those that pay most people first.

    What a unit attained is told only to those who may see everybody's pay.
    """
    facts = load_frame(session, quarter)
    metric = next((metric for metric in facts.metrics if metric.statistic is Statistic.NPS), None)
    if metric is None:
        return None, []
    sees_pay = Permission.READ_PAYOUTS in actor.permissions
    attained = run_totals.unit_attainments(session, run.id) if run and sees_pay else {}
    return metric, _readings(session, facts, metric, attained)


def _readings(
    session: Session, facts: Facts, metric: Metric, attained: Mapping[str, tuple[Fraction, int]]
) -> list[UnitReading]:
    organisation = Organisation(facts.units)
    quarters = [facts.quarter.plus(back) for back in range(1 - _HISTORY, 1)]
    known = load_definitions(session)
    defined = {quarter: known.metric(metric.id, quarter) or metric for quarter in quarters}
    breaks = tuple(place for place, (one, next_) in enumerate(pairwise(defined.values()), 1) if one != next_)
    dated = load_dated(Reader(session), {quarter: [each] for quarter, each in defined.items()}, facts.calendar)
    pools = Pools(dated, organisation)
    histories = {
        unit: [pools.pool(metric.id, unit, quarter).sample for quarter in quarters] for unit in organisation.from_top()
    }
    enough = [unit for unit, history in histories.items() if history[-1].answers >= _FEWEST_SHOWN]
    shown = sorted(enough, key=lambda unit: -attained.get(unit, _NOBODY)[1])[:_MOST_UNITS]
    targets = Targets(facts, organisation)
    readings = []
    is_comparable = _HISTORY - 1 not in breaks
    for unit, step in zip(shown, _steps([histories[unit] for unit in shown]), strict=True):
        samples, target = histories[unit], targets.find(metric.id, unit)
        reach = interval(metric, samples[-1])
        word, tone = _word(step if is_comparable else 0, reach, target)
        readings.append(
            UnitReading(
                code=unit,
                name=organisation.name(unit),
                score=metric.published(samples[-1].score),
                answers=samples[-1].answers,
                interval=reach,
                target=target,
                history=tuple(
                    then.published(each.score) if each.answers else None
                    for then, each in zip(defined.values(), samples, strict=True)
                ),
                breaks=breaks,
                attainment=attained[unit][0] if unit in attained else None,
                word=word,
                tone=tone,
            )
        )
    return readings


def _steps(histories: Sequence[Sequence[Sample]]) -> list[int]:
    """For each history 1 where its last step is a real rise, -1 where a real fall, 0 where it may be chance."""
    steps = [change(history[-2], history[-1]) for history in histories]
    real = real_changes([step.p if step else 1.0 for step in steps])
    return [(1 if step.z > 0 else -1) if step and is_real else 0 for step, is_real in zip(steps, real, strict=True)]


def _word(step: int, known: Interval | None, target: Fraction | None) -> tuple[str, str]:
    """What to make of a score: a real change first, else where its interval lies to the target."""
    if step:
        return ("real rise", "good") if step > 0 else ("real fall", "bad")
    if target is None or known is None:
        return "no change", ""
    if known.low > target:
        return "above target", "good"
    return ("below target", "warn") if known.high < target else ("at target", "good")
