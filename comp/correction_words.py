"""A correction in words: for the person whose pay it is, and for whoever decides."""

from collections.abc import Iterable
from typing import NamedTuple

from comp.causes import LABELS, Cause
from comp.compare import Part
from comp.figures import MINUS, grouped, money_text
from comp.money import Money
from comp.periods import Quarter

OTHER = "earlier corrections and additions"
"""Why a delta is not what the two runs differ by."""


class Why(NamedTuple):
    """What one cause changed; an empty cause is what the two runs do not differ by. `metric` where it is a metric's."""

    cause: str
    metric: str
    change: Money

    @property
    def label(self) -> str:
        """How the cause is called where people read."""
        return LABELS[Cause(self.cause)] if self.cause else OTHER.capitalize()


def reasons(parts: Iterable[Part], amount: Money) -> tuple[Why, ...]:
    """Why somebody is owed an amount: the parts by which two runs differ, and what is left. They add up to it."""
    found = [Why(part.input.cause, part.input.metric, part.change) for part in parts]
    rest = amount.minor - sum(why.change.minor for why in found)
    return (*found, *([Why("", "", Money(rest, amount.currency))] if rest else []))


def about(quarter: Quarter, why: Iterable[Why]) -> str:
    """What a statement says, such as `Correction of 2026-Q1: scores +20.00 EUR, salary −3.00 EUR.`."""
    changes: dict[str, Money] = {}
    for each in why:
        minor = changes[each.label].minor if each.label in changes else 0
        changes[each.label] = Money(minor + each.change.minor, each.change.currency)
    said = ", ".join(
        f"{label[0].lower()}{label[1:]} {signed_text(each)}" for label, each in changes.items() if each.minor
    )
    return f"Correction of {quarter}: {said}." if said else f"Correction of {quarter}."


def recovered(about_it: str, part: Money, rest: Money, since: Quarter, quarter: Quarter) -> str:
    """What a statement says where a claim is set against what a quarter pays; `rest` is what is left of it then."""
    carried = "" if since == quarter else f" Carried over from {since}."
    left = f" {money_text(rest)} is left and carried on." if rest.minor else ""
    return f"{about_it}{carried} {money_text(Money(abs(part.minor), part.currency))} is set against this payment.{left}"


def signed_text(amount: Money) -> str:
    """A change: `+38.90 EUR`, `−41.20 EUR`."""
    sign = "+" if amount.minor > 0 else ""
    return f"{sign}{grouped(str(amount)).replace('-', MINUS)} {amount.currency}"
