"""What is stored of corrections: lines with why they are owed, and what they come to."""

from dataclasses import dataclass

from comp.correction_words import Why
from comp.corrections import Delta, Policy
from comp.money import Money
from comp.periods import Quarter


@dataclass(frozen=True, slots=True)
class Line:
    """What one person is owed by a correction, what is done about it, and why."""

    correction: int
    delta: Delta
    policy: Policy | None
    reason: str
    changed_by: str | None
    why: tuple[Why, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A line of an approved correction: the quarter that it corrects, and the one that it is paid with."""

    quarter: Quarter
    pays_with: Quarter
    line: Line

    @property
    def is_claim(self) -> bool:
        """Whether it is set against pay as far as that goes, and carried on."""
        return self.line.policy is Policy.CARRY


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are shown: those whose number or name has a text; `only` is `more`, `less`, a policy, or all."""

    search: str = ""
    only: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class LineTotal:
    """How many people are owed, or owe, how much in one currency; `policy` is empty where they are owed."""

    currency: str
    policy: str
    people: int
    amount: Money
