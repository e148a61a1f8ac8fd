"""Defining metrics and questions: what may still change, from which quarter, and what that leaves as it was."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from comp.definitions import METRIC, Definitions, Key
from comp.periods import Quarter
from comp.plan import Plan
from comp.scores import Metric, Question
from comp.store import metrics, plans, runs, settings


@dataclass(frozen=True, slots=True)
class Use:
    """Who reads a metric: published plan versions, and of the runs that paid by them the latest quarter."""

    plans: tuple[Plan, ...] = ()
    last_run: Quarter | None = None
    first: Quarter | None = None

    @property
    def free_from(self) -> Quarter | None:
        """The first quarter from which the definition may change; None where it may change as it stands."""
        return self.last_run.plus(1) if self.last_run else self.first


NOBODY = Use()


def uses(session: Session) -> dict[str, Use]:
    """Each metric that a published plan reads, with who reads it."""
    published = list(plans.published_plans(session))
    calendar = settings.load_company(session).calendar
    paid = _paid(session)
    found: dict[str, Use] = {}
    for plan in published:
        for metric in {reading.metric for reading in plan.readings()}:
            known = found.get(metric, NOBODY)
            quarters = [each for each in (known.last_run, paid.get(plan.version)) if each]
            starts = [each for each in (known.first, calendar.quarter_of(plan.starts)) if each]
            found[metric] = Use((*known.plans, plan), max(quarters, default=None), min(starts))
    return found


def _paid(session: Session) -> dict[str, Quarter]:
    """The latest calculated quarter of each plan version."""
    latest: dict[str, Quarter] = {}
    for run in runs.list_runs(session):
        for version in run.origin.plans:
            latest[version] = max(run.quarter, latest.get(version, run.quarter))
    return latest


@dataclass(frozen=True, slots=True)
class Placed:
    """A definition with the quarter from which it will hold, and what it follows.

    `note` says why it will not hold since always; `problem` why it cannot hold from there.
    """

    definition: Question | Metric
    starts: Quarter | None
    before: str | None
    note: str = ""
    problem: str = ""

    @property
    def key(self) -> Key:
        """What names the definition."""
        return metrics.definition_key(self.definition)

    @property
    def where(self) -> str:
        """The place of the definition in a document."""
        return "{}s.{}".format(*self.key)

    @property
    def after(self) -> str:
        """What the definition will be stored as."""
        return metrics.definition_state(self.definition)


def place(
    known: Definitions, use: Mapping[str, Use], definition: Question | Metric, starts: Quarter | None = None
) -> Placed:
    """From when a definition would hold, where `starts` is what was asked for, and what stands against that."""
    key, state = metrics.definition_key(definition), metrics.definition_state(definition)
    last = known.at(key, starts)
    before = last.document if last else None
    since = starts or (last.starts if last else None)
    floor = free_from(known, use, key)
    if before == state or floor is None or (since and since >= floor):
        return Placed(definition, since, before)
    if starts:
        return Placed(definition, starts, before, problem=f"{_why(key, use, known)} {_BEFORE.format(floor)}")
    return Placed(definition, floor, before, note=f"{_why(key, use, known)} {_FROM.format(floor)}")


_BEFORE = "It cannot change before {0}: name that quarter or a later one, as in `from: {0}`."
_FROM = "The new definition holds from {} on; earlier quarters keep theirs."


def free_from(known: Definitions, use: Mapping[str, Use], key: Key) -> Quarter | None:
    """The first quarter from which a metric or question may change; None where it may change as it stands."""
    quarters = [quarter for id_ in _readers(known, key) if (quarter := use.get(id_, NOBODY).free_from)]
    return max(quarters, default=None)


def _readers(known: Definitions, key: Key) -> tuple[str, ...]:
    """The metrics that a change of a definition touches: itself, or those over a question."""
    kind, id_ = key
    if kind == METRIC:
        return (id_,)
    return tuple(metric.id for metric in known.metrics() if metric.question and metric.question.id == id_)


def _why(key: Key, use: Mapping[str, Use], known: Definitions) -> str:
    """Who reads what is to change, as a sentence."""
    readers = [use[id_] for id_ in _readers(known, key) if id_ in use]
    names = sorted({plan.id for reader in readers for plan in reader.plans})
    last = max((reader.last_run for reader in readers if reader.last_run), default=None)
    paid = f" and was calculated with until {last}" if last else ""
    return f"is read by the published plan{'s' if len(names) > 1 else ''} {', '.join(names)}{paid}."


def save(session: Session, placed: Iterable[Placed]) -> None:
    """Store definitions, and let the metrics over a question follow it to another scale."""
    known, placed = metrics.load_definitions(session), list(placed)
    stated = {each.key for each in placed}
    for each in placed:
        also = [metric for metric in _following(known, each) if metrics.definition_key(metric) not in stated]
        metrics.save_definitions(session, [each.definition, *also], each.starts)


def _following(known: Definitions, placed: Placed) -> Iterator[Metric]:
    question = placed.definition
    if not isinstance(question, Question):
        return
    for metric in known.metrics(placed.starts):
        asked = metric.question
        if asked and asked.id == question.id and (asked.low, asked.high) != (question.low, question.high):
            yield replace(metric, question=question)


def scale_problem(answers: Mapping[str, tuple[int, int]], definition: Question | Metric) -> str:
    """Why a scale would leave out answers that customers gave, as a sentence, else empty.

    `answers` has the lowest and the highest answer on file to each question.
    """
    question = definition if isinstance(definition, Question) else definition.question
    if question is None:
        return ""
    low, high = answers.get(question.id, (question.low, question.high))
    if question.low <= low <= high <= question.high:
        return ""
    return (
        f"has answers from {low} to {high} on file, which the scale {question.low}-{question.high} has no place for. "
        "Ask under another id."
    )
