"""What is still owed for a quarter that was paid: what it comes to now, less everything released or decided for it.

All amounts are whole minor units of one currency, so nothing is rounded here and no chain of corrections loses a cent.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from comp.money import Money
from comp.periods import Quarter
from comp.settlement import Key, LineKind, Settlement


class Policy(StrEnum):
    """What is done about an amount that somebody was paid too much."""

    RECOVER = "recover"
    CARRY = "carry"
    WRITE_OFF = "write off"


USUAL = (Policy.RECOVER, Policy.CARRY)
"""What a company may choose to be done as a rule. Writing off is decided person by person."""


class Standing(NamedTuple):
    """What was done so far for one person, quarter and currency, in minor units.

    `released` was paid; `pending` was decided and is paid, or set against pay, later; `forgiven` was written off.
    """

    released: int = 0
    pending: int = 0
    forgiven: int = 0


class Delta(NamedTuple):
    """What one person is owed in one currency, or owes where `amount` is negative.

    `entitled` is what the quarter comes to now; `forgiven` is what still stands of what was written off before.
    """

    employee: str
    name: str
    entitled: Money
    released: Money
    pending: Money
    forgiven: Money
    amount: Money

    @property
    def key(self) -> Key:
        """Whose pay in which currency."""
        return Key(self.employee, self.amount.currency)


def entitlements(settlement: Settlement) -> dict[Key, Money]:
    """What a correction run's settlement gives everybody for the quarter itself.

    What it pays for other quarters, and what it carries, is none of it.
    """
    other = LineKind.CORRECTION, LineKind.CARRIED
    return {
        each.key: Money(each.payable.minor - each.of_kind(*other).minor, each.currency) for each in settlement.settled
    }


def owed(
    entitled: Mapping[Key, Money],
    standings: Mapping[Key, Standing],
    names: Mapping[str, str],
    held: Collection[str] = (),
) -> tuple[Delta, ...]:
    """Everybody whose pay of the quarter is not what it should be, by employee number and currency.

    Those whom the correction run holds are left out: nobody knows yet what they should get.
    """
    keys = (key for key in sorted({*entitled, *standings}) if key.employee not in held)
    found = (_delta(key, entitled, standings.get(key, Standing()), names) for key in keys)
    return tuple(delta for delta, was in found if delta.amount.minor or delta.forgiven.minor != was)


def _delta(key: Key, entitled: Mapping[Key, Money], standing: Standing, names: Mapping[str, str]) -> tuple[Delta, int]:
    """The delta, and what had been forgiven. What was written off is used up first, and never paid out."""
    now = entitled[key].minor if key in entitled else 0
    raw = now - standing.released - standing.pending
    forgiven = min(standing.forgiven, max(0, -raw))
    sums = (
        Money(minor, key.currency) for minor in (now, standing.released, standing.pending, forgiven, raw + forgiven)
    )
    return Delta(key.employee, names.get(key.employee, key.employee), *sums), standing.forgiven


def after(standing: Standing, delta: Delta, policy: Policy) -> Standing:
    """What was done for a person once a delta is decided: what is written off is forgiven, all else is pending."""
    written_off = -delta.amount.minor if delta.amount.minor < 0 and policy is Policy.WRITE_OFF else 0
    pending = standing.pending + delta.amount.minor + written_off
    return Standing(standing.released, pending, delta.forgiven.minor + written_off)


class Claim(NamedTuple):
    """An amount that is set against what somebody is paid, from the quarter `since` on; `id` tells it from others."""

    id: int
    since: Quarter
    minor: int


def set_against(claims: Sequence[Claim], payables: Iterable[tuple[Quarter, int]]) -> dict[Quarter, dict[int, int]]:
    """How much of each claim is recovered from what each quarter pays, the oldest claim first.

    No payment falls below zero by it; what is left goes on to the next quarter.
    """
    rests = {claim.id: claim.minor for claim in claims}
    found: dict[Quarter, dict[int, int]] = {}
    for quarter, payable in payables:
        room, taken = max(0, payable), dict[int, int]()
        for claim in (each for each in claims if each.since <= quarter):
            part = min(room, rests[claim.id])
            room, rests[claim.id] = room - part, rests[claim.id] - part
            taken |= {claim.id: part} if part else {}
        found[quarter] = taken
    return found


class Decided(NamedTuple):
    """What was seen of one delta when it was decided: it goes into the hash."""

    key: Key
    minor: int
    forgiven: int
    policy: str


def fingerprint(lines: Iterable[Decided]) -> str:
    """The hash of everything that is decided, in the order of the lines: any cent and any policy changes it."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line.key.employee} {line.key.currency} {line.minor} {line.forgiven} {line.policy}\n".encode())
    return digest.hexdigest()
