"""Parts of a whole that people type: giving away what is left, and scaling what is there, exactly.

Results have at least two and at most six decimals of a percent, shared out by largest remainder, ties by order.
"""

from collections.abc import Sequence
from fractions import Fraction

from comp.money import allocate

_WHOLE = Fraction(1)
_FEWEST, _MOST = 2, 6


def spread(parts: Sequence[Fraction], fixed: Fraction = Fraction(0)) -> list[Fraction]:
    """Parts that total 1 with `fixed`: what is left goes to those of 0 in equal shares, or to all where none is 0.

    Where nothing is left, or there is no part, the parts as they are.
    """
    left = _WHOLE - fixed - sum(parts)
    if left <= 0 or not parts:
        return list(parts)
    takers = [place for place, part in enumerate(parts) if part == 0] or list(range(len(parts)))
    given = _cut(left, [Fraction(1)] * len(takers), [*parts, left])
    spread_parts = list(parts)
    for place, more in zip(takers, given, strict=True):
        spread_parts[place] += more
    return spread_parts


def scale(parts: Sequence[Fraction], fixed: Fraction = Fraction(0)) -> list[Fraction]:
    """Parts that total 1 with `fixed`, in the proportion that they have; as they are where they are all 0."""
    whole = _WHOLE - fixed
    if not any(parts) or whole <= 0:
        return list(parts)
    return _cut(whole, parts, [*parts, whole])


def _cut(whole: Fraction, weights: Sequence[Fraction], stated: Sequence[Fraction]) -> list[Fraction]:
    """A whole cut by weights into steps as fine as what was stated; what is finer than a step goes to the first."""
    steps = 100 * 10 ** next((places for places in range(_FEWEST, _MOST) if _fits(stated, places)), _MOST)
    units = int(whole * steps)
    total = sum(weights, Fraction(0))
    parts = [Fraction(part, steps) for part in allocate(units, [weight * units / total for weight in weights])]
    parts[0] += whole - Fraction(units, steps)
    return parts


def _fits(stated: Sequence[Fraction], places: int) -> bool:
    return all((part * 100 * 10**places).denominator == 1 for part in stated)
