"""Tables of what comes after a quarter was paid: corrections, what came late, and files that were withdrawn."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from comp.models.base import check

_OPEN = "state IN ('draft', 'proposed')"
_STANDS = "state IN ('asked', 'withdrawn')"


class CorrectionRow(SQLModel, table=True):
    """A correction of a paid quarter: who is owed what by a correction run, and what was decided about it.

    `usual` is what was done about negative amounts as a rule when it was made; `pays_with` the quarter whose settlement
    has its lines; `lines_sha256` the hash of the lines as they were proposed, `seen_sha256` of what was approved.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index("uq_correction_open", "quarter", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        check("state", "state IN ('draft', 'proposed', 'approved', 'refused', 'put aside')"),
        check("usual", "usual IN ('recover', 'carry')"),
        check("proposed", "state NOT IN ('proposed', 'approved', 'refused') OR proposed_by IS NOT NULL"),
        check("lines", "(proposed_by IS NULL) = (lines_sha256 IS NULL)"),
        check("decided", "(state IN ('approved', 'refused')) = (decided_by IS NOT NULL)"),
        check("four_eyes", "decided_by <> proposed_by AND decided_by <> made_by"),
        check("refused", "state <> 'refused' OR decided_words <> ''"),
        check("approved", "(state = 'approved') = (pays_with IS NOT NULL)"),
        check("seen", "(state = 'approved') = (seen_sha256 IS NOT NULL)"),
        check("later", "pays_with > quarter"),
    )

    id: int | None = Field(default=None, primary_key=True)
    quarter: str = Field(index=True)
    run_id: int = Field(foreign_key="run.id")
    before_run_id: int = Field(foreign_key="run.id")
    state: str
    usual: str
    made_by: str
    made_at: datetime
    words: str = ""
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    lines_sha256: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_words: str = ""
    seen_sha256: str | None = None
    pays_with: str | None = Field(default=None, index=True)


class CorrectionLineRow(SQLModel, table=True):
    """What one person is owed in one currency, in minor units, and what is done about it where it is negative.

    `why` is the JSON of its causes, `about` what the person's statement says. `forgiven_minor` is what still stands of
    what was written off before.
    """

    __tablename__ = "correction_line"
    __table_args__ = (
        check("sum", "amount_minor = entitled_minor - released_minor - pending_minor + forgiven_minor"),
        check("forgiven", "forgiven_minor >= 0"),
        check("policy", "(amount_minor < 0) = (policy IN ('recover', 'carry', 'write off'))"),
        check("no_policy", "amount_minor < 0 OR policy = ''"),
        check("reason", "(changed_by IS NULL) = (reason = '')"),
        check("written_off", "policy <> 'write off' OR changed_by IS NOT NULL"),
    )

    correction_id: int = Field(primary_key=True, foreign_key="correction.id")
    employee: str = Field(primary_key=True, index=True)
    currency: str = Field(primary_key=True)
    name: str
    searched: str
    entitled_minor: int = Field(sa_type=BigInteger)
    released_minor: int = Field(sa_type=BigInteger)
    pending_minor: int = Field(sa_type=BigInteger)
    forgiven_minor: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)
    policy: str = ""
    reason: str = ""
    changed_by: str | None = None
    why: str = "[]"
    about: str


class LateCheckRow(SQLModel, table=True):
    """What the last look at a paid quarter's inputs found. `seen` is the audit chain's last entry of then.

    `late` and `changes` are JSON: by what the inputs differ from those of the run, and what each currency would change
    by for how many people.
    """

    __tablename__ = "late_check"

    quarter: str = Field(primary_key=True)
    run_id: int = Field(foreign_key="run.id")
    seen: int
    inputs_sha256: str
    late: str
    changes: str
    held: int
    checked_at: datetime


class BatchWithdrawalRow(SQLModel, table=True):
    """Somebody's wish that a file which was taken in counts no more, and what somebody else decided about it."""

    __tablename__ = "batch_withdrawal"
    __table_args__ = (
        Index(
            "uq_batch_withdrawal", "batch_id", unique=True, sqlite_where=text(_STANDS), postgresql_where=text(_STANDS)
        ),
        check("state", "state IN ('asked', 'withdrawn', 'kept')"),
        check("words", "words <> ''"),
        check("decided", "(state = 'asked') = (decided_by IS NULL)"),
        check("four_eyes", "state = 'kept' OR decided_by <> asked_by"),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    state: str
    words: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


class BatchResultRow(SQLModel, table=True):
    """What a file of results replaced, and by what, as JSON lists; `before` is None where there was nothing."""

    __tablename__ = "batch_result"

    batch_id: int = Field(primary_key=True, foreign_key="batch.id")
    unit: str = Field(primary_key=True)
    quarter: str = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    before: str | None = None
    after: str
