"""What corrections there are, who is owed what by one, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.calculate import uncollected
from comp.compare import Change, Comparison
from comp.correction_life import Act, Correction, open_acts
from comp.correction_records import Asked, Line, LineTotal
from comp.correction_words import about, reasons
from comp.corrections import Delta, Policy, entitlements, owed
from comp.errors import UnseenError
from comp.money import Money
from comp.periods import Quarter
from comp.results import Hold, StoredRun
from comp.roles import Account, Permission
from comp.services.correction_lines import all_recoveries
from comp.services.correction_standings import settled_run, standings
from comp.services.relations import sight
from comp.services.settlement import settle_own
from comp.settlement import Key
from comp.store import corrections, quarters, runs, settings

PAGE = 50
_FEW = 500


@dataclass(frozen=True, slots=True)
class Owing:
    """Who is owed what by a correction run of a quarter, and whom it holds: nothing of theirs is corrected.

    `before` is the run by which the quarter was settled last; `held_anew` are those whom it did not hold.
    """

    run: StoredRun
    before: StoredRun
    deltas: tuple[Delta, ...]
    held: tuple[Hold, ...]
    held_anew: frozenset[str]

    @property
    def totals(self) -> tuple[Money, ...]:
        """What everybody is owed together, less what is owed by them, in each currency."""
        sums: dict[str, int] = {}
        for delta in self.deltas:
            sums[delta.amount.currency] = sums.get(delta.amount.currency, 0) + delta.amount.minor
        return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))


def owing(session: Session, actor: Account, run: StoredRun, now: datetime) -> Owing:
    """Who is owed what by a correction run. It writes nothing.

    Raises `RefusedError` where nothing of the quarter was released, and `UnseenError` for an actor who may not see
    everybody's pay.
    """
    if Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError(f"What is corrected of {run.quarter} is not for you to see.", "run", run.name)
    before, seen = settled_run(session, run.quarter), sight(session, actor, run.quarter, now)
    held = tuple(runs.load_holds(session, run.id, seen))
    held_before = {hold.employee for hold in runs.load_holds(session, before.id, seen)}
    now_held = {hold.employee for hold in held}
    settlement = settle_own(session, run)
    names = _names(session, run.quarter) | {each.employee: each.name for each in settlement.settled}
    deltas = owed(entitlements(settlement), standings(session, run.quarter), names, now_held)
    return Owing(run, before, deltas, held, frozenset(now_held - held_before))


def _names(session: Session, quarter: Quarter) -> dict[str, str]:
    """The names of those who were paid, as they were then."""
    own = runs.find_run(session, quarter)
    paid = {each.employee: each.name for each in settle_own(session, own).settled} if own else {}
    decided = corrections.load_approved(session, corrects=quarter)
    return {each.line.delta.employee: each.line.delta.name for each in decided} | paid


def lines_of(session: Session, found: Owing, usual: Policy) -> list[Line]:
    """The lines of a correction, each with why it is owed and what its statement says."""
    changes = _changes(session, found)
    return [_line(found.run.quarter, delta, changes.get(delta.key), usual) for delta in found.deltas]


def _changes(session: Session, found: Owing) -> dict[Key, Change]:
    """By what the two runs differ for those who are owed something."""
    employees = sorted({delta.employee for delta in found.deltas})
    whose = employees if len(employees) < _FEW else None
    with uncollected():
        both = runs.load_run(session, found.before, whose), runs.load_run(session, found.run, whose)
        comparison = Comparison(*both, settings.load_company(session).calendar)
        every = (change for employee in employees for change in comparison.between(employee, employee))
        return {Key(change.employee, change.difference.currency): change for change in every}


def _line(quarter: Quarter, delta: Delta, change: Change | None, usual: Policy) -> Line:
    why = reasons(change.parts if change else (), delta.amount)
    return Line(0, delta, usual if delta.amount.minor < 0 else None, "", None, why, about(quarter, why))


@dataclass(frozen=True, slots=True)
class Sum:
    """How much people are owed in one currency, or owe; then `policies` counts them by what is done about it."""

    amount: Money
    people: int
    policies: tuple[tuple[str, int], ...] = ()


def _sums(totals: Sequence[LineTotal]) -> Iterator[Sum]:
    for currency in dict.fromkeys(total.currency for total in totals):
        for owes in (False, True):
            own = [each for each in totals if each.currency == currency and bool(each.policy) == owes]
            minor, people = sum(each.amount.minor for each in own), sum(each.people for each in own)
            policies = tuple((each.policy, each.people) for each in own if each.policy)
            yield from [Sum(Money(minor, currency), people, policies)] if own else []


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction as its page shows it: totals, a page of lines, and what the actor may do about it.

    `pays_with` is the quarter with which it is, or would now be, paid; `rests` what is left of each claim, by person
    and currency; `total` how many lines the search finds.
    """

    correction: Correction
    run: StoredRun
    before: StoredRun
    totals: tuple[LineTotal, ...]
    lines: tuple[Line, ...]
    total: int
    page: int
    held: tuple[Hold, ...]
    held_anew: frozenset[str]
    pays_with: Quarter
    rests: Mapping[Key, Money]
    acts: frozenset[Act]

    @property
    def sums(self) -> tuple[Sum, ...]:
        """What the correction comes to: in each currency what people are owed, then what they owe."""
        return tuple(_sums(self.totals))

    @property
    def pages(self) -> int:
        """How many pages the search has."""
        return max(1, -(-self.total // PAGE))


def view(session: Session, actor: Account, number: int, asked: Asked, now: datetime) -> CorrectionView:
    """A correction with the lines of those whom an actor may see. Raises `UnseenError` where there is none for them."""
    correction = find(session, actor, number)
    run, before = runs.get_run(session, correction.run_id), runs.get_run(session, correction.before_run_id)
    seen = sight(session, actor, correction.quarter, now)
    lines, total = corrections.find_lines(session, number, seen, asked, PAGE)
    held = tuple(runs.load_holds(session, run.id, seen))
    was_held = {hold.employee for hold in runs.load_holds(session, before.id, seen)}
    return CorrectionView(
        correction=correction,
        run=run,
        before=before,
        totals=tuple(corrections.line_totals(session, number, seen)),
        lines=tuple(lines),
        total=total,
        page=asked.page,
        held=held,
        held_anew=frozenset(hold.employee for hold in held) - was_held,
        pays_with=correction.pays_with or next_to_pay(session, correction.quarter),
        rests=_rests(session, correction, lines),
        acts=open_acts(correction, actor.email, actor.permissions),
    )


def find(session: Session, actor: Account, number: int) -> Correction:
    """A correction by its number. Raises `UnseenError` where there is none, or not for the actor."""
    found = corrections.find_correction(session, number)
    if found is None or Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError(f"There is no correction {number}, or it is not for you to see.", "correction", str(number))
    return found


def _rests(session: Session, correction: Correction, lines: list[Line]) -> dict[Key, Money]:
    """What is left of a correction's claims, of the people on a page."""
    employees = sorted({line.delta.employee for line in lines if line.policy is Policy.CARRY})
    if not employees or correction.pays_with is None:
        return {}
    recovered = all_recoveries(session, settle_own, employees)
    own = (each for each in recovered if each.claim.line.correction == correction.id)
    return {each.claim.line.delta.key: each.rest for each in own}


def next_to_pay(session: Session, quarter: Quarter) -> Quarter:
    """The quarter with which a correction of another is paid.

    It is the first that was calculated after all that are approved or paid; the one after these where none was.
    """
    last = max([quarter, *quarters.approval_order(session)])
    return min((each for each in quarters.load_lives(session) if each > last), default=last.plus(1))


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction in a list, with what it comes to for those whom an actor may see."""

    correction: Correction
    totals: tuple[LineTotal, ...]


def list_all(session: Session, actor: Account, now: datetime) -> list[Listed]:
    """Every correction, the newest first."""
    found = corrections.list_corrections(session)
    seen = {each.quarter: sight(session, actor, each.quarter, now) for each in found}
    return [Listed(each, tuple(corrections.line_totals(session, each.id, seen[each.quarter]))) for each in found]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was corrected since of what one person was paid for a quarter; `sentence` is what the statement says."""

    quarter: Quarter
    pays_with: Quarter
    amount: Money
    policy: Policy | None
    sentence: str
    employee: str = ""


def corrected_since(session: Session, quarter: Quarter, whose: list[str]) -> list[Corrected]:
    """The approved corrections of what some people were paid for a quarter, the oldest first.

    `whose` are employees whom whoever asks may see.
    """
    approved = corrections.load_approved(session, corrects=quarter, whose=whose) if whose else []
    return [
        Corrected(
            quarter, each.pays_with, each.line.delta.amount, each.line.policy, each.line.about, each.line.delta.employee
        )
        for each in approved
        if each.line.delta.amount.minor
    ]
