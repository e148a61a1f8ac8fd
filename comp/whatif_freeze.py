"""A quarter frozen for what-ifs: everybody's exact targets, summed by plan, unit and currency, once.

What a change of weights, curves, gates, caps or modifiers does to pay is then a multiplication for each unit, not a
calculation for each person. Targets are whole numbers over one denominator for each currency, so that nothing is lost.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import NamedTuple

from comp.calculate import calculate_at_target
from comp.facts import Facts
from comp.results import Payout, Piece


class Key(NamedTuple):
    """What shares one attainment: a plan from a day on in a unit; `employee` where a person's own results are read."""

    plan: str
    starts: date
    unit: str
    employee: str


class Part(NamedTuple):
    """One piece of somebody's quarter: what it earns at 100 %. `is_paid` is false where the rules forfeit it."""

    key: Key
    target: int
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """People alike: the whole quarter in one unit under one plan, in one currency, the largest target first.

    Of them `aimed` have a target above 0: only their pay can change.
    """

    key: Key
    currency: str
    targets: tuple[int, ...]
    employees: tuple[str, ...]
    total: int
    aimed: int


@dataclass(frozen=True, slots=True)
class Alone:
    """Somebody whose payout has several pieces, or one that is forfeited: the payout in one currency.

    `needs` are all attainments that the person's payouts rest on, in any currency: where one is held, the person is.
    """

    employee: str
    currency: str
    parts: tuple[Part, ...]
    needs: tuple[Key, ...]


class Sums(NamedTuple):
    """All pieces under one attainment together: what they earn at 100 %, and that with what is forfeited."""

    paid: int
    aimed: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A quarter under one set of plans, whatever their weights. `held` are those who are held whatever the scores.

    A target is so many parts of the currency's main unit as `over` says.
    """

    over: Mapping[str, int]
    cells: tuple[Cell, ...]
    alone: tuple[Alone, ...]
    sums: Mapping[tuple[Key, str], Sums]
    resting: Mapping[Key, tuple[Alone, ...]]
    """Those who stand alone, by each attainment that they rest on."""

    people: Mapping[str, int]
    """How many payouts there are in each currency while nobody is held for want of a score."""

    names: Mapping[str, str]
    held: Mapping[str, str]

    def keys(self) -> set[Key]:
        """Every attainment that somebody's pay rests on, and those under which pieces are forfeited."""
        return {key for key, _ in self.sums}

    def employees_of(self, plan: str) -> set[str]:
        """Everybody of whose quarter a plan has a piece."""
        found = {employee for cell in self.cells if cell.key.plan == plan for employee in cell.employees}
        return found | {one.employee for one in self.alone if any(part.key.plan == plan for part in one.parts)}

    def only(self, employees: Collection[str]) -> "Frozen":
        """The same quarter of these people alone."""
        cells = tuple(cell for cell in (_only(cell, employees) for cell in self.cells) if cell.employees)
        alone = tuple(one for one in self.alone if one.employee in employees)
        held = {employee: why for employee, why in self.held.items() if employee in employees}
        return _frozen(self.over, cells, alone, self.names, held)


def freeze(facts: Facts) -> Frozen:
    """Work out everybody's exact targets once, with scopes, grades, days, absences and eligibility applied."""
    run = calculate_at_target(facts)
    first_day = facts.calendar.span(facts.quarter).start
    over: dict[str, int] = {}
    exact = {}
    for payout in run.payouts:
        currency = payout.amount.currency
        exact[payout.employee, currency] = targets = [_target(piece) for piece in payout.pieces]
        over[currency] = lcm(over.get(currency, 1), *(target.denominator for target in targets))
    gathered: dict[tuple[Key, str], list[tuple[int, str]]] = {}
    alone: list[Alone] = []
    for employee, group in groupby(run.payouts, key=_employee):
        paid = {
            (each := payout.amount.currency): _parts(payout, exact[employee, each], over, first_day) for payout in group
        }
        parts = [part for each in paid.values() for part in each]
        if len(parts) == 1 and parts[0].is_paid:
            ((currency, (part,)),) = paid.items()
            gathered.setdefault((part.key, currency), []).append((part.target, employee))
        else:
            needs = tuple(dict.fromkeys(part.key for part in parts if part.is_paid))
            alone += [Alone(employee, currency, each, needs) for currency, each in paid.items()]
    cells = tuple(_cell(key, currency, people) for (key, currency), people in sorted(gathered.items()))
    names = {payout.employee: payout.name for payout in run.payouts} | {each.employee: each.name for each in run.held}
    return _frozen(over, cells, tuple(alone), names, {hold.employee: hold.why for hold in run.held})


def _employee(payout: Payout) -> str:
    return payout.employee


def _target(piece: Piece) -> Fraction:
    """What a piece earns at 100 %; of one that is forfeited, what it would."""
    return piece.target if piece.stretch.forfeited else Fraction(*piece.earned)


def _parts(payout: Payout, targets: Iterable[Fraction], over: Mapping[str, int], first_day: date) -> tuple[Part, ...]:
    whole = over[payout.amount.currency]
    return tuple(
        Part(_key(piece, first_day), target.numerator * (whole // target.denominator), not piece.stretch.forfeited)
        for piece, target in zip(payout.pieces, targets, strict=True)
    )


def _key(piece: Piece, first_day: date) -> Key:
    plan, attainment = piece.stretch.plan, piece.stretch.attainment
    return Key(plan.id, max(plan.starts, first_day), attainment.unit, attainment.employee)


def _cell(key: Key, currency: str, people: list[tuple[int, str]]) -> Cell:
    people.sort(key=_largest_first)
    targets = tuple(target for target, _ in people)
    aimed = sum(target > 0 for target in targets)
    return Cell(key, currency, targets, tuple(employee for _, employee in people), sum(targets), aimed)


def _largest_first(person: tuple[int, str]) -> tuple[int, str]:
    return -person[0], person[1]


def _only(cell: Cell, employees: Collection[str]) -> Cell:
    kept = [person for person in zip(cell.targets, cell.employees, strict=True) if person[1] in employees]
    return cell if len(kept) == len(cell.employees) else _cell(cell.key, cell.currency, kept)


def _frozen(
    over: Mapping[str, int],
    cells: tuple[Cell, ...],
    alone: tuple[Alone, ...],
    names: Mapping[str, str],
    held: Mapping[str, str],
) -> Frozen:
    sums: dict[tuple[Key, str], Sums] = {}
    for key, currency, target, is_paid in _pieces(cells, alone):
        paid, aimed = sums.get((key, currency), (0, 0))
        sums[key, currency] = Sums(paid + target * is_paid, aimed + target)
    resting: dict[Key, list[Alone]] = {}
    for one in alone:
        for key in one.needs:
            resting.setdefault(key, []).append(one)
    together = {key: tuple(each) for key, each in resting.items()}
    people = Counter(one.currency for one in alone)
    for cell in cells:
        people[cell.currency] += len(cell.employees)
    return Frozen(over, cells, alone, sums, together, people, names, held)


def _pieces(cells: Iterable[Cell], alone: Iterable[Alone]) -> Iterator[tuple[Key, str, int, bool]]:
    for cell in cells:
        yield cell.key, cell.currency, cell.total, True
    for one in alone:
        for key, target, is_paid in one.parts:
            yield key, one.currency, target, is_paid
