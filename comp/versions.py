"""The stored versions of a plan: drafts, what waits for somebody, and what was published, each with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from comp.errors import Problem
from comp.plan import Plan
from comp.plan_life import MOVES, OVER, Act, Standing, State, standing


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A warning of the linter, with the words in which whoever submitted the version answered it."""

    problem: Problem
    words: str


@dataclass(frozen=True, slots=True)
class Done:
    """Something that somebody did to a version, with what they said; `sha256` is that of the document then."""

    act: Act
    by: str
    at: datetime
    words: str
    sha256: str
    acknowledged: tuple[Acknowledged, ...] = ()

    @property
    def word(self) -> str:
        """What it is called afterwards: `submitted`."""
        return MOVES[self.act].done


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a plan, with who acted on it last in each way, and everything that was done."""

    plan: Plan
    state: State
    sha256: str
    author: str
    saved_at: datetime
    published_by: str | None
    published_at: datetime | None
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    history: tuple[Done, ...] = ()
    id: int = 0

    @property
    def is_published(self) -> bool:
        """Whether the version may pay."""
        return self.state is State.PUBLISHED

    @property
    def is_open(self) -> bool:
        """Whether the version waits for somebody: its author, or whoever publishes it."""
        return self.state in {State.DRAFT, State.SUBMITTED}

    @property
    def is_over(self) -> bool:
        """Whether the version is only kept for the record."""
        return self.state in OVER

    @property
    def hands(self) -> frozenset[str]:
        """Everybody who wrote or submitted the version."""
        done = {each.by for each in self.history if each.act in {Act.WRITE, Act.SUBMIT}}
        return frozenset({self.author, *done, *({self.submitted_by} if self.submitted_by else ())})

    @property
    def fingerprint(self) -> str:
        """What changes whenever something is done to the version: whoever acts on one says which they saw."""
        return f"{self.state}-{self.id}-{len(self.history)}-{self.sha256}"

    @property
    def last(self) -> Done:
        """What was done to the version last."""
        return self.history[-1] if self.history else Done(Act.WRITE, self.author, self.saved_at, "", self.sha256)

    @property
    def acknowledged(self) -> tuple[Acknowledged, ...]:
        """The warnings that were answered when the version was submitted last."""
        submitted = [each for each in self.history if each.act is Act.SUBMIT]
        return submitted[-1].acknowledged if submitted else ()

    def standing(self, versions: Iterable["Version"], today: date) -> Standing:
        """What the version is on a day, among all versions of its plan."""
        starts = [each.plan.starts for each in versions if each.is_published]
        return standing(self.state, self.plan.starts, starts, today)
