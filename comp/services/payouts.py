"""Payouts as pages show them: a page of a run's, one with everything about it, and all of one's own."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from comp.errors import UnseenError
from comp.explain_settlement import added, steps_added
from comp.explain_unit import UnitExplainer
from comp.money import Money, paid
from comp.nodes import Node
from comp.periods import Quarter
from comp.results import Hold, Outside, Payout, StoredRun
from comp.review import payout_flags
from comp.roles import Account
from comp.services.calculation import explain, explainer
from comp.services.corrections import Corrected, corrected_since
from comp.services.relations import sight
from comp.services.settlement import settle_run
from comp.services.workflow import counting_run
from comp.settlement import Key, LineKind, Settled, SettledLine
from comp.store import plans, queries, runs, units
from comp.store.visibility import seen_of
from comp.waterfall import Step, waterfall

PAGE = 50


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payout in a list. `payable` is what is paid with all that was added to the payout since its run."""

    employee: str
    name: str
    unit: str
    amount: Money
    target: Money
    attainment: Fraction | None
    flags: tuple[str, ...]
    payable: Money


@dataclass(frozen=True, slots=True)
class PayoutPage:
    """A page of a run's payouts; `total` is how many people the whole search finds."""

    run: StoredRun
    rows: tuple[PayoutRow, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages the search has."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout with its tree and the steps to it, and `payable`, what is paid with all that was added since its run.

    `before` is what the same person was paid in the quarter before.
    """

    payout: Payout
    tree: Node
    steps: tuple[Step, ...]
    before: Money | None
    payable: Money
    added: tuple[SettledLine, ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """Everything that a run says about one person; `documents` are the plan versions behind it with their SHA-256.

    `settled` is what is paid where that is more than what was earned; `corrected` what was corrected of it since.
    """

    run: StoredRun
    employee: str
    name: str
    payouts: tuple[PayoutView, ...]
    without: tuple[Node, ...]
    documents: tuple[tuple[str, str], ...]
    settled: tuple[Settled, ...] = ()
    corrected: tuple[Corrected, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnQuarter:
    """What a quarter pays one person, or in `without` why it pays nothing.

    `settled` is what is paid where that is more than what was earned; `corrected` what was corrected of it since.
    """

    run: StoredRun
    rows: tuple[PayoutRow, ...]
    without: tuple[str, ...]
    settled: tuple[Settled, ...] = ()
    corrected: tuple[Corrected, ...] = ()


def list_payouts(session: Session, actor: Account, run: StoredRun, search: str, page: int, now: datetime) -> PayoutPage:
    """A page of a run's payouts that an actor may see, by employee; after the last page comes itself.

    `search` looks in numbers and names.
    """
    seen = sight(session, actor, run.quarter, now)
    employees, total = runs.find_employees(session, run.id, seen, search.strip(), (page - 1) * PAGE, PAGE)
    if total and not employees:
        return list_payouts(session, actor, run, search, -(-total // PAGE), now)
    loaded = runs.load_run(session, run, employees)
    asked = queries.count_living(session, run.quarter, employees)
    rows = _rows(session, loaded.payouts, _settled(session, run, employees), asked)
    return PayoutPage(run, tuple(rows), total, page)


def list_holds(session: Session, actor: Account, run: StoredRun, now: datetime) -> list[Hold]:
    """The people whom a run holds, of those that an actor may see."""
    return list(runs.load_holds(session, run.id, sight(session, actor, run.quarter, now)))


def _rows(
    session: Session, payouts: Iterable[Payout], settled: Mapping[Key, Settled], asked: Collection[str] = ()
) -> Iterator[PayoutRow]:
    """The payouts as rows; `asked` are the people whose payouts there are queries about."""
    names = {unit.code: unit.name for unit in units.load_units(session)}
    for payout in payouts:
        payable = settled[Key(payout.employee, payout.amount.currency)].payable
        yield _row(payout, names, payable, is_asked=payout.employee in asked)


def _settled(session: Session, run: StoredRun, employees: list[str]) -> dict[Key, Settled]:
    """What is paid of a run to some employees."""
    return {each.key: each for each in settle_run(session, run, employees).settled}


def _row(payout: Payout, names: dict[str, str], payable: Money, *, is_asked: bool) -> PayoutRow:
    codes = dict.fromkeys(piece.assignment.unit for piece in payout.pieces)
    target = payout.target_here
    return PayoutRow(
        employee=payout.employee,
        name=payout.name,
        unit=", then ".join(names.get(code, code) for code in codes),
        amount=payout.amount,
        target=paid(target.numerator, target.denominator, payout.amount.currency),
        attainment=payout.exact / target if target else None,
        flags=(*payout_flags(payout), *(["query"] if is_asked else [])),
        payable=payable,
    )


def view_person(session: Session, actor: Account, employee: str, quarter: Quarter, now: datetime) -> PersonView:
    """Everything that the run of a quarter that counts says about one person, and what is paid beside it.

    Raises `NotFoundError` for nothing, and for somebody whom the actor may not see.
    """
    seen = seen_of(session, sight(session, actor, quarter, now), [employee])
    run = runs.find_run(session, quarter)
    settled = _settled(session, run, seen) if run and seen else {}
    more, corrected = _beside(settled), tuple(corrected_since(session, quarter, seen))
    stored, payouts, nodes = _told(session, actor, employee, quarter, now, is_paid=bool(more))
    names = explainer(session).units
    earlier = _amounts(session, actor, employee, quarter.plus(-1), now)
    views = tuple(
        _view(payout, tree, names, settled[Key(employee, payout.amount.currency)], earlier)
        for payout, tree in zip(payouts, nodes, strict=False)
    )
    name = payouts[0].name if payouts else more[0].name if more else _name(session, stored, employee)
    used = {piece.stretch.plan.version for payout in payouts for piece in payout.pieces}
    documents = tuple(each for each in plans.load_used(session, stored.id).items() if each[0] in used)
    return PersonView(stored, employee, name, views, tuple(nodes[len(payouts) :]), documents, more, corrected)


def _told(
    session: Session, actor: Account, employee: str, quarter: Quarter, now: datetime, *, is_paid: bool
) -> tuple[StoredRun, list[Payout], list[Node]]:
    """The trees behind somebody's payouts; none for who is paid a correction only, of whom the run knows nothing."""
    try:
        return explain(session, actor, employee, quarter, now)
    except UnseenError:
        if not is_paid:
            raise
        return counting_run(session, quarter), [], []


def _beside(settled: Mapping[Key, Settled]) -> tuple[Settled, ...]:
    """What is paid where that is more than what was earned."""
    return tuple(each for each in settled.values() if len(each.lines) > 1 or each.lines[0].kind is not LineKind.EARNED)


def _view(payout: Payout, tree: Node, names: UnitExplainer, settled: Settled, earlier: dict[str, Money]) -> PayoutView:
    steps = steps_added(waterfall(payout, names), settled)
    before = earlier.get(payout.amount.currency)
    return PayoutView(payout, tree, steps, before, settled.payable, added(settled))


def _amounts(session: Session, actor: Account, employee: str, quarter: Quarter, now: datetime) -> dict[str, Money]:
    """What a person was paid in another quarter, which the actor may see or not as the tree was then."""
    run = runs.find_run(session, quarter)
    if run is None:
        return {}
    seen = seen_of(session, sight(session, actor, quarter, now), [employee])
    return {key.currency: settled.payable for key, settled in _settled(session, run, seen).items()}


def _name(session: Session, stored: StoredRun, employee: str) -> str:
    run = runs.load_run(session, stored, [employee])
    excluded: list[Hold | Outside] = [*run.held, *run.outside]
    return excluded[0].name if excluded else employee


def list_own(session: Session, actor: Account) -> list[OwnQuarter]:
    """What the run of each quarter that counts says about the actor's own pay, the newest first."""
    if actor.employee is None:
        return []
    found = (_own(session, run, actor.employee) for run in runs.counting_runs(session).values())
    return [own for own in found if own.rows or own.without or own.settled]


def _own(session: Session, run: StoredRun, employee: str) -> OwnQuarter:
    loaded = runs.load_run(session, run, [employee])
    settled, corrected = _settled(session, run, [employee]), tuple(corrected_since(session, run.quarter, [employee]))
    without = (*(hold.why for hold in loaded.held), *(person.why for person in loaded.outside))
    return OwnQuarter(run, tuple(_rows(session, loaded.payouts, settled)), without, _beside(settled), corrected)
