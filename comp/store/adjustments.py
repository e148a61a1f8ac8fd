"""Adjustments as they were proposed and ended, the limits that were set for them, and the reasons to choose from."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlmodel import Session, col

from comp.adjustments import REASONS, Act, Adjustment, End, Limits, PersonLimit, Team
from comp.models import AdjustmentEndRow, AdjustmentLimitRow, AdjustmentRow, RunRow, SettingRow
from comp.money import Money
from comp.periods import Quarter
from comp.results import StoredRun
from comp.store.bulk import columns_of
from comp.store.visibility import Scope

_REASONS = "adjustment_reasons"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: as `comp.adjustments.Adjustment`, and the hash of the row that they saw."""

    employee: str
    amount: Money
    percent: Fraction | None
    reason: str
    words: str
    is_beyond: bool
    team: str
    seen_sha256: str
    by: str
    by_employee: str | None


def save_proposal(session: Session, run: StoredRun, proposal: Proposal, at: datetime) -> int:
    """Store a proposal; gives its number."""
    row = AdjustmentRow(
        quarter=str(run.quarter),
        employee=proposal.employee,
        currency=proposal.amount.currency,
        amount_minor=proposal.amount.minor,
        percent=proposal.percent,
        reason=proposal.reason,
        words=proposal.words,
        is_beyond=proposal.is_beyond,
        team=proposal.team,
        run_id=run.id,
        seen_sha256=proposal.seen_sha256,
        proposed_by=proposal.by,
        proposed_as=proposal.by_employee,
        proposed_at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def save_end(session: Session, adjustment: Adjustment, end: End, ended_as: str | None, seen_sha256: str) -> None:
    """Store how a proposal ended."""
    session.add(
        AdjustmentEndRow(
            adjustment_id=adjustment.id,
            employee=adjustment.employee,
            proposed_by=adjustment.proposed_by,
            is_beyond=adjustment.beyond,
            act=end.act,
            words=end.words,
            seen_sha256=seen_sha256,
            ended_by=end.by,
            ended_as=ended_as,
            ended_at=end.at,
        )
    )
    session.flush()


def load_adjustments(session: Session, quarter: Quarter, whose: Scope | None = None) -> list[Adjustment]:
    """Every adjustment of a quarter in the order in which they were proposed, or those of the people of a scope."""
    query = (
        select(AdjustmentRow, AdjustmentEndRow, col(RunRow.number))
        .join(RunRow, col(RunRow.id) == col(AdjustmentRow.run_id))
        .outerjoin(AdjustmentEndRow, col(AdjustmentEndRow.adjustment_id) == col(AdjustmentRow.id))
        .where(col(AdjustmentRow.quarter) == str(quarter))
    )
    if whose is not None:
        query = query.where(whose.covers(columns_of(AdjustmentRow).employee))
    return [_adjustment(*found) for found in session.execute(query.order_by(col(AdjustmentRow.id)))]


def _adjustment(row: AdjustmentRow, end: AdjustmentEndRow | None, run: int) -> Adjustment:
    return Adjustment(
        id=row.id or 0,
        quarter=Quarter.parse(row.quarter),
        employee=row.employee,
        amount=Money(row.amount_minor, row.currency),
        percent=row.percent,
        reason=row.reason,
        words=row.words,
        beyond=row.is_beyond,
        team=row.team,
        run=f"{row.quarter}/{run}",
        proposed_by=row.proposed_by,
        proposed_as=row.proposed_as,
        proposed_at=row.proposed_at,
        end=End(Act(end.act), end.ended_by, end.ended_at, end.words) if end else None,
    )


def load_limits(session: Session, quarter: Quarter) -> Limits:
    """The limits of a quarter: those that were set for it last, else those of the last quarter before it."""
    table = AdjustmentLimitRow
    upto = select(func.max(col(table.quarter))).where(col(table.quarter) <= str(quarter))
    last = select(func.max(col(table.set_id))).where(col(table.quarter) == upto.scalar_subquery())
    rows = list(session.scalars(select(table).where(col(table.set_id) == last.scalar_subquery())))
    people = {row.currency: _person_limit(row) for row in rows if row.manager is None}
    budgets = {
        Team(row.manager or "", row.currency): Money(row.budget_minor, row.currency)
        for row in rows
        if row.budget_minor is not None
    }
    return Limits(Quarter.parse(rows[0].quarter) if rows else None, people, budgets)


def _person_limit(row: AdjustmentLimitRow) -> PersonLimit:
    amount = None if row.amount_minor is None else Money(row.amount_minor, row.currency)
    return PersonLimit(row.percent, amount)


def save_limits(session: Session, limits: Limits, quarter: Quarter, by: str, at: datetime) -> None:
    """Store limits for a quarter in place of those that were set for it before, which are kept for the record."""
    number = (session.scalar(select(func.max(col(AdjustmentLimitRow.set_id)))) or 0) + 1
    for currency, limit in limits.people.items():
        row = _limit_row(number, quarter, currency, by, at)
        row.percent, row.amount_minor = limit.percent, _minor(limit.amount)
        row.budget_minor = _minor(limits.budgets.get(Team("", currency)))
        session.add(row)
    for team, budget in limits.budgets.items():
        if team.manager:
            row = _limit_row(number, quarter, team.currency, by, at)
            row.manager, row.budget_minor = team.manager, budget.minor
            session.add(row)
    session.flush()


def _limit_row(number: int, quarter: Quarter, currency: str, by: str, at: datetime) -> AdjustmentLimitRow:
    return AdjustmentLimitRow(set_id=number, quarter=str(quarter), currency=currency, set_by=by, set_at=at)


def _minor(amount: Money | None) -> int | None:
    return amount.minor if amount else None


def load_reasons(session: Session) -> tuple[str, ...]:
    """The reasons to choose from."""
    row = session.get(SettingRow, _REASONS)
    return tuple(json.loads(row.value)) if row else REASONS


def save_reasons(session: Session, reasons: Iterable[str]) -> None:
    """Keep the reasons to choose from. What was proposed before keeps its own."""
    session.merge(SettingRow(key=_REASONS, value=json.dumps(list(reasons))))
    session.flush()
