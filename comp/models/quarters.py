"""Tables of quarters: where each stands and whose acts that rests on, and everything that was done to it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class QuarterLifeRow(SQLModel, table=True):
    """Where a quarter stands. `run_id` is the run that counts: what later runs give is a correction.

    The doers of acts are kept as long as the present state rests on them; `approved_sha256` is the hash of the
    settlement that the approver saw. `changes` counts the moves.
    """

    __tablename__ = "quarter_life"
    __table_args__ = (
        check("state", "state IN ('open', 'calculated', 'in review', 'approved', 'released', 'closed')"),
        check("run", "(state = 'open') = (run_id IS NULL)"),
        check("calculated", "(run_id IS NULL) = (calculated_by IS NULL)"),
        check("approved", "(state IN ('approved', 'released', 'closed')) = (approved_by IS NOT NULL)"),
        check("seen", "(approved_by IS NULL) = (approved_sha256 IS NULL)"),
        check("released", "(state IN ('released', 'closed')) = (released_by IS NOT NULL)"),
        check("closed", "(state = 'closed') = (closed_by IS NOT NULL)"),
        check("four_eyes_approve", "approved_by <> calculated_by AND approved_by <> reviewed_by"),
        check("four_eyes_release", "released_by <> calculated_by AND released_by <> approved_by"),
    )

    quarter: str = Field(primary_key=True)
    state: str
    run_id: int | None = Field(default=None, foreign_key="run.id")
    changes: int
    calculated_by: str | None = None
    reviewed_by: str | None = None
    approved_by: str | None = None
    approved_sha256: str | None = None
    reopening_asked_by: str | None = None
    released_by: str | None = None
    closed_by: str | None = None


class QuarterMoveRow(SQLModel, table=True):
    """Something that somebody did to a quarter, with their words, the run of then and the hash of what they saw.

    `answers` is who asked for it, where it answers another's request: never the same person.
    """

    __tablename__ = "quarter_move"
    __table_args__ = (
        check("words", "act NOT IN ('end review', 'send back', 'ask to reopen') OR words <> ''"),
        check("four_eyes", "answers <> acted_by"),
        check("reopened", "act <> 'reopen' OR answers IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(foreign_key="quarter_life.quarter", index=True)
    act: str
    start_state: str
    end_state: str
    run_id: int | None = Field(default=None, foreign_key="run.id")
    acted_by: str
    acted_at: datetime
    words: str = ""
    seen_sha256: str | None = None
    answers: str | None = None
