"""Changing targets: what would change, looked at before it is stored, and never over what somebody else changed."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from comp.errors import ChangedError, Problem, RefusedError
from comp.figures import exact_text
from comp.periods import Period, Quarter
from comp.scores import Metric
from comp.services import audit
from comp.services.targets import calculated_quarters, known
from comp.store import results

Key = tuple[str, str]
"""A unit and a metric."""


@dataclass(frozen=True, slots=True)
class Change:
    """A target that would be set, changed or, where `after` is None, removed."""

    unit: str
    period: Period
    metric: str
    before: Fraction | None
    after: Fraction | None

    @property
    def word(self) -> str:
        """What becomes of the target."""
        if self.after is None:
            return "removed"
        return "new" if self.before is None else "changed"


def plan_changes(
    session: Session,
    period: Period,
    wanted: Mapping[Key, Fraction | None],
    seen: Mapping[Key, Fraction | None] | None = None,
) -> tuple[Change, ...]:
    """What would change where targets of a period are to be as `wanted`; None for one that there shall not be.

    `seen` is what somebody who wants that was shown; without it, what is stored. Raises `ChangedError` with the
    difference where somebody else changed one of them since, and `RefusedError` for one that cannot be.
    """
    stored = {(target.unit, target.metric): target.target for target in results.load_targets(session, (period,))}
    seen = stored if seen is None else seen
    changes = tuple(
        Change(unit, period, metric, seen.get((unit, metric)), after)
        for (unit, metric), after in wanted.items()
        if seen.get((unit, metric)) != after
    )
    _refuse_impossible(session, changes)
    _refuse_stale(changes, stored)
    return changes


def _refuse_impossible(session: Session, changes: Sequence[Change]) -> None:
    units, metrics = known(session)
    problems = [problem for change in changes for problem in _problems(change, units, metrics)]
    if problems:
        raise RefusedError("No target was stored.", problems)


def _problems(change: Change, units: Collection[str], metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    where = f"{change.unit} {change.metric}"
    metric = metrics.get(change.metric)
    if change.unit not in units or metric is None:
        yield Problem("is not a unit and a metric of the company any more. Load the page again.", where=where)
    elif change.after is not None and (why := metric.off_scale(change.after)):
        yield Problem(why, where=where, value=exact_text(change.after))


def _refuse_stale(changes: Iterable[Change], stored: Mapping[Key, Fraction]) -> None:
    stale = [change for change in changes if stored.get((change.unit, change.metric)) != change.before]
    if stale:
        raise ChangedError(
            "Somebody changed these targets since you loaded them. Nothing was stored: load the page again.",
            [_difference(change, stored.get((change.unit, change.metric))) for change in stale],
        )


def _difference(change: Change, now: Fraction | None) -> Problem:
    said = f"you saw {_told(change.before)}, now it is {_told(now)}; you wanted {_told(change.after)}"
    return Problem(said, where=f"{change.unit} {change.metric} {change.period}")


def _told(target: Fraction | None) -> str:
    return "no target" if target is None else exact_text(target)


@dataclass(frozen=True, slots=True)
class Told:
    """Changes with the names of what they are about, and the quarters in their period that have a run already."""

    period: Period
    lines: tuple[tuple[Change, str, Metric], ...]
    calculated: tuple[Quarter, ...]

    @property
    def removed(self) -> int:
        """How many targets would be gone."""
        return sum(change.after is None for change, _, _ in self.lines)


def told(session: Session, period: Period, changes: Iterable[Change]) -> Told:
    """Changes as somebody looks at them before they are stored."""
    units, metrics = known(session)
    lines = tuple((change, units[change.unit], metrics[change.metric]) for change in changes)
    return Told(period, lines, calculated_quarters(session, period))


def save_changes(session: Session, changes: Sequence[Change], by: str, now: datetime) -> None:
    """Store what was looked at, all of it. Raises what `plan_changes` raises where it is not so any more."""
    for period in dict.fromkeys(change.period for change in changes):
        mine = [change for change in changes if change.period == period]
        wanted = {(change.unit, change.metric): change.after for change in mine}
        plan_changes(session, period, wanted, {(change.unit, change.metric): change.before for change in mine})
        results.change_targets(session, [(c.unit, str(c.period), c.metric, c.after) for c in mine])
        words = Counter(change.word for change in mine)
        counts = {word: words[word] for word in ("new", "changed", "removed")}
        hashes = {"before": _digest(mine, after=False), "after": _digest(mine, after=True)}
        audit.note(session, by, now, "targets", f"targets {period}", **counts, **hashes)


def _digest(changes: Iterable[Change], *, after: bool) -> str:
    """The SHA-256 of the targets that changes are about, as they were or as they will be."""
    values = ((change.unit, change.metric, change.after if after else change.before) for change in changes)
    lines = [
        [unit, metric, None if value is None else exact_text(value)]
        for unit, metric, value in sorted(values, key=lambda v: v[:2])
    ]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()
