"""What a run comes to, counted in SQL: by currency, by tenth of the target, by state and by unit."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlmodel import Session

from comp.models import RunAttainmentRow, RunExclusionRow, RunPayoutRow, RunPieceRow
from comp.money import Money
from comp.store.bulk import columns_of
from comp.store.plans import published_plans
from comp.store.run_rows import ATTAINMENT
from comp.store.visibility import Sight


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """What a run pays in one currency, against its targets."""

    people: int
    amount: Money
    target: Money


def currency_totals(session: Session, run_id: int, sight: Sight) -> list[CurrencyTotal]:
    """What a run pays the people within sight, currency by currency."""
    table = columns_of(RunPayoutRow)
    sums = (cast(func.sum(table[name]), BigInteger) for name in ("amount_minor", "target_minor"))
    ours = table.run_id == run_id, sight.covers(table.employee)
    query = select(table.currency, func.count(), *sums).where(*ours)
    return [
        CurrencyTotal(people, Money(amount, currency), Money(target, currency))
        for currency, people, amount, target in session.execute(query.group_by(table.currency).order_by(table.currency))
    ]


def earned_totals(session: Session, run_id: int) -> dict[str, Money]:
    """What a run gives everybody together, by currency."""
    table = columns_of(RunPayoutRow)
    query = select(table.currency, cast(func.sum(table.amount_minor), BigInteger)).where(table.run_id == run_id)
    rows = session.execute(query.group_by(table.currency).order_by(table.currency))
    return {currency: Money(minor, currency) for currency, minor in rows}


def attainment_counts(session: Session, run_id: int, sight: Sight) -> dict[int, int]:
    """How many payouts within sight lie in each tenth of the target: 9 counts those from 90 % to just under 100 %."""
    table = columns_of(RunPayoutRow)
    tenths: ColumnElement[int] = table.amount_minor * 10
    tenth = tenths // table.target_minor
    ours = table.run_id == run_id, sight.covers(table.employee)
    query = select(tenth, func.count()).where(*ours, table.target_minor > 0).group_by(tenth)
    return {int(place): count for place, count in session.execute(query)}


def exclusion_counts(session: Session, run_id: int, sight: Sight) -> dict[str, int]:
    """How many people within sight are held, and how many outside every plan."""
    table = columns_of(RunExclusionRow)
    ours = table.run_id == run_id, sight.covers(table.employee)
    query = select(table.state, func.count()).where(*ours).group_by(table.state)
    return {state: count for state, count in session.execute(query)}  # noqa: C416 - rows, not pairs


def unit_attainments(session: Session, run_id: int) -> dict[str, tuple[Fraction, int]]:
    """What share each unit attained of what is calculated here, and how many pieces that paid.

    Of several plans the one that paid most counts. What one person attained alone is nobody else's to see.
    """
    elsewhere = {plan.version: plan.elsewhere for plan in published_plans(session)}
    attainments, pieces = columns_of(RunAttainmentRow), columns_of(RunPieceRow)
    counted = select(pieces.attainment, func.count().label("pieces")).where(pieces.run_id == run_id)
    counts = counted.group_by(pieces.attainment).subquery()
    query = (
        select(attainments.unit, attainments.document, counts.c.pieces)
        .join_from(RunAttainmentRow, counts, counts.c.attainment == attainments.number)
        .where(attainments.run_id == run_id)
        .order_by(counts.c.pieces, attainments.number)
    )
    found = {}
    for unit, document, count in session.execute(query):
        attainment = ATTAINMENT.validate_json(document)
        here = 1 - elsewhere[attainment.plan]
        if here and not attainment.employee:
            found[unit] = attainment.total / here, count
    return found
