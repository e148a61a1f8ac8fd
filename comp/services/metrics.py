"""Metrics and questions as their pages show them: what they make of answers, who reads them, and what they came to."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlmodel import Session

from comp.definitions import METRIC, Definitions, Key, differences
from comp.errors import NotFoundError
from comp.figures import percent
from comp.intervals import Interval, score_interval
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import Plan
from comp.plan_life import OVER
from comp.readings import Readings
from comp.scores import Metric, Question, Score
from comp.services import definitions
from comp.services.definitions import NOBODY, Use
from comp.services.quarters import known_quarters
from comp.store import plans, results
from comp.store.bulk import Reader
from comp.store.facts import load_frame
from comp.store.metrics import load_definitions
from comp.versions import Version

_HISTORY = 12


@dataclass(frozen=True, slots=True)
class Usage:
    """A plan version that reads a metric, and what for."""

    plan: Plan
    state: str
    where: str


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric in the list: how many definitions it has had, and how many plans read it."""

    metric: Metric
    definitions: int
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question: how often it was answered, and which metrics are made of it."""

    question: Question
    answers: int
    metrics: tuple[Metric, ...]

    @property
    def waits(self) -> bool:
        """Whether customers answered it and no metric is made of that."""
        return bool(self.answers) and not self.metrics


@dataclass(frozen=True, slots=True)
class Reached:
    """What a metric came to in a quarter at the top of the company, and how it was defined otherwise than before."""

    quarter: Quarter
    metric: Metric
    score: Score | None
    interval: Interval | None
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricView:
    """All that a metric's page tells. `planned` are the quarters from which definitions hold that may be withdrawn."""

    metric: Metric
    unit: str
    usages: tuple[Usage, ...]
    use: Use
    history: tuple[tuple[Quarter | None, Metric, tuple[str, ...]], ...]
    reached: tuple[Reached, ...]
    planned: tuple[Quarter, ...]
    fingerprint: str


def list_metrics(session: Session) -> tuple[list[MetricLine], list[QuestionLine]]:
    """Every metric by name, and every question: those that wait for a metric first, those without answers last."""
    known, counts = load_definitions(session), results.answer_counts(session)
    readers: dict[str, set[str]] = {}
    for version in _versions(session):
        for reading in version.plan.readings():
            readers.setdefault(reading.metric, set()).add(version.plan.name)
    lines = [
        MetricLine(metric, len(known.history(metric.id)), tuple(sorted(readers.get(metric.id, ()))))
        for metric in sorted(known.metrics(), key=lambda metric: metric.name)
    ]
    questions = [_question(known, question, counts) for question in known.questions()]
    return lines, sorted(questions, key=lambda line: (not line.waits, -line.answers, line.question.id))


def _question(known: Definitions, question: Question, counts: dict[str, int]) -> QuestionLine:
    over = tuple(metric for metric in known.metrics() if metric.question and metric.question.id == question.id)
    return QuestionLine(question, counts.get(question.id, 0), over)


def find_metric(session: Session, id_: str) -> Metric:
    """A metric as it was defined last. Raises `NotFoundError` for one that there is not."""
    metric = load_definitions(session).metric(id_)
    if metric is None:
        raise NotFoundError(f"There is no metric {id_}.")
    return metric


def view_metric(session: Session, id_: str) -> MetricView:
    """A metric with its definitions, its readers and its scores. Raises `NotFoundError` for one that there is not."""
    metric, known = find_metric(session, id_), load_definitions(session)
    use = definitions.uses(session).get(id_, NOBODY)
    unit, reached = _reached(session, known, id_)
    floor = use.free_from
    dated = [each.starts for each in known.of((METRIC, id_))[1:] if each.starts]
    lines = known.history(id_)
    changes = [(), *(differences(one.metric, other.metric) for one, other in pairwise(lines))]
    return MetricView(
        metric=metric,
        unit=unit,
        usages=tuple(_usages(session, id_)),
        use=use,
        history=tuple((line.starts, line.metric, told) for line, told in zip(lines, changes, strict=True)),
        reached=reached,
        planned=tuple(starts for starts in dated if floor is None or starts >= floor),
        fingerprint=fingerprint(known, (METRIC, id_)),
    )


def _usages(session: Session, id_: str) -> Iterator[Usage]:
    for version in _versions(session):
        for where in _places(version.plan, id_):
            yield Usage(version.plan, str(version.state), where)


def _versions(session: Session) -> list[Version]:
    """The plan versions that pay, or may come to."""
    return [version for version in plans.load_versions(session) if version.state not in OVER]


def _places(plan: Plan, id_: str) -> Iterator[str]:
    for component in plan.components:
        for measure in component.measures:
            if measure.reading.metric == id_:
                yield f"{percent(measure.weight)} of {component.name}"
    yield from ("gate" for gate in plan.gates if gate.reading.metric == id_)
    yield from ("modifier" for modifier in plan.modifiers if modifier.reading.metric == id_)


def _reached(session: Session, known: Definitions, id_: str) -> tuple[str, tuple[Reached, ...]]:
    """The name of the unit at the top, and its scores of the last quarters, each by the definition of its own."""
    quarters = sorted(known_quarters(session))[-_HISTORY:]
    if not quarters:
        return "", ()
    frame = load_frame(session, quarters[-1])
    organisation = Organisation(frame.units)
    top = next(iter(organisation.from_top()), "")
    found: list[Reached] = []
    for quarter in quarters:
        metric = known.metric(id_, quarter)
        if metric is None or not top:
            continue
        rows = tuple(results.load_results(Reader(session), [quarter], frame.calendar, [metric]))
        facts = replace(frame, quarter=quarter, metrics=(metric,), plans=(), results=rows, targets=())
        score = Readings(facts, organisation).score(metric, top)
        changes = differences(found[-1].metric, metric) if found else ()
        found.append(Reached(quarter, metric, score, score_interval(metric, score) if score else None, changes))
    return organisation.name(top), tuple(found)


def fingerprint(known: Definitions, key: Key) -> str:
    """What changes whenever a definition of a metric or question is added, changed or dropped."""
    text = repr([(each.starts, each.document) for each in known.of(key)])
    return hashlib.sha256(text.encode()).hexdigest()
