"""Funding pools, and what each makes of a run's payouts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlmodel import Session, col

from comp.figures import exact_text
from comp.funding import Funding, Pool
from comp.models import FundingLineRow, FundingPoolRow, read_exact
from comp.money import Money
from comp.periods import Quarter
from comp.store.bulk import columns_of, insert

_COLUMNS = ("run_id", "pool_id", "employee", "earned_minor", "protected_minor", "paid_minor", "factor")
_MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class StoredPool:
    """A pool with who set it, who confirmed it and who ended it; what nobody did is None."""

    id: int
    quarter: Quarter
    pool: Pool
    words: str
    set_by: str
    set_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    ended_by: str | None

    @property
    def currency(self) -> str:
        """The currency that it pays."""
        return self.pool.amount.currency

    @property
    def is_in_force(self) -> bool:
        """Whether payouts are scaled to it."""
        return self.confirmed_by is not None and self.ended_by is None

    @property
    def is_proposed(self) -> bool:
        """Whether it waits for a second person."""
        return self.confirmed_by is None and self.ended_by is None


class FundedLine(NamedTuple):
    """What a pool makes of one payout, in minor units of its currency."""

    employee: str
    currency: str
    pool_id: int
    earned: int
    protected: int
    paid: int
    factor: Fraction


def add_pool(session: Session, quarter: Quarter, pool: Pool, words: str, by: str, now: datetime) -> int:
    """Store a proposed pool; gives its number."""
    row = FundingPoolRow(
        quarter=str(quarter),
        currency=pool.amount.currency,
        amount_minor=pool.amount.minor,
        minimum_minor=pool.minimum.minor,
        scales_up=pool.scales_up,
        words=words,
        set_by=by,
        set_at=now,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def load_pools(session: Session, quarter: Quarter) -> list[StoredPool]:
    """Every pool of a quarter, ended ones too, in the order in which they were set."""
    query = select(FundingPoolRow).where(col(FundingPoolRow.quarter) == str(quarter))
    return [_pool(row) for row in session.scalars(query.order_by(col(FundingPoolRow.id)))]


def find_pool(session: Session, pool_id: int) -> StoredPool | None:
    """A pool by its number, or None."""
    row = session.get(FundingPoolRow, pool_id)
    return _pool(row) if row else None


def confirm_pool(session: Session, pool_id: int, by: str, now: datetime) -> None:
    """Let a pool be in force."""
    row = session.get_one(FundingPoolRow, pool_id)
    row.confirmed_by, row.confirmed_at = by, now
    session.flush()


def end_pool(session: Session, pool_id: int, by: str, now: datetime) -> None:
    """Let a pool scale nothing more."""
    row = session.get_one(FundingPoolRow, pool_id)
    row.ended_by, row.ended_at = by, now
    session.flush()


def save_lines(session: Session, run_id: int, pool_id: int, funding: Funding) -> None:
    """Store what a pool makes of every payout of a run in its currency."""
    factor = exact_text(funding.factor)
    rows = (
        (run_id, pool_id, each.employee, each.earned.minor, each.protected.minor, each.paid.minor, factor)
        for each in funding.funded
    )
    insert(session, FundingLineRow, _COLUMNS, rows)


def has_lines(session: Session, run_id: int, pool_id: int) -> bool:
    """Whether a pool was applied to a run."""
    table = columns_of(FundingLineRow)
    return bool(session.scalar(select(exists().where(table.run_id == run_id, table.pool_id == pool_id))))


def load_factor(session: Session, run_id: int, pool_id: int) -> Fraction | None:
    """The factor at which a pool was applied to a run; None where it was not."""
    table = columns_of(FundingLineRow)
    query = select(table.factor).where(table.run_id == run_id, table.pool_id == pool_id).limit(1)
    found = session.scalar(query)
    return None if found is None else read_exact(found)


def load_lines(session: Session, run_id: int, employees: Collection[str]) -> Iterator[FundedLine]:
    """What the pools in force make of a run's payouts to some employees."""
    lines, pools = columns_of(FundingLineRow), columns_of(FundingPoolRow)
    query = select(lines.employee, pools.currency, *(lines[name] for name in _COLUMNS[1:] if name != "employee"))
    query = query.join_from(FundingLineRow, FundingPoolRow, lines.pool_id == pools.id)
    query = query.where(lines.run_id == run_id, pools.confirmed_at.is_not(None), pools.ended_at.is_(None))
    if len(employees) < _MOST_ASKED:
        query = query.where(lines.employee.in_(employees))
    for employee, currency, pool_id, earned, protected, paid, factor in session.execute(query):
        yield FundedLine(employee, currency, pool_id, earned, protected, paid, read_exact(factor))


def _pool(row: FundingPoolRow) -> StoredPool:
    amount, minimum = Money(row.amount_minor, row.currency), Money(row.minimum_minor, row.currency)
    return StoredPool(
        row.id or 0,
        Quarter.parse(row.quarter),
        Pool(amount, minimum, row.scales_up),
        row.words,
        row.set_by,
        row.set_at,
        row.confirmed_by,
        row.confirmed_at,
        row.ended_by,
    )
