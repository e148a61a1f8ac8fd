"""Scores' raw material: tallies of answers, stated results and targets."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from sqlalchemy import Integer, bindparam, cast, delete, func, select
from sqlmodel import Session

from comp.facts import Result, Target
from comp.intake import ResultRecord, TargetRecord
from comp.models import ResultRow, TallyRow, TargetRow, read_exact
from comp.periods import FiscalCalendar, Period, Quarter, Span
from comp.scores import Metric, groups_tally, sample
from comp.store.bulk import Reader, columns_of, put, stored

State = tuple[Fraction | int | None, ...]
_RESULT_KEY = ("unit", "quarter", "metric")
_TARGET_KEY = ("unit", "period", "metric")
_ITS = ("its_unit", "its_period", "its_metric")
_RESULT_STATE = ("value", "answers", "promoters", "passives", "detractors")


def load_results(
    reader: Reader, quarters: Iterable[Quarter], calendar: FiscalCalendar, metrics: Iterable[Metric]
) -> Iterator[Result]:
    """Every metric's tallies and stated results in these quarters, unit by unit."""
    metrics, quarters = list(metrics), list(quarters)
    for quarter in quarters:
        yield from _tallied(reader, quarter, calendar.span(quarter), metrics)
    yield from load_stated(reader, quarters, {metric.id: metric for metric in metrics})


def load_dated(
    reader: Reader, metrics: Mapping[Quarter, Iterable[Metric]], calendar: FiscalCalendar
) -> Iterator[Result]:
    """The tallies and stated results of several quarters, each read by the metrics as they were defined in it."""
    for quarter, defined in metrics.items():
        yield from load_results(reader, [quarter], calendar, defined)


def _tallied(reader: Reader, quarter: Quarter, days: Span, metrics: list[Metric]) -> Iterator[Result]:
    by_question: dict[str, list[Metric]] = {}
    for metric in metrics:
        if metric.question:
            by_question.setdefault(metric.question.id, []).append(metric)
    table = columns_of(TallyRow)
    keys = (table.unit, table.question, table.touchpoint, table.answer)
    summed = select(*keys, cast(func.sum(table["count"]), Integer))
    here = summed.where(table.month >= days.start, table.month < days.end)
    tallies: dict[tuple[str, str, str], dict[int, int]] = {}
    for unit, question, touchpoint, answer, count in reader.rows(here.group_by(*keys).order_by(*keys)):
        tallies.setdefault((unit, question, touchpoint), {})[answer] = count
    for (unit, question, touchpoint), tally in tallies.items():
        for metric in by_question.get(question, ()):
            answers = sample(metric, tally)
            if answers.answers:
                yield Result(unit, quarter, metric.id, answers, touchpoint=touchpoint)


def load_stated(reader: Reader, quarters: Iterable[Quarter], metrics: Mapping[str, Metric]) -> Iterator[Result]:
    """What is stated of these metrics in these quarters: a value, or the counts of the three groups."""
    wanted = {str(quarter): quarter for quarter in quarters}
    table = columns_of(ResultRow)
    keys = (table.unit, table.quarter, table.metric)
    values = (table.value, table.answers, table.promoters, table.passives, table.detractors)
    query = select(*keys, *values).where(table.quarter.in_(wanted)).order_by(*keys)
    for unit, quarter, id_, value, answers, *groups in reader.rows(query):
        metric = metrics.get(id_)
        if metric and groups[0] is not None:
            yield Result(unit, wanted[quarter], id_, sample(metric, groups_tally(*groups)))
        else:
            yield Result(unit, wanted[quarter], id_, None, value and read_exact(value), answers)


def answered(
    session: Session, quarters: Iterable[Quarter], calendar: FiscalCalendar, metrics: Iterable[Metric]
) -> set[tuple[str, str, str]]:
    """The units, quarters and metrics that customers' answers speak of."""
    metrics, reader = list(metrics), Reader(session)
    return {
        (result.unit, str(quarter), result.metric)
        for quarter in quarters
        for result in _tallied(reader, quarter, calendar.span(quarter), metrics)
    }


def load_targets(session: Session, periods: Iterable[Period]) -> tuple[Target, ...]:
    """The targets of these quarters and fiscal years, in the order of units and periods."""
    wanted = {str(period): period for period in periods}
    table = columns_of(TargetRow)
    query = select(table.unit, table.period, table.metric, table.target).where(table.period.in_(wanted))
    rows = session.execute(query.order_by(table.unit, table.period, table.metric))
    return tuple(Target(unit, wanted[of], metric, target) for unit, of, metric, target in rows)


def target_periods(session: Session) -> list[str]:
    """The quarters and fiscal years that have any target."""
    return list(session.scalars(select(columns_of(TargetRow).period).distinct()))


def target_states(session: Session) -> dict[tuple[str, str, str], Fraction]:
    """Every stored target, by unit, period and metric, in their order."""
    table = columns_of(TargetRow)
    rows = session.execute(select(*table).order_by(table.unit, table.period, table.metric))
    return {(unit, period, metric): target for unit, period, metric, target in rows}


def save_targets(session: Session, records: Iterable[TargetRecord]) -> None:
    """Store targets, in place of those of the same unit, period and metric."""
    rows = (stored((record.unit, record.period, record.metric, record.target)) for record in records)
    put(session, TargetRow, _TARGET_KEY, (*_TARGET_KEY, "target"), rows)


def change_targets(session: Session, changes: Iterable[tuple[str, str, str, Fraction | None]]) -> None:
    """Store targets of a unit, period and metric; those that are None are dropped."""
    changes = list(changes)
    put(session, TargetRow, _TARGET_KEY, (*_TARGET_KEY, "target"), (stored(c) for c in changes if c[3] is not None))
    table = TargetRow.metadata.tables["target"]
    gone = [dict(zip(_ITS, change, strict=False)) for change in changes if change[3] is None]
    if gone:
        these = [table.c[name] == bindparam(its) for name, its in zip(_TARGET_KEY, _ITS, strict=True)]
        session.connection().execute(delete(table).where(*these), gone)


def result_states(session: Session) -> dict[tuple[str, str, str], State]:
    """Every stated result, by unit, quarter and metric."""
    table = columns_of(ResultRow)
    rows = session.execute(select(*(table[name] for name in (*_RESULT_KEY, *_RESULT_STATE))))
    return {(unit, quarter, metric): tuple(state) for unit, quarter, metric, *state in rows}


def result_state(record: ResultRecord) -> State:
    """What a record would be stored as."""
    promoters, passives, detractors = record.groups or (None, None, None)
    return record.value, record.answers, promoters, passives, detractors


def save_results(session: Session, records: Iterable[ResultRecord]) -> None:
    """Store stated results, in place of those of the same unit, quarter and metric."""
    rows = (stored((record.unit, record.quarter, record.metric, *result_state(record))) for record in records)
    put(session, ResultRow, _RESULT_KEY, (*_RESULT_KEY, *_RESULT_STATE), rows)


def restore_results(session: Session, states: Mapping[tuple[str, str, str], State | None]) -> None:
    """Let other results be stated than are; those that are None are dropped."""
    rows = (stored((*key, *state)) for key, state in states.items() if state is not None)
    put(session, ResultRow, _RESULT_KEY, (*_RESULT_KEY, *_RESULT_STATE), rows)
    table = ResultRow.metadata.tables["result"]
    gone = [dict(zip(_ITS, key, strict=True)) for key, state in states.items() if state is None]
    if gone:
        these = [table.c[name] == bindparam(its) for name, its in zip(_RESULT_KEY, _ITS, strict=True)]
        session.connection().execute(delete(table).where(*these), gone)


def answer_ranges(session: Session) -> dict[str, tuple[int, int]]:
    """The lowest and the highest answer that customers gave to each question."""
    table = columns_of(TallyRow)
    query = select(table.question, func.min(table.answer), func.max(table.answer)).where(table["count"] > 0)
    return {question: (low, high) for question, low, high in session.execute(query.group_by(table.question))}


def answer_counts(session: Session) -> dict[str, int]:
    """How many answers customers gave to each question."""
    table = columns_of(TallyRow)
    query = select(table.question, cast(func.sum(table["count"]), Integer)).group_by(table.question)
    return {question: count for question, count in session.execute(query) if count}


def answered_months(session: Session) -> list[date]:
    """The months that have any answer."""
    table = columns_of(TallyRow)
    return list(session.scalars(select(table.month).where(table["count"] > 0).distinct()))


def stated_quarters(session: Session) -> list[str]:
    """The quarters that have any stated result."""
    return list(session.scalars(select(columns_of(ResultRow).quarter).distinct()))
