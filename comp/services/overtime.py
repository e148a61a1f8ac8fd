"""What overtime adds to bonuses: whose is looked at, the hours that were stated, and what is owed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from comp.errors import Problem, RefusedError
from comp.organisation import Organisation
from comp.overtime import (
    CURRENCY,
    DAYS_IN_A_WEEK,
    Companion,
    Hours,
    OvertimeSheets,
    Rule,
    bonus_of,
    companion,
    hours_problems,
    parts_of,
)
from comp.periods import Quarter, Span
from comp.results import Payout
from comp.roles import Account, Permission
from comp.services import audit, reads
from comp.services.relations import days_of, sight
from comp.services.settlement import settle_run
from comp.services.workflow import counting_run, life_of
from comp.settlement import Key
from comp.store import overtime, people, runs, units

OFF = "Nobody’s overtime is looked at: it is off. Somebody of HR turns it on, on the page Overtime."


def find_rule(session: Session) -> Rule:
    """Whose overtime is looked at."""
    return overtime.load_rule(session)


def set_rule(session: Session, actor: Account, rule: Rule, now: datetime) -> None:
    """Say whose overtime is looked at from now on, or nobody's. Raises `RefusedError` with all that is not known."""
    if Permission.SET_OVERTIME not in actor.permissions:
        raise RefusedError("Your roles do not let you say whose overtime is looked at.")
    problems = list(_unknown(session, rule))
    if rule.is_on and not (rule.units or rule.people):
        problems.append(Problem("Choose at least one unit or person: nobody is looked at without."))
    if problems:
        raise RefusedError("It stays as it was.", problems)
    overtime.save_rule(session, rule)
    counts = {"units": len(rule.units), "people": len(rule.people), "excepted": len(rule.excepted)}
    state = "on" if rule.is_on else "off"
    audit.note(session, actor.email, now, "settings", "overtime", state=state, first_day=rule.first_day, **counts)


def _unknown(session: Session, rule: Rule) -> Iterator[Problem]:
    known = {unit.code for unit in units.load_units(session)}
    yield from (Problem("There is no such unit.", f"unit {code}") for code in rule.units if code not in known)
    for employee in (*rule.people, *rule.excepted):
        if not people.is_known(session, employee):
            yield Problem("There is nobody with this number.", f"employee {employee}")


def overtime_sheets(session: Session, actor: Account, quarter: Quarter, now: datetime) -> OvertimeSheets:
    """What overtime adds to the bonuses of a quarter, of those who are looked at and whom the actor may see.

    Raises `RefusedError` while it is off, and `NotFoundError` where nothing was calculated.
    """
    rule = find_rule(session)
    if not rule.is_on:
        raise RefusedError(OFF)
    run, days = counting_run(session, quarter), days_of(session, quarter)
    whose = (sight(session, actor, quarter, now),)
    around = Span(days.start - timedelta(days=DAYS_IN_A_WEEK), days.end)
    hours, meant = overtime.load_hours(session, around), _Meant(session, rule)
    settled = {each.key: each for each in settle_run(session, run, whose).settled}
    found = []
    for payout in runs.load_run(session, run, whose).payouts:
        if meant.covers(payout):
            bonus = bonus_of(settled[Key(payout.employee, CURRENCY)])
            earned = [(piece.stretch.span, piece.amount) for piece in payout.pieces]
            who, worked = (payout.employee, payout.name), hours.get(payout.employee, {})
            found.append(companion(who, bonus, parts_of(bonus, earned), worked, rule.first_weekday))
    paid = tuple(each for each in found if each.weeks)
    state = str(life_of(session, quarter).state)
    return OvertimeSheets(quarter, days, state, run.name, rule, paid, actor.email, now)


class _Meant:
    """Who is looked at: by number, or by a unit in which they were in the quarter."""

    def __init__(self, session: Session, rule: Rule) -> None:
        self._rule, self._organisation = rule, Organisation(units.load_units(session))

    def covers(self, payout: Payout) -> bool:
        """Whether a payout is one of those that are looked at."""
        if payout.amount.currency != CURRENCY or payout.employee in self._rule.excepted:
            return False
        return payout.employee in self._rule.people or any(
            not set(self._rule.units).isdisjoint(self._way_up(piece.assignment.unit)) for piece in payout.pieces
        )

    def _way_up(self, unit: str) -> tuple[str, ...]:
        return self._organisation.way_up(unit) if unit in self._organisation else (unit,)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of stated hours: how many of them are new, and how many another number than before."""

    new: int
    changed: int
    unchanged: int


def state_hours(
    session: Session, actor: Account, quarter: Quarter, stated: Sequence[Hours], content: bytes, now: datetime
) -> Taken:
    """Take stated hours in, all or none; `content` is the file or text that stated them.

    Raises `RefusedError` with every problem, and as `overtime_sheets`.
    """
    if Permission.STATE_HOURS not in actor.permissions:
        raise RefusedError("Your roles do not let you state hours.")
    sheets = overtime_sheets(session, actor, quarter, now)
    expected = {each.employee: {week.span.start for week in each.weeks} for each in sheets.companions}
    problems = list(hours_problems(stated, expected))
    if problems:
        raise RefusedError("The hours were not taken in.", problems)
    before = _stated(sheets.companions)
    overtime.save_hours(session, stated, actor.email, now)
    fates = [before.get((each.employee, each.week)) for each in stated]
    new = sum(fate is None for fate in fates)
    changed = sum(fate not in {None, each.hours} for fate, each in zip(fates, stated, strict=True))
    digest = hashlib.sha256(content).hexdigest()
    audit.note(session, actor.email, now, "state", f"hours {quarter}", new=new, changed=changed, sha256=digest)
    return Taken(new, changed, len(stated) - new - changed)


def _stated(companions: Sequence[Companion]) -> dict[tuple[str, date], object]:
    return {
        (each.employee, week.span.start): week.hours
        for each in companions
        for week in each.weeks
        if week.hours is not None
    }


def note_taken(session: Session, actor: Account, sheets: OvertimeSheets, now: datetime) -> None:
    """Note that the actor takes the companion of a quarter away."""
    about = f"overtime companion {sheets.quarter}"
    reads.note_taken(session, actor, about, now, people=len(sheets.companions), run=sheets.run)
