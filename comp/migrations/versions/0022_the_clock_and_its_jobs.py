"""The queue of jobs, the clock that counts, what is expected of a quarter; comments may be erased, but not changed."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022"
down_revision = "0021"

_TABLES = ("forecast", "clock", "job")
_FIXED = ("key", "unit", "answered_on", "touchpoint", "segment", "answers", "batch_id")
_KEPT = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FIXED)
_COMMENT_KEPT = "(NEW.comment <> OLD.comment AND NEW.comment <> '')"
_REPLACED_ONCE = "(OLD.replaced_by IS NOT NULL AND (NEW.replaced_by IS NULL OR NEW.replaced_by <> OLD.replaced_by))"
_CUSTOMER_KEPT = "(OLD.replaced_by IS NOT NULL AND NEW.customer <> OLD.customer)"
_ERASABLE = f"{_REPLACED_ONCE} OR {_KEPT} OR {_COMMENT_KEPT} OR {_CUSTOMER_KEPT}"
_BEFORE = f"OLD.replaced_by IS NOT NULL OR {_KEPT}"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("kind", "slot", "asked_by", "arguments", "state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_moments("asked_at", "due_at"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("step", "done", "total")),
        *_texts("worker"),
        *_moments("begun_at", "step_at", "lease_until", "ended_at", nullable=True),
        *_texts("words", "result"),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state")),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_job_leased")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name=op.f("ck_job_ended")
        ),
        sa.CheckConstraint(
            "step >= 0 AND total >= 0 AND done >= 0 AND (total = 0 OR done <= total)", name=op.f("ck_job_progress")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_job_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "slot", name=op.f("uq_job_kind_slot")),
    )
    op.create_index("ix_job_due", "job", ["state", "due_at"])
    for name, state in (("waits", "waiting"), ("runs", "running")):
        these = sa.text(f"asked_by = '' AND state = '{state}'")
        op.create_index(f"uq_job_{name}", "job", ["kind"], unique=True, sqlite_where=these, postgresql_where=these)
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("holder"),
        *_moments("beat_at"),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_table(
        "forecast",
        *_texts("quarter"),
        sa.Column("day", sa.Date(), nullable=False),
        *_texts("currency"),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people", "held")),
        sa.CheckConstraint("people >= 0 AND held >= 0", name=op.f("ck_forecast_counts")),
        sa.PrimaryKeyConstraint("quarter", "day", "currency", name=op.f("pk_forecast")),
    )
    _keep_responses(_ERASABLE)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable) for name in names]


def _keep_responses(when: str) -> None:
    """Let the trigger on what customers said refuse changes of another kind."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP TRIGGER keep_response_from_update" + (" ON response" if is_postgresql else ""))
    why = "what a customer said never changes"
    then = f"EXECUTE FUNCTION refuse_change('{why}')" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    op.execute(f"CREATE TRIGGER keep_response_from_update BEFORE UPDATE ON response FOR EACH ROW WHEN ({when}) {then}")


def downgrade() -> None:
    """Take the step back."""
    _keep_responses(_BEFORE)
    for name in _TABLES:
        op.drop_table(name)
