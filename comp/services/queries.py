"""Queries as pages show them: those that one may see, one with its thread, and how many there are."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session

from comp.errors import ChangedError, NotFoundError, Problem, UnseenError
from comp.periods import Quarter
from comp.queries import DONE, About, Act, Part, Query, State, open_acts, waits_for
from comp.query_subjects import payout_subjects, score_subject
from comp.roles import Account, Permission, Role
from comp.services import relations
from comp.services.payouts import view_person
from comp.services.scoreboard import scoreboard
from comp.store import accounts, queries, visibility
from comp.store.queries import PAGE, Seen


class Show(StrEnum):
    """Which of the queries that somebody may see are listed."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of queries is narrowed to; without `show` it has what waits, else what was asked, else all."""

    show: Show | None = None
    state: State | None = None
    quarter: Quarter | None = None
    late: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueryList:
    """A page of queries; `counts` has how many each way of showing them finds, `today` is the company's day."""

    show: Show
    queries: tuple[Query, ...]
    total: int
    page: int
    counts: dict[Show, int]
    quarters: tuple[Quarter, ...]
    today: date

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def list_queries(session: Session, actor: Account, chosen: Filter, now: datetime) -> QueryList:
    """A page of the queries that an actor may see: living ones first, by the day they are due."""
    seen, today = _seen(session, actor, now), relations.today(session, now)
    counts = {show: queries.count(session, seen, _narrowed(seen, Filter(show), today)) for show in Show}
    show = chosen.show or next((each for each in Show if counts[each]), Show.ALL)
    page = max(1, chosen.page)
    found, total = queries.list_page(session, seen, _narrowed(seen, replace(chosen, show=show), today), page)
    return QueryList(show, tuple(found), total, page, counts, tuple(seen.sights), today)


def _seen(session: Session, actor: Account, now: datetime) -> Seen:
    known = queries.quarters(session)
    return Seen(actor, {quarter: relations.sight(session, actor, quarter, now) for quarter in known})


def _narrowed(seen: Seen, chosen: Filter, today: date) -> list[ColumnElement[bool]]:
    which = [seen.is_waited_for()] if chosen.show is Show.WAITING else []
    which += [seen.is_asked()] if chosen.show is Show.MINE else []
    which += [queries.in_state(chosen.state)] if chosen.state else []
    which += [queries.is_of(chosen.quarter)] if chosen.quarter else []
    return [*which, queries.is_late(today)] if chosen.late else which


def count_waiting(session: Session, actor: Account) -> int:
    """How many queries wait for an actor: own ones and owned ones, so nobody's pay is looked at."""
    seen = Seen(actor, {})
    return queries.count(session, seen, [seen.is_waited_for()])


@dataclass(frozen=True, slots=True)
class QueryView:
    """A query as one actor sees it: what they are to it and may do, and whether they may see the pay it is about.

    `owners` are those to whom they may hand it on; `waits` says whether it waits for the actor.
    """

    query: Query
    parts: frozenset[Part]
    acts: frozenset[Act]
    waits: bool
    sees_pay: bool
    today: date
    owners: tuple[Account, ...]


def find_query(session: Session, actor: Account, query_id: int, now: datetime) -> QueryView:
    """A query with its thread. Raises `UnseenError` for one that there is not, or that is not for the actor."""
    seen = _seen(session, actor, now)
    query = queries.find(session, query_id, seen)
    if query is None:
        raise UnseenError("There is no such query, or it is not for you.", "query", str(query_id))
    parts = _parts(actor, query)
    acts = frozenset() if _only_looks(actor) and Part.ASKER not in parts else open_acts(query.state, parts)
    sees_pay = queries.pay_is_seen(session, query_id, seen)
    owners = tuple(_owners(session, query)) if Act.HAND_ON in acts else ()
    waits = waits_for(query.state, parts)
    return QueryView(query, parts, acts, waits, sees_pay, relations.today(session, now), owners)


def _parts(actor: Account, query: Query) -> frozenset[Part]:
    is_hr = Permission.ANSWER_QUERIES in actor.permissions
    held = {
        Part.ASKER: query.asker_id == actor.id,
        Part.OWNER: query.owner_id == actor.id or (query.owner_id is None and is_hr),
        Part.HR: is_hr,
        Part.PAID: actor.employee is not None and query.about.employee == actor.employee,
    }
    return frozenset(part for part, holds in held.items() if holds)


def _only_looks(actor: Account) -> bool:
    return Role.AUDITOR in actor.roles


def _owners(session: Session, query: Query) -> list[Account]:
    """Who may own a query besides its owner: HR, and who manages the person or answers for the unit, up to the top.

    Neither who asked nor who is paid, so that nobody answers themselves.
    """
    above = accounts.list_of_people(session, _responsible(session, query.about))
    able = [*above, *accounts.list_with_role(session, Role.HR)]
    strangers = (each for each in able if each.id not in {query.asker_id, query.owner_id})
    others = (each for each in strangers if query.about.employee is None or each.employee != query.about.employee)
    return list({each.id: each for each in others}.values())


def _responsible(session: Session, about: About) -> list[str]:
    """Who manages the person, or answers for the customers of the unit, from the nearest to the top."""
    if about.employee:
        days = relations.days_of(session, about.quarter)
        return list(visibility.chains_above(session, [about.employee], days).get(about.employee, ()))
    return visibility.leads_above(session, about.unit or "")


def first_owner(session: Session, asker: Account, about: About) -> Account | None:
    """Whose a new query is: the person's manager's, or the loyalty lead's of the unit; None where it is all of HR's.

    That is so where there is no such account, or it is the one that asks.
    """
    nearest = accounts.list_of_people(session, _responsible(session, about)[:1])
    return next((each for each in nearest if each.id != asker.id), None)


def require_unchanged(session: Session, actor: Account, query_id: int, seen: str, now: datetime) -> QueryView:
    """A query as it was seen. Raises `ChangedError` with what was done since where that is not how it stands."""
    view = find_query(session, actor, query_id, now)
    if seen != view.query.fingerprint:
        raise ChangedError(
            "Something was done with this query since you loaded it. Nothing of yours was stored: read it, and send "
            "again what you still want to say.",
            [Problem(f"{each.by} {DONE[each.act]}.") for each in view.query.since(seen)],
        )
    return view


def payout_choices(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> list[About]:
    """Everything that an actor may ask about one person's payout. Raises `NotFoundError` as `view_person` does."""
    person = view_person(session, actor, employee, quarter, now)
    told = [(view.payout, view.tree) for view in person.payouts]
    return payout_subjects(person.run, employee, told, person.without)


def score_choices(session: Session, quarter: Quarter, metric: str) -> list[About]:
    """Every unit's score of a metric, in the order of the tree. Raises `NotFoundError` where there is none."""
    lines = [line for line in scoreboard(session, quarter) if line.metric.id == metric]
    if not lines:
        raise NotFoundError(f"There is no score of that metric in {quarter}.")
    return [score_subject(quarter, line.unit, line.name, line.metric, line.score) for line in lines]


@dataclass(frozen=True, slots=True)
class Asked:
    """The queries about one thing, the latest first; `today` is the company's day."""

    queries: tuple[Query, ...]
    today: date


def of_payout(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> Asked:
    """The queries about one person's payout that an actor may see."""
    found = queries.list_about(session, _seen(session, actor, now), queries.is_of(quarter, [employee]))
    return Asked(tuple(found), relations.today(session, now))


def may_ask(actor: Account, employee: str | None) -> bool:
    """Whether an actor may ask about a person's payout, or with None about a score: auditors about their own alone."""
    return not _only_looks(actor) or (employee is not None and employee == actor.employee)


@dataclass(frozen=True, slots=True)
class QueryCounts:
    """How many queries about a quarter, payouts and scores alike, stand where; `late` ones are open ones too."""

    states: dict[State, int] = field(default_factory=dict)
    late: int = 0

    @property
    def living(self) -> int:
        """How many are not over."""
        return sum(self.states.get(state, 0) for state in (State.OPEN, State.WAITING, State.ANSWERED))


def counts(session: Session, quarter: Quarter, now: datetime) -> QueryCounts:
    """How many queries there are about a quarter, for the board of whoever may see that they exist."""
    today = relations.today(session, now)
    return QueryCounts(queries.count_states(session, quarter), queries.count_late(session, quarter, today))
