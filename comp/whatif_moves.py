"""Who gains and who loses between two sides of a what-if, and by how much."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import nlargest
from typing import NamedTuple

from comp.whatif_freeze import Alone, Cell, Key
from comp.whatif_side import Paid, Side, total

_NOTHING = Fraction(0)
LARGEST = 5
"""How many of those who gain or lose most are named."""


class Mover(NamedTuple):
    """One person's exact payout in one currency, before and after."""

    employee: str
    unit: str
    currency: str
    before: Fraction
    after: Fraction

    @property
    def change(self) -> Fraction:
        """By how much the payout changes."""
        return self.after - self.before


@dataclass(slots=True)
class Moves:
    """Gains and losses in one currency, in exact main units: the gains less the losses are the change of cost.

    Somebody who is held on one side gets nothing there; who is held on both is not counted.
    """

    gaining: int = 0
    gained: Fraction = _NOTHING
    losing: int = 0
    lost: Fraction = _NOTHING
    unchanged: int = 0
    largest: list[Mover] = field(default_factory=list)

    def add(self, change: Fraction, people: int = 1) -> None:
        """Count people whose payouts change by so much together."""
        if change > 0:
            self.gaining, self.gained = self.gaining + people, self.gained + change
        elif change < 0:
            self.losing, self.lost = self.losing + people, self.lost - change
        else:
            self.unchanged += people

    def keep_largest(self, movers: Iterable[Mover]) -> None:
        """Keep those who move most, ties by employee."""
        moving = [mover for mover in movers if mover.change]
        self.largest = sorted(moving, key=lambda mover: (-abs(mover.change), mover.employee))[:LARGEST]


def moves(before: Side, after: Side) -> Mapping[str, Moves]:
    """Gains and losses by currency, with those who move most."""
    if before.frozen is after.frozen:
        return _Alike(before, after).moves()
    found: dict[str, Moves] = {}
    movers: dict[str, list[Mover]] = {}
    for mover in _paired(before, after):
        found.setdefault(mover.currency, Moves()).add(mover.change)
        movers.setdefault(mover.currency, []).append(mover)
    for currency, moved in found.items():
        moved.keep_largest(movers[currency])
    return found


class _Alike:
    """Two sides of one frozen quarter: people of one cell all move the same way, and whole numbers tell which."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self._frozen = before.frozen
        self._changes = {key: after.rate(key) - before.rate(key) for key in before.factors}
        self._ratios = {key: change.as_integer_ratio() for key, change in self._changes.items()}
        self._found: dict[str, Moves] = {currency: Moves() for currency in sorted(self._frozen.over)}
        self._likely: dict[str, list[tuple[float, Cell | Alone]]] = {currency: [] for currency in self._found}
        """Who may be among those who move most, with about how much: in the order of their exact changes, but ties."""

    def moves(self) -> Mapping[str, Moves]:
        """Gains and losses by currency, with those who move most."""
        for cell in self._frozen.cells:
            self._add_cell(cell)
        self._add_alone()
        for currency, moved in self._found.items():
            moved.keep_largest(self._movers(self._likely[currency]))
        return {currency: moved for currency, moved in self._found.items() if moved != Moves()}

    def _add_cell(self, cell: Cell) -> None:
        if cell.key in self._before.waiting and cell.key in self._after.waiting:
            return
        change, over = self._ratios[cell.key]
        found = self._found[cell.currency]
        found.unchanged += len(cell.employees) - cell.aimed
        found.add(Fraction(cell.total * change, over * self._frozen.over[cell.currency]), cell.aimed)
        if change and cell.aimed:
            self._likely[cell.currency].append((abs(cell.targets[0] * change) / over, cell))

    def _add_alone(self) -> None:
        """Count those with several pieces; their gains are summed by attainment, and multiplied once."""
        gained: Counter[tuple[Key, str]] = Counter()
        lost: Counter[tuple[Key, str]] = Counter()
        held = self._before.held_alone.keys() | self._after.held_alone.keys()
        for one in self._frozen.alone:
            if one.employee in held:
                self._add_held(one)
                continue
            change, over = total(one, self._ratios)
            found = self._found[one.currency]
            if not change:
                found.unchanged += 1
                continue
            found.gaining, found.losing = found.gaining + (change > 0), found.losing + (change < 0)
            sums = gained if change > 0 else lost
            for key, target, is_paid in one.parts:
                sums[key, one.currency] += target * is_paid
            self._likely[one.currency].append((abs(change) / over, one))
        for (key, currency), target in gained.items():
            self._found[currency].gained += self._changes[key] * target / self._frozen.over[currency]
        for (key, currency), target in lost.items():
            self._found[currency].lost -= self._changes[key] * target / self._frozen.over[currency]

    def _add_held(self, one: Alone) -> None:
        """Count somebody who is held on one of the sides; who is held on both neither moves nor stays."""
        if one.employee in self._before.held_alone and one.employee in self._after.held_alone:
            return
        change = self._after.payout(one) - self._before.payout(one)
        self._found[one.currency].add(change)
        self._likely[one.currency].append((float(abs(change) * self._frozen.over[one.currency]), one))

    def _movers(self, likely: list[tuple[float, Cell | Alone]]) -> Iterator[Mover]:
        """Everybody who may be among those who move most: the nearest float keeps the order, so only ties are more."""
        farthest = nlargest(LARGEST, (about for about, _ in likely))
        for about, each in likely:
            if about < farthest[-1]:
                continue
            if isinstance(each, Alone):
                yield _mover(each, self._before, self._after)
            else:
                yield from self._of_cell(each)

    def _of_cell(self, cell: Cell) -> Iterator[Mover]:
        old, new = self._before.rate(cell.key), self._after.rate(cell.key)
        most = min(LARGEST, cell.aimed)
        for target, employee in zip(cell.targets[:most], cell.employees[:most], strict=True):
            exact = Fraction(target, self._frozen.over[cell.currency])
            yield Mover(employee, cell.key.unit, cell.currency, exact * old, exact * new)


def _mover(one: Alone, before: Side, after: Side) -> Mover:
    return Mover(one.employee, one.parts[-1].key.unit, one.currency, before.payout(one), after.payout(one))


def _paired(before: Side, after: Side) -> Iterator[Mover]:
    """Everybody by themselves, where the two sides do not pay the same people for the same days."""
    was, becomes = _by_payout(before.everybody()), _by_payout(after.everybody())
    held = before.held.keys() & after.held.keys()
    for key in sorted(each for each in was.keys() | becomes.keys() if each[0] not in held):
        there = [paid[key] for paid in (becomes, was) if key in paid]
        amounts = [paid[key].amount if key in paid else _NOTHING for paid in (was, becomes)]
        yield Mover(key[0], there[0].unit, key[1], *amounts)


def _by_payout(everybody: Iterable[Paid]) -> dict[tuple[str, str], Paid]:
    return {(paid.employee, paid.currency): paid for paid in everybody}
