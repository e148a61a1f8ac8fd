"""Waivers, as they were asked for and decided."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from comp.data_findings import DataFinding
from comp.models import WaiverDecisionRow, WaiverRow
from comp.waivers import Decision, Outcome, Waiver


def add_waiver(session: Session, quarter: str, finding: DataFinding, reason: str, by: str, now: datetime) -> int:
    """Store that somebody asks for a waiver; gives its number."""
    row = WaiverRow(
        quarter=quarter,
        finding=finding.id,
        found_by=finding.check,
        place_kind=finding.place.kind,
        place=finding.place.key,
        what=finding.what,
        reason=reason,
        asked_by=by,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def add_decision(session: Session, waiver: Waiver, decision: Decision) -> None:
    """Store what became of a waiver."""
    session.add(
        WaiverDecisionRow(
            waiver_id=waiver.id,
            asked_by=waiver.asked_by,
            outcome=decision.outcome,
            words=decision.words,
            decided_by=decision.by,
            decided_at=decision.at,
        )
    )
    session.flush()


def load_waivers(session: Session, quarter: str) -> list[Waiver]:
    """Every waiver of a quarter, the oldest first."""
    query = _with_decisions().where(col(WaiverRow.quarter) == quarter).order_by(col(WaiverRow.id))
    return [_waiver(*row) for row in session.execute(query)]


def find_waiver(session: Session, waiver_id: int) -> Waiver | None:
    """A waiver by its number, or None."""
    row = session.execute(_with_decisions().where(col(WaiverRow.id) == waiver_id)).one_or_none()
    return _waiver(*row) if row else None


def _with_decisions() -> Select[WaiverRow, WaiverDecisionRow]:
    return select(WaiverRow, WaiverDecisionRow).join(
        WaiverDecisionRow, col(WaiverDecisionRow.waiver_id) == col(WaiverRow.id), isouter=True
    )


def _waiver(row: WaiverRow, decided: WaiverDecisionRow | None) -> Waiver:
    decision = None
    if decided:
        decision = Decision(Outcome(decided.outcome), decided.words, decided.decided_by, decided.decided_at)
    return Waiver(
        id=row.id or 0,
        quarter=row.quarter,
        finding=row.finding,
        check=row.found_by,
        place_kind=row.place_kind,
        place=row.place,
        what=row.what,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decision=decision,
    )
