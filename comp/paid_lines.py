"""Lines as payroll books them: what a settlement pays, shared out among pay codes, cost centres and units."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from comp.money import Money
from comp.periods import Quarter
from comp.results import Payout, Run
from comp.settlement import Earned, Key, LineKind, Settled, Settlement, settle


class Place(NamedTuple):
    """Under which pay code and cost centre a line is booked, and for which unit."""

    pay_code: str = ""
    cost_centre: str = ""
    unit: str = ""


class LineKey(NamedTuple):
    """What tells a booked line from all others that a quarter's batches hold. `quarter` is the one that it is for."""

    employee: str
    currency: str
    kind: LineKind
    quarter: Quarter
    place: Place


class PaidLine(NamedTuple):
    """One part of what a person is paid, as it is booked."""

    key: LineKey
    name: str
    amount: Money

    @property
    def whose(self) -> Key:
        """Whose pay it is, in which currency."""
        return Key(self.key.employee, self.key.currency)


Weights = Mapping[Place, Fraction]
Places = Mapping[tuple[Key, Quarter], Weights]
"""Where a person's pay for a quarter is booked, each place with its share of it."""

NOWHERE: Weights = {Place(): Fraction(1)}
"""Where pay is booked of which nobody knows where: a payroll layout refuses it and says whose it is."""


def places_of(run: Run) -> dict[tuple[Key, Quarter], Weights]:
    """Where a run's payouts are booked: by what each piece earned; where all earned nothing, by their targets."""
    return {(Key(each.employee, each.amount.currency), run.quarter): _weights(each) for each in run.payouts}


def _weights(payout: Payout) -> Weights:
    parts = [piece.amount for piece in payout.pieces]
    if not any(parts):
        parts = [piece.target for piece in payout.pieces]
    if not any(parts):
        parts = [Fraction(1)] * len(payout.pieces)
    found: dict[Place, Fraction] = {}
    for piece, part in zip(payout.pieces, parts, strict=True):
        place = Place(piece.stretch.plan.pay_code, piece.assignment.cost_centre, piece.assignment.unit)
        found[place] = found.get(place, Fraction(0)) + part
    return found


def settled_run(run: Run, name: str = "") -> Settlement:
    """What a run alone pays."""
    return settle(run.quarter, name, (Earned(each.employee, each.name, each.amount) for each in run.payouts))


def paid_lines(settlement: Settlement, places: Places) -> Iterator[PaidLine]:
    """What a settlement pays, without what is held back, by person; lines that are booked alike are one."""
    for settled in settlement.settled:
        if not settled.held_back:
            yield from _merged(_shared_out(settled, settlement.quarter, places))


def _shared_out(settled: Settled, quarter: Quarter, places: Places) -> Iterator[PaidLine]:
    """Each line of a person; a correction is booked where the pay that it corrects was."""
    for line in settled.lines:
        weights = places.get((settled.key, line.quarter)) or places.get((settled.key, quarter)) or NOWHERE
        for place, part in shared_out(line.amount, weights):
            yield PaidLine(LineKey(*settled.key, line.kind, line.quarter, place), settled.name, part)


def shared_out(amount: Money, weights: Weights) -> Iterator[tuple[Place, Money]]:
    """An amount by largest remainder: first among pay codes and cost centres, then each part among its units."""
    groups: dict[tuple[str, str], dict[Place, Fraction]] = {}
    for place, weight in weights.items():
        groups.setdefault((place.pay_code, place.cost_centre), {})[place] = weight
    parts = _split(amount, [sum(group.values(), Fraction(0)) for group in groups.values()])
    for group, part in zip(groups.values(), parts, strict=True):
        yield from zip(group, _split(part, list(group.values())), strict=True)


def _split(amount: Money, weights: list[Fraction]) -> list[Money]:
    """Money by weights; all of it at the first place where the weights say nothing."""
    if len(weights) == 1 or not sum(weights):
        return [amount, *[Money(0, amount.currency)] * (len(weights) - 1)]
    return amount.split(weights)


def _merged(lines: Iterable[PaidLine]) -> list[PaidLine]:
    """Lines that are booked alike as one: two adjustments of one person, say."""
    found: dict[LineKey, PaidLine] = {}
    for line in lines:
        before = found.get(line.key)
        more = before.amount.minor if before else 0
        found[line.key] = line._replace(amount=Money(line.amount.minor + more, line.amount.currency))
    return list(found.values())


def unreleased(lines: Iterable[PaidLine], released: Mapping[LineKey, PaidLine]) -> list[PaidLine]:
    """What was not paid yet: new lines whole, of changed ones the difference, of those that are gone the reverse."""
    now = {line.key: line for line in lines}
    gone = (line._replace(amount=Money(0, line.amount.currency)) for key, line in released.items() if key not in now)
    deltas = (_less(line, released.get(line.key)) for line in chain(now.values(), gone))
    left = [line for line in deltas if line.amount.minor or line.key not in released]
    return sorted(left, key=lambda line: line.whose)


def _less(line: PaidLine, paid: PaidLine | None) -> PaidLine:
    return line._replace(amount=Money(line.amount.minor - paid.amount.minor, line.amount.currency)) if paid else line
