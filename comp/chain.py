"""The audit chain: what happened, each entry sealed with the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

ORIGIN = "0" * 64
"""What the first entry has in place of the hash of the one before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `number` counts from 1; `details` is a JSON object without names or free text."""

    number: int
    at: datetime
    actor: str
    action: str
    about: str
    details: str = "{}"


class Sealed(NamedTuple):
    """An entry as it is kept: with the hash of the one before it, and its own."""

    entry: Entry
    previous: str
    hash: str


class Anchor(NamedTuple):
    """What was written down elsewhere: that the entry of this number had this hash."""

    number: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """Read `1204:9f86d0…`. Raises `ValueError` with a sentence for the user."""
        number, _, digest = text.strip().partition(":")
        if not (number.isascii() and number.isdigit() and len(digest) == len(ORIGIN)):
            raise ValueError(f"{text!r} is not an anchor; it is a number, a colon and 64 hexadecimal digits")
        return cls(int(number), digest.lower())

    def __str__(self) -> str:
        """The anchor as workbooks and commands print it."""
        return f"{self.number}:{self.hash}"


class Break(NamedTuple):
    """The first entry at which the chain does not hold, and why."""

    number: int
    why: str


def seal(entry: Entry, previous: str) -> Sealed:
    """Seal an entry: SHA-256 over the hash before it and the entry's canonical JSON."""
    canonical = json.dumps(sealed_fields(entry), ensure_ascii=False, separators=(",", ":"))
    return Sealed(entry, previous, hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest())


def sealed_fields(entry: Entry) -> list[int | str]:
    """What of an entry is sealed, as JSON states it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return [entry.number, at, entry.actor, entry.action, entry.about, entry.details]


def first_break(chain: Iterable[Sealed], anchors: Sequence[Anchor] = ()) -> Break | None:
    """The first fault of a chain that is read in order of its numbers, or None where every entry holds.

    That entries were cut off at the end shows only against anchors that were kept elsewhere.
    """
    expected = dict(anchors)
    number, previous = 0, ORIGIN
    for sealed in chain:
        number += 1
        if why := _fault(sealed, number, previous) or _against(expected.get(number), sealed.hash):
            return Break(number, why)
        previous = sealed.hash
    missing = sorted(anchor for anchor in expected if anchor > number)
    return Break(number + 1, f"The chain ends at {number}, and an anchor knows of {missing[0]}.") if missing else None


def _fault(sealed: Sealed, number: int, previous: str) -> str:
    if sealed.entry.number != number:
        return f"Entry {number} is missing: {sealed.entry.number} stands in its place."
    if sealed.previous != previous:
        return f"Entry {number} does not follow the one before it: an entry was changed, moved, removed or put in."
    if seal(sealed.entry, previous).hash != sealed.hash:
        return f"Entry {number} is not what was sealed: it was changed."
    return ""


def _against(anchored: str | None, found: str) -> str:
    return "The entry is not the one that the anchor knows." if anchored and anchored != found else ""
