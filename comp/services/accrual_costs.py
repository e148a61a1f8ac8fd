"""What a quarter is expected to cost where, with its band: as forecast, as approved, or as released."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlmodel import Session

from comp.accrual_band import Spot, Spread, spread
from comp.accruals import Basis, Cost
from comp.calculate import calculate, calculate_at_target, uncollected
from comp.money import Money
from comp.paid_lines import PaidLine, paid_lines
from comp.periods import Quarter
from comp.results import Run
from comp.services import funding_lines, workflow
from comp.services.batch_content import booked_at
from comp.services.calculation import sufficient_facts
from comp.services.settlement import settle_expected, settle_run
from comp.settlement import LineKind
from comp.store import releases, runs
from comp.store.facts import load_facts
from comp.workflow import State

Key = TypeVar("Key", str, Spot)
Told = Callable[[int, int, int], object]
"""Hears which of `STEPS` is under way, counted from 1, and how much of it is done of how much."""

STEPS = ("Read what is known", "Settle everybody", "Draw the answers again", "Store the accrual")
_READ, _SETTLE, _DRAW, STORE = range(1, 5)
_SCORED = frozenset({LineKind.EARNED, LineKind.FUNDING})
_NO_SPREAD = Spread({}, {}, {}, 0)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a quarter costs, in minor units: `scored` is the part of each spot that hangs on scores; `spread` bounds it.

    `at_risk` is what `held` people would get at 100 %, without those who are `unpriced`; `waiting` what is owed and not
    released, by currency in minor units.
    """

    basis: Basis
    run: str
    costs: Mapping[Spot, Cost]
    scored: Mapping[Spot, int]
    people: Mapping[Spot, int]
    everybody: int
    spread: Spread
    held: int
    unpriced: int
    at_risk: Mapping[str, int]
    waiting: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def costs_of(session: Session, quarter: Quarter, told: Told) -> Costs:
    """What a quarter costs as far as is known: released, approved, or else calculated with what is known now.

    Raises `RefusedError` where there is nothing to calculate from yet.
    """
    told(_READ, 0, 0)
    state = workflow.life_of(session, quarter).state
    if state in {State.RELEASED, State.CLOSED}:
        return _released(session, quarter)
    if state is State.APPROVED:
        return _approved(session, quarter)
    return _forecast(session, quarter, told)


def _forecast(session: Session, quarter: Quarter, told: Told) -> Costs:
    with uncollected():
        facts = sufficient_facts(session, quarter)
        run = calculate(facts, lambda done, total: told(_SETTLE, done, total))
        funded = funding_lines.expected(session, run)
        settlement = settle_expected(session, run, funded.additions)
        lines = list(paid_lines(settlement, booked_at(session, run, settlement)))
        found = spread(facts, run, funded.pools, lambda done, total: told(_DRAW, done, total))
    return _costs(session, Basis.FORECAST, run, lines, spread=found, notes=funded.refused)


def _approved(session: Session, quarter: Quarter) -> Costs:
    stored = workflow.counting_run(session, quarter)
    run, settlement = runs.load_run(session, stored), settle_run(session, stored)
    lines = list(paid_lines(settlement, booked_at(session, run, settlement)))
    return replace(_costs(session, Basis.APPROVED, run, lines), run=stored.name)


def _released(session: Session, quarter: Quarter) -> Costs:
    stored = workflow.counting_run(session, quarter)
    lines = [line for line in releases.released_lines(session, quarter).values() if line.amount.minor]
    run = runs.load_run(session, stored)
    found = _costs(session, Basis.RELEASED, run, lines)
    owed = settle_run(session, stored).payable
    paid = _sums((line.amount.currency, line.amount.minor) for line in lines)
    currencies = owed.keys() | paid.keys()
    waiting = {each: owed.get(each, Money(0, each)).minor - paid.get(each, 0) for each in currencies}
    return replace(found, run=stored.name, waiting={each: minor for each, minor in waiting.items() if minor})


def _costs(
    session: Session,
    basis: Basis,
    run: Run,
    lines: Collection[PaidLine],
    *,
    spread: Spread = _NO_SPREAD,
    notes: tuple[str, ...] = (),
) -> Costs:
    costs: dict[Spot, Cost] = {}
    people: dict[Spot, set[str]] = {}
    for line in lines:
        spot, minor = _spot(line), line.amount.minor
        own, earlier = costs.get(spot, Cost(0))
        is_own = line.key.quarter == run.quarter
        costs[spot] = Cost(own + minor * is_own, earlier + minor * (not is_own))
        people.setdefault(spot, set()).add(line.key.employee)
    held = {hold.employee for hold in run.held}
    at_risk, priced = _at_risk(session, run, held)
    return Costs(
        basis=basis,
        run="",
        costs=costs,
        scored=_sums((_spot(line), line.amount.minor) for line in lines if line.key.kind in _SCORED),
        people={spot: len(each) for spot, each in people.items()},
        everybody=len({line.key.employee for line in lines}),
        spread=spread,
        held=len(held),
        unpriced=len(held - priced),
        at_risk=at_risk,
        notes=notes,
    )


def _spot(line: PaidLine) -> Spot:
    place = line.key.place
    return Spot(line.amount.currency, place.cost_centre, place.unit)


def _at_risk(session: Session, run: Run, held: Collection[str]) -> tuple[dict[str, int], set[str]]:
    """What held people would get at 100 %, and who of them has a target at all: nobody is counted as 0."""
    if not held:
        return {}, set()
    facts, _ = load_facts(session, run.quarter)
    theirs = tuple(person for person in facts.people if person.employee in held)
    found = calculate_at_target(replace(facts, people=theirs)).payouts
    return _sums((each.amount.currency, each.amount.minor) for each in found), {each.employee for each in found}


def _sums(amounts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for key, minor in amounts:
        found[key] = found.get(key, 0) + minor
    return found
