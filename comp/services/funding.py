"""Pools that a quarter's payouts are scaled to: proposed by HR, confirmed by somebody else."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError
from comp.funding import Funding, Pool
from comp.money import Money
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Account
from comp.services import audit
from comp.services.funding_lines import fund_run
from comp.store import funding, quarters, run_totals, runs
from comp.store.funding import StoredPool
from comp.workflow import State

_OPEN = frozenset({State.OPEN, State.CALCULATED, State.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool with what it makes of the run that counts; None where there is no run, or `refused` says why not."""

    stored: StoredPool
    earned: Money
    funding: Funding | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class FundingView:
    """The pools of a quarter, whether they can still change, and what each currency earned."""

    quarter: Quarter
    is_open: bool
    pools: tuple[PoolView, ...]
    ended: tuple[StoredPool, ...]
    earned: dict[str, Money]


def view(session: Session, quarter: Quarter) -> FundingView:
    """The pools of a quarter with what they make of its payouts, all together and nobody's alone."""
    run = runs.find_run(session, quarter)
    pools = funding.load_pools(session, quarter)
    living = [each for each in pools if each.ended_by is None]
    earned = run_totals.earned_totals(session, run.id) if run else {}
    return FundingView(
        quarter,
        quarters.load_life(session, quarter).state in _OPEN,
        tuple(_view(session, run, each, earned.get(each.currency, Money(0, each.currency))) for each in living),
        tuple(each for each in pools if each.ended_by is not None),
        earned,
    )


def _view(session: Session, run: StoredRun | None, stored: StoredPool, earned: Money) -> PoolView:
    if run is None:
        return PoolView(stored, earned, None)
    try:
        return PoolView(stored, earned, fund_run(session, run, stored.pool))
    except RefusedError as refused:
        return PoolView(stored, earned, None, str(refused))


def propose(session: Session, actor: Account, quarter: Quarter, pool: Pool, words: str, now: datetime) -> int:
    """Set a pool, which somebody else confirms; one that waits already for that is put aside. Gives its number.

    Raises `RefusedError` for an approved quarter, and for a pool that does not pay what it protects.
    """
    _require_open(session, quarter)
    if not words.strip():
        raise RefusedError("Say why there is a pool: whoever confirms it reads it.")
    run = runs.find_run(session, quarter)
    if run:
        fund_run(session, run, pool)
    for waiting in (each for each in funding.load_pools(session, quarter) if each.is_proposed):
        if waiting.currency == pool.amount.currency:
            funding.end_pool(session, waiting.id, actor.email, now)
    number = funding.add_pool(session, quarter, pool, words.strip(), actor.email, now)
    _note(session, actor, now, "propose", number)
    return number


def confirm(session: Session, actor: Account, pool_id: int, now: datetime) -> StoredPool:
    """Let a pool be in force, in place of the one before it, and apply it to the run that counts.

    Raises `RefusedError` for whoever set it, and for an approved quarter.
    """
    stored = _found(session, pool_id)
    if not stored.is_proposed:
        raise RefusedError("This pool does not wait for anybody any more. Load the page again.")
    if stored.set_by == actor.email:
        raise RefusedError("You set this pool yourself. Somebody else must confirm it: four eyes see what is paid.")
    _require_open(session, stored.quarter)
    for before in (each for each in funding.load_pools(session, stored.quarter) if each.is_in_force):
        if before.currency == stored.currency:
            funding.end_pool(session, before.id, actor.email, now)
    funding.confirm_pool(session, pool_id, actor.email, now)
    run = runs.find_run(session, stored.quarter)
    if run:
        funding.save_lines(session, run.id, pool_id, fund_run(session, run, stored.pool))
    _note(session, actor, now, "confirm", pool_id)
    return stored


def end(session: Session, actor: Account, pool_id: int, now: datetime) -> StoredPool:
    """Put a proposed pool aside, or let one that is in force scale nothing more; that is for whoever did not set it."""
    stored = _found(session, pool_id)
    _require_open(session, stored.quarter)
    if stored.ended_by is not None:
        raise RefusedError("This pool is over already. Load the page again.")
    if stored.is_in_force and stored.set_by == actor.email:
        raise RefusedError("You set this pool yourself. Somebody else must end it: four eyes see what is paid.")
    funding.end_pool(session, pool_id, actor.email, now)
    _note(session, actor, now, "end", pool_id)
    return stored


def _found(session: Session, pool_id: int) -> StoredPool:
    found = funding.find_pool(session, pool_id)
    if found is None:
        raise NotFoundError("There is no such pool.")
    return found


def _require_open(session: Session, quarter: Quarter) -> None:
    state = quarters.load_life(session, quarter).state
    if state not in _OPEN:
        raise RefusedError(f"{quarter} is {state}: its pool cannot change any more. Ask to reopen it first.")


def _note(session: Session, actor: Account, now: datetime, act: str, number: int) -> None:
    stored = _found(session, number)
    about, pool = f"pool {number} of {stored.quarter}", stored.pool
    amounts = {"amount": pool.amount.minor, "minimum": pool.minimum.minor}
    audit.note(session, actor.email, now, act, about, currency=stored.currency, **amounts)
