"""Runs: written once, and read back as the results that they are."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, func, select
from sqlmodel import Session, col

from comp.attainment import Attainment
from comp.errors import Problem
from comp.facts import Assignment
from comp.models import (
    QuarterLifeRow,
    RunAttainmentRow,
    RunExclusionRow,
    RunPayoutRow,
    RunPieceRow,
    RunRow,
    main_units,
)
from comp.money import Money
from comp.periods import Quarter, Span
from comp.plan import Plan
from comp.results import Hold, Origin, Outside, Payout, Piece, Run, StoredRun, Stretch, rate_of
from comp.scores import Metric
from comp.settlement import Earned
from comp.store.bulk import chunks, columns_of, insert
from comp.store.plans import published_plans
from comp.store.quarters import counting_run_id
from comp.store.run_rows import ABSENT, ATTAINMENT, FIRST_SHARED, PAYOUT, PIECE, UNPAID, PayRows
from comp.store.searching import searchable
from comp.store.visibility import Scope, Sight

_PROBLEMS = TypeAdapter(tuple[Problem, ...])
_METRICS = TypeAdapter(tuple[Metric, ...])
_ROUND_TO = TypeAdapter(tuple[tuple[str, Fraction], ...])


def save_run(session: Session, run: Run, origin: Origin) -> StoredRun:
    """Store a run whole, under the next number of its quarter."""
    last = session.scalar(select(func.max(RunRow.number)).where(col(RunRow.quarter) == str(run.quarter)))
    row = RunRow(
        quarter=str(run.quarter),
        number=(last or 0) + 1,
        inputs_sha256=origin.inputs_sha256,
        engine=origin.engine,
        plans=json.dumps(sorted(origin.plans)),
        problems=_PROBLEMS.dump_json(run.problems).decode(),
        metrics=_METRICS.dump_json(run.metrics).decode(),
        round_to=_ROUND_TO.dump_json(run.round_to).decode(),
        calculated_by=origin.calculated_by,
        calculated_at=origin.calculated_at,
    )
    session.add(row)
    session.flush()
    stored = _stored(row)
    numbers = _save_attainments(session, stored.id, run)
    rows = PayRows(stored.id, numbers)
    insert(session, RunPayoutRow, PAYOUT, (rows.payout(payout) for payout in run.payouts))
    insert(session, RunPieceRow, PIECE, (row for payout in run.payouts for row in rows.pieces(payout)))
    insert(
        session,
        RunExclusionRow,
        ("run_id", "state", "employee", "name", "why"),
        (
            *((stored.id, "held", hold.employee, hold.name, hold.why) for hold in run.held),
            *((stored.id, "outside", person.employee, person.name, person.why) for person in run.outside),
        ),
    )
    return stored


def _save_attainments(session: Session, run_id: int, run: Run) -> dict[int, int]:
    """Store each attainment once; gives the numbers that they got, by identity."""
    attainments = {
        id(piece.stretch.attainment): piece.stretch.attainment for payout in run.payouts for piece in payout.pieces
    }
    numbers = {key: number for number, key in enumerate(attainments, start=1)}
    rows = (
        (run_id, numbers[key], each.plan, each.unit, ATTAINMENT.dump_json(each).decode())
        for key, each in attainments.items()
    )
    insert(session, RunAttainmentRow, ("run_id", "number", "plan", "unit", "document"), rows)
    return numbers


def list_runs(session: Session, quarter: Quarter | None = None) -> list[StoredRun]:
    """Every run, or those of one quarter, the newest first."""
    query = select(RunRow).order_by(col(RunRow.quarter).desc(), col(RunRow.number).desc())
    if quarter is not None:
        query = query.where(col(RunRow.quarter) == str(quarter))
    return [_stored(row) for row in session.scalars(query)]


def find_run(session: Session, quarter: Quarter, number: int | None = None) -> StoredRun | None:
    """A quarter's run by its number, or the one that counts; None where there is none."""
    query = select(RunRow).where(col(RunRow.quarter) == str(quarter))
    wanted = col(RunRow.number) == number if number else col(RunRow.id) == counting_run_id(session, quarter)
    row = session.scalars(query.where(wanted)).one_or_none()
    return _stored(row) if row else None


def get_run(session: Session, run_id: int) -> StoredRun:
    """A run by its id."""
    return _stored(session.get_one(RunRow, run_id))


def counting_runs(session: Session) -> dict[Quarter, StoredRun]:
    """The run of each quarter that counts, the newest quarter first."""
    query = select(RunRow).join(QuarterLifeRow, col(QuarterLifeRow.run_id) == col(RunRow.id))
    rows = session.scalars(query.order_by(col(RunRow.quarter).desc()))
    return {Quarter.parse(row.quarter): _stored(row) for row in rows}


def _stored(row: RunRow) -> StoredRun:
    return StoredRun(
        id=row.id or 0,
        quarter=Quarter.parse(row.quarter),
        number=row.number,
        origin=Origin(
            row.inputs_sha256, row.engine, tuple(json.loads(row.plans)), row.calculated_by, row.calculated_at
        ),
    )


Whose = Collection[str] | tuple[Scope, ...] | None
"""Whose part of a run: some employees', or of those who are within several sights at once; everybody's for None."""


def load_run(session: Session, stored: StoredRun, employees: Whose = None) -> Run:
    """What a run gave, or of it only what concerns some employees, exactly as it was calculated."""
    row = session.get_one(RunRow, stored.id)
    exclusions = list(_exclusions(session, stored.id, employees))
    return Run(
        quarter=stored.quarter,
        payouts=tuple(_payouts(session, stored.id, employees)),
        held=tuple(each for each in exclusions if isinstance(each, Hold)),
        outside=tuple(each for each in exclusions if isinstance(each, Outside)),
        problems=_PROBLEMS.validate_json(row.problems),
        metrics=_METRICS.validate_json(row.metrics),
        round_to=_ROUND_TO.validate_json(row.round_to),
    )


def only(employee: ColumnElement[str], employees: Whose) -> Iterator[ColumnElement[bool]]:
    """What a query asks for so that it finds these employees alone."""
    if employees is not None:
        sights = [each for each in employees if not isinstance(each, str)]
        yield from [sight.covers(employee) for sight in sights] or [employee.in_(employees)]


def load_round_to(session: Session, run_id: int) -> tuple[tuple[str, Fraction], ...]:
    """The coarser steps, in main units, that a run's payouts were rounded to, by currency."""
    return _ROUND_TO.validate_json(session.get_one(RunRow, run_id).round_to)


def load_earned(session: Session, run_id: int, employees: Whose = None) -> Iterator[Earned]:
    """What a run gave everybody, or some employees, without what made it."""
    table = columns_of(RunPayoutRow)
    query = select(table.employee, table.name, table.amount_minor, table.currency).where(table.run_id == run_id)
    query = query.where(*only(table.employee, employees)).order_by(table.employee, table.currency)
    for number, name, minor, currency in session.execute(query):
        yield Earned(number, name, Money(minor, currency))


def _exclusions(session: Session, run_id: int, employees: Whose) -> Iterator[Hold | Outside]:
    table = columns_of(RunExclusionRow)
    query = select(table.state, table.employee, table.name, table.why).where(table.run_id == run_id)
    query = query.where(*only(table.employee, employees))
    for state, number, name, why in session.execute(query.order_by(table.employee)):
        yield Hold(number, name, why) if state == "held" else Outside(number, name, why)


_AT_ONCE = 1_000


def load_outline(session: Session, stored: StoredRun) -> Run:
    """A run without its payouts, of which there may be very many."""
    run = load_run(session, stored, [])
    exclusions = list(_exclusions(session, stored.id, None))
    held = tuple(each for each in exclusions if isinstance(each, Hold))
    return replace(run, held=held, outside=tuple(each for each in exclusions if isinstance(each, Outside)))


def read_payouts(session: Session, run_id: int) -> Iterator[Payout]:
    """A run's payouts by employee and currency, of some people at a time, so that they are never all in memory."""
    table = columns_of(RunPayoutRow)
    query = select(table.employee).where(table.run_id == run_id).distinct().order_by(table.employee)
    known = _Shared(session)
    for some in chunks(session.scalars(query).all(), _AT_ONCE):
        yield from _payouts(session, run_id, some, known)


class _Shared:
    """What the payouts of one run have in common, read once: plans and attainments."""

    def __init__(self, session: Session) -> None:
        self.plans = {plan.version: plan for plan in published_plans(session)}
        self.attainments: dict[int, Attainment] = {}


def _payouts(session: Session, run_id: int, employees: Whose, known: _Shared | None = None) -> Iterator[Payout]:
    pieces = _pieces(session, run_id, employees, known or _Shared(session))
    table = columns_of(RunPayoutRow)
    columns = table.employee, table.currency, table.name, table.amount_minor, table.unpaid
    query = select(*columns).where(table.run_id == run_id)
    query = query.where(*only(table.employee, employees))
    for number, currency, name, minor, unpaid in session.execute(query.order_by(table.employee, table.currency)):
        nothing = () if unpaid == "[]" else UNPAID.validate_json(unpaid)
        yield Payout(number, name, Money(minor, currency), tuple(pieces[number, currency]), nothing)


def _pieces(session: Session, run_id: int, employees: Whose, known: _Shared) -> dict[tuple[str, str], list[Piece]]:
    table = columns_of(RunPieceRow)
    query = select(*(table[name] for name in PIECE[1:])).where(table.run_id == run_id)
    query = query.where(*only(table.employee, employees))
    rows = session.execute(query.order_by(table.employee, table.start_on)).all()
    attainments, plans = known.attainments, known.plans
    attainments |= _attainments(session, run_id, {row.attainment for row in rows} - attainments.keys())
    found: dict[tuple[str, str], list[Piece]] = {}
    shared: dict[tuple[object, ...], Stretch] = {}
    for row in rows:
        key = tuple(row[FIRST_SHARED - 1 :])
        stretch = shared.get(key)
        if stretch is None:
            attainment = attainments[row.attainment]
            stretch = shared[key] = _stretch(row, attainment, plans[attainment.plan])
        found.setdefault((row.employee, row.currency), []).append(Piece(_assignment(row), stretch))
    return found


def _attainments(session: Session, run_id: int, numbers: set[int]) -> dict[int, Attainment]:
    table = columns_of(RunAttainmentRow)
    query = select(table.number, table.document).where(table.run_id == run_id)
    if len(numbers) <= _AT_ONCE * 2:  # else all of a run's are read at once
        query = query.where(table.number.in_(numbers))
    return {number: ATTAINMENT.validate_json(document) for number, document in session.execute(query)}


def _stretch(row: Row[Any], attainment: Attainment, plan: Plan) -> Stretch:
    share_of_year, counted_days, days = row.share_of_year, row.counted_days, row.days_in_quarter
    return Stretch(
        span=Span(row.start_on, row.end_on),
        plan=plan,
        attainment=attainment,
        share_of_year=share_of_year,
        counted_days=counted_days,
        days_in_quarter=days,
        rate=(0, 1) if row.forfeited else rate_of(attainment, share_of_year, counted_days, days),
        absent=() if row.absent == "[]" else ABSENT.validate_json(row.absent),
        forfeited=row.forfeited,
    )


def _assignment(row: Row[Any]) -> Assignment:
    """The assignment as it was on the days of the piece."""
    return Assignment(
        unit=row.unit,
        span=Span(row.start_on, row.end_on),
        currency=row.currency,
        annual_salary=main_units(row.annual_salary_minor, row.currency),
        target_percent=row.target_percent,
        target_amount=main_units(row.target_amount_minor, row.currency),
        fte=row.fte,
        grade=row.grade,
        manager=row.manager or "",
        cost_centre=row.cost_centre,
    )


def knows(session: Session, run_id: int, employee: str) -> bool:
    """Whether a run says anything of somebody."""
    for table in (columns_of(RunPayoutRow), columns_of(RunExclusionRow)):
        query = select(table.employee).where(table.run_id == run_id, table.employee == employee).limit(1)
        if session.scalar(query) is not None:
            return True
    return False


def load_holds(session: Session, run_id: int, sight: Sight) -> Iterator[Hold]:
    """The people within sight whom a run holds, by number."""
    table = columns_of(RunExclusionRow)
    ours = table.run_id == run_id, table.state == "held", sight.covers(table.employee)
    query = select(table.employee, table.name, table.why).where(*ours).order_by(table.employee)
    yield from (Hold(*row) for row in session.execute(query))


def held_employees(session: Session, run_id: int) -> frozenset[str]:
    """Everybody whom a run holds, by number."""
    table = columns_of(RunExclusionRow)
    query = select(table.employee).where(table.run_id == run_id, table.state == "held")
    return frozenset(session.scalars(query))


def find_employees(
    session: Session, run_id: int, sight: Sight, search: str, offset: int, limit: int
) -> tuple[list[str], int]:
    """The employees within sight of a page of a run's payouts, and how many there are.

    `search` looks in numbers and names.
    """
    table = columns_of(RunPayoutRow)
    query = select(table.employee).where(table.run_id == run_id, sight.covers(table.employee)).distinct()
    if search:
        query = query.where(table.searched.contains(searchable(search), autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery()))
    return list(session.scalars(query.order_by(table.employee).offset(offset).limit(limit))), total or 0


def employees_after(session: Session, run_id: int, sight: Sight, after: str, limit: int) -> list[str]:
    """The first employees within sight whom a run pays and whose number comes after another; none is left out."""
    table = columns_of(RunPayoutRow)
    query = select(table.employee).where(table.run_id == run_id, sight.covers(table.employee), table.employee > after)
    return list(session.scalars(query.distinct().order_by(table.employee).limit(limit)))
