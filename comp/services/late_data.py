"""Telling that a paid quarter would be calculated differently, because something came late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.calculate import calculate, uncollected
from comp.correction_life import Correction
from comp.facts import Facts
from comp.late_data import Late, late_data
from comp.money import Money
from comp.periods import Quarter
from comp.results import Run, StoredRun
from comp.services import audit
from comp.services.correction_standings import paid_quarters, settled_run
from comp.settlement import Key
from comp.snapshots import read_snapshot, take_snapshot
from comp.store import corrections, late_checks, runs, settings, snapshots
from comp.store.facts import load_facts
from comp.store.late_checks import Changed, LateCheck


@dataclass(frozen=True, slots=True)
class Watched:
    """A paid quarter: the run by which it was settled last, and what the last look at its inputs found.

    `is_outdated` says that something was imported or decided since, so that another look may find more. `waiting` is
    the correction about which nobody decided yet.
    """

    quarter: Quarter
    run: StoredRun
    check: LateCheck | None
    is_outdated: bool
    waiting: Correction | None


def watched(session: Session) -> list[Watched]:
    """Every paid quarter, the newest first. It reads what the last looks found, and looks at no inputs itself."""
    checks = late_checks.load_checks(session)
    return [_watched(session, quarter, checks) for quarter in paid_quarters(session)]


def _watched(session: Session, quarter: Quarter, checks: Mapping[Quarter, LateCheck]) -> Watched:
    run, check = settled_run(session, quarter), checks.get(quarter)
    known = check if check and check.run_id == run.id else None
    is_outdated = known is None or audit.are_inputs_changed_since(session, known.seen)
    return Watched(quarter, run, known, is_outdated, corrections.find_open(session, quarter))


def look(session: Session, quarter: Quarter, now: datetime) -> LateCheck:
    """Hold a paid quarter's inputs against those of the run by which it was settled last. It writes nothing.

    Only where their digests differ is the quarter calculated again. Raises `RefusedError` for one that was not paid.
    """
    run, head = settled_run(session, quarter), audit.head(session)
    with uncollected():
        facts, _ = load_facts(session, quarter)
        digest = take_snapshot(facts).sha256
        is_same = digest == run.origin.inputs_sha256
        late, changes, held = ((), (), 0) if is_same else _differences(session, run, facts)
    return LateCheck(quarter, run.id, head.number if head else 0, digest, late, changes, held, now)


def _differences(session: Session, run: StoredRun, facts: Facts) -> tuple[tuple[Late, ...], tuple[Changed, ...], int]:
    snapshot, days = snapshots.load_snapshot(session, run), settings.load_company(session).calendar.span(run.quarter)
    late = late_data(read_snapshot(snapshot), facts, days) if snapshot else ()
    again = calculate(facts)
    held = {hold.employee for hold in again.held}
    return late, _changes(session, run, again, held), len(held - runs.held_employees(session, run.id))


def _changes(session: Session, run: StoredRun, again: Run, held: set[str]) -> tuple[Changed, ...]:
    """What each currency would change by, but for those who would be held: nobody knows yet what they should get."""
    was = {Key(each.employee, each.amount.currency): each.amount.minor for each in runs.load_earned(session, run.id)}
    now = {Key(each.employee, each.amount.currency): each.amount.minor for each in again.payouts}
    sums: dict[str, tuple[int, int]] = {}
    for key in {*was, *now}:
        change = now.get(key, 0) - was.get(key, 0)
        if change and key.employee not in held:
            people, total = sums.get(key.currency, (0, 0))
            sums[key.currency] = people + 1, total + change
    return tuple(Changed(people, Money(minor, currency)) for currency, (people, minor) in sorted(sums.items()))


def keep(session: Session, check: LateCheck, by: str) -> None:
    """Keep what a look found, so that pages tell it without looking again."""
    late_checks.save_check(session, check)
    about, people = f"late {check.quarter}", sum(change.people for change in check.changes)
    audit.note(session, by, check.checked_at, "look", about, inputs=check.inputs_sha256, people=people)
