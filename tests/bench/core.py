"""The core against OpenFisca-core: everybody's payout from facts in memory, with explanations available."""

import gc
import resource
import time
from collections.abc import Callable
from typing import TypeVar

from comp.calculate import calculate
from tests.bench.company import Size, facts
from tests.bench.table import Table

T = TypeVar("T")
_REPEATS = 3


def run(size: Size) -> None:
    """Print the ratio, and how many payouts each of the two gets wrong by a cent or more."""
    from tests.bench.openfisca import arrays, simulate

    company = facts(size)
    gc.collect()
    gc.freeze()
    ours, payouts = _median(lambda: calculate(company))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    preparing, found = _median(lambda: arrays(company))
    theirs, amounts = _median(lambda: simulate(found))
    exact = [payout.amount.minor for payout in payouts.payouts]
    wrong = sum(round(float(amount) * 100) != cents for amount, cents in zip(amounts, exact, strict=True))
    table = Table(f"core: {size.people:,} people in {size.units:,} units from facts in memory, explanations available")
    table.row("Loyalty Pay", ours, f"0 payouts a cent wrong, {memory} MB with the facts")
    table.row("OpenFisca-core, facts made into arrays", preparing + theirs, f"{wrong:,} payouts a cent or more wrong")
    table.row("  of which the arrays", preparing)
    table.row("  of which OpenFisca", theirs)
    table.ratio("OpenFisca-core from the same facts : Loyalty Pay", preparing + theirs, ours)
    table.ratio("OpenFisca-core from ready arrays : Loyalty Pay", theirs, ours)


def _median(work: Callable[[], T]) -> tuple[float, T]:
    times, answers = [], list[T]()
    for _ in range(_REPEATS):
        answers.clear()
        start = time.perf_counter()
        answers.append(work())
        times.append(time.perf_counter() - start)
    return sorted(times)[_REPEATS // 2], answers[0]
