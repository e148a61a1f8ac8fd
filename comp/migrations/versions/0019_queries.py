"""Queries on payouts and scores: what each is about never changes, nor does its thread, nor one that is over."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import is_postgresql, refuse

revision = "0019"
down_revision = "0018"

_text = sqlmodel.sql.sqltypes.AutoString
_moment = sqlmodel.sql.sqltypes.UTCDateTime
_LIVES = "state IN ('open', 'waiting for the asker', 'answered')"
_STATES = "'open', 'waiting for the asker', 'answered', 'closed', 'withdrawn'"
_CHANGES_PAY = "'adjustment', 'exclusion', 'restatement', 'data mended'"
_ACTS = "'raise', 'answer', 'ask back', 'reply', 'hand on', 'close', 'accept', 'withdraw'"
_CHECKS = {
    "subject": "subject IN ('payout', 'score')",
    "payout": "(subject = 'payout') = (employee IS NOT NULL AND run_id IS NOT NULL)",
    "score": "(subject = 'score') = (unit IS NOT NULL AND metric IS NOT NULL)",
    "state": f"state IN ({_STATES})",
    "outcome": f"outcome IN ({_CHANGES_PAY}, 'explained', 'refused')",
    "closed": "(state = 'closed') = (outcome IS NOT NULL)",
    "closer": "(state = 'closed') = (closed_by IS NOT NULL AND closed_at IS NOT NULL)",
    "answered_by": f"(answered_by <> '') = (outcome IS NOT NULL AND outcome IN ({_CHANGES_PAY}))",
    "four_eyes": "outcome = 'explained' OR closed_by <> asked_by",
    "own_pay": f"outcome NOT IN ({_CHANGES_PAY}) OR closer_employee <> employee",
}
_REFERENCES = {
    "employee": "person.employee",
    "run_id": "run.id",
    "unit": "unit.code",
    "asked_by": "account.id",
    "owner_id": "account.id",
    "closed_by": "account.id",
}
_SUBJECT = (
    *("about", "subject", "quarter", "part", "title", "employee", "run_id", "unit", "metric"),
    *("figures", "sha256", "asked_by", "asked_at"),
)
_OVER = "OLD.state IN ('closed', 'withdrawn')"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "query",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("about", "subject", "quarter", "part", "title")),
        sa.Column("employee", _text(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        *(sa.Column(name, _text(), nullable=True) for name in ("unit", "metric")),
        *(sa.Column(name, _text(), nullable=False) for name in ("figures", "sha256")),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", _moment(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _text(), nullable=False),
        sa.Column("outcome", _text(), nullable=True),
        sa.Column("answered_by", _text(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closer_employee", _text(), nullable=True),
        sa.Column("closed_at", _moment(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_query_{name}")) for name, rule in _CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([name], [there], name=op.f(f"fk_query_{name}_{there.partition('.')[0]}"))
            for name, there in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query")),
    )
    for name in ("quarter", "employee", "asked_by", "owner_id"):
        op.create_index(op.f(f"ix_query_{name}"), "query", [name])
    lives = sa.text(_LIVES)
    op.create_index(
        "uq_query_living", "query", ["asked_by", "about"], unique=True, sqlite_where=lives, postgresql_where=lives
    )
    op.create_table(
        "query_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query_id", sa.Integer(), nullable=False),
        sa.Column("act", _text(), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", _moment(), nullable=False),
        sa.Column("words", _text(), nullable=False),
        sa.Column("owner", _text(), nullable=True),
        sa.Column("outcome", _text(), nullable=True),
        sa.CheckConstraint(f"act IN ({_ACTS})", name=op.f("ck_query_message_act")),
        sa.CheckConstraint(
            "words <> '' OR act IN ('hand on', 'accept', 'withdraw')", name=op.f("ck_query_message_words")
        ),
        sa.CheckConstraint("length(words) <= 4000", name=op.f("ck_query_message_length")),
        sa.ForeignKeyConstraint(["query_id"], ["query.id"], name=op.f("fk_query_message_query_id_query")),
        sa.ForeignKeyConstraint(["said_by"], ["account.id"], name=op.f("fk_query_message_said_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query_message")),
    )
    op.create_index(op.f("ix_query_message_query_id"), "query_message", ["query_id"])
    op.create_table(
        "query_reminder",
        sa.Column("query_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["query_id"], ["query.id"], name=op.f("fk_query_reminder_query_id_query")),
        sa.PrimaryKeyConstraint("query_id", "day", name=op.f("pk_query_reminder")),
    )
    _add_triggers()


def _add_triggers() -> None:
    differs = "IS DISTINCT FROM" if is_postgresql() else "IS NOT"
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in _SUBJECT)
    refuse("keep_query_subject", "UPDATE", "query", "what a query is about never changes", changed)
    refuse("keep_query_over", "UPDATE", "query", "a query that is over never changes", _OVER)
    refuse("keep_query_from_delete", "DELETE", "query", "a query is never deleted")
    for change in ("UPDATE", "DELETE"):
        why = "what was said of a query never changes"
        refuse(f"keep_query_message_from_{change.lower()}", change, "query_message", why)


def downgrade() -> None:
    """Take the step back: queries are gone."""
    for table in ("query_reminder", "query_message", "query"):
        op.drop_table(table)
