"""Replaying a run: calculated once more from its snapshot, and held against what was stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.calculate import calculate, uncollected
from comp.errors import RefusedError, UnseenError
from comp.replay import Difference, differences
from comp.results import StoredRun
from comp.roles import Account, Permission
from comp.services import audit
from comp.services.calculation import ENGINE
from comp.snapshots import read_snapshot
from comp.store import runs, snapshots

_MOST = 100


@dataclass(frozen=True, slots=True)
class Replay:
    """How a replay came out: the version of the program that did it, and where it differs; at most `_MOST` are kept."""

    run: StoredRun
    engine: str
    people: int
    differences: tuple[Difference, ...]
    count: int

    @property
    def is_identical(self) -> bool:
        """Whether everything came out as it was stored."""
        return not self.count

    @property
    def other_engine(self) -> bool:
        """Whether another version of the program calculated the run."""
        return self.engine != self.run.origin.engine


def replay(session: Session, actor: Account, stored: StoredRun) -> Replay:
    """Calculate a stored run again. It changes nothing.

    Raises `NotFoundError` for an actor who may not see everybody's pay, `RefusedError` for a run without a snapshot,
    `LoyaltyPayError` for one whose snapshot is damaged.
    """
    if Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError(f"Run {stored.name} is not for you to see.", "run", stored.name)
    with uncollected():
        return _replayed(session, stored)


def _replayed(session: Session, stored: StoredRun) -> Replay:
    snapshot = snapshots.load_snapshot(session, stored)
    if snapshot is None:
        raise RefusedError(
            f"Run {stored.number} of {stored.quarter} was calculated before the facts of runs were kept, so it cannot "
            "be replayed. Calculate the quarter again: every new run keeps them."
        )
    again = calculate(read_snapshot(snapshot))
    found = list(differences(runs.load_run(session, stored), again))
    people = len({payout.employee for payout in again.payouts}) + len(again.held) + len(again.outside)
    return Replay(stored, ENGINE, people, tuple(found[:_MOST]), len(found))


def note_replay(session: Session, done: Replay, by: str, now: datetime) -> None:
    """Note in the audit chain that a run was replayed, and how it came out."""
    about = f"run {done.run.quarter} {done.run.number}"
    audit.note(session, by, now, "replay", about, engine=done.engine, differences=done.count)
