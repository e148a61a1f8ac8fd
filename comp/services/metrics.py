"""Metrics and questions as their pages show them: what they make of answers, who reads them, and what they came to."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from sqlmodel import Session

from comp.definitions import METRIC, Definitions, Key, differences
from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.figures import percent
from comp.intervals import Interval, score_interval
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import Plan
from comp.plan_life import OVER
from comp.readings import Readings
from comp.scores import Metric, Question, Score
from comp.services import audit, definitions
from comp.services.definitions import NOBODY, Use
from comp.services.quarters import known_quarters
from comp.store import plans, results
from comp.store.bulk import Reader
from comp.store.facts import load_frame
from comp.store.metrics import definition_key, forget_definition, load_definitions
from comp.store.unread import load_unread
from comp.versions import Version

_HISTORY = 12
_LONGEST_ID = 40
_USUAL_SCALES = ((0, 1), (1, 3), (1, 5), (1, 7), (0, 10), (1, 10), (0, 100))
_AHEAD = 8


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


@dataclass(frozen=True, slots=True)
class Unread:
    """A column of answers that no question describes, and the last file that had it."""

    name: str
    answers: int
    low: int
    high: int
    file_name: str


def unread_columns(session: Session) -> list[Unread]:
    """The columns of imported answers files that still no question describes."""
    known = {question.id for question in questions(session)}
    found = load_unread(session)
    return [Unread(c.name, c.answers, c.low, c.high, file) for c, file in found if question_id(c.name) not in known]


def question_id(column: str) -> str:
    """The id of a question that a file's column of this name would be read as."""
    return re.sub(r"[^a-z0-9]+", "-", column.casefold()).strip("-")[:_LONGEST_ID].rstrip("-")


def proposed_question(session: Session, column: str) -> Question | None:
    """What a column that nobody described may have asked; None for a column that was not seen."""
    for each in unread_columns(session):
        if each.name == column:
            return Question(question_id(column), *_scale(each.low, each.high))
    return None


def _scale(low: int, high: int) -> tuple[int, int]:
    """The usual scale that has room for these answers."""
    return next(((a, b) for a, b in _USUAL_SCALES if a <= low and high <= b), (low, high))


def questions(session: Session) -> tuple[Question, ...]:
    """Every question that a metric may be made of."""
    return load_definitions(session).questions()


def metric_ids(session: Session) -> frozenset[str]:
    """The ids that metrics have, and the one that an address has."""
    return frozenset({"new", *(metric.id for metric in load_definitions(session).metrics())})


def with_free_id(session: Session, metric: Metric) -> Metric:
    """The metric, under another id where its own is taken."""
    taken = metric_ids(session)
    ids = (metric.id, f"{metric.id}-{metric.statistic}".replace("_", "-"), *(f"{metric.id}-{n}" for n in range(2, 99)))
    return replace(metric, id=next((id_ for id_ in ids if id_ not in taken), metric.id))


def find_question(session: Session, id_: str) -> Question:
    """A question that may be asked. Raises `NotFoundError` for one that there is not."""
    for question in load_definitions(session).questions():
        if question.id == id_:
            return question
    raise NotFoundError(f"There is no question {id_}. Describe it first.")


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


@dataclass(frozen=True, slots=True)
class Leeway:
    """From which quarters a definition may change. `is_free` where it may also change as it stands."""

    is_free: bool
    quarters: tuple[Quarter, ...]


def leeway(session: Session, key: Key) -> Leeway:
    """From when a metric or question may be defined otherwise."""
    known = load_definitions(session)
    floor = definitions.free_from(known, definitions.uses(session), key)
    quarters = known_quarters(session)
    first = floor or (quarters[0].plus(1) if quarters else None)
    return Leeway(floor is None, tuple(first.plus(ahead) for ahead in range(_AHEAD)) if first else ())


def fingerprint(known: Definitions, key: Key) -> str:
    """What changes whenever a definition of a metric or question is added, changed or dropped."""
    text = repr([(each.starts, each.document) for each in known.of(key)])
    return hashlib.sha256(text.encode()).hexdigest()


def seen_of(session: Session, key: Key) -> str:
    """The fingerprint of what is stored of a metric or question now."""
    return fingerprint(load_definitions(session), key)


def define(
    session: Session, definition: Metric | Question, starts: Quarter | None, seen: str, by: str, now: datetime
) -> definitions.Placed:
    """Store a definition that holds from a quarter; None for as soon as it may.

    Raises `ChangedError` where it was defined anew since it was `seen`, and `RefusedError` with what stands against it.
    """
    key, known = definition_key(definition), load_definitions(session)
    _require_seen(known, key, seen)
    placed = definitions.place(known, definitions.uses(session), definition, starts)
    answers = results.answer_ranges(session)
    if why := placed.problem or definitions.scale_problem(answers, definition):
        raise RefusedError("The definition was not stored.", [Problem(why, where=placed.where)])
    if placed.before != placed.after:
        definitions.save(session, [placed])
        _note(session, placed, by, now)
    return placed


def _note(session: Session, placed: definitions.Placed, by: str, now: datetime) -> None:
    kind, id_ = placed.key
    hashes = {"before": _digest(placed.before), "after": _digest(placed.after)}
    audit.note(session, by, now, "define", f"{kind} {id_}", starts=str(placed.starts or "always"), **hashes)


def _digest(document: str | None) -> str | None:
    return None if document is None else hashlib.sha256(document.encode()).hexdigest()


def withdraw(session: Session, id_: str, starts: Quarter, seen: str, by: str, now: datetime) -> None:
    """Drop a definition of a metric that no run read: what held before goes on.

    Raises `ChangedError` as `define` does, `RefusedError` where a run read it, `NotFoundError` where there is none.
    """
    view = view_metric(session, id_)
    known = load_definitions(session)
    _require_seen(known, (METRIC, id_), seen)
    dropped = next((each for each in known.of((METRIC, id_)) if each.starts == starts), None)
    if dropped is None:
        raise NotFoundError(f"No definition of {id_} begins in {starts}.")
    if starts not in view.planned:
        raise RefusedError(f"The definition of {id_} from {starts} was calculated with. It stays.")
    forget_definition(session, (METRIC, id_), starts)
    audit.note(session, by, now, "withdraw", f"metric {id_}", starts=str(starts), before=_digest(dropped.document))


def _require_seen(known: Definitions, key: Key, seen: str) -> None:
    if fingerprint(known, key) != seen:
        kind, id_ = key
        raise ChangedError(f"The {kind} {id_} was defined anew since you loaded it. Nothing was stored: load it again.")
