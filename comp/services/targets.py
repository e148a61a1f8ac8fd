"""Targets: the grid of units and metrics for a quarter or a fiscal year."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from comp.attainment import Targets
from comp.errors import NotFoundError
from comp.facts import Target
from comp.organisation import Organisation
from comp.periods import FiscalYear, Period, Quarter, parse_period
from comp.pools import EMPTY
from comp.readings import Readings
from comp.scores import Metric
from comp.services.quarters import known_quarters
from comp.store import results, runs
from comp.store.bulk import Reader
from comp.store.facts import load_frame
from comp.store.metrics import load_definitions, load_metrics
from comp.store.searching import searchable
from comp.store.units import load_units

PAGE = 50
_FEWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Before:
    """What a unit reached and aimed at a year before.

    `score` is None below five answers; `quarter` names the one quarter of a year that states a value without a count.
    """

    score: Fraction | None
    answers: int | None
    target: Fraction | None
    quarter: Quarter | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's target of a metric: its own, or the one that it inherits, with the year before beside it."""

    metric: Metric
    own: Fraction | None
    inherited: Target | None
    before: Before


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with its targets, metric by metric."""

    unit: str
    name: str
    depth: int
    is_parent: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A page of the targets of one period. `calculated` are the quarters in it that have a run already."""

    period: Period
    metrics: tuple[Metric, ...]
    rows: tuple[Row, ...]
    units: int
    page: int
    pages: int
    calculated: tuple[Quarter, ...]


def years(session: Session, now: datetime) -> list[int]:
    """The fiscal years that have targets or data, and the one after, the latest first."""
    with_data = {quarter.year for quarter in known_quarters(session)} or {now.year}
    with_targets = {parse_period(text).year for text in results.target_periods(session)}
    return sorted({*with_targets, *with_data, max(with_data) + 1}, reverse=True)


def grid(session: Session, period: Period, search: str = "", under: str = "", page: int | None = 1) -> Grid:
    """The targets of a period for a page of the units below `under` that a search finds; all of them without a page.

    Raises `NotFoundError` for a unit that there is not.
    """
    sources = _Sources(session, period)
    found = _found(sources.organisation, search, under)
    pages = max(1, -(-len(found) // PAGE))
    place = min(max(page or 1, 1), pages)
    shown = found[(place - 1) * PAGE : place * PAGE] if page else found
    return Grid(
        period=period,
        metrics=sources.metrics,
        rows=tuple(sources.row(unit) for unit in shown),
        units=len(found),
        page=place,
        pages=pages if page else 1,
        calculated=calculated_quarters(session, period),
    )


def _found(organisation: Organisation, search: str, under: str) -> list[str]:
    if under and under not in organisation:
        raise NotFoundError(f"There is no unit {under}, or not any more.")
    wanted = searchable(search.strip())
    return [
        unit
        for unit in organisation.from_top()
        if (not under or under in organisation.way_up(unit))
        and (not wanted or wanted in searchable(f"{unit} {organisation.name(unit)}"))
    ]


def quarters_of(period: Period) -> tuple[Quarter, ...]:
    """The quarter itself, or the four of a fiscal year."""
    return (period,) if isinstance(period, Quarter) else Quarter(period.year, 4).last_four()


def calculated_quarters(session: Session, period: Period) -> tuple[Quarter, ...]:
    """The quarters of a period that have a run already."""
    calculated = {run.quarter for run in runs.list_runs(session)}
    return tuple(quarter for quarter in quarters_of(period) if quarter in calculated)


class _Sources:
    """What the cells of one period are made of, read once."""

    def __init__(self, session: Session, period: Period) -> None:
        self._last = quarters_of(_year_before(period))
        self._frame = load_frame(session, quarters_of(period)[-1])
        self.organisation = Organisation(self._frame.units)
        self.metrics = tuple(sorted(self._frame.metrics, key=lambda metric: metric.name))
        self._targets = self._read_targets(session, period)
        self._targets_before = self._read_targets(session, _year_before(period))
        self._own = {(target.unit, target.metric): target.target for target in _of(session, (period,))}
        self._readings = self._read_scores(session)
        self._parents = {unit.parent for unit in self._frame.units}

    def _read_targets(self, session: Session, period: Period) -> Targets:
        """Targets as a calculation of the period would find them: those of its quarters do not hold for a year."""
        held = (period, FiscalYear(period.year)) if isinstance(period, Quarter) else (period,)
        facts = replace(self._frame, quarter=quarters_of(period)[0], targets=_of(session, held))
        return Targets(facts, self.organisation)

    def _read_scores(self, session: Session) -> Readings:
        last = self._last[-1]
        self._defined = {metric.id: metric for metric in load_definitions(session).metrics(last)}
        found = results.load_results(Reader(session), self._last, self._frame.calendar, self._defined.values())
        metrics = tuple(self._defined.values())
        facts = replace(self._frame, quarter=last, metrics=metrics, results=tuple(found), targets=())
        return Readings(facts, self.organisation)

    def row(self, unit: str) -> Row:
        """A unit's row."""
        depth = len(self.organisation.way_up(unit)) - 1
        cells = tuple(self._cell(unit, metric) for metric in self.metrics)
        return Row(unit, self.organisation.name(unit), depth, unit in self._parents, cells)

    def _cell(self, unit: str, metric: Metric) -> Cell:
        own = self._own.get((unit, metric.id))
        inherited = None if own is not None else self._targets.nearest(metric.id, unit)
        return Cell(metric, own, inherited, self._before(unit, metric))

    def _before(self, unit: str, metric: Metric) -> Before:
        target = self._targets_before.find(metric.id, unit)
        then = self._defined.get(metric.id)
        if then is None:
            return Before(None, None, target)
        pool = EMPTY
        for quarter in self._last:
            pool = pool.add(self._readings.pools.pool(metric.id, unit, quarter))
        if pool.answers:
            enough = pool.answers >= _FEWEST_SHOWN or not pool.sample.answers
            return Before(then.published(pool.score) if enough else None, pool.answers, target)
        score = self._readings.score(then, unit)
        is_one_of_four = score is not None and len(self._last) > 1
        return Before(score.value if score else None, None, target, self._last[-1] if is_one_of_four else None)


def _year_before(period: Period) -> Period:
    return period.plus(-4) if isinstance(period, Quarter) else FiscalYear(period.year - 1)


def _of(session: Session, periods: Iterable[Period]) -> tuple[Target, ...]:
    return results.load_targets(session, periods)


def known(session: Session) -> tuple[dict[str, str], dict[str, Metric]]:
    """The names of all units by code, and all metrics by id: what targets may be of."""
    metrics = {metric.id: metric for metric in load_metrics(session)}
    return {unit.code: unit.name for unit in load_units(session)}, metrics
