"""Leaving answers out of scores: why, what becomes of a proposal, and who may decide. Four eyes see what pays less.

A proposal names answers of one unit and quarter. Another person grants or refuses it; what was granted is taken back by
another proposal that is granted in its turn. What customers said stays as it was said.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comp.periods import Quarter
from comp.roles import Permission

WHOLE = ""
"""In place of a question: all answers of a response."""

MOST_ANSWERS = 500
"""How many answers one proposal may name."""


class Kind(StrEnum):
    """What a proposal asks for."""

    EXCLUDE = "exclude"
    RESTORE = "restore"


class State(StrEnum):
    """Where a proposal stands. Answers of a granted exclusion count for nothing."""

    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken back"


class Reason(StrEnum):
    """Why answers shall be left out, or count again."""

    NOT_A_CUSTOMER = "not a customer"
    TWICE = "answered twice"
    ASKED_FOR = "asked for"
    ELSEWHERE = "about another unit"
    TEST = "test or preview"
    MISTAKEN = "mistaken exclusion"
    OTHER = "other"


REASONS = {
    Reason.NOT_A_CUSTOMER: "Entered by somebody who was no customer",
    Reason.TWICE: "The same customer answered more than once",
    Reason.ASKED_FOR: "Somebody asked the customer for a score",
    Reason.ELSEWHERE: "It is about another unit or an outside cause",
    Reason.TEST: "A test, a preview or a fault of the survey",
    Reason.MISTAKEN: "The answers were left out by mistake",
    Reason.OTHER: "Another reason, told in words",
}
"""The reasons as forms say them."""


class Act(StrEnum):
    """What is done to a proposal."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Move:
    """An act with the state that it leads to, what it needs, and whether it is for the proposer or for another."""

    act: Act
    end: State
    needs: Permission
    is_own: bool


MOVES = {
    move.act: move
    for move in (
        Move(Act.GRANT, State.GRANTED, Permission.DECIDE_EXCLUSIONS, is_own=False),
        Move(Act.REFUSE, State.REFUSED, Permission.DECIDE_EXCLUSIONS, is_own=False),
        Move(Act.WITHDRAW, State.WITHDRAWN, Permission.PROPOSE_EXCLUSIONS, is_own=True),
    )
}
"""Every move of a proposal; each starts where it is proposed."""


@dataclass(frozen=True, slots=True)
class Named:
    """An answer that a proposal names: a response by its key, and one question or `WHOLE`."""

    key: str
    question: str = WHOLE


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with the answers that it names and what became of it; `undoes` is the exclusion to be taken back.

    `seen` are the figures that whoever decided had before them, and `undone_by` is what took a granted one back.
    """

    id: int
    kind: Kind
    unit: str
    quarter: Quarter
    reason: Reason
    words: str
    proposed_by: str
    proposed_at: datetime
    state: State
    answers: tuple[Named, ...]
    undoes: int | None = None
    undone_by: int | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_words: str = ""
    seen: tuple[tuple[str, str], ...] = ()
    seen_sha256: str = ""

    @property
    def question(self) -> str:
        """The one question that the proposal is about, or `WHOLE`."""
        return self.answers[0].question if self.answers else WHOLE


def stands_against(act: Act, proposal: Proposal, by: str, *, touches_own_pay: bool = False) -> str:
    """What stands against an act in words; empty where nothing does."""
    move, name = MOVES[act], f"Proposal {proposal.id}"
    if proposal.state is not State.PROPOSED:
        return f"{name} is {proposal.state} already. Nothing was changed."
    if move.is_own and by != proposal.proposed_by:
        return f"{name} was made by {proposal.proposed_by}. Only who made it withdraws it."
    if not move.is_own and by == proposal.proposed_by:
        return f"You made proposal {proposal.id} yourself. Somebody else decides it."
    if not move.is_own and touches_own_pay:
        return f"{name} changes your own pay. Somebody whose pay it does not touch decides it."
    return ""


def open_acts(proposal: Proposal, by: str, granted: Collection[Permission], *, own_pay: bool) -> frozenset[Act]:
    """Every act that somebody with these permissions may do to a proposal now."""
    allowed = (move.act for move in MOVES.values() if move.needs in granted)
    return frozenset(act for act in allowed if not stands_against(act, proposal, by, touches_own_pay=own_pay))
