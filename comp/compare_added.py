"""Differences between two quarters with the adjustments that were approved in each: one more part, exact as others."""

from collections.abc import Mapping

from comp.causes import Cause, Input
from comp.compare import Change, Part
from comp.money import Money
from comp.settlement import Key

Amounts = Mapping[Key, Money]
"""What adjustments add to people's pay."""


def with_adjustments(change: Change, employees: tuple[str, str], was: Amounts, now: Amounts) -> Change:
    """A change of what two runs gave as a change of what is paid: adjustments are in both sums and are a part of it.

    `employees` are whose pay is on each side. Whom a run does not pay has no adjustment there.
    """
    currency = change.difference.currency
    old, new = (_minor(side, Key(employee, currency)) for side, employee in zip((was, now), employees, strict=True))
    parts = change.parts
    if new != old:
        parts = (*parts, Part(Input(Cause.ADJUSTMENT), Money(new - old, currency)))
    return change._replace(
        before=_plus(change.before, old),
        after=_plus(change.after, new),
        difference=Money(change.difference.minor + new - old, currency),
        parts=parts,
    )


def _minor(side: Amounts, key: Key) -> int:
    found = side.get(key)
    return found.minor if found else 0


def _plus(amount: Money | None, minor: int) -> Money | None:
    return None if amount is None else Money(amount.minor + minor, amount.currency)
