"""The life of a correction: made by HR, proposed, and approved or refused by somebody who did not make it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from comp.corrections import Policy
from comp.periods import Quarter
from comp.roles import Permission


class State(StrEnum):
    """How far a correction has come. Only an approved one pays."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    PUT_ASIDE = "put aside"


OPEN = frozenset({State.DRAFT, State.PROPOSED})
"""The states in which somebody still decides; a quarter has at most one correction in one of them."""


class Act(StrEnum):
    """What somebody does to a correction."""

    CHANGE = "change"
    PROPOSE = "propose"
    PUT_ASIDE = "put aside"
    APPROVE = "approve"
    REFUSE = "refuse"


class Move(NamedTuple):
    """The states that an act starts from, where it leads to, who may do it, and whether it is of others' work only."""

    starts: frozenset[State]
    end: State
    needs: Permission
    done: str
    is_decision: bool = False
    needs_words: bool = False


_DECIDE = Permission.DECIDE_CORRECTIONS
MOVES: Mapping[Act, Move] = MappingProxyType(
    {
        Act.CHANGE: Move(frozenset({State.DRAFT}), State.DRAFT, Permission.PROPOSE_CORRECTIONS, "changed"),
        Act.PROPOSE: Move(frozenset({State.DRAFT}), State.PROPOSED, Permission.PROPOSE_CORRECTIONS, "proposed"),
        Act.PUT_ASIDE: Move(OPEN, State.PUT_ASIDE, Permission.PROPOSE_CORRECTIONS, "put aside"),
        Act.APPROVE: Move(frozenset({State.PROPOSED}), State.APPROVED, _DECIDE, "approved", is_decision=True),
        Act.REFUSE: Move(
            frozenset({State.PROPOSED}), State.REFUSED, _DECIDE, "refused", is_decision=True, needs_words=True
        ),
    }
)
"""Every move that there is."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of a quarter by one of its runs, held against the run that was settled last.

    `pays_with` is the quarter with which it is paid, once it is approved. `changers` changed what is done about
    somebody's negative amount.
    """

    id: int
    quarter: Quarter
    run_id: int
    before_run_id: int
    state: State
    usual: Policy
    made_by: str
    made_at: datetime
    words: str = ""
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    lines_sha256: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_words: str = ""
    pays_with: Quarter | None = None
    changers: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What it is called where people read."""
        return f"Correction {self.id} of {self.quarter}"

    @property
    def hands(self) -> frozenset[str]:
        """Everybody whose work it is, and who therefore does not decide about it."""
        return frozenset({self.made_by, self.proposed_by or self.made_by, *self.changers})


def stands_against(act: Act, correction: Correction, by: str, granted: Collection[Permission]) -> str:
    """What stands against an act in words; empty where nothing does."""
    move = MOVES[act]
    if move.needs not in granted:
        return f"Your roles do not let you {act} a correction."
    if correction.state not in move.starts:
        return f"{correction.name} is {_told(correction)}, and cannot be {move.done} any more."
    if move.is_decision and by in correction.hands:
        return f"{correction.name} is your own work. Somebody else must {act} it: four eyes see what is paid."
    return ""


def _told(correction: Correction) -> str:
    by = f" by {correction.decided_by}" if correction.decided_by else ""
    return f"{correction.state}{by}"


def open_acts(correction: Correction, by: str, granted: Collection[Permission]) -> frozenset[Act]:
    """Every act that somebody with these permissions may do to a correction now."""
    return frozenset(act for act in Act if not stands_against(act, correction, by, granted))
