"""What is paid of a run: for each person and currency lines that add up, each with its kind and its reason.

A run is what the plans give, and never changes. What is added to it since stands in lines of its own.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from comp.money import Money
from comp.periods import Quarter


class LineKind(StrEnum):
    """Why a line is paid, in the order in which lines are made."""

    EARNED = "earned"
    FUNDING = "funding"
    ADJUSTMENT = "adjustment"
    GUARANTEE = "guarantee"
    RECOVERY = "recovery"
    CORRECTION = "correction"
    CARRIED = "carried"


class SettledLine(NamedTuple):
    """One part of what a person is paid; `quarter` is the one that it is for, `source` what it rests on by kind and id.

    `about` says why in words for the person whose pay it is.
    """

    kind: LineKind
    amount: Money
    quarter: Quarter
    about: str = ""
    source: str = ""


class Settled(NamedTuple):
    """What one person is paid in one currency. `held_back` says why it is not paid yet; empty where it is."""

    employee: str
    name: str
    currency: str
    lines: tuple[SettledLine, ...]
    held_back: str = ""

    @property
    def key(self) -> "Key":
        """What tells it from all others of the settlement."""
        return Key(self.employee, self.currency)

    @property
    def earned(self) -> Money:
        """What the run gave."""
        return self.of_kind(LineKind.EARNED)

    @property
    def payable(self) -> Money:
        """What is paid: the lines together."""
        return Money(sum(line.amount.minor for line in self.lines), self.currency)

    def of_kind(self, *kinds: LineKind) -> Money:
        """What the lines of some kinds come to."""
        return Money(sum(line.amount.minor for line in self.lines if line.kind in kinds), self.currency)


class Key(NamedTuple):
    """Whose pay in which currency."""

    employee: str
    currency: str


Additions = Mapping[Key, Sequence[SettledLine]]
"""Lines that are added to what is settled so far."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a quarter pays, or that of some people, by employee number and currency; `run` is the run's name."""

    quarter: Quarter
    run: str
    settled: tuple[Settled, ...]

    def plus(self, additions: Additions, names: Mapping[str, str] | None = None) -> "Settlement":
        """The settlement with lines added. `names` are of people whom the run does not pay; lines of 0 are left out."""
        lines = {key: tuple(line for line in added if line.amount.minor) for key, added in additions.items()}
        lines = {key: added for key, added in lines.items() if added}
        known = {each.key: each for each in self.settled}
        grown = [each._replace(lines=(*each.lines, *lines.get(each.key, ()))) for each in self.settled]
        grown += [
            Settled(key.employee, (names or {}).get(key.employee, key.employee), key.currency, added)
            for key, added in lines.items()
            if key not in known
        ]
        return Settlement(self.quarter, self.run, tuple(sorted(grown, key=lambda each: each.key)))

    def holding_back(self, reasons: Mapping[Key, str]) -> "Settlement":
        """The settlement with some people's pay held back, for these reasons."""
        held = tuple(each._replace(held_back=reasons.get(each.key, each.held_back)) for each in self.settled)
        return Settlement(self.quarter, self.run, held)

    @property
    def payable(self) -> dict[str, Money]:
        """What is paid in each currency, without what is held back."""
        totals: dict[str, int] = {}
        for each in self.settled:
            if not each.held_back:
                totals[each.currency] = totals.get(each.currency, 0) + each.payable.minor
        return {currency: Money(minor, currency) for currency, minor in sorted(totals.items())}

    @property
    def sha256(self) -> str:
        """The hash of every line: what an approval carries, and changes with any cent."""
        digest = hashlib.sha256(f"{self.quarter}\n{self.run}\n".encode())
        for each in self.settled:
            digest.update(document(each).encode())
        return digest.hexdigest()


class Earned(NamedTuple):
    """What a run gave somebody."""

    employee: str
    name: str
    amount: Money


def settle(quarter: Quarter, run: str, earned: Iterable[Earned]) -> Settlement:
    """What a run alone pays: one line for each payout, a zero too."""
    return Settlement(
        quarter,
        run,
        tuple(
            Settled(each.employee, each.name, each.amount.currency, (_earned(quarter, run, each.amount),))
            for each in earned
        ),
    )


def _earned(quarter: Quarter, run: str, amount: Money) -> SettledLine:
    return SettledLine(LineKind.EARNED, amount, quarter, source=f"run {run}")


def document(settled: Settled) -> str:
    """The text that is hashed: names and words are left out, so that it can be kept for ever."""
    lines = "".join(f"\t{line.kind} {line.quarter} {line.source} {line.amount.minor}\n" for line in settled.lines)
    held = " held back" if settled.held_back else ""
    return f"{settled.employee} {settled.currency}{held}\n{lines}"
