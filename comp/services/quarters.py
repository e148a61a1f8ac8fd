"""Which quarters there are, and how far each has come."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.periods import Quarter, Span
from comp.results import StoredRun
from comp.roles import Account
from comp.services.relations import sight_today
from comp.store import plans, quarters, results, runs, settings, units
from comp.store.visibility import count_seen
from comp.workflow import State


@dataclass(frozen=True, slots=True)
class QuarterView:
    """A quarter with its days, its state, whether anything is known of it, and the run that counts."""

    quarter: Quarter
    days: Span
    state: State
    has_data: bool
    run: StoredRun | None


def known_quarters(session: Session) -> list[Quarter]:
    """Every quarter with answers, results or a run, the newest first."""
    return sorted(quarters_with_data(session) | {run.quarter for run in runs.list_runs(session)}, reverse=True)


def quarters_with_data(session: Session) -> set[Quarter]:
    """Every quarter with answers or results."""
    calendar = settings.load_company(session).calendar
    answered = {calendar.quarter_of(month) for month in results.answered_months(session)}
    return answered | {Quarter.parse(text) for text in results.stated_quarters(session)}


def calculated_quarters(session: Session) -> list[Quarter]:
    """Every quarter with a run that counts, the newest first."""
    return list(runs.counting_runs(session))


def quarter_of(session: Session, day: date) -> Quarter:
    """The quarter in which a day falls."""
    return settings.load_company(session).calendar.quarter_of(day)


def view_quarter(session: Session, quarter: Quarter) -> QuarterView:
    """A quarter and how far it has come."""
    days = settings.load_company(session).calendar.span(quarter)
    state = quarters.load_life(session, quarter).state
    return QuarterView(quarter, days, state, quarter in known_quarters(session), runs.find_run(session, quarter))


def next_open_start(session: Session, after: date) -> date:
    """Where the version of a plan after one from the day `after` usually starts.

    That is after the last calculated quarter, or with the latest that has data where none is; at the least with the
    quarter after that day.
    """
    calendar = settings.load_company(session).calendar
    calculated = [run.quarter for run in runs.list_runs(session)]
    latest = [calendar.span(max(calculated)).end] if calculated else []
    latest = latest or [calendar.span(quarter).start for quarter in known_quarters(session)[:1]]
    return max([calendar.span(calendar.quarter_of(after)).end, *(start for start in latest if start > after)])


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a company has so far: what the first steps lead to."""

    units: int
    people: int
    quarters: int
    published_plans: int


def readiness(session: Session, actor: Account, now: datetime) -> Readiness:
    """How much of what a first calculation needs is there, of people those whom an actor may see."""
    published = sum(1 for _ in plans.published_plans(session))
    seen = count_seen(session, sight_today(session, actor, now))
    return Readiness(len(units.load_units(session)), seen, len(known_quarters(session)), published)
