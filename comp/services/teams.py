"""A team's pay as its manager reviews it: a row for each person and currency, and what the rows come to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from comp.adjustments import Act, Adjustment, Decider, Limits, State, Team, stands_against
from comp.explain_unit import UnitExplainer
from comp.money import Money, paid
from comp.periods import Quarter
from comp.results import Hold, Payout, Run, StoredRun
from comp.review import Mark, Row, Standing, adjusted, is_unusual, payout_flags, row_sha256, standing
from comp.roles import Account, Role
from comp.services import team_scope, workflow
from comp.services.relations import days_of, sight
from comp.services.settlement import settle_run
from comp.services.team_scope import Hats, Scope
from comp.settlement import Key, Settled
from comp.store import adjustments, queries, reviews, runs, units, visibility
from comp.store.visibility import Member, Some
from comp.store.visibility import Scope as Scoped

DECISIONS = (Act.APPROVE, Act.REFUSE)
"""What others than the proposer do to a proposal."""


@dataclass(frozen=True, slots=True)
class SubTeam:
    """A team within a team: its manager, how many people are below in all, and how many of them nobody confirmed."""

    manager: str
    name: str
    people: int
    open: int


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team in review. `budgets` has for each currency what may be raised and what is; None where it has no limit."""

    quarter: Quarter
    run: StoredRun
    scope: Scope
    rows: tuple[Row, ...]
    teams: tuple[SubTeam, ...]
    limits: Limits
    budgets: tuple[tuple[Money | None, Money], ...]
    is_in_review: bool

    @property
    def people(self) -> int:
        """How many people are paid."""
        return len({row.employee for row in self.rows if row.standing is not Standing.NOT_PAID})

    @property
    def confirmed(self) -> int:
        """How many of them somebody confirmed as they are."""
        return len({row.employee for row in self.rows if row.standing is Standing.CONFIRMED})

    @property
    def flagged(self) -> int:
        """How many people have a flag."""
        return len({row.employee for row in self.rows if row.flags})


@dataclass(frozen=True, slots=True)
class Looked:
    """Who is looked at, and what was done about their pay: what was said last, by employee, and all adjustments."""

    whose: Scoped
    people: Sequence[Member]
    marks: Mapping[str, Mark]
    adjustments: Sequence[Adjustment]


def view_team(session: Session, actor: Account, quarter: Quarter, of: str, now: datetime) -> TeamView | None:
    """A manager's team, or the actor's own; None where the actor leads nobody.

    Raises `NotFoundError` where nothing was calculated, and `UnseenError` for a team that the actor may not see.
    """
    scope = team_scope.find_scope(session, actor, quarter, of, now)
    if scope is None:
        return None
    run = workflow.counting_run(session, quarter)
    looked = _looked(session, quarter, scope.below)
    rows = tuple(_rows(session, actor, run, looked, now))
    limits = adjustments.load_limits(session, quarter)
    return TeamView(
        quarter=quarter,
        run=run,
        scope=scope,
        rows=rows,
        teams=tuple(_sub_teams(scope, looked.people, rows)),
        limits=limits,
        budgets=tuple(_budgets(limits, rows, looked)),
        is_in_review=workflow.is_open_for_review(session, quarter),
    )


def _looked(session: Session, quarter: Quarter, whose: Scoped) -> Looked:
    return Looked(
        whose,
        visibility.members(session, whose, days_of(session, quarter)),
        reviews.load_marks(session, quarter, whose),
        adjustments.load_adjustments(session, quarter, whose),
    )


def _rows(session: Session, actor: Account, run: StoredRun, looked: Looked, now: datetime) -> Iterator[Row]:
    """The rows of those who are looked at, as an actor sees them; by employee and currency."""
    whose = (looked.whose,)
    loaded = runs.load_run(session, run, whose)
    settled = _by_employee(settle_run(session, run, whose).settled)
    before = _before(session, actor, run.quarter, looked.whose, now)
    maker = _RowMaker(session, run, loaded, looked)
    maker.asked = queries.count_living(session, run.quarter, [member.employee for member in looked.people])
    needs = _Needs(session, actor, run.quarter, looked, now)
    held = {each.employee: each for each in loaded.held}
    for member in looked.people:
        if member.employee in settled:
            yield from map(needs.told, maker.rows(member, settled[member.employee], before))
        elif member.employee in held:
            yield maker.held(member, held[member.employee])


def _by_employee(settled: Iterable[Settled]) -> dict[str, list[Settled]]:
    found: dict[str, list[Settled]] = defaultdict(list)
    for each in settled:
        found[each.employee].append(each)
    return found


def _before(session: Session, actor: Account, quarter: Quarter, whose: Scoped, now: datetime) -> dict[Key, Money]:
    """What the quarter before paid, to those whose pay of then the actor may see too."""
    earlier = quarter.plus(-1)
    run = runs.find_run(session, earlier)
    if run is None:
        return {}
    then = sight(session, actor, earlier, now)
    return {each.key: each.payable for each in settle_run(session, run, (whose, then)).settled}


class _RowMaker:
    """Makes rows of what was loaded at once for all people of a team."""

    def __init__(self, session: Session, run: StoredRun, loaded: Run, looked: Looked) -> None:
        self._run = run
        self._payouts = {Key(each.employee, each.amount.currency): each for each in loaded.payouts}
        self._marks = looked.marks
        self._adjustments: dict[Key, list[Adjustment]] = defaultdict(list)
        for each in looked.adjustments:
            self._adjustments[Key(each.employee, each.amount.currency)].append(each)
        self._units = {unit.code: unit.name for unit in units.load_units(session)}
        self._names = UnitExplainer(loaded.metrics, self._units)
        self.asked: Mapping[str, int] = {}

    def rows(self, member: Member, settled: Sequence[Settled], before: Mapping[Key, Money]) -> Iterator[Row]:
        """A row for each currency in which somebody is paid."""
        sha256 = row_sha256(self._run.name, settled)
        mark = self._marks.get(member.employee)
        for each in settled:
            row = Row(
                employee=member.employee,
                name=member.name or member.employee,
                manager=member.manager,
                unit="",
                sha256=sha256,
                standing=standing(sha256, mark),
                currency=each.currency,
                earned=each.earned,
                adjusted=adjusted(each),
                proposed=self._proposed(each.key),
                payable=each.payable,
                before=before.get(each.key),
                mark=mark,
            )
            payout = self._payouts.get(each.key)
            known = self._of_payout(row, payout) if payout else row
            yield replace(known, flags=tuple(self._flags(known, each, payout)))

    def held(self, member: Member, hold: Hold) -> Row:
        """The row of somebody whom the run holds."""
        mark = self._marks.get(member.employee)
        where = Standing.SENT_BACK if mark and standing("", mark) is Standing.SENT_BACK else Standing.NOT_PAID
        name = member.name or member.employee
        return Row(member.employee, name, member.manager, "", "", where, flags=("held",), held=hold.why, mark=mark)

    def _proposed(self, key: Key) -> Money:
        undecided = (each for each in self._adjustments[key] if each.state is State.PROPOSED)
        return Money(sum(each.amount.minor for each in undecided), key.currency)

    def _of_payout(self, row: Row, payout: Payout) -> Row:
        target = payout.target_here
        last = payout.pieces[-1].stretch.attainment
        measured = (measure for component in last.components for measure in component.measures)
        scores = (each.score for each in measured)
        codes = dict.fromkeys(piece.assignment.unit for piece in payout.pieces)
        return replace(
            row,
            unit=", then ".join(self._units.get(code, code) for code in codes),
            target=paid(target.numerator, target.denominator, payout.amount.currency),
            attainment=payout.exact / target if target else None,
            scores=tuple((self._names.metric(each.metric), self._names.value(each)) for each in scores if each),
        )

    def _flags(self, row: Row, settled: Settled, payout: Payout | None) -> Iterator[str]:
        yield from payout_flags(payout) if payout else ()
        if settled.held_back:
            yield "held back"
        if row.payable and is_unusual(row.payable, row.before):
            yield "unusual change"
        if any(each.state is State.PROPOSED for each in self._adjustments[settled.key]):
            yield "adjustment proposed"
        if any(each.state is State.APPROVED and each.run != self._run.name for each in self._adjustments[settled.key]):
            yield "adjusted on another run"
        if row.employee in self.asked:
            yield "open query"


class _Needs:
    """What waits for an actor: rows of those who answer to them, and adjustments that they may decide."""

    def __init__(self, session: Session, actor: Account, quarter: Quarter, looked: Looked, now: datetime) -> None:
        self._wears: Hats = team_scope.hats(session, actor, now)
        self._is_open = workflow.is_open_for_review(session, quarter)
        self._decided = set(_for_me(session, actor, quarter, looked.adjustments)) if self._is_open else set()

    def told(self, row: Row) -> Row:
        """The row, which says whether it waits for the actor."""
        mine = row.manager in self._wears.confirming and row.employee not in self._wears.confirming
        return replace(row, needs_me=self._is_open and ((mine and row.is_open) or row.employee in self._decided))


def _for_me(session: Session, actor: Account, quarter: Quarter, found: Sequence[Adjustment]) -> Iterator[str]:
    """The employees of whom an adjustment waits for the actor."""
    undecided = [each for each in found if each.state is State.PROPOSED]
    above = chains(session, quarter, undecided)
    by = decider(actor)
    for each in undecided:
        if not any(stands_against(act, each, by, above.get(each.employee, ())) for act in DECISIONS):
            yield each.employee


def chains(session: Session, quarter: Quarter, found: Iterable[Adjustment]) -> dict[str, tuple[str, ...]]:
    """The managers above everybody whose pay is adjusted, as the tree was on the quarter's last day."""
    employees = sorted({each.employee for each in found})
    return visibility.chains_above(session, employees, days_of(session, quarter)) if employees else {}


def decider(actor: Account) -> Decider:
    """An actor as somebody who decides about adjustments."""
    return Decider(actor.email, actor.employee, Role.HR in actor.roles, Role.APPROVER in actor.roles)


def _sub_teams(scope: Scope, people: Sequence[Member], rows: Iterable[Row]) -> Iterator[SubTeam]:
    """The teams of those who answer to the manager and lead others, with everybody below them."""
    below: dict[str, list[str]] = defaultdict(list)
    for member in people:
        below[member.manager].append(member.employee)
    waiting = {row.employee for row in rows if row.is_open}
    for member in people:
        if member.manager == scope.manager and member.employee in below:
            everybody = _everybody(below, member.employee)
            yield SubTeam(member.employee, member.name or member.employee, len(everybody), len(everybody & waiting))


def _everybody(below: Mapping[str, Sequence[str]], manager: str) -> set[str]:
    found: set[str] = set()
    waiting = list(below.get(manager, ()))
    while waiting:
        employee = waiting.pop()
        if employee not in found and employee != manager:
            found.add(employee)
            waiting += below.get(employee, ())
    return found


def _budgets(limits: Limits, rows: Iterable[Row], looked: Looked) -> Iterator[tuple[Money | None, Money]]:
    """For each currency what the teams below may be raised by together, and what was proposed and approved."""
    teams, found = {member.manager for member in looked.people}, looked.adjustments
    for currency in sorted({row.currency for row in rows if row.currency}):
        set_for = [limits.budget(Team(manager, currency)) for manager in teams]
        known = [budget.minor for budget in set_for if budget is not None]
        room = Money(sum(known), currency) if len(known) == len(set_for) else None
        raises = (max(0, each.amount.minor) for each in found if each.counts and each.amount.currency == currency)
        yield room, Money(sum(raises), currency)


def find_row(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> list[Row]:
    """One person's rows, whoever their manager is. Raises `UnseenError` where the actor may not see them."""
    team_scope.require_seen(session, actor, quarter, employee, now)
    run = workflow.counting_run(session, quarter)
    return list(_rows(session, actor, run, _looked(session, quarter, Some((employee,))), now))


@dataclass(frozen=True, slots=True)
class May:
    """What an actor may do about one person's pay: say what a manager says of it, and propose to change it."""

    confirm: bool
    adjust: bool


def may(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> May:
    """What an actor may do about somebody's pay now: nothing while the quarter is not in review, or of their own."""
    if not workflow.is_open_for_review(session, quarter) or employee == actor.employee:
        return May(confirm=False, adjust=False)
    above = team_scope.managers_of(session, quarter, employee)
    return May(
        confirm=team_scope.may_confirm(session, actor, quarter, employee, now),
        adjust=actor.employee in above or Role.HR in actor.roles,
    )


def view_adjustments(
    session: Session, actor: Account, quarter: Quarter, employee: str | None = None
) -> dict[Adjustment, frozenset[Act]]:
    """The adjustments of a quarter, or of one person's pay in it, each with what the actor may do to it now.

    Whose pay the actor may see is asked by whoever shows them.
    """
    whose = None if employee is None else Some((employee,))
    found = adjustments.load_adjustments(session, quarter, whose)
    is_open, by = workflow.is_open_for_review(session, quarter), decider(actor)
    above = chains(session, quarter, found)
    return {
        each: frozenset(
            act for act in Act if is_open and not stands_against(act, each, by, above.get(each.employee, ()))
        )
        for each in found
    }
