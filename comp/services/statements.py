"""Statements: what one person is paid for a quarter, with everything that made it, and of whom there is one."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import UnseenError
from comp.money import Money
from comp.organisation import Organisation
from comp.periods import Quarter, Span
from comp.plan import Plan
from comp.quarter_calendar import Step
from comp.releases import Release
from comp.results import Hold, Outside, Payout, Run, StoredRun
from comp.roles import Account
from comp.services import quarter_calendar
from comp.services.calculation import run_explainer
from comp.services.corrections import Corrected, corrected_since
from comp.services.payout_holds import payable
from comp.services.relations import sight
from comp.services.settlement import settle_run
from comp.services.workflow import counting_run, life_of
from comp.settlement import Key, Settled, document
from comp.statement import PaidWith, Pay, Standing, Teller
from comp.store import plans, releases, runs, settings, units
from comp.store.bulk import chunks
from comp.store.visibility import seen_of
from comp.workflow import PAID, State

_BEFORE_APPROVAL = frozenset({State.CALCULATED, State.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person is paid for a quarter. `without` says why where that is nothing.

    `documents` are the plan versions behind it with the SHA-256 of their documents. Until `ask_until` what is asked can
    still change this quarter's pay; a query is answered within `answer_days` working days. `sha256` changes with every
    cent, and with what made it.
    """

    company: str
    quarter: Quarter
    days: Span
    state: State
    run: StoredRun
    employee: str
    name: str
    units: tuple[str, ...]
    pays: tuple[Pay, ...]
    without: tuple[str, ...]
    corrected: tuple[Corrected, ...]
    documents: tuple[tuple[Plan, str], ...]
    ask_until: date | None
    answer_days: int
    sha256: str

    @property
    def standing(self) -> Standing:
        """How far any of it can still change."""
        found = {pay.standing for pay in self.pays}
        if not found:
            return Standing.FINAL if self.state in PAID else Standing.PRELIMINARY
        if len(found) == 1:
            return found.pop()
        return Standing.IN_PART if found & {Standing.FINAL, Standing.IN_PART} else Standing.HELD_BACK


def find(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> Statement:
    """One person's statement.

    Raises `UnseenError` where there is none, or not for the actor, and `NotFoundError` without a calculation.
    """
    found = load(session, actor, quarter, [employee], now)
    if not found:
        why = "unknown, not employed then, or not for you to see"
        raise UnseenError(f"There is no statement of {quarter} for {employee}: {why}.", "employee", employee)
    return found[0]


def load(
    session: Session, actor: Account, quarter: Quarter, employees: Sequence[str], now: datetime
) -> list[Statement]:
    """The statements of some employees, by number: of those whom the actor may see and of whom the quarter knows.

    Raises `NotFoundError` where the quarter was not calculated.
    """
    stored = counting_run(session, quarter)
    seen = seen_of(session, sight(session, actor, quarter, now), employees)
    if not seen:
        return []
    maker = _Maker(session, stored, runs.load_run(session, stored, seen))
    found = _Found.read(session, stored, seen, _before(session, actor, quarter, seen, now))
    made = (maker.statement(found, employee) for employee in seen)
    return [each for each in made if each.pays or each.without]


def _before(
    session: Session, actor: Account, quarter: Quarter, employees: list[str], now: datetime
) -> dict[Key, Money]:
    """What the quarter before paid those of them whom the actor may see there."""
    run = runs.find_run(session, quarter.plus(-1))
    seen = seen_of(session, sight(session, actor, quarter.plus(-1), now), employees) if run else []
    settled = settle_run(session, run, seen).settled if run and seen else ()
    return {each.key: each.payable for each in settled}


@dataclass(frozen=True, slots=True)
class _Found:
    """What is paid to some people, by person."""

    settled: Mapping[str, list[Settled]]
    paid_with: Mapping[Key, list[PaidWith]]
    corrected: Mapping[str, list[Corrected]]
    before: Mapping[Key, Money]

    @classmethod
    def read(cls, session: Session, stored: StoredRun, seen: list[str], before: Mapping[Key, Money]) -> "_Found":
        settled: dict[str, list[Settled]] = {}
        for each in payable(session, stored, seen).settled:
            settled.setdefault(each.employee, []).append(each)
        corrected: dict[str, list[Corrected]] = {}
        for since in corrected_since(session, stored.quarter, seen):
            corrected.setdefault(since.employee, []).append(since)
        made = {each.name: each for each in releases.list_releases(session, stored.quarter)}
        booked = releases.released_to(session, stored.quarter, seen)
        paid_with = {key: list(_paid_with(key, minor, made)) for key, minor in booked.items()}
        return cls(settled, paid_with, corrected, before)


def _paid_with(key: Key, minor: Mapping[str, int], made: Mapping[str, Release]) -> Iterator[PaidWith]:
    for batch, amount in minor.items():
        release = made[batch]
        yield PaidWith(batch, release.released_at, release.pay_date, Money(amount, key.currency))


class _Maker:
    """Makes the statements of one run; what all of them share is read once."""

    def __init__(self, session: Session, stored: StoredRun, run: Run) -> None:
        self._stored = stored
        self._names = run_explainer(session, stored, run.metrics).units
        self._teller = Teller(self._names)
        self._organisation = Organisation(units.load_units(session))
        self._documents = plans.load_used(session, stored.id)
        self._state = life_of(session, stored.quarter).state
        self._payouts: dict[str, list[Payout]] = {}
        for payout in run.payouts:
            self._payouts.setdefault(payout.employee, []).append(payout)
        excluded: list[Hold | Outside] = [*run.held, *run.outside]
        self._without = {each.employee: each for each in excluded}
        company, calendar = settings.load_company(session), quarter_calendar.view(session, stored.quarter)
        self._days, self._answer_days = calendar.span, company.query_days
        can_change = self._state in _BEFORE_APPROVAL
        self._ask_until = calendar.calendar.days[Step.REVIEW] if can_change else None

    def statement(self, found: _Found, employee: str) -> Statement:
        """The statement of one person; without pay and reason where the quarter knows nothing of them."""
        payouts = {Key(employee, payout.amount.currency): payout for payout in self._payouts.get(employee, ())}
        settled = found.settled.get(employee, [])
        pays = tuple(
            self._teller.pay(each, payouts.get(each.key), found.paid_with.get(each.key, ()), found.before)
            for each in settled
        )
        excluded = self._without.get(employee)
        pieces = [piece for payout in payouts.values() for piece in payout.pieces]
        codes = tuple(dict.fromkeys(piece.assignment.unit for piece in pieces))
        used = {piece.stretch.plan.version: piece.stretch.plan for piece in pieces}
        documents = tuple((used[name], sha256) for name, sha256 in self._documents.items() if name in used)
        return Statement(
            company=self._company(codes),
            quarter=self._stored.quarter,
            days=self._days,
            state=self._state,
            run=self._stored,
            employee=employee,
            name=settled[0].name if settled else excluded.name if excluded else employee,
            units=tuple(self._names.unit(code) for code in codes),
            pays=pays,
            without=(excluded.why,) if excluded else (),
            corrected=tuple(found.corrected.get(employee, ())),
            documents=documents,
            ask_until=self._ask_until,
            answer_days=self._answer_days,
            sha256=self._digest(settled, documents),
        )

    def _company(self, codes: tuple[str, ...]) -> str:
        """The name of the unit at the top: that of the person's units, or of all."""
        known = [code for code in codes if code in self._organisation]
        top = self._organisation.top(known[0]) if known else next(iter(self._organisation.from_top()), "")
        return self._names.unit(top)

    def _digest(self, settled: Sequence[Settled], documents: Sequence[tuple[Plan, str]]) -> str:
        """A hash of what is paid, of the run and of the plan documents behind it."""
        parts = (self._stored.name, self._stored.origin.inputs_sha256, *map(document, settled))
        return hashlib.sha256("\n".join((*parts, *(sha256 for _, sha256 in documents))).encode()).hexdigest()


def quarters_of(session: Session, actor: Account, employee: str, now: datetime) -> list[Quarter]:
    """The quarters of which somebody has a statement that the actor may see, the latest first."""
    found = runs.counting_runs(session).items()
    return [quarter for quarter, run in found if _has_one(session, actor, run, employee, now)]


def _has_one(session: Session, actor: Account, run: StoredRun, employee: str, now: datetime) -> bool:
    seen = seen_of(session, sight(session, actor, run.quarter, now), [employee])
    return bool(seen) and (runs.knows(session, run.id, employee) or bool(settle_run(session, run, seen).settled))


def people_of(session: Session, actor: Account, quarter: Quarter, now: datetime) -> list[str]:
    """Everybody whom a quarter pays and the actor may see, by number. Raises `NotFoundError` without a calculation."""
    everybody = dict.fromkeys(each.employee for each in settle_run(session, counting_run(session, quarter)).settled)
    seen = sight(session, actor, quarter, now)
    return [employee for some in chunks(everybody) for employee in seen_of(session, seen, some)]


def fingerprint(session: Session, quarter: Quarter) -> str:
    """What changes whenever any statement of a quarter would: what is paid, its state, and its batches."""
    pays = payable(session, counting_run(session, quarter)).sha256
    moves, batches = life_of(session, quarter).changes, len(releases.list_releases(session, quarter))
    return hashlib.sha256(f"{pays} {moves} {batches}".encode()).hexdigest()
