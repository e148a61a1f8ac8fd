"""Tables of answers that are left out of scores: proposals with their decisions, and the answers that they name."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from comp.models.base import check

_OPEN = "state IN ('proposed', 'granted') AND undoes IS NOT NULL"
_REASONS = (
    "'not a customer', 'answered twice', 'asked for', 'about another unit', 'test or preview', 'mistaken exclusion', "
    "'other'"
)


class ExclusionRow(SQLModel, table=True):
    """A proposal to leave answers out, or to let some count again that were; `undoes` is the exclusion then.

    `seen` is the JSON of the figures that whoever decided had before them. Nobody decides a proposal of their own.
    """

    __tablename__ = "exclusion"
    __table_args__ = (
        Index("uq_exclusion_undoes", "undoes", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        check("kind", "kind IN ('exclude', 'restore')"),
        check("undoes", "(kind = 'restore') = (undoes IS NOT NULL)"),
        check("state", "state IN ('proposed', 'granted', 'refused', 'withdrawn', 'taken back')"),
        check("taken_back", "(state = 'taken back') = (undone_by IS NOT NULL)"),
        check("restored", "state <> 'taken back' OR kind = 'exclude'"),
        check("reason", f"reason IN ({_REASONS})"),
        check("words", "words <> ''"),
        check("decided", "(state = 'proposed') = (decided_at IS NULL)"),
        check("decider", "(decided_at IS NULL) = (decided_by IS NULL)"),
        check("four_eyes", "decided_by IS NULL OR (state = 'withdrawn') = (decided_by = proposed_by)"),
        check("decided_words", "state NOT IN ('granted', 'refused', 'taken back') OR decided_words <> ''"),
        check("seen", "(state IN ('granted', 'taken back')) = (length(seen_sha256) = 64)"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    unit: str = Field(foreign_key="unit.code")
    quarter: str
    reason: str
    words: str
    proposed_by: str
    proposed_at: datetime
    state: str = Field(index=True)
    undoes: int | None = Field(default=None, foreign_key="exclusion.id")
    undone_by: int | None = Field(default=None, foreign_key="exclusion.id")
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_words: str = ""
    seen: str = "[]"
    seen_sha256: str = ""


class ExclusionAnswerRow(SQLModel, table=True):
    """An answer that a proposal names: a response by its key, and one question of it or `''` for all of them."""

    __tablename__ = "exclusion_answer"

    exclusion_id: int = Field(primary_key=True, foreign_key="exclusion.id")
    key: str = Field(primary_key=True, index=True)
    question: str = Field(primary_key=True)
