"""What the pools in force make of each payout of a run, and what keeps a run from being scaled to one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from comp.errors import RefusedError
from comp.figures import decimal_text, grouped
from comp.funding import Funding, Pool, fund, fund_at
from comp.money import Money, minor_unit_decimals
from comp.periods import Quarter
from comp.results import Run, StoredRun
from comp.settlement import Additions, Earned, Key, LineKind, SettledLine, Settlement
from comp.store import funding, run_totals, runs
from comp.store.funding import FundedLine, StoredPool


def fund_run(session: Session, run: StoredRun, pool: Pool) -> Funding:
    """What a pool makes of a run. Raises `RefusedError` where it does not suffice."""
    earned = list(runs.load_earned(session, run.id))
    try:
        return fund(earned, pool, _step(session, run, pool.amount.currency))
    except ValueError as error:
        raise RefusedError(str(error)) from None


def _step(session: Session, run: StoredRun, currency: str) -> int:
    """To how many minor units a run's payouts in a currency were rounded."""
    minor_units = 10 ** minor_unit_decimals(currency)
    return int(dict(runs.load_round_to(session, run.id)).get(currency, Fraction(1, minor_units)) * minor_units)


def apply(session: Session, run: StoredRun) -> None:
    """Apply the pools that are in force to a run that was just stored; one that does not suffice is not applied.

    A correction keeps the factor that was paid: others' pay does not change with it.
    """
    counting = runs.find_run(session, run.quarter)
    for stored in funding.load_pools(session, run.quarter):
        if stored.is_in_force:
            made = _applied(session, run, counting, stored)
            if made:
                funding.save_lines(session, run.id, stored.id, made)


def _applied(session: Session, run: StoredRun, counting: StoredRun | None, stored: StoredPool) -> Funding | None:
    try:
        if counting is None or counting.id == run.id:
            return fund_run(session, run, stored.pool)
    except RefusedError:
        return None
    factor = funding.load_factor(session, counting.id, stored.id)
    if factor is None:
        return None
    return fund_at(list(runs.load_earned(session, run.id)), stored.pool, factor, _step(session, run, stored.currency))


@dataclass(frozen=True, slots=True)
class Expected:
    """What the pools in force would make of a run that is not stored; `refused` says why others do not suffice."""

    additions: Additions
    pools: Mapping[str, Pool]
    refused: tuple[str, ...]


def expected(session: Session, run: Run) -> Expected:
    """What the pools in force would make of a run that nobody stored."""
    earned = [Earned(each.employee, each.name, each.amount) for each in run.payouts]
    additions: dict[Key, list[SettledLine]] = {}
    pools, refused = {}, []
    for stored in (each for each in funding.load_pools(session, run.quarter) if each.is_in_force):
        minor_units = 10 ** minor_unit_decimals(stored.currency)
        step = int(dict(run.round_to).get(stored.currency, Fraction(1, minor_units)) * minor_units)
        try:
            made = fund(earned, stored.pool, step)
        except ValueError as error:
            refused.append(str(error))
            continue
        pools[stored.currency] = stored.pool
        for each in made.funded:
            amounts = each.earned.minor, each.protected.minor, each.paid.minor
            line = FundedLine(each.employee, stored.currency, stored.id, *amounts, made.factor)
            additions[Key(each.employee, stored.currency)] = [_line(run.quarter, line)]
    return Expected(additions, pools, tuple(refused))


def stands_against(session: Session, run: StoredRun) -> list[str]:
    """What keeps a run from being approved: a pool that it could not be scaled to, or that nobody confirmed."""
    return list(_obstacles(session, run))


def _obstacles(session: Session, run: StoredRun) -> Iterator[str]:
    paid = run_totals.earned_totals(session, run.id)
    for stored in funding.load_pools(session, run.quarter):
        about = f"The pool of {stored.pool.amount} {stored.currency}"
        if stored.is_proposed:
            yield f"{about} waits for somebody who confirms it, or puts it aside."
        elif stored.is_in_force and stored.currency in paid and not funding.has_lines(session, run.id, stored.id):
            yield f"{about} does not suffice for run {run.number}. Set another one."


def lines(session: Session, run: StoredRun, settlement: Settlement) -> Additions:
    """What the pools in force add to a run's payouts, or take from them."""
    employees = {each.employee for each in settlement.settled}
    return {
        Key(each.employee, each.currency): [_line(run.quarter, each)]
        for each in funding.load_lines(session, run.id, employees)
    }


def _line(quarter: Quarter, line: FundedLine) -> SettledLine:
    def text(minor: int) -> str:
        return grouped(str(Money(minor, line.currency)))

    factor = decimal_text(line.factor)
    about = f"Scaled to the pool: {text(line.protected)} + {text(line.earned - line.protected)} × {factor} = "
    change = Money(line.paid - line.earned, line.currency)
    return SettledLine(LineKind.FUNDING, change, quarter, f"{about}{text(line.paid)}", f"funding pool {line.pool_id}")
