"""The runs that there are, and one of them as its page shows it, within what an actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.chain import Entry
from comp.errors import NotFoundError
from comp.results import Hold, RunName, StoredRun
from comp.roles import Account
from comp.services.relations import sight
from comp.store import audit, plans, run_totals, runs, snapshots
from comp.store.run_totals import CurrencyTotal


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list: what it pays in each currency, and how many people it holds."""

    run: StoredRun
    totals: tuple[CurrencyTotal, ...]
    held: int
    outside: int


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything that a run's page shows but single payouts.

    `spread` counts payouts by tenths of the target; `plans` are the versions with the SHA-256 of their documents then;
    `others` are the other runs that it can be compared with, `replayed` the audit chain's entry of its last replay.
    """

    line: RunLine
    held: tuple[Hold, ...]
    spread: Mapping[int, int]
    plans: tuple[tuple[str, str], ...]
    others: tuple[StoredRun, ...]
    has_snapshot: bool
    replayed: Entry | None


def find(session: Session, name: RunName) -> StoredRun:
    """A run by its name. Raises `NotFoundError` where there is none."""
    found = runs.find_run(session, name.quarter, name.number)
    if found is None and name.number:
        raise NotFoundError(f"There is no run {name}. `loyaltypay run list` names the runs that there are.")
    if found is None:
        raise NotFoundError(f"{name} has not been calculated. Run `loyaltypay calculate {name}` first.")
    return found


def known_runs(session: Session) -> list[StoredRun]:
    """Every run, the newest quarter's last one first."""
    return runs.list_runs(session)


def list_lines(session: Session, actor: Account, now: datetime) -> list[RunLine]:
    """Every run, the newest first, with what it pays those whom an actor may see."""
    return [_line(session, actor, run, now) for run in runs.list_runs(session)]


def line(session: Session, actor: Account, name: RunName, now: datetime) -> RunLine:
    """One run with what it pays those whom an actor may see. Raises `NotFoundError` where there is none."""
    return _line(session, actor, find(session, name), now)


def _line(session: Session, actor: Account, run: StoredRun, now: datetime) -> RunLine:
    seen = sight(session, actor, run.quarter, now)
    counts = run_totals.exclusion_counts(session, run.id, seen)
    totals = tuple(run_totals.currency_totals(session, run.id, seen))
    return RunLine(run, totals, counts.get("held", 0), counts.get("outside", 0))


def view(session: Session, actor: Account, name: RunName, now: datetime) -> RunView:
    """A run with its totals, holds and origin, of the people whom an actor may see."""
    run = find(session, name)
    seen = sight(session, actor, run.quarter, now)
    used = plans.load_used(session, run.id)
    return RunView(
        line=_line(session, actor, run, now),
        held=tuple(runs.load_holds(session, run.id, seen)),
        spread=run_totals.attainment_counts(session, run.id, seen),
        plans=tuple(used.items()),
        others=tuple(other for other in runs.list_runs(session) if other.id != run.id),
        has_snapshot=snapshots.has_snapshot(session, run),
        replayed=audit.last_about(session, "replay", f"run {run.quarter} {run.number}"),
    )
