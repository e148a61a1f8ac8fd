"""A comparison added up: what each currency gained or lost, for which causes, and whose pay moved most."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from comp.causes import LABELS, Cause
from comp.compare import Change
from comp.money import Money
from comp.waterfall import Step


@dataclass(frozen=True, slots=True)
class CauseTotal:
    """What one cause changed in one currency, and for how many people."""

    cause: Cause
    change: Money
    people: int

    @property
    def label(self) -> str:
        """How the cause is called where people read."""
        return LABELS[self.cause]


@dataclass(frozen=True, slots=True)
class CurrencyChange:
    """What one currency came to on both sides, and why it differs.

    `people` are all who are paid in it on either side, `more` and `less` those who get more and less.
    """

    before: Money
    after: Money
    people: int
    more: int
    less: int
    causes: tuple[CauseTotal, ...]

    @property
    def currency(self) -> str:
        """The currency."""
        return self.after.currency

    @property
    def difference(self) -> Money:
        """How much more is paid, or less where negative."""
        return Money(self.after.minor - self.before.minor, self.currency)

    def steps(self, first: str) -> tuple[Step, ...]:
        """The steps from one total to the other, as a waterfall draws them; `first` names the old side."""
        return (Step(first, self.before), *(Step(each.label, each.change) for each in self.causes if each.change.minor))


class _Sums:
    """The figures of one currency while they are added up."""

    def __init__(self) -> None:
        self.before = self.after = self.people = self.more = self.less = 0
        self.causes: dict[Cause, int] = {}
        self.touched: dict[Cause, int] = {}

    def add(self, change: Change) -> None:
        """Take in one person's change."""
        self.before += change.before.minor if change.before else 0
        self.after += change.after.minor if change.after else 0
        self.people += 1
        self.more += change.difference.minor > 0
        self.less += change.difference.minor < 0
        for cause, minor in by_cause(change).items():
            self.causes[cause] = self.causes.get(cause, 0) + minor
            self.touched[cause] = self.touched.get(cause, 0) + 1

    def total(self, currency: str) -> CurrencyChange:
        """The figures as they are shown, causes in their order."""
        before, after = Money(self.before, currency), Money(self.after, currency)
        causes = tuple(
            CauseTotal(cause, Money(self.causes[cause], currency), self.touched[cause])
            for cause in Cause
            if cause in self.causes
        )
        return CurrencyChange(before, after, self.people, self.more, self.less, causes)


def by_cause(change: Change) -> dict[Cause, int]:
    """What each cause changed a payout by, in minor units, whatever the metric."""
    found: dict[Cause, int] = {}
    for part in change.parts:
        found[part.input.cause] = found.get(part.input.cause, 0) + part.change.minor
    return found


def add_up(changes: Iterable[Change]) -> tuple[CurrencyChange, ...]:
    """What each currency came to on both sides, in the order of their codes."""
    sums: dict[str, _Sums] = {}
    for change in changes:
        sums.setdefault(change.difference.currency, _Sums()).add(change)
    return tuple(sums[currency].total(currency) for currency in sorted(sums))


def movers(changes: Iterable[Change], currency: str, most: int) -> list[Change]:
    """Those whose pay in a currency changed most, the largest difference first; ties by number."""
    moved = (change for change in changes if change.difference.currency == currency and change.difference.minor)
    return nlargest(most, moved, key=lambda change: abs(change.difference.minor))
