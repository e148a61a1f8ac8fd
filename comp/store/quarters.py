"""Where quarters stand, and what was done to each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from comp.models import QuarterLifeRow, QuarterMoveRow
from comp.periods import Quarter
from comp.results import StoredRun
from comp.workflow import Act, Life, State

_DOERS = {
    Act.CALCULATE: "calculated_by",
    Act.BEGIN_REVIEW: "reviewed_by",
    Act.APPROVE: "approved_by",
    Act.ASK_TO_REOPEN: "reopening_asked_by",
    Act.RELEASE: "released_by",
    Act.CLOSE: "closed_by",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does to a quarter; `answers` is who asked for it, where it answers a request."""

    act: Act
    by: str
    at: datetime
    words: str = ""
    seen_sha256: str | None = None
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A deed, the states that it led from and to, and the id of the run of then."""

    deed: Deed
    start: State
    end: State
    run_id: int | None


def load_life(session: Session, quarter: Quarter) -> Life:
    """Where a quarter stands; one that nobody did anything to is open."""
    row = _row(session, quarter)
    if row is None:
        return Life()
    doers = {act: doer for act, name in _DOERS.items() if (doer := getattr(row, name)) is not None}
    return Life(State(row.state), doers, row.changes)


def load_lives(session: Session) -> dict[Quarter, tuple[State, int | None]]:
    """The state of each quarter that somebody did something to, and the id of the run that counts."""
    return {
        Quarter.parse(row.quarter): (State(row.state), row.run_id) for row in session.scalars(select(QuarterLifeRow))
    }


def counting_run_id(session: Session, quarter: Quarter) -> int | None:
    """The id of the run that counts: what is reviewed, approved and paid."""
    row = _row(session, quarter)
    return row.run_id if row else None


def approved_sha256(session: Session, quarter: Quarter) -> str | None:
    """The hash of the settlement that was approved; None where none is."""
    row = _row(session, quarter)
    return row.approved_sha256 if row else None


def approval_order(session: Session) -> list[Quarter]:
    """The quarters that are approved, released or closed now, in the order in which they were approved."""
    stands = select(col(QuarterLifeRow.quarter)).where(col(QuarterLifeRow.approved_by).is_not(None))
    own = col(QuarterMoveRow.act) == Act.APPROVE, col(QuarterMoveRow.quarter).in_(stands)
    query = select(col(QuarterMoveRow.quarter)).where(*own).group_by(col(QuarterMoveRow.quarter))
    return [Quarter.parse(text) for text in session.scalars(query.order_by(func.max(col(QuarterMoveRow.id))))]


def save_move(session: Session, run: StoredRun, before: Life, after: Life, deed: Deed) -> None:
    """Store where the quarter of a run stands after a deed, and the deed itself."""
    row = _row(session, run.quarter) or QuarterLifeRow(quarter=str(run.quarter), state=State.OPEN, changes=0)
    row.state, row.changes = after.state, after.changes
    for act, name in _DOERS.items():
        setattr(row, name, after.doers.get(act))
    if deed.act is Act.CALCULATE:
        row.run_id = run.id
    if deed.act is Act.APPROVE:
        row.approved_sha256 = deed.seen_sha256
    elif row.approved_by is None:
        row.approved_sha256 = None
    session.add(row)
    session.flush()
    session.add(_move_row(run, before, after, deed))
    session.flush()


def _move_row(run: StoredRun, before: Life, after: Life, deed: Deed) -> QuarterMoveRow:
    return QuarterMoveRow(
        quarter=str(run.quarter),
        act=deed.act,
        start_state=before.state,
        end_state=after.state,
        run_id=run.id,
        acted_by=deed.by,
        acted_at=deed.at,
        words=deed.words,
        seen_sha256=deed.seen_sha256,
        answers=deed.answers,
    )


def load_history(session: Session, quarter: Quarter) -> list[Done]:
    """Everything that was done to a quarter, in order."""
    query = select(QuarterMoveRow).where(col(QuarterMoveRow.quarter) == str(quarter))
    return [_done(row) for row in session.scalars(query.order_by(col(QuarterMoveRow.id)))]


def _row(session: Session, quarter: Quarter) -> QuarterLifeRow | None:
    return session.get(QuarterLifeRow, str(quarter))


def _done(row: QuarterMoveRow) -> Done:
    deed = Deed(Act(row.act), row.acted_by, row.acted_at, row.words, row.seen_sha256, row.answers)
    return Done(deed, State(row.start_state), State(row.end_state), row.run_id)
