"""A slider of a what-if against the full recalculation, for one plan that pays the whole company: the worst case."""

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from comp.calculate import calculate
from comp.plan import Scope
from comp.whatif import Snapshot
from comp.whatif_position import Position, turned, with_share
from comp.whatif_scores import point_costs
from tests.bench.company import Size, facts, plans
from tests.bench.table import Table

T = TypeVar("T")
_REPEATS = 3


def run(size: Size) -> None:
    """Print the ratios, and how far the estimate is from the cents that the calculation pays."""
    plan = replace(plans()[0], scope=Scope())
    company = replace(facts(size), plans=(plan,))
    gc.collect()
    gc.freeze()
    full, _ = _median([lambda: calculate(company)] * _REPEATS)
    snapshot = Snapshot(company)
    first, _ = _median([lambda: snapshot.estimate(plan)])
    shares = [turned(plan, with_share(plan, "customer", Fraction(percent, 100))) for percent in (45, 50, 55)]
    share, _ = _median([lambda tried=tried: snapshot.estimate(tried) for tried in shares])
    curves = [turned(plan, Position(shifts={"customer.0": Fraction(points)})) for points in (1, 2, 3)]
    curve, estimate = _median([lambda tried=tried: snapshot.estimate(tried) for tried in curves])
    exact, (_, paid) = _median([lambda: snapshot.exact_costs(curves[-1])])
    points, _ = _median([lambda: point_costs(snapshot, curves[-1])])
    (cost,) = estimate.costs
    away = abs(paid["EUR"].amount - cost.after)
    table = Table(f"what-if: {size.people:,} people in {size.units:,} units, one plan for all")
    table.row("full recalculation from facts in memory", full)
    table.row("a share's slider", share, f"cost, units, movers, spread; bound {float(cost.bound):,.2f} EUR")
    table.row("a curve's slider", curve, f"{float(away):,.2f} EUR away from the cents")
    table.row("the first estimate, which freezes the quarter", first)
    table.row("the exact line: both plans in full", exact)
    table.row(f"a point more of each of {len(set(plan.readings()))} metrics", points)
    table.ratio("full recalculation : a share's slider", full, share)
    table.ratio("full recalculation : a curve's slider", full, curve)


def _median(work: list[Callable[[], T]]) -> tuple[float, T]:
    """The median processor time of several pieces of work, which a busy machine leaves alone; what the last gave."""
    times, answers = [], list[T]()
    for each in work:
        start = time.process_time()
        answers.append(each())
        times.append(time.process_time() - start)
    return sorted(times)[len(times) // 2], answers[-1]
