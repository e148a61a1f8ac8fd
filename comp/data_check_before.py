"""What the data check knows of the quarter before: how many people, what pay was at stake, and whose differs."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from comp.facts import Target

SWING = Fraction(3, 10)
"""From which share of difference on the quarter before is worth a look, unless a company says otherwise."""


class PayTotal(NamedTuple):
    """The full-time pay at stake in one currency: how many assignments, and their salaries and target amounts."""

    currency: str
    people: int
    salaries: int
    targets: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """What a quarter has on its last day: people, and pay by currency, in minor units."""

    people: int
    pay: tuple[PayTotal, ...]


class PayJump(NamedTuple):
    """Somebody whose salary or target amount differs from that on the quarter before's last day, in minor units."""

    employee: str
    name: str
    unit: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Before:
    """What the checks know of the quarter before besides the facts, and from which share of difference they speak."""

    now: Volumes
    before: Volumes
    targets: tuple[Target, ...]
    jumps: tuple[PayJump, ...]
    swing: Fraction = SWING
