"""What a quarter's next payroll batch would hold: what is payable, less everything that was released already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from comp.batch_changes import Change, changes, standings
from comp.money import Money
from comp.organisation import Organisation
from comp.paid_lines import LineKey, PaidLine, Weights, paid_lines, places_of, unreleased
from comp.payroll_layouts import WORKBOOK
from comp.payroll_maps import Companies
from comp.periods import Quarter
from comp.results import Hold, Outside, Run, StoredRun
from comp.roles import Account
from comp.services.calculation import last_run
from comp.services.payout_holds import lifted_holds, with_holds
from comp.services.settlement import settle_run
from comp.services.workflow import history_of
from comp.settlement import Key, Settlement
from comp.sheets import Paying, Signature, batch_name
from comp.store import accounts, audit, payroll, plans, quarter_calendar, releases, runs, settings, units
from comp.store.quarters import Done
from comp.workflow import MOVES, Act


@dataclass(frozen=True, slots=True)
class BatchContent:
    """The next batch of a quarter. `entitled` is the hash that an approval carries: without what is held back.

    `released` is what earlier batches paid, by line.
    """

    stored: StoredRun
    run: Run
    settlement: Settlement
    entitled: str
    lines: tuple[PaidLine, ...]
    released: Mapping[LineKey, PaidLine]
    number: int

    @property
    def name(self) -> str:
        """How the batch is called once it is released."""
        return batch_name(self.stored.quarter, self.number)

    @property
    def totals(self) -> dict[str, Money]:
        """What it pays in each currency."""
        minor: dict[str, int] = {}
        for line in self.lines:
            minor[line.amount.currency] = minor.get(line.amount.currency, 0) + line.amount.minor
        return {currency: Money(amount, currency) for currency, amount in sorted(minor.items())}

    @property
    def people(self) -> int:
        """How many people it has a line for."""
        return len({line.key.employee for line in self.lines})


def batch_content(session: Session, actor: Account, quarter: Quarter) -> BatchContent:
    """The next batch of a quarter, for an actor who may see everybody's pay.

    Raises `NotFoundError` where the quarter was not calculated, or not for the actor.
    """
    stored, run = last_run(session, actor, quarter)
    entitled = settle_run(session, stored)
    settlement = with_holds(session, entitled)
    released = releases.released_lines(session, quarter)
    lines = unreleased(paid_lines(settlement, booked_at(session, run, settlement)), released)
    number = len(releases.list_releases(session, quarter)) + 1
    return BatchContent(stored, run, settlement, entitled.sha256, tuple(lines), released, number)


def booked_at(session: Session, run: Run, settlement: Settlement) -> dict[tuple[Key, Quarter], Weights]:
    """Where pay is booked: as the run says; of other quarters as it was booked then, of whom no run pays as before."""
    places = places_of(run)
    lacking: dict[Quarter, set[str]] = {}
    for settled in settlement.settled:
        for line in settled.lines:
            if (settled.key, line.quarter) not in places:
                lacking.setdefault(line.quarter, set()).add(settled.employee)
    for quarter, employees in lacking.items():
        if quarter == run.quarter:
            before = releases.booked_places(session, quarter.plus(-1), sorted(employees))
            places |= {(key, quarter): weights for (key, _), weights in before.items()}
        else:
            places |= releases.booked_places(session, quarter, sorted(employees))
    return places


def paying(session: Session, content: BatchContent, *more: Signature) -> Paying:
    """What the workbook of a batch says of it; `more` are signatures that are only just being given."""
    return Paying(
        settlement=content.settlement,
        lines=content.lines,
        paid=_paid(content.released.values()),
        number=content.number if more else None,
        changes=tuple(_changes(session, content)),
        signatures=(*_signatures(session, content.stored), *more),
        anchor=audit.head(session),
        documents=plans.load_used(session, content.stored.id),
        companies=companies_of(session, WORKBOOK),
        last_day=settings.load_company(session).calendar.span(content.stored.quarter).last,
        swing=quarter_calendar.load_rules(session).swing,
    )


def companies_of(session: Session, layout: str) -> Companies:
    """How the company codes of a layout, or of the workbook, are found."""
    return Companies(payroll.load_maps(session, layout).companies, Organisation(units.load_units(session)))


def _paid(lines: Iterable[PaidLine]) -> dict[Key, Money]:
    found: dict[Key, Money] = {}
    for line in lines:
        before = found[line.whose].minor if line.whose in found else 0
        found[line.whose] = Money(before + line.amount.minor, line.amount.currency)
    return found


def _changes(session: Session, content: BatchContent) -> Iterator[Change]:
    """Against the batches before of the same quarter, then against the quarter before."""
    quarter, released = content.stored.quarter, content.released.values()
    now = standings(quarter, released, content.lines)
    lifted = {hold.employee: "no longer held back" for hold in lifted_holds(session, quarter)}
    if released:
        known = {key: lifted[key.employee] for key in now if key.employee in lifted}
        yield from changes(batch_name(quarter, content.number - 1), standings(quarter, released), now, known)
    before = standings(quarter.plus(-1), _paid_before(session, quarter.plus(-1)))
    if before:
        absent = _absent(content)
        known = {key: absent[key.employee] for key in before if key.employee in absent}
        yield from changes(str(quarter.plus(-1)), before, now, known)


def _paid_before(session: Session, quarter: Quarter) -> Iterable[PaidLine]:
    """What a quarter paid: what was released of it, else what its run comes to."""
    released = releases.released_lines(session, quarter)
    stored = None if released else runs.find_run(session, quarter)
    return paid_lines(settle_run(session, stored), {}) if stored else released.values()


def _absent(content: BatchContent) -> dict[str, str]:
    """Why people are not in the batch, by number."""
    excluded: list[Hold | Outside] = [*content.run.held, *content.run.outside]
    absent = {each.employee: each.why for each in excluded}
    held_back = {each.employee: f"held back: {each.held_back}" for each in content.settlement.settled if each.held_back}
    return {**absent, **held_back}


_SIGNED = (Act.CALCULATE, Act.BEGIN_REVIEW, Act.APPROVE)


def _signatures(session: Session, stored: StoredRun) -> list[Signature]:
    """Who prepared, reviewed and approved what a batch pays: the last of each that its run rests on."""
    last: dict[Act, Done] = {}
    for done in history_of(session, stored.quarter):
        if done.run_id == stored.id:
            last[done.deed.act] = done
    return [signature(session, act, last[act]) for act in _SIGNED if act in last]


def signature(session: Session, act: Act, done: Done) -> Signature:
    """What somebody did to a quarter, with their name."""
    deed = done.deed
    return Signature(MOVES[act].done, deed.by, name_of(session, deed.by), deed.at, deed.seen_sha256 or "")


def name_of(session: Session, by: str) -> str:
    """The name of whose address it is; the address where no account has it."""
    known = accounts.find_credentials(session, by)
    return known.account.name if known else by
