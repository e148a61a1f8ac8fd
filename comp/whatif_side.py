"""One side of a what-if: what a frozen quarter costs under one set of attainments."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from comp.attainment import Attainment
from comp.plan import Plan
from comp.whatif_freeze import Alone, Frozen, Key, Sums

_NOTHING = Fraction(0)
Amounts = Mapping[str, Fraction]
"""Exact amounts in main units, by currency."""

ByUnit = Mapping[tuple[str, str], Fraction]
"""Exact amounts in main units, by unit and currency."""


@dataclass(frozen=True, slots=True)
class Paid:
    """One person's exact payout in one currency, in main units."""

    employee: str
    unit: str
    currency: str
    amount: Fraction


class Side:
    """A frozen quarter with the attainments of one set of plans. Held people cost nothing while they are held."""

    def __init__(
        self, frozen: Frozen, factors: Mapping[Key, Attainment], plans: Mapping[tuple[str, date], Plan]
    ) -> None:
        """`factors` are the attainments of the frozen quarter's keys; nothing is summed before it is asked for."""
        self.frozen = frozen
        self.factors = factors
        self._plans = plans
        self.waiting = {key for key, factor in factors.items() if factor.held}
        """The attainments that hold whoever rests on them."""

    def rate(self, key: Key) -> Fraction:
        """What share of a target is paid; nothing while it is held."""
        return _NOTHING if key in self.waiting else self.factors[key].total

    def here(self, key: Key) -> Fraction:
        """The share of a target that the plan calculates."""
        return 1 - self._plans[key.plan, key.starts].elsewhere

    @cached_property
    def costs(self) -> Amounts:
        """What everybody gets together, before the rounding of each payout."""
        found: dict[str, Fraction] = {}
        for (_, currency), amount in self.unit_costs.items():
            found[currency] = found.get(currency, _NOTHING) + amount
        return found

    @cached_property
    def unit_costs(self) -> ByUnit:
        """What the people of each unit get for their days in it."""
        rates = {key: self.rate(key) for key in self.factors}
        return self._by_unit((key, currency, sums.paid, rates[key]) for (key, currency), sums in self._sums.items())

    @cached_property
    def unit_targets(self) -> ByUnit:
        """The part of the targets that is calculated here, of those who are not held."""
        heres = {key: self.here(key) for key in self.factors}
        return self._by_unit((key, currency, sums.aimed, heres[key]) for (key, currency), sums in self._sums.items())

    def _by_unit(self, worth: Iterator[tuple[Key, str, int, Fraction]]) -> ByUnit:
        found: dict[tuple[str, str], Fraction] = {}
        for key, currency, target, rate in worth:
            if key not in self.waiting:
                amount = Fraction(target * rate.numerator, self.frozen.over[currency] * rate.denominator)
                place = key.unit, currency
                found[place] = found[place] + amount if place in found else amount
        return found

    @cached_property
    def _sums(self) -> Mapping[tuple[Key, str], Sums]:
        """The frozen sums without the other pieces of those who are held for one of theirs."""
        if not self.held_alone:
            return self.frozen.sums
        sums = dict(self.frozen.sums)
        for one in self.frozen.alone:
            if one.employee in self.held_alone:
                for key, target, is_paid in one.parts:
                    paid, aimed = sums[key, one.currency]
                    sums[key, one.currency] = Sums(paid - target * is_paid, aimed - target)
        return sums

    @cached_property
    def held_alone(self) -> Mapping[str, str]:
        """Those with several pieces who are held for want of a score, with the reason."""
        return {
            one.employee: " ".join(self.factors[key].held)
            for key in self.waiting
            for one in self.frozen.resting.get(key, ())
        }

    @cached_property
    def held(self) -> Mapping[str, str]:
        """Everybody who is held, with the reason."""
        found = {**self.frozen.held, **self.held_alone}
        for cell in self.frozen.cells:
            if cell.key in self.waiting:
                found.update(dict.fromkeys(cell.employees, " ".join(self.factors[cell.key].held)))
        return found

    @cached_property
    def people(self) -> Counter[str]:
        """How many payouts there are in each currency."""
        found = Counter(self.frozen.people)
        for cell in self.frozen.cells:
            found[cell.currency] -= len(cell.employees) if cell.key in self.waiting else 0
        if self.held_alone:
            found.subtract(one.currency for one in self.frozen.alone if one.employee in self.held_alone)
        return found

    @cached_property
    def tenths(self) -> Counter[int]:
        """How many payouts lie in each tenth of the target: 9 counts those from 90 % to just under 100 %."""
        rates = {key: self.rate(key).as_integer_ratio() for key in self.factors}
        heres = {key: self.here(key).as_integer_ratio() for key in self.factors}
        found: Counter[int] = Counter()
        for cell in self.frozen.cells:
            (paid, over), (here, whole) = rates[cell.key], heres[cell.key]
            if here and cell.aimed and cell.key not in self.waiting:
                found[paid * whole * 10 // (over * here)] += cell.aimed
        for one in self.frozen.alone:
            if one.employee not in self.held_alone:
                earned, over = total(one, rates)
                aimed, whole = total(one, heres, forfeited=True)
                if aimed:
                    found[earned * whole * 10 // (over * aimed)] += 1
        return found

    def payout(self, one: Alone) -> Fraction:
        """What a person with several pieces gets exactly; nothing while held."""
        if one.employee in self.held_alone:
            return _NOTHING
        rates = {part.key: self.rate(part.key).as_integer_ratio() for part in one.parts}
        earned, over = total(one, rates)
        return Fraction(earned, over * self.frozen.over[one.currency])

    def everybody(self) -> Iterator[Paid]:
        """Every payout by itself; nothing for those who are held for want of a score."""
        for cell in self.frozen.cells:
            rate, over = self.rate(cell.key), self.frozen.over[cell.currency]
            for target, employee in zip(cell.targets, cell.employees, strict=True):
                amount = Fraction(target * rate.numerator, rate.denominator * over)
                yield Paid(employee, cell.key.unit, cell.currency, amount)
        for one in self.frozen.alone:
            yield Paid(one.employee, one.parts[-1].key.unit, one.currency, self.payout(one))


def total(one: Alone, rates: Mapping[Key, tuple[int, int]], *, forfeited: bool = False) -> tuple[int, int]:
    """The sum of a person's targets × rates, a ratio not in lowest terms; with forfeited pieces where so told."""
    numerator, denominator = 0, 1
    for key, target, is_paid in one.parts:
        if is_paid or forfeited:
            rate, over = rates[key]
            if over == denominator:
                numerator += target * rate
            else:
                numerator = numerator * over + target * rate * denominator
                denominator *= over
    return numerator, denominator
