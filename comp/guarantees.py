"""Guaranteed pay of single people: minima for a span of days, and draws that later earnings give back."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from comp.money import Money, round_half_up
from comp.periods import Span


class Promise(StrEnum):
    """A minimum is a gift where earnings are less; a draw is an advance on what is earned later."""

    MINIMUM = "minimum"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What somebody gets at least for a whole quarter, on these days; `floor` is what a recovery always leaves.

    After the last day a draw pays nothing more, and what is left of its balance is still recovered.
    """

    promise: Promise
    amount: Money
    days: Span
    floor: Money

    def of(self, quarter: Span) -> Money:
        """What it comes to in a quarter: its share of the quarter's days, half up."""
        start, end = max(self.days.start, quarter.start), min(self.days.end, quarter.end)
        days = max(0, (end - start).days)
        return Money(round_half_up(self.amount.minor * days, quarter.days), self.amount.currency)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a guarantee does in a quarter: what it adds, what it takes back, and the balance of a draw afterwards."""

    added: Money
    recovered: Money
    balance: Money


def settle_guarantee(guarantee: Guarantee, quarter: Span, earned: Money, balance: Money) -> Settled:
    """What a guarantee adds to, or takes from, what was earned. `balance` is what a draw was ahead before."""
    promised = guarantee.of(quarter).minor
    added = max(0, promised - earned.minor)
    if guarantee.promise is Promise.MINIMUM:
        return _settled(earned.currency, added, 0, 0)
    kept = max(promised, guarantee.floor.minor)
    recovered = min(balance.minor, max(0, earned.minor - kept))
    return _settled(earned.currency, added, recovered, balance.minor + added - recovered)


def _settled(currency: str, added: int, recovered: int, balance: int) -> Settled:
    return Settled(Money(added, currency), Money(recovered, currency), Money(balance, currency))


def balance_after(guarantee: Guarantee, earlier: Iterable[tuple[Span, Money]]) -> Money:
    """What a draw is ahead after some quarters, in order, each with what was earned in it."""
    balance = Money(0, guarantee.amount.currency)
    for quarter, earned in earlier:
        balance = settle_guarantee(guarantee, quarter, earned, balance).balance
    return balance
