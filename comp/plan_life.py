"""The life of a plan version: its states, the moves between them, and who may make each. Four eyes see what pays."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comp.roles import COMMAND_LINE, Permission


class State(StrEnum):
    """Where a version stands. What pays is published; a published version never changes."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


OVER = frozenset({State.WITHDRAWN, State.DISCARDED})
"""The states of versions that are kept for the record and give their start free to another."""


class Act(StrEnum):
    """What somebody does to a version."""

    WRITE = "write"
    SUBMIT = "submit"
    TAKE_BACK = "take back"
    SEND_BACK = "send back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


class Who(StrEnum):
    """Whom an act is for, of those whose role allows it: `OWN` are those who wrote or submitted the version."""

    ANYBODY = "anybody"
    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Move:
    """An act with the state that it starts from, the one that it leads to, and who may do it.

    `done` is the word for it afterwards; with `needs_words` whoever does it says why.
    """

    act: Act
    start: State
    end: State
    needs: Permission
    who: Who
    done: str
    needs_words: bool = False


_WRITE, _PUBLISH = Permission.WRITE_PLANS, Permission.PUBLISH_PLANS
MOVES = {
    move.act: move
    for move in (
        Move(Act.WRITE, State.DRAFT, State.DRAFT, _WRITE, Who.ANYBODY, "changed"),
        Move(Act.SUBMIT, State.DRAFT, State.SUBMITTED, _WRITE, Who.ANYBODY, "submitted"),
        Move(Act.TAKE_BACK, State.SUBMITTED, State.DRAFT, _WRITE, Who.OWN, "taken back"),
        Move(Act.SEND_BACK, State.SUBMITTED, State.DRAFT, _PUBLISH, Who.OTHER, "sent back", needs_words=True),
        Move(Act.PUBLISH, State.SUBMITTED, State.PUBLISHED, _PUBLISH, Who.OTHER, "published"),
        Move(Act.WITHDRAW, State.PUBLISHED, State.WITHDRAWN, _PUBLISH, Who.OTHER, "withdrawn", needs_words=True),
        Move(Act.DISCARD, State.DRAFT, State.DISCARDED, _WRITE, Who.ANYBODY, "discarded"),
    )
}
"""Every move that there is: the one table of a version's life."""

_WHAT_FIRST = {
    State.DRAFT: "is a draft. Submit it first.",
    State.SUBMITTED: "is submitted and waits for somebody else. Take it back, or let it be sent back, first.",
    State.PUBLISHED: "is published and cannot change. Give the new version another start date (`starts`).",
    State.WITHDRAWN: "was withdrawn. Write a new version.",
    State.DISCARDED: "was discarded. Write a new version.",
}


def stands_against(act: Act, version: str, state: State, hands: Collection[str], by: str) -> str:
    """What stands against an act in words; empty where nothing does.

    `hands` are all who wrote or submitted the version. Only the command line may publish what it wrote itself: whoever
    has it has the database in hand.
    """
    move = MOVES[act]
    if state is not move.start:
        return f"{version} is {move.done} already." if state is move.end else f"{version} {_WHAT_FIRST[state]}"
    if move.who is Who.OWN and by not in hands and by != COMMAND_LINE:
        return f"{version} was written by {_listed(hands)}. Only who wrote or submitted it can do that."
    if move.who is Who.OTHER and by in hands and by != COMMAND_LINE:
        return f"{version} was written or submitted by {by}. Somebody else must {act} it."
    return ""


def open_acts(state: State, hands: Collection[str], by: str, granted: Collection[Permission]) -> frozenset[Act]:
    """Every act that somebody with these permissions may do to a version now."""
    allowed = (move.act for move in MOVES.values() if move.needs in granted)
    return frozenset(act for act in allowed if not stands_against(act, "", state, hands, by))


def _listed(hands: Iterable[str]) -> str:
    return " and ".join(sorted(hands)) or "nobody"


class Standing(StrEnum):
    """What a version is today: its state, and for a published one whether it pays yet, or not any more."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMING = "coming"
    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


def standing(state: State, starts: date, published_starts: Iterable[date], today: date) -> Standing:
    """What a version is on a day. `published_starts` are those of all published versions of its plan."""
    if state is not State.PUBLISHED:
        return Standing(state)
    if starts > today:
        return Standing.COMING
    return Standing.SUPERSEDED if any(starts < other <= today for other in published_starts) else Standing.IN_FORCE
