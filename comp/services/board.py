"""The board of a quarter: its steps with state, owner, due day and counts, and what blocks the next one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from comp.figures import counted
from comp.money import Money
from comp.periods import Quarter
from comp.quarter_calendar import Step
from comp.results import StoredRun
from comp.roles import Account
from comp.services import data_check, funding_lines, quarter_calendar, quarters, queries, review_progress, workflow
from comp.services.queries import QueryCounts
from comp.services.relations import sight
from comp.services.settlement import settle_run
from comp.settlement import LineKind, Settlement
from comp.store import run_totals, runs
from comp.store.quarters import Done
from comp.workflow import Act, Life, State, open_acts


class Progress(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One step of a quarter: `words` say what there is of it, `blocks` what keeps it from being done."""

    name: str
    progress: Progress
    owner: str
    words: str
    due: date | None = None
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Where a quarter stands, what may be done to it by who looks, and everything that was done."""

    quarter: Quarter
    life: Life
    run: StoredRun | None
    steps: tuple[BoardStep, ...]
    acts: frozenset[Act]
    history: tuple[Done, ...]
    queries: QueryCounts


@dataclass(frozen=True, slots=True)
class Total:
    """What a quarter pays in one currency, by what its lines are."""

    currency: str
    people: int
    held_back: Money
    kinds: Mapping[LineKind, Money]
    payable: Money


_ORDER = (State.OPEN, State.CALCULATED, State.IN_REVIEW, State.APPROVED, State.RELEASED, State.CLOSED)


def board(session: Session, actor: Account, quarter: Quarter, now: datetime) -> Board:
    """The board of a quarter as an actor sees it."""
    life = workflow.life_of(session, quarter)
    run = runs.find_run(session, quarter)
    acts = open_acts(str(quarter), life, actor.email, actor.permissions)
    history = tuple(workflow.history_of(session, quarter))
    days = quarter_calendar.calendar_of(session, quarter).days
    steps = tuple(_steps(session, quarter, life, run, days))
    return Board(quarter, life, run, steps, acts, history, queries.counts(session, quarter, now))


def _steps(
    session: Session, quarter: Quarter, life: Life, run: StoredRun | None, days: Mapping[Step, date]
) -> Iterator[BoardStep]:
    has_data = quarter in quarters.quarters_with_data(session)
    yield BoardStep(
        "Data",
        Progress.DONE if has_data else Progress.NOW,
        "HR",
        "Answers and results are in." if has_data else "No answers and no results are in.",
        days[Step.IMPORT],
    )
    yield _checked(session, quarter, life, days[Step.CHECK])
    yield BoardStep("Calculation", _reached(life, State.CALCULATED), "HR", _calculated(run))
    yield _reviewed(session, quarter, life, days[Step.REVIEW])
    obstacles = tuple(funding_lines.stands_against(session, run)) if run and not life.is_paid else ()
    approved = _by(life, Act.APPROVE, "approved")
    yield BoardStep("Approval", _reached(life, State.APPROVED), "An approver", approved, None, obstacles)
    released = _by(life, Act.RELEASE, "released")
    yield BoardStep("Release", _reached(life, State.RELEASED), "Payroll", released, days[Step.RELEASE])
    yield BoardStep("Paid", _reached(life, State.CLOSED), "Payroll", _by(life, Act.CLOSE, "closed"))


def _reviewed(session: Session, quarter: Quarter, life: Life, due: date) -> BoardStep:
    """The review: while it is on how far managers are, and what is undecided."""
    progress = _reached(life, State.APPROVED, after=State.IN_REVIEW)
    if life.state is not State.IN_REVIEW:
        return BoardStep("Review", progress, "Managers", _by(life, Act.BEGIN_REVIEW, "given to review"), due)
    words = review_progress.progress(session, quarter).words
    return BoardStep("Review", progress, "Managers", words, due, review_progress.stands_against(session, quarter))


def _checked(session: Session, quarter: Quarter, life: Life, due: date) -> BoardStep:
    """The data check, as it came out last by night: the page itself checks anew."""
    counts = data_check.last_counts(session, quarter)
    is_over = life.state not in {State.OPEN, State.CALCULATED}
    progress = Progress.DONE if is_over or (counts and not counts.errors) else Progress.NOW
    if counts is None:
        return BoardStep("Data check", progress, "HR", "Checked every night, and whenever its page is opened.", due)
    told = f"{counted(counts.errors, 'error')}, {counted(counts.warnings, 'warning')}, {counts.waived} waived"
    return BoardStep(
        "Data check", progress, "HR", f"{told}; {counts.held} held. {counts.checked_at:%d %b, %H:%M} UTC.", due
    )


def _reached(life: Life, state: State, after: State | None = None) -> Progress:
    """Whether a step is over with a state, is the next one, or comes later; `after` is the state that begins it."""
    here, there = _ORDER.index(life.state), _ORDER.index(state)
    begins = _ORDER.index(after) if after else there - 1
    if here >= there:
        return Progress.DONE
    return Progress.NOW if here >= begins else Progress.LATER


def _calculated(run: StoredRun | None) -> str:
    return f"Run {run.number}, by {run.origin.calculated_by}." if run else "Not yet."


def _by(life: Life, act: Act, done: str) -> str:
    return f"{done[0].upper()}{done[1:]} by {life.doers[act]}." if act in life.doers else "Not yet."


@dataclass(frozen=True, slots=True)
class ForApproval:
    """What somebody who approves looks at: what is paid, and what must be known of it."""

    run: StoredRun
    seen: workflow.Seen
    totals: tuple[Total, ...]
    held: int


def for_approval(session: Session, actor: Account, quarter: Quarter, now: datetime) -> ForApproval:
    """What a quarter pays now, to be approved. Raises `NotFoundError` where it was not calculated."""
    run = workflow.counting_run(session, quarter)
    settlement = settle_run(session, run)
    counts = run_totals.exclusion_counts(session, run.id, sight(session, actor, quarter, now))
    seen = workflow.Seen(workflow.life_of(session, quarter).changes, settlement.sha256)
    return ForApproval(run, seen, tuple(_totals(settlement)), counts.get("held", 0))


def _totals(settlement: Settlement) -> Iterator[Total]:
    for currency in sorted({each.currency for each in settlement.settled}):
        settled = [each for each in settlement.settled if each.currency == currency]
        kinds = {kind: Money(sum(each.of_kind(kind).minor for each in settled), currency) for kind in LineKind}
        held_back = Money(sum(each.payable.minor for each in settled if each.held_back), currency)
        payable = settlement.payable.get(currency, Money(0, currency))
        yield Total(
            currency, len(settled), held_back, {kind: sum_ for kind, sum_ in kinds.items() if sum_.minor}, payable
        )
