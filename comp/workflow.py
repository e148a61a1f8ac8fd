"""The life of a quarter: its states, the moves between them, who may make each. What is paid, two people saw."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from comp.roles import Permission


class State(StrEnum):
    """How far a quarter has come. What was released never changes; what comes later is a correction."""

    OPEN = "open"
    CALCULATED = "calculated"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    RELEASED = "released"
    CLOSED = "closed"


PAID = frozenset({State.RELEASED, State.CLOSED})
"""The states after which a calculation is a correction run."""


class Act(StrEnum):
    """What somebody does to a quarter."""

    CALCULATE = "calculate"
    CORRECT = "correct"
    BEGIN_REVIEW = "begin review"
    END_REVIEW = "end review"
    APPROVE = "approve"
    SEND_BACK = "send back"
    ASK_TO_REOPEN = "ask to reopen"
    KEEP_APPROVED = "keep approved"
    REOPEN = "reopen"
    RELEASE = "release"
    RELEASE_MORE = "release more"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Move:
    """An act with the states that it starts from, the one that it leads to, and who may do it.

    `other_than` names the acts whose doers may not do this one: four eyes. `done` is the word for it afterwards; with
    `needs_words` whoever does it says why.
    """

    act: Act
    starts: frozenset[State]
    end: State | None
    needs: Permission
    done: str
    other_than: tuple[Act, ...] = ()
    needs_words: bool = False


_S = State
_MOVES = (
    Move(
        Act.CALCULATE,
        frozenset({_S.OPEN, _S.CALCULATED, _S.IN_REVIEW}),
        _S.CALCULATED,
        Permission.CALCULATE,
        "calculated",
    ),
    Move(Act.CORRECT, PAID, None, Permission.CALCULATE, "calculated anew as a correction"),
    Move(Act.BEGIN_REVIEW, frozenset({_S.CALCULATED}), _S.IN_REVIEW, Permission.MOVE_QUARTERS, "given to review"),
    Move(
        Act.END_REVIEW,
        frozenset({_S.IN_REVIEW}),
        _S.CALCULATED,
        Permission.MOVE_QUARTERS,
        "taken out of review",
        needs_words=True,
    ),
    Move(
        Act.APPROVE,
        frozenset({_S.IN_REVIEW}),
        _S.APPROVED,
        Permission.APPROVE_QUARTERS,
        "approved",
        other_than=(Act.CALCULATE, Act.BEGIN_REVIEW),
    ),
    Move(
        Act.SEND_BACK,
        frozenset({_S.IN_REVIEW}),
        _S.CALCULATED,
        Permission.APPROVE_QUARTERS,
        "sent back",
        needs_words=True,
    ),
    Move(
        Act.ASK_TO_REOPEN,
        frozenset({_S.APPROVED}),
        None,
        Permission.ASK_TO_REOPEN,
        "asked to be reopened",
        needs_words=True,
    ),
    Move(Act.KEEP_APPROVED, frozenset({_S.APPROVED}), None, Permission.APPROVE_QUARTERS, "kept approved"),
    Move(
        Act.REOPEN,
        frozenset({_S.APPROVED}),
        _S.IN_REVIEW,
        Permission.APPROVE_QUARTERS,
        "reopened",
        other_than=(Act.ASK_TO_REOPEN,),
    ),
    Move(
        Act.RELEASE,
        frozenset({_S.APPROVED}),
        _S.RELEASED,
        Permission.RELEASE,
        "released",
        other_than=(Act.CALCULATE, Act.APPROVE),
    ),
    Move(
        Act.RELEASE_MORE,
        frozenset({_S.RELEASED}),
        None,
        Permission.RELEASE,
        "released in part",
        other_than=(Act.CALCULATE, Act.APPROVE),
    ),
    Move(Act.CLOSE, frozenset({_S.RELEASED}), _S.CLOSED, Permission.RELEASE, "closed"),
)
MOVES: Mapping[Act, Move] = MappingProxyType({move.act: move for move in _MOVES})
"""Every move that there is: the one table of a quarter's life."""

_WHAT_FIRST = {
    State.OPEN: "is open. Calculate it first.",
    State.CALCULATED: "is calculated and not in review. Let the review begin first.",
    State.IN_REVIEW: "is in review. It is approved, or sent back, first.",
    State.APPROVED: "is approved. Until it is released, two people can reopen it, with a reason.",
    State.RELEASED: "is released, and what was released never changes. Calculate a correction instead.",
    State.CLOSED: "is closed and never changes. Calculate a correction instead.",
}


@dataclass(frozen=True, slots=True)
class Life:
    """Where a quarter stands: its state and who last did each act that the present state rests on.

    `changes` counts the moves, so that a page can tell that somebody was quicker.
    """

    state: State = State.OPEN
    doers: Mapping[Act, str] = field(default_factory=dict)
    changes: int = 0

    @property
    def is_paid(self) -> bool:
        """Whether something was released, so that a calculation can only correct."""
        return self.state in PAID

    @property
    def waits_to_reopen(self) -> bool:
        """Whether somebody asked that an approved quarter be reopened, and nobody answered."""
        return self.state is State.APPROVED and Act.ASK_TO_REOPEN in self.doers


def stands_against(act: Act, quarter: str, life: Life, by: str) -> str:
    """What stands against an act in words; empty where nothing does."""
    move = MOVES[act]
    if life.state not in move.starts:
        return f"{quarter} {_WHAT_FIRST[life.state]}"
    if act in {Act.REOPEN, Act.KEEP_APPROVED} and not life.waits_to_reopen:
        return f"Nobody asked that {quarter} be reopened. Somebody asks with a reason first, and another decides."
    if act is Act.ASK_TO_REOPEN and life.waits_to_reopen:
        return f"{life.doers[act]} asked already that {quarter} be reopened. Somebody else decides."
    own = next((done for done in move.other_than if life.doers.get(done) == by), None)
    if own:
        return f"{quarter} was {MOVES[own].done} by {by}. Somebody else must {act} it: four eyes see what is paid."
    return ""


_FORGETS = {
    Act.CALCULATE: frozenset(Act),
    Act.END_REVIEW: frozenset({Act.BEGIN_REVIEW, Act.END_REVIEW}),
    Act.SEND_BACK: frozenset({Act.BEGIN_REVIEW, Act.SEND_BACK}),
    Act.KEEP_APPROVED: frozenset({Act.ASK_TO_REOPEN}),
    Act.REOPEN: frozenset({Act.APPROVE, Act.ASK_TO_REOPEN}),
}
"""What an act makes undone: who did it before counts no more."""


def moved(life: Life, act: Act, by: str) -> Life:
    """Where a quarter stands after an act. Whether it may be done is asked before."""
    kept = {done: doer for done, doer in life.doers.items() if done not in _FORGETS.get(act, frozenset())}
    return Life(MOVES[act].end or life.state, {**kept, act: by}, life.changes + 1)


def open_acts(quarter: str, life: Life, by: str, granted: Collection[Permission]) -> frozenset[Act]:
    """Every act that somebody with these permissions may do to a quarter now."""
    allowed = (move.act for move in MOVES.values() if move.needs in granted)
    return frozenset(act for act in allowed if not stands_against(act, quarter, life, by))
