"""What a plan would have cost: a draft, or sliders on top of a version, against a quarter and the plan in force.

A snapshot holds one quarter. What changes only attainments is worked out unit by unit on targets that were summed once;
what changes who is paid for which days is frozen anew, which takes as long as a calculation. Amounts are exact before
the one rounding of each payout, so that an estimate is at most half a step of rounding for each payout away from what
`comp.calculate` gives; `exact_costs` is that calculation.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from threading import RLock

from comp.attainment import Attainment, Attainments, Earned, Targets
from comp.calculate import calculate, uncollected
from comp.facts import Facts, Person
from comp.money import Money, minor_unit_decimals
from comp.organisation import Organisation
from comp.plan import Measure, Plan, Reading
from comp.readings import Reader, Readings
from comp.whatif_freeze import Frozen, Key, freeze
from comp.whatif_moves import Moves, moves
from comp.whatif_position import Frame, frames, on_trial
from comp.whatif_side import Side

_NOTHING = Fraction(0)
_MOST_FROZEN = 4
_MOST_MEASURES = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """What people are paid in one currency, in exact main units, and how many payouts that is.

    `bound` is how far the rounded payouts together may lie from an exact amount.
    """

    currency: str
    before: Fraction
    after: Fraction
    people_before: int
    people_after: int
    bound: Fraction

    @property
    def change(self) -> Fraction:
        """What the change costs."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What the people of one unit get in one currency, and what share of their targets that is; None without any."""

    unit: str
    name: str
    currency: str
    before: Fraction
    after: Fraction
    attained_before: Fraction | None
    attained_after: Fraction | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """One position against the plan in force, for everybody whom the plan pays in either.

    Tenths count payouts by how much of the target they are. `held_before` and `held_after` give reasons by employee.
    `is_frozen_anew` says that others are paid, or for other days, so that everybody's targets were worked out again.
    """

    before: Side
    after: Side
    costs: tuple[Cost, ...]
    units: tuple[UnitCost, ...]
    moves: Mapping[str, Moves]
    tenths_before: Counter[int]
    tenths_after: Counter[int]
    held_before: Mapping[str, str]
    held_after: Mapping[str, str]
    is_frozen_anew: bool
    people: int
    """How many people the plan pays or holds on either side."""

    def name(self, employee: str) -> str:
        """Somebody's name, or the number where it is not known."""
        known = self.before.frozen.names.get(employee) or self.after.frozen.names.get(employee)
        return known or employee


@dataclass(frozen=True, slots=True)
class _Pair:
    """A quarter under the plans in force, and frozen under those on trial, for those whom the trial touches.

    `made_from` keeps what the two were made from, by whose identity they are found again.
    """

    before: Side
    after: Frozen
    touched: frozenset[str]
    made_from: tuple[Frozen, Frozen]


class Snapshot:
    """One quarter's facts, with what what-ifs work out of them kept. Threads may share one: they take turns."""

    def __init__(self, facts: Facts) -> None:
        """Nothing is worked out before it is asked for."""
        self.facts = facts
        self.first_day: date = facts.calendar.span(facts.quarter).start
        self.organisation = Organisation(facts.units)
        self.targets = Targets(facts, self.organisation)
        self.readings = Readings(facts, self.organisation)
        self._same: dict[Reading, Reading] = {}
        self._measures: dict[tuple[str, tuple[Measure, ...]], tuple[Measure, ...]] = {}
        self._earned = Earned()
        self._in_force = Attainments(self.readings, self.targets, self._earned)
        self._frozen: dict[tuple[Frame, ...], Frozen] = {}
        self._pairs: dict[tuple[int, int, str], _Pair] = {}
        self._lock = RLock()

    def estimate(self, plan: Plan) -> Estimate:
        """A plan against the one in force."""
        with self._lock, uncollected():
            before, after = self.sides(plan)
            return _estimate(self, before, after, len(self._pair(plan).touched))

    def sides(self, plan: Plan, reader: Reader | None = None) -> tuple[Side, Side]:
        """The quarter with the plans in force, and with a plan on trial; scores from another reader where one is given.

        Only those are in it whom the plan pays on either side, or whose state it changes.
        """
        with self._lock:
            pair, tried = self._pair(plan), on_trial(self.facts.plans, self._shared(plan), self.first_day)
            before = self._side(pair.before.frozen, self.facts.plans, reader) if reader else pair.before
            return before, self._side(pair.after, tried, reader)

    def exact_costs(self, plan: Plan) -> tuple[dict[str, Money], dict[str, Money]]:
        """What the calculation pays the same people to the cent, by currency: with the plans in force, and on trial."""
        with self._lock:
            touched = self._pair(plan).touched
        facts = replace(self.facts, people=tuple(each for each in self.facts.people if each.employee in touched))
        tried = on_trial(facts.plans, plan, self.first_day)
        return _totals(facts), _totals(replace(facts, plans=tried))

    def _shared(self, plan: Plan) -> Plan:
        """The plan with readings that were read before where they are alike, so that no score is looked up twice."""
        components = tuple(
            replace(component, measures=self._alike(component.name, component.measures))
            for component in plan.components
        )
        gates = tuple(replace(gate, reading=self._one(gate.reading)) for gate in plan.gates)
        modifiers = tuple(replace(each, reading=self._one(each.reading)) for each in plan.modifiers)
        return replace(plan, components=components, gates=gates, modifiers=modifiers)

    def _alike(self, name: str, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        if not self._measures:
            known = (each for plan in self.facts.plans for each in plan.components)
            self._measures.update(((each.name, each.measures), each.measures) for each in known)
        if len(self._measures) > _MOST_MEASURES:
            self._measures.clear()
        shared = tuple(replace(each, reading=self._one(each.reading)) for each in measures)
        return self._measures.setdefault((name, measures), shared)

    def _one(self, reading: Reading) -> Reading:
        if not self._same:
            known = (each for plan in self.facts.plans for each in plan.readings())
            self._same.update((each, each) for each in known)
        return self._same.setdefault(reading, reading)

    def _freeze(self, plans: tuple[Plan, ...]) -> Frozen:
        key = frames(plans, self.first_day)
        if key not in self._frozen:
            if len(self._frozen) >= _MOST_FROZEN:  # the first is the one in force
                del self._frozen[list(self._frozen)[1]]
            self._frozen[key] = freeze(replace(self.facts, plans=plans))
        return self._frozen[key]

    def _pair(self, plan: Plan) -> "_Pair":
        """Both sides of a plan's trial without those whom it does not touch."""
        tried = on_trial(self.facts.plans, plan, self.first_day)
        before, after = self._freeze(self.facts.plans), self._freeze(tried)
        key = (id(before), id(after), plan.id)
        if key not in self._pairs:
            if len(self._pairs) >= _MOST_FROZEN:
                del self._pairs[next(iter(self._pairs))]
            touched = before.employees_of(plan.id) | after.employees_of(plan.id)
            touched |= before.held.keys() ^ after.held.keys()
            first = before.only(touched)
            second = first if before is after else after.only(touched)
            side = self._side(first, self.facts.plans, None)
            self._pairs[key] = _Pair(side, second, frozenset(touched), (before, after))
        return self._pairs[key]

    def _side(self, frozen: Frozen, plans: tuple[Plan, ...], reader: Reader | None) -> Side:
        ordered = sorted(plans, key=lambda plan: plan.starts)
        by_key = {(plan.id, max(plan.starts, self.first_day)): plan for plan in ordered}
        fresh = Attainments(reader or self.readings, self.targets, None if reader else self._earned)
        own = {id(plan) for plan in self.facts.plans} if reader is None else set()
        factors: dict[Key, Attainment] = {}
        for key in frozen.keys():  # noqa: SIM118 - it is no mapping
            plan = by_key[key.plan, key.starts]
            factors[key] = _attained(self._in_force if id(plan) in own else fresh, plan, key)
        return Side(frozen, factors, by_key)


def _attained(attainments: Attainments, plan: Plan, key: Key) -> Attainment:
    return attainments.of(plan, key.unit, Person(key.employee, "", ()))


def _totals(facts: Facts) -> dict[str, Money]:
    found: Counter[str] = Counter()
    for payout in calculate(facts).payouts:
        found[payout.amount.currency] += payout.amount.minor
    return {currency: Money(minor, currency) for currency, minor in sorted(found.items())}


def _estimate(snapshot: Snapshot, before: Side, after: Side, people: int) -> Estimate:
    return Estimate(
        before=before,
        after=after,
        costs=tuple(_costs(snapshot, before, after)),
        units=tuple(_units(snapshot.organisation, before, after)),
        moves=moves(before, after),
        tenths_before=before.tenths,
        tenths_after=after.tenths,
        held_before=before.held,
        held_after=after.held,
        is_frozen_anew=before.frozen is not after.frozen,
        people=people,
    )


def _costs(snapshot: Snapshot, before: Side, after: Side) -> Iterator[Cost]:
    was, becomes = before.costs, after.costs
    people = before.people, after.people
    for currency in sorted(was.keys() | becomes.keys()):
        counts = people[0][currency], people[1][currency]
        bound = max(counts) * rounding_step(snapshot.facts, currency) / 2
        yield Cost(currency, was.get(currency, _NOTHING), becomes.get(currency, _NOTHING), *counts, bound)


def rounding_step(facts: Facts, currency: str) -> Fraction:
    """What payouts are rounded to, in main units: the minor unit, or the company's coarser step."""
    minor = Fraction(1, 10 ** minor_unit_decimals(currency))
    return dict(facts.round_to).get(currency, minor)


def _units(organisation: Organisation, before: Side, after: Side) -> Iterator[UnitCost]:
    costs = before.unit_costs, after.unit_costs
    aimed = before.unit_targets, after.unit_targets
    for key in sorted(costs[0].keys() | costs[1].keys()):
        amounts = [side.get(key, _NOTHING) for side in costs]
        attained = [_share(side.get(key), targets.get(key)) for side, targets in zip(costs, aimed, strict=True)]
        yield UnitCost(key[0], organisation.name(key[0]), key[1], *amounts, *attained)


def _share(amount: Fraction | None, target: Fraction | None) -> Fraction | None:
    return amount / target if amount is not None and target else None
