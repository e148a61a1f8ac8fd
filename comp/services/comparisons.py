"""Comparing runs: what each cause changed, whose pay moved, and one person's difference in sentences."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.calculate import uncollected
from comp.compare import NOBODY, Change, Comparison, Found
from comp.compare_added import Amounts, with_adjustments
from comp.compare_totals import CurrencyChange, add_up, movers
from comp.compare_words import Sides, Told, tell
from comp.errors import UnseenError
from comp.results import RunName, StoredRun
from comp.review import adjusted
from comp.roles import Account
from comp.services.calculation import explainer
from comp.services.relations import sight
from comp.services.run_history import find
from comp.services.settlement import settle_run
from comp.store import runs, settings
from comp.store.runs import Whose
from comp.store.visibility import seen_of

SHOWN = 12


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs side by side, of the people whom an actor may see."""

    old: StoredRun
    new: StoredRun
    changes: tuple[Change, ...]
    totals: tuple[CurrencyChange, ...]

    @property
    def changed(self) -> int:
        """How many payouts differ."""
        return sum(1 for change in self.changes if change.difference.minor)

    def movers(self, currency: str, most: int = SHOWN) -> list[Change]:
        """Those whose pay in a currency changed most."""
        return movers(self.changes, currency, most)


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """One person's difference in one currency, with the sentences of its parts and its figures for a waterfall."""

    change: Change
    told: tuple[Told, ...]
    total: CurrencyChange


@dataclass(frozen=True, slots=True)
class PersonComparison:
    """One person in two runs, or one person in the old run and another one in the new.

    `explained` says of each side whether the last run of its quarter knows the person, so that there is a page of it.
    """

    old: StoredRun
    new: StoredRun
    employees: tuple[str, str]
    names: tuple[str, str]
    changes: tuple[ChangeTold, ...]
    explained: tuple[bool, bool]

    @property
    def is_of_two(self) -> bool:
        """Whether two people are compared."""
        return self.employees[0] != self.employees[1]


Pair = tuple[RunName, RunName]


def compare_runs(session: Session, actor: Account, names: Pair, now: datetime) -> RunComparison:
    """Compare two runs over all people whom an actor may see in both quarters.

    Raises `NotFoundError` where one of the runs does not exist.
    """
    old, new = find(session, names[0]), find(session, names[1])
    both = sight(session, actor, old.quarter, now), sight(session, actor, new.quarter, now)
    with uncollected():
        calendar = settings.load_company(session).calendar
        comparison = Comparison(runs.load_run(session, old, both), runs.load_run(session, new, both), calendar)
        was, now_added = _adjusted(session, (old, new), both)
        changes = tuple(
            with_adjustments(change, (change.employee, change.employee), was, now_added)
            for change in comparison.changes()
        )
        return RunComparison(old, new, changes, add_up(changes))


def compare_people(
    session: Session, actor: Account, names: Pair, employees: tuple[str, str], now: datetime
) -> PersonComparison:
    """Compare what one person gets in one run with what the same or another person gets in another.

    Raises `NotFoundError` where neither run knows them, and for somebody whom the actor may not see in both quarters.
    """
    old, new = find(session, names[0]), find(session, names[1])
    for employee in sorted(set(employees)):
        _require_seen(session, actor, (old, new), employee, now)
    loaded = runs.load_run(session, old, [employees[0]]), runs.load_run(session, new, [employees[1]])
    across = employees[0] != employees[1]
    comparison = Comparison(*loaded, settings.load_company(session).calendar, across_people=across)
    sides = Sides(*comparison.found(*employees), tuple(comparison.cells(*comparison.found(*employees))), across)
    if sides.was == sides.now == NOBODY:
        raise UnseenError(f"{employees[0]} is neither in run {old.name} nor in {new.name}.", "employee", employees[0])
    teller = explainer(session).units
    was, now_added = _adjusted(session, (old, new), employees)
    between = (with_adjustments(each, employees, was, now_added) for each in comparison.between(*employees))
    changes = tuple(ChangeTold(change, tell(change, sides, teller), add_up([change])[0]) for change in between)
    first, second = _name(sides.was), _name(sides.now)
    explained = _has_page(session, old, employees[0]), _has_page(session, new, employees[1])
    return PersonComparison(old, new, employees, (first or second, second or first), changes, explained)


def _adjusted(session: Session, both: tuple[StoredRun, StoredRun], whose: Whose) -> tuple[Amounts, Amounts]:
    """What adjustments add on both sides: nothing within one quarter, and nothing to a run that does not count."""
    counting = runs.counting_runs(session)
    if both[0].quarter == both[1].quarter or any(counting.get(run.quarter) != run for run in both):
        return {}, {}
    old, new = ({each.key: adjusted(each) for each in settle_run(session, run, whose).settled} for run in both)
    return old, new


def _require_seen(
    session: Session, actor: Account, both: tuple[StoredRun, StoredRun], employee: str, now: datetime
) -> None:
    for run in both:
        if not seen_of(session, sight(session, actor, run.quarter, now), [employee]):
            why = "unknown, or not for you to see"
            raise UnseenError(f"{employee} is not in run {run.name}: {why}.", "employee", employee)


def _has_page(session: Session, run: StoredRun, employee: str) -> bool:
    last = runs.find_run(session, run.quarter)
    said = runs.load_run(session, last, [employee]) if last else None
    return bool(said and (said.payouts or said.held or said.outside))


def _name(found: Found) -> str:
    named = [*found.payouts, *([found.excluded] if found.excluded else [])]
    return named[0].name if named else ""
