"""The page of a review: how far teams are, what waits to be decided and what to be answered, and who was reminded."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.adjustments import Act, Adjustment, Limits
from comp.errors import ChangedError
from comp.periods import Quarter
from comp.review import Mark, Said, row_sha256
from comp.roles import Account
from comp.services import adjusting, review_progress, teams, workflow
from comp.services.relations import sight
from comp.services.review_progress import Progress
from comp.services.settlement import settle_run
from comp.settlement import Settled
from comp.store import people, reviews, run_totals, visibility
from comp.store.visibility import Some
from comp.workflow import State


@dataclass(frozen=True, slots=True)
class Proposed:
    """An adjustment with the name of the person, the hash of their pay now, and what the actor may do to it."""

    adjustment: Adjustment
    name: str
    seen: str
    acts: frozenset[Act]


@dataclass(frozen=True, slots=True)
class SentBack:
    """Somebody's pay that a manager sent back, with what they said."""

    employee: str
    name: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class ReviewBoard:
    """Everything about a quarter's review but single payouts."""

    quarter: Quarter
    state: State
    progress: Progress
    due: date
    adjustments: tuple[Proposed, ...]
    sent_back: tuple[SentBack, ...]
    reminded: Mapping[str, date]
    mails: Mapping[str, str]
    limits: Limits


def view(session: Session, actor: Account, quarter: Quarter, now: datetime) -> ReviewBoard:
    """How a quarter's review stands, as an actor sees it who may see everybody's pay."""
    progress = review_progress.progress(session, quarter)
    found = teams.view_adjustments(session, actor, quarter)
    marks = reviews.load_marks(session, quarter)
    back = {employee: mark for employee, mark in marks.items() if mark.said is Said.SEND_BACK}
    whose = sorted({each.employee for each in found} | set(back))
    names = _names(session, actor, quarter, whose, now)
    seen = _hashes(session, quarter, [employee for employee in whose if employee in names])
    mails = reviews.addresses(session, [team.manager for team in progress.teams])
    return ReviewBoard(
        quarter=quarter,
        state=workflow.life_of(session, quarter).state,
        progress=progress,
        due=review_progress.due_on(session, quarter),
        adjustments=tuple(
            Proposed(each, names[each.employee], seen.get(each.employee, ""), acts)
            for each, acts in found.items()
            if each.employee in names
        ),
        sent_back=tuple(SentBack(number, names[number], mark) for number, mark in back.items() if number in names),
        reminded=review_progress.last_reminded(session, quarter),
        mails={manager: email for manager, (_, email) in mails.items()},
        limits=adjusting.limits_of(session, quarter),
    )


def _names(session: Session, actor: Account, quarter: Quarter, whose: list[str], now: datetime) -> dict[str, str]:
    """The names of those of some employees whom an actor may see."""
    seen = visibility.seen_of(session, sight(session, actor, quarter, now), whose)
    return {employee: name or employee for employee, name in people.names_of(session, seen).items()}


def _hashes(session: Session, quarter: Quarter, whose: list[str]) -> dict[str, str]:
    """The hash of what each of some people is paid now."""
    run = workflow.counting_run(session, quarter)
    found: dict[str, list[Settled]] = {}
    for each in settle_run(session, run, (Some(tuple(whose)),)).settled if whose else ():
        found.setdefault(each.employee, []).append(each)
    return {employee: row_sha256(run.name, lines) for employee, lines in found.items()}


def currencies(session: Session, actor: Account, quarter: Quarter, now: datetime) -> list[str]:
    """The currencies in which a quarter pays, and those that its limits know."""
    run = workflow.counting_run(session, quarter)
    totals = run_totals.currency_totals(session, run.id, sight(session, actor, quarter, now))
    return sorted({total.amount.currency for total in totals} | set(adjusting.limits_of(session, quarter).people))


def seen_limits(limits: Limits) -> str:
    """The hash of limits: what a form shows of them."""
    stated = (limits.quarter, sorted(limits.people.items()), sorted(limits.budgets.items()))
    return hashlib.sha256(repr(stated).encode()).hexdigest()


def require_limits_unchanged(session: Session, quarter: Quarter, seen: str) -> None:
    """Raise `ChangedError` where the limits of a quarter are not those that a form showed."""
    if seen_limits(adjusting.limits_of(session, quarter)) != seen:
        raise ChangedError(
            f"Somebody set the limits of {quarter} since you looked. Load the page again and look at it."
        )
