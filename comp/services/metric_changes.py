"""Defining metrics and questions on their pages: from when on they may change, and what was seen before they did."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from comp.definitions import METRIC, Definitions, Key
from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.periods import Quarter
from comp.scores import Metric, Question
from comp.services import audit, definitions
from comp.services.metrics import fingerprint, view_metric
from comp.services.quarters import known_quarters
from comp.store import results
from comp.store.metrics import definition_key, forget_definition, load_definitions

_AHEAD = 8


def metric_ids(session: Session) -> frozenset[str]:
    """The ids that metrics have, and the one that an address has."""
    return frozenset({"new", *(metric.id for metric in load_definitions(session).metrics())})


def with_free_id(session: Session, metric: Metric) -> Metric:
    """The metric, under another id where its own is taken."""
    taken = metric_ids(session)
    ids = (metric.id, f"{metric.id}-{metric.statistic}".replace("_", "-"), *(f"{metric.id}-{n}" for n in range(2, 99)))
    return replace(metric, id=next((id_ for id_ in ids if id_ not in taken), metric.id))


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
