"""Why two runs differ: who is paid another amount, by how much, and why, in parts that add up to the cent."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from comp.causes import LABELS, Cause, Input
from comp.compare_attainment import Steps, split_attainment, whole_difference
from comp.compare_lanes import Side
from comp.compare_pieces import Cell, Half, cells, counted_alike, split_cell
from comp.money import Money, minor_unit_decimals
from comp.periods import FiscalCalendar
from comp.results import Hold, Outside, Payout, Run, Stretch

_WHOLE = Fraction(1)
_ROUNDING = Input(Cause.ROUNDING)
_Ratio = tuple[int, int]
_Ratios = dict[Input, _Ratio]
"""What each input changes an amount by, exactly: ratios that need not be in lowest terms."""


class Part(NamedTuple):
    """What one input changed a payout by."""

    input: Input
    change: Money

    @property
    def label(self) -> str:
        """How its cause is called where people read."""
        return LABELS[self.input.cause]

    @property
    def size(self) -> int:
        """How much it changed either way, in minor units."""
        return abs(self.change.minor)


class Change(NamedTuple):
    """One person's payouts in one currency on both sides, None where there is none, and why they differ.

    The parts add up to the difference. There are none where nothing that pays changed.
    """

    employee: str
    name: str
    before: Money | None
    after: Money | None
    difference: Money
    parts: tuple[Part, ...]


class Found(NamedTuple):
    """What a run says of one person: payouts, or why there is none."""

    payouts: Sequence[Payout] = ()
    excluded: Hold | Outside | None = None

    @property
    def cause(self) -> Cause:
        """Why there is no payout."""
        if self.excluded is None:
            return Cause.PERSON
        return Cause.HOLD if isinstance(self.excluded, Hold) else Cause.SCOPE


NOBODY = Found()


def found_in(run: Run) -> dict[str, Found]:
    """What a run says of everybody, by number."""
    payouts: dict[str, list[Payout]] = {}
    for payout in run.payouts:
        payouts.setdefault(payout.employee, []).append(payout)
    found = {employee: Found(own) for employee, own in payouts.items()}
    excluded: tuple[Hold | Outside, ...] = (*run.held, *run.outside)
    return found | {each.employee: Found((), each) for each in excluded}


class Comparison:
    """Two runs side by side. What people share is worked out once."""

    def __init__(self, old: Run, new: Run, calendar: FiscalCalendar, *, across_people: bool = False) -> None:
        """Where two people are compared, their units' scores are told apart instead of the units as a whole."""
        self._old, self._new = found_in(old), found_in(new)
        self._days = calendar.span(old.quarter), calendar.span(new.quarter)
        self._better = tuple({metric.id: metric.better for metric in run.metrics} for run in (old, new))
        self._across_people = across_people
        self._steps: dict[tuple[int, int], Steps] = {}
        self._stretches: dict[tuple[int, int], tuple[Steps, _Ratio | None]] = {}

    def changes(self) -> Iterator[Change]:
        """Everybody's payouts in either run, by number and currency."""
        for employee in sorted({*self._old, *self._new}):
            yield from self.between(employee, employee)

    def between(self, old: str, new: str) -> Iterator[Change]:
        """The payouts of one person in the old run, and of the same or another one in the new."""
        was, now = self.found(old, new)
        before = {payout.amount.currency: payout for payout in was.payouts}
        after = {payout.amount.currency: payout for payout in now.payouts}
        for currency in sorted({**before, **after}):
            exact = self._exact(was, now, currency)
            yield _change(new, before.get(currency), after.get(currency), exact)

    def found(self, old: str, new: str) -> tuple[Found, Found]:
        """What the old run says of one person, and the new of the same or another one."""
        return self._old.get(old, NOBODY), self._new.get(new, NOBODY)

    def cells(self, was: Found, now: Found) -> Iterator[Cell]:
        """The days of two people's quarters laid over each other."""
        halves = (
            Half([piece for payout in found.payouts for piece in payout.pieces], days)
            for found, days in zip((was, now), self._days, strict=True)
        )
        yield from cells(*halves)

    def _exact(self, was: Found, now: Found, currency: str) -> _Ratios:
        exact: _Ratios = {}
        one_sided = now.cause if not now.payouts else was.cause if not was.payouts else None
        for cell in self._usual(was, now) or self.cells(was, now):
            for each, numerator, over in split_cell(cell, currency, self._split):
                by = Input(one_sided) if one_sided else each
                so_far = exact.get(by)
                exact[by] = _sum(so_far, (numerator, over)) if so_far else (numerator, over)
        return exact

    def _usual(self, was: Found, now: Found) -> tuple[Cell, ...]:
        """The one cell of those to whom nothing happens in either quarter: most people."""
        if len(was.payouts) != 1 or len(now.payouts) != 1:
            return ()
        old, new = was.payouts[0].pieces, now.payouts[0].pieces
        if len(old) != 1 or len(new) != 1 or (old[0].stretch.span, new[0].stretch.span) != self._days:
            return ()
        return (Cell(_WHOLE, old[0], new[0]),)

    def _split(self, was: Stretch, now: Stretch) -> tuple[Steps, _Ratio | None]:
        key = id(was), id(now)
        known = self._stretches.get(key)
        if known is None:
            known = self._stretches[key] = self._attained(was, now), counted_alike(was, now)
        return known

    def _attained(self, was: Stretch, now: Stretch) -> Steps:
        old, new = was.attainment, now.attainment
        key = id(old), id(new)
        if key not in self._steps:
            sides = Side(was.plan, old, self._better[0]), Side(now.plan, new, self._better[1])
            is_moved = old.unit != new.unit and not self._across_people
            self._steps[key] = whole_difference(Cause.UNIT, old, new) if is_moved else split_attainment(*sides)
        return self._steps[key]


def _sum(one: _Ratio, other: _Ratio) -> _Ratio:
    return (
        (one[0] + other[0], one[1])
        if one[1] == other[1]
        else (one[0] * other[1] + other[0] * one[1], one[1] * other[1])
    )


def _change(employee: str, was: Payout | None, now: Payout | None, exact: _Ratios) -> Change:
    before, after = was and was.amount, now and now.amount
    name, currency = next((payout.name, payout.amount.currency) for payout in (now, was) if payout)
    total = (after.minor if after else 0) - (before.minor if before else 0)
    parts = tuple(_parts(exact, total, currency)) if exact or total else ()
    return Change(employee, name, before, after, Money(total, currency), parts)


def _parts(exact: _Ratios, total: int, currency: str) -> Iterator[Part]:
    """Exact parts in main units as whole minor units, with what rounding did to both amounts as a part of its own."""
    by_place = sorted(exact.items(), key=_place)
    over = lcm(*{over for _, (_, over) in by_place})
    scale = over * 10 ** minor_unit_decimals(currency)
    parts = [numerator * (scale // over) for _, (numerator, over) in by_place]
    parts.append(total * over - sum(parts))
    inputs = (*(each for each, _ in by_place), _ROUNDING)
    for each, minor in zip(inputs, _shared_out(total, parts, over), strict=True):
        if minor:
            yield Part(each, Money(minor, currency))


def _place(item: tuple[Input, _Ratio]) -> tuple[int, str]:
    return item[0].place


def _shared_out(total: int, parts: Sequence[int], over: int) -> list[int]:
    """Whole numbers in place of parts ÷ `over`, which add up to `total`, by largest remainder, ties by order.

    Parts with all signs turned are shared out alike with all signs turned.
    """
    sign = -1 if next((part for part in (total, *parts) if part), 1) < 0 else 1
    shares = [divmod(sign * part, over) for part in parts]
    missing = sign * total - sum(whole for whole, _ in shares)
    larger = sorted(range(len(parts)), key=lambda place: -shares[place][1])[:missing]
    return [sign * (whole + (place in larger)) for place, (whole, _) in enumerate(shares)]
