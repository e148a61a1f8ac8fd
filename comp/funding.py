"""A pool that a quarter's payouts share: what is above a protected minimum is scaled by one factor, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from comp.money import Money, allocate, round_half_up
from comp.settlement import Earned

_WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Pool:
    """What may be paid in one currency, and what nobody is scaled below. With `scales_up` all of it is paid."""

    amount: Money
    minimum: Money
    scales_up: bool = False


class Funded(NamedTuple):
    """What somebody earned, the part of it that is protected, and what the pool pays."""

    employee: str
    earned: Money
    protected: Money
    paid: Money

    @property
    def change(self) -> Money:
        """What the pool adds or takes."""
        return Money(self.paid.minor - self.earned.minor, self.paid.currency)


@dataclass(frozen=True, slots=True)
class Funding:
    """What a pool makes of a quarter's payouts: the factor of everything above the minimum, and each payout."""

    factor: Fraction
    funded: tuple[Funded, ...]

    @property
    def paid(self) -> int:
        """What is paid together, in minor units."""
        return sum(each.paid.minor for each in self.funded)

    @property
    def at_minimum(self) -> int:
        """How many people's payouts are not scaled, because they earned no more than the minimum."""
        return sum(1 for each in self.funded if each.earned.minor <= each.protected.minor)


def fund(earned: Sequence[Earned], pool: Pool, step: int = 1) -> Funding:
    """Share a pool out over payouts of its currency: each `protected + factor × the rest`, by largest remainder.

    Ties go by employee number. `step` is the number of minor units that payouts are rounded to; what is left of a pool
    that is no multiple of it is not paid. Raises `ValueError` with a sentence for the user where the pool does not even
    pay what is protected, and where the minimum is no multiple of the step.
    """
    ordered = sorted(each for each in earned if each.amount.currency == pool.amount.currency)
    protected = [min(each.amount.minor, pool.minimum.minor) for each in ordered]
    _require_fit(pool, sum(protected), step)
    factor = _factor([each.amount.minor for each in ordered], protected, pool)
    parts = [(sure + factor * (each.amount.minor - sure)) / step for each, sure in zip(ordered, protected, strict=True)]
    steps = allocate(int(sum(parts, Fraction(0))), parts)
    currency = pool.amount.currency
    return Funding(
        factor,
        tuple(
            Funded(each.employee, each.amount, Money(sure, currency), Money(paid * step, currency))
            for each, sure, paid in zip(ordered, protected, steps, strict=True)
        ),
    )


def fund_at(earned: Sequence[Earned], pool: Pool, factor: Fraction, step: int = 1) -> Funding:
    """What payouts come to at a factor that was paid before: each by itself, half up, so that no other one changes."""
    ordered = sorted(each for each in earned if each.amount.currency == pool.amount.currency)
    return Funding(factor, tuple(_at(each, pool, factor, step) for each in ordered))


def _at(earned: Earned, pool: Pool, factor: Fraction, step: int) -> Funded:
    protected = min(earned.amount.minor, pool.minimum.minor)
    part = (protected + factor * (earned.amount.minor - protected)) / step
    paid = round_half_up(part.numerator, part.denominator) * step
    currency = pool.amount.currency
    return Funded(earned.employee, earned.amount, Money(protected, currency), Money(paid, currency))


def _require_fit(pool: Pool, protected: int, step: int) -> None:
    if pool.amount.minor < protected:
        needed = Money(protected, pool.amount.currency)
        raise ValueError(
            f"A pool of {pool.amount} {pool.amount.currency} does not pay the protected minimum of everybody, which "
            f"comes to {needed}. Raise the pool or lower the minimum."
        )
    if pool.minimum.minor % step:
        raise ValueError(
            f"The minimum of {pool.minimum} is finer than payouts are rounded to: make it a multiple of "
            f"{Money(step, pool.minimum.currency)}."
        )


def _factor(earned: Sequence[int], protected: Sequence[int], pool: Pool) -> Fraction:
    """What everything above the minimum is multiplied by: 1 where the pool suffices and is not to be used up."""
    above = sum(earned) - sum(protected)
    left = pool.amount.minor - sum(protected)
    if not above or (left >= above and not pool.scales_up):
        return _WHOLE
    return Fraction(left, above)
