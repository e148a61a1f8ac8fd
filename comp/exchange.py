"""Totals of several currencies in the group's one, at a quarter's rates: for information, no payout is converted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comp.money import Money, minor_unit_decimals, round_half_up
from comp.periods import Quarter


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of the group currency one unit of a currency is worth, and where that is taken from."""

    currency: str
    rate: Fraction
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what is worth nothing."""
        if self.rate <= 0:
            raise ValueError(f"The rate of {self.currency} must be above 0.")


@dataclass(frozen=True, slots=True)
class Converted:
    """A total in its own currency and in the group's; `rate` is None for the group currency itself."""

    amount: Money
    rate: Rate | None
    in_group: Money


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """What totals come to in the group currency. Where the rate of a currency is `missing` there is no total."""

    quarter: Quarter
    currency: str
    parts: tuple[Converted, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> Money | None:
        """The parts together; None while a rate is missing."""
        if self.missing:
            return None
        return Money(sum(part.in_group.minor for part in self.parts), self.currency)

    @property
    def says_more(self) -> bool:
        """Whether it tells anything that the totals themselves do not: one of them is in another currency."""
        return bool(self.missing) or any(part.rate for part in self.parts)


def in_group(quarter: Quarter, currency: str, rates: Mapping[str, Rate], totals: Iterable[Money]) -> GroupTotal:
    """Totals in the group currency: the sum of each currency is converted and rounded once, half up."""
    sums: dict[str, int] = {}
    for amount in totals:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    known = {code: Money(minor, code) for code, minor in sorted(sums.items()) if code == currency or code in rates}
    return GroupTotal(
        quarter,
        currency,
        tuple(_converted(amount, currency, rates.get(code)) for code, amount in known.items()),
        tuple(code for code in sorted(sums) if code not in known),
    )


def _converted(amount: Money, currency: str, rate: Rate | None) -> Converted:
    if rate is None or amount.currency == currency:
        return Converted(amount, None, amount)
    return Converted(amount, rate, convert(amount, currency, rate.rate))


def convert(amount: Money, currency: str, rate: Fraction) -> Money:
    """An amount in another currency at a rate, rounded once, half up."""
    worth = amount.amount * rate * 10 ** minor_unit_decimals(currency)
    return Money(round_half_up(worth.numerator, worth.denominator), currency)
