"""Queries on payouts and scores: their states, the moves between them and who may make each, outcomes, due days."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from comp.periods import Quarter

LONGEST = 4_000
"""How many characters one message of a thread may have."""

_SATURDAY = 5


class Subject(StrEnum):
    """What a query is about: somebody's payout, or a unit's score."""

    PAYOUT = "payout"
    SCORE = "score"


class State(StrEnum):
    """Where a query stands. An open one waits for its owner; a waiting or answered one for whoever asked."""

    OPEN = "open"
    WAITING = "waiting for the asker"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


LIVING = frozenset({State.OPEN, State.WAITING, State.ANSWERED})
"""The states of a query that is not over."""


class Outcome(StrEnum):
    """What became of a query that was closed."""

    EXPLAINED = "explained"
    ADJUSTMENT = "adjustment"
    EXCLUSION = "exclusion"
    RESTATEMENT = "restatement"
    MENDED = "data mended"
    REFUSED = "refused"


ANSWERED_BY = {
    Outcome.ADJUSTMENT: "adjustment",
    Outcome.EXCLUSION: "exclusion",
    Outcome.RESTATEMENT: "restatement",
    Outcome.MENDED: "import",
}
"""The kind of thing that answers a query with each outcome that changes what is paid."""


class Part(StrEnum):
    """What somebody is to a query. Where nobody in particular owns it, everybody in HR does."""

    ASKER = "asker"
    OWNER = "owner"
    HR = "HR"
    PAID = "whoever is paid"


class Act(StrEnum):
    """What somebody does with a query."""

    RAISE = "raise"
    ANSWER = "answer"
    ASK_BACK = "ask back"
    REPLY = "reply"
    HAND_ON = "hand on"
    CLOSE = "close"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"


_ASKER, _ANSWERING = frozenset({Part.ASKER}), frozenset({Part.OWNER, Part.HR})


@dataclass(frozen=True, slots=True)
class Move:
    """An act with the states that it starts from, the one that it leads to, and for whom it is.

    `done` is the word for it afterwards; with `needs_words` whoever does it says something.
    """

    act: Act
    starts: frozenset[State]
    end: State
    who: frozenset[Part]
    done: str
    needs_words: bool = True


MOVES = {
    move.act: move
    for move in (
        Move(Act.ANSWER, frozenset({State.OPEN, State.WAITING}), State.ANSWERED, _ANSWERING, "answered"),
        Move(Act.ASK_BACK, frozenset({State.OPEN, State.ANSWERED}), State.WAITING, _ANSWERING, "asked back"),
        Move(Act.REPLY, LIVING, State.OPEN, _ASKER, "replied"),
        Move(
            Act.HAND_ON,
            frozenset({State.OPEN, State.WAITING}),
            State.OPEN,
            _ANSWERING,
            "handed it on",
            needs_words=False,
        ),
        Move(Act.CLOSE, LIVING, State.CLOSED, _ANSWERING, "closed it"),
        Move(Act.ACCEPT, frozenset({State.ANSWERED}), State.CLOSED, _ASKER, "accepted the answer", needs_words=False),
        Move(Act.WITHDRAW, LIVING, State.WITHDRAWN, _ASKER, "withdrew it", needs_words=False),
    )
}
"""Every move that there is: the one table of a query's life."""

DONE = {Act.RAISE: "asked", **{act: move.done for act, move in MOVES.items()}}
"""The word for each act afterwards."""

_NOT_NOW = {
    State.OPEN: "waits for its owner's answer",
    State.WAITING: "waits for whoever asked",
    State.ANSWERED: "is answered",
    State.CLOSED: "is closed. Raise a new one if something is left",
    State.WITHDRAWN: "was withdrawn. Raise a new one if something is left",
}


def stands_against(act: Act, state: State, parts: Collection[Part]) -> str:
    """What stands against an act of somebody who is these things to the query, in words; empty where nothing does."""
    move = MOVES[act]
    if state not in move.starts:
        return f"This query {_NOT_NOW[state]}."
    if Part.ASKER in parts and move.who is _ANSWERING:
        return "You raised this query: somebody else answers it. You can reply to it or withdraw it."
    if not move.who & set(parts):
        who = "whoever raised it" if move.who is _ASKER else "its owner, or HR"
        return f"Only {who} can do that with this query."
    return ""


def open_acts(state: State, parts: Collection[Part]) -> frozenset[Act]:
    """Every act that somebody who is these things to a query may do now."""
    return frozenset(act for act in MOVES if not stands_against(act, state, parts))


def stands_against_outcome(outcome: Outcome, answered_by: str, parts: Collection[Part]) -> str:
    """What stands against closing a query with an outcome, in words; empty where nothing does.

    `answered_by` is the number of what answered it. Nobody decides on a change of their own pay.
    """
    kind = ANSWERED_BY.get(outcome)
    if kind and Part.PAID in parts:
        return f"Nobody closes a query about their own pay with “{outcome}”. Hand it on to somebody else."
    if kind and not answered_by:
        return f"Say which {kind} answered it, by its number."
    if not kind and answered_by:
        return f"“{outcome}” changes nothing, so nothing else answered it: leave the number out."
    return ""


def waits_for(state: State, parts: Collection[Part]) -> bool:
    """Whether a query waits for somebody who is these things to it."""
    if state is State.OPEN:
        return Part.OWNER in parts and Part.ASKER not in parts
    return state in LIVING and Part.ASKER in parts


def due_day(start: date, working_days: int) -> date:
    """The day that is so many working days, Monday to Friday, after another."""
    day = start
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    """Whether a day is one of Monday to Friday."""
    return day.weekday() < _SATURDAY


@dataclass(frozen=True, slots=True)
class About:
    """What a query is about, with the figures as they stood when it was raised, each with its name, as texts.

    `part` names the line, measure or hold within a payout, `title` says it in words. A payout has its employee and
    run, a score its unit and metric.
    """

    subject: Subject
    quarter: Quarter
    title: str
    figures: tuple[tuple[str, str], ...]
    part: str = ""
    employee: str | None = None
    run_id: int | None = None
    unit: str | None = None
    metric: str | None = None

    @property
    def key(self) -> str:
        """What tells this from everything else that one may ask about."""
        if self.subject is Subject.PAYOUT:
            return f"payout {self.quarter} {self.employee} {self.part}"
        return f"score {self.quarter} {self.unit} {self.metric}"

    @property
    def sha256(self) -> str:
        """The hash of what was seen."""
        return hashlib.sha256(json.dumps([self.key, self.title, self.figures]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was done with a query, with what was said; `owner` names whose it became, where it changed."""

    id: int
    act: Act
    by_id: int
    by: str
    at: datetime
    words: str
    owner: str | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question or dispute about a payout or a score.

    `name` is the person's or the unit's. `owner_id` is None where all of HR owns it. `answered_by` names what answered
    it, as `adjustment 12`; it is empty where nothing did.
    """

    id: int
    about: About
    name: str
    asker_id: int
    asker: str
    asked_at: datetime
    owner_id: int | None
    owner: str
    due: date
    state: State
    outcome: Outcome | None
    answered_by: str
    messages: tuple[Message, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether it is closed or withdrawn."""
        return self.state not in LIVING

    def days_late(self, today: date) -> int:
        """For how many days its owner should have answered; 0 for one that waits for somebody else, or for nobody."""
        return max(0, (today - self.due).days) if self.state is State.OPEN else 0

    @property
    def fingerprint(self) -> str:
        """What a page that shows the thread carries: it changes with whatever is done with the query."""
        last = self.messages[-1].id if self.messages else 0
        seen = json.dumps([self.id, self.state, self.owner_id, str(self.due), last])
        return f"{len(self.messages)}-{hashlib.sha256(seen.encode()).hexdigest()[:16]}"

    def since(self, seen: str) -> tuple[Message, ...]:
        """What was done since a page with this fingerprint was loaded; everything where it is no such thing."""
        count = seen.partition("-")[0]
        return self.messages[int(count) if count.isascii() and count.isdigit() else 0 :]
