"""Bands of scores as tables print them, `85-90`: what is wrong with them, and how a plan writes them."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from comp.figures import shown
from comp.money import exact

_NUMBER = r"-?\d+(?:\.\d+)?"
_BAND = re.compile(rf"\s*({_NUMBER})\s*%?\s*(?:-|–|—|to|\.\.)\s*({_NUMBER})\s*%?\s*", re.ASCII)
Band = tuple[Fraction, Fraction, int]
"""The lowest and the highest score of a band, and with how many decimals they are written."""


def read_band(text: str) -> Band | None:
    """The band that a text states, or None."""
    match = _BAND.fullmatch(text)
    if not match:
        return None
    decimals = max(len(number.partition(".")[2]) for number in match.groups())
    low, high = sorted(exact(number) for number in match.groups())
    return low, high, decimals


def band_problems(bands: Sequence[Band]) -> Iterator[str]:
    """Scores that lie in two bands or between two, and how to write bands that share no score and leave none out."""
    ordered = sorted(bands)
    for (low, high, decimals), (next_low, next_high, next_decimals) in pairwise(ordered):
        first, second = f"{shown(low)}–{shown(high)}", f"{shown(next_low)}–{shown(next_high)}"
        if next_low <= high:
            shared = shown(next_low) if next_low == high else f"{shown(next_low)} to {shown(min(high, next_high))}"
            yield f"The bands {first} and {second} overlap: both contain {shared}."
        elif next_low - high > Fraction(1, 10 ** max(decimals, next_decimals)):
            yield f"The bands {first} and {second} leave a hole: nothing says what is paid between them."
    starts = ", ".join(shown(low) for low, _, _ in ordered)
    yield (
        "A step is written by the score from which it pays, and goes on to the next: "
        f"write {starts} as x (where less is better, the upper ends), with `shape: step`."
    )
