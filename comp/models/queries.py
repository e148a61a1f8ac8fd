"""Tables of queries: what each is about and where it stands, its thread, and on which days its owner was reminded."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from comp.models.base import check

_LIVES = "state IN ('open', 'waiting for the asker', 'answered')"
_STATES = "'open', 'waiting for the asker', 'answered', 'closed', 'withdrawn'"
_CHANGES_PAY = "'adjustment', 'exclusion', 'restatement', 'data mended'"
_ACTS = "'raise', 'answer', 'ask back', 'reply', 'hand on', 'close', 'accept', 'withdraw'"


class QueryRow(SQLModel, table=True):
    """A query. What it is about never changes; `figures` are JSON, as they stood when it was raised.

    `about` tells it from all others that may be raised at the same time. `owner_id` is empty where all of HR owns it;
    `closer_employee` is the person whose account closed it.
    """

    __tablename__ = "query"
    __table_args__ = (
        Index(
            "uq_query_living",
            "asked_by",
            "about",
            unique=True,
            sqlite_where=text(_LIVES),
            postgresql_where=text(_LIVES),
        ),
        check("subject", "subject IN ('payout', 'score')"),
        check("payout", "(subject = 'payout') = (employee IS NOT NULL AND run_id IS NOT NULL)"),
        check("score", "(subject = 'score') = (unit IS NOT NULL AND metric IS NOT NULL)"),
        check("state", f"state IN ({_STATES})"),
        check("outcome", f"outcome IN ({_CHANGES_PAY}, 'explained', 'refused')"),
        check("closed", "(state = 'closed') = (outcome IS NOT NULL)"),
        check("closer", "(state = 'closed') = (closed_by IS NOT NULL AND closed_at IS NOT NULL)"),
        check("answered_by", f"(answered_by <> '') = (outcome IS NOT NULL AND outcome IN ({_CHANGES_PAY}))"),
        check("four_eyes", "outcome = 'explained' OR closed_by <> asked_by"),
        check("own_pay", f"outcome NOT IN ({_CHANGES_PAY}) OR closer_employee <> employee"),
    )

    id: int | None = Field(default=None, primary_key=True)
    about: str
    subject: str
    quarter: str = Field(index=True)
    part: str = ""
    title: str
    employee: str | None = Field(default=None, foreign_key="person.employee", index=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    unit: str | None = Field(default=None, foreign_key="unit.code")
    metric: str | None = None
    figures: str
    sha256: str
    asked_by: int = Field(foreign_key="account.id", index=True)
    asked_at: datetime
    owner_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    due_on: date
    state: str
    outcome: str | None = None
    answered_by: str = ""
    closed_by: int | None = Field(default=None, foreign_key="account.id")
    closer_employee: str | None = None
    closed_at: datetime | None = None


class QueryMessageRow(SQLModel, table=True):
    """Something that was done with a query, and what was said. Rows are written once.

    `owner` says whose the query became, where it was raised or handed on.
    """

    __tablename__ = "query_message"
    __table_args__ = (
        check("act", f"act IN ({_ACTS})"),
        check("words", "words <> '' OR act IN ('hand on', 'accept', 'withdraw')"),
        check("length", "length(words) <= 4000"),
    )

    id: int | None = Field(default=None, primary_key=True)
    query_id: int = Field(foreign_key="query.id", index=True)
    act: str
    said_by: int = Field(foreign_key="account.id")
    said_at: datetime
    words: str = ""
    owner: str | None = None
    outcome: str | None = None


class QueryReminderRow(SQLModel, table=True):
    """A day on which the owner of a query was reminded of it."""

    __tablename__ = "query_reminder"

    query_id: int = Field(primary_key=True, foreign_key="query.id")
    day: date = Field(primary_key=True)
