"""What makes a person look twice at an answer: each flag with its words and figures, and never a penalty of itself."""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from comp.begging import begging_language
from comp.figures import counted, day_text
from comp.periods import Span

WITHIN = timedelta(days=90)
"""How close two responses of one customer are that are worth a look."""

_SHORTEST_COMMENT = 15
_FEWEST_IN_A_BURST = 5
_CHANCE = 0.001
_NO_LETTER = re.compile(r"\W+")


class Sign(StrEnum):
    """What an answer may show."""

    REPEATED = "repeated respondent"
    IDENTICAL = "identical comments"
    BURST = "burst"
    BEGGING = "asked for a score"


TELLING_COMMENTS = frozenset({Sign.IDENTICAL, Sign.BEGGING})
"""The signs that tell something of what customers wrote."""


@dataclass(frozen=True, slots=True)
class Given:
    """One response as it is judged. `customer` is a keyed hash, empty where the survey does not tell."""

    number: int
    day: date
    customer: str
    comment: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A sign, and what was found, as a sentence with its figures."""

    sign: Sign
    words: str


def flags(given: Sequence[Given], days: Span, seen: Mapping[str, Sequence[date]]) -> dict[int, tuple[Flag, ...]]:
    """The flags of one unit's responses of some days, by number; those without any are left out.

    `seen` has for each customer every day with a response anywhere in the company.
    """
    bursts = _bursts(Counter(each.day for each in given), days)
    comments = Counter(text for each in given if (text := _told(each.comment)))
    sorted_days = {customer: sorted(when) for customer, when in seen.items()}
    found = {each.number: tuple(_flags(each, sorted_days, comments, bursts)) for each in given}
    return {number: those for number, those in found.items() if those}


def _flags(
    each: Given, seen: Mapping[str, Sequence[date]], comments: Mapping[str, int], bursts: Mapping[date, str]
) -> Iterator[Flag]:
    others = _close(each, seen.get(each.customer, ()))
    if others:
        yield Flag(
            Sign.REPEATED,
            f"The same customer answered {counted(others + 1, 'time')} within {WITHIN.days} days of this answer.",
        )
    same = comments.get(_told(each.comment), 0)
    if same > 1:
        yield Flag(Sign.IDENTICAL, f"{same} responses of the quarter have this same comment.")
    if each.day in bursts:
        yield Flag(Sign.BURST, bursts[each.day])
    language = begging_language(each.comment)
    if language:
        yield Flag(Sign.BEGGING, f"The comment tells that somebody asked for a high score ({language}).")


def _close(each: Given, days: Sequence[date]) -> int:
    """How many other responses of the customer lie within 90 days before and after."""
    if not each.customer:
        return 0
    between = bisect_right(days, each.day + WITHIN) - bisect_left(days, each.day - WITHIN)
    return max(0, between - 1)


def _told(comment: str) -> str:
    """A comment as it is compared: letters and figures alone. Empty for what many say alike, such as “all good”."""
    text = _NO_LETTER.sub(" ", comment.casefold()).strip()
    return text if len(text) >= _SHORTEST_COMMENT else ""


def _bursts(counts: Mapping[date, int], days: Span) -> dict[date, str]:
    """Days with so many responses that chance brings them to fewer than one quarter in a thousand (Poisson)."""
    total, length = sum(counts.values()), days.days
    found = {}
    for day, count in counts.items():
        usual = (total - count) / (length - 1)
        if count >= _FEWEST_IN_A_BURST and _tail(count, usual) < _CHANCE / length:
            found[day] = f"{count} responses on {day_text(day)}, where {usual:.1f} a day are usual."
    return found


def _tail(count: int, mean: float) -> float:
    """The chance that as many or more come where `mean` are usual."""
    if not mean:
        return 0.0
    below = (math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))
    return max(0.0, 1 - sum(below))


def shown_signs(flags_: Iterable[Flag], *, with_comments: bool) -> tuple[Flag, ...]:
    """The flags that may be shown: without comments none that tells of them."""
    return tuple(flag for flag in flags_ if with_comments or flag.sign not in TELLING_COMMENTS)
