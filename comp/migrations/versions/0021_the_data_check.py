"""Waivers and what became of them, the last result of each quarter's data check, and the calendar of quarters."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard

revision = "0021"
down_revision = "0020"

_KEPT = (
    ("waiver", "what somebody asked for never changes"),
    ("waiver_decision", "what was decided of a waiver never changes"),
)
_STEPS = ("import_by", "check_by", "review_by", "release_by")


def upgrade() -> None:
    """Apply the step."""
    _make_waivers()
    op.create_table(
        "data_check",
        *_texts("quarter"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("errors", "warnings", "waived", "held")),
        _moment("checked_at"),
        sa.CheckConstraint(
            "errors >= 0 AND warnings >= 0 AND waived >= 0 AND held >= 0", name=op.f("ck_data_check_counts")
        ),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_data_check")),
    )
    op.create_table(
        "quarter_calendar",
        *_texts("quarter"),
        *(sa.Column(name, sa.Date(), nullable=False) for name in _STEPS),
        sa.Column("escalate_after", sa.Integer(), nullable=False),
        *_texts("set_by"),
        _moment("set_at"),
        sa.CheckConstraint(
            "import_by <= check_by AND check_by <= review_by AND review_by <= release_by",
            name=op.f("ck_quarter_calendar_order"),
        ),
        sa.CheckConstraint("escalate_after BETWEEN 0 AND 60", name=op.f("ck_quarter_calendar_escalation")),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_calendar")),
    )
    for table, why in _KEPT:
        for change in ("UPDATE", "DELETE"):
            guard(table, change, "", why)


def _make_waivers() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("quarter", "finding", "found_by", "place_kind", "place", "what", "reason", "asked_by"),
        _moment("asked_at"),
        sa.CheckConstraint("length(finding) = 64", name=op.f("ck_waiver_finding")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_waiver_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("id", "asked_by", name=op.f("uq_waiver_id_asked_by")),
    )
    op.create_index(op.f("ix_waiver_quarter"), "waiver", ["quarter"])
    op.create_table(
        "waiver_decision",
        sa.Column("waiver_id", sa.Integer(), nullable=False),
        *_texts("asked_by", "outcome", "words", "decided_by"),
        _moment("decided_at"),
        sa.CheckConstraint("outcome IN ('granted', 'refused', 'withdrawn')", name=op.f("ck_waiver_decision_outcome")),
        sa.CheckConstraint(
            "(outcome = 'withdrawn') = (decided_by = asked_by)", name=op.f("ck_waiver_decision_four_eyes")
        ),
        sa.CheckConstraint("outcome = 'withdrawn' OR words <> ''", name=op.f("ck_waiver_decision_words")),
        sa.ForeignKeyConstraint(
            ["waiver_id", "asked_by"],
            ["waiver.id", "waiver.asked_by"],
            name=op.f("fk_waiver_decision_waiver_id_asked_by_waiver"),
        ),
        sa.PrimaryKeyConstraint("waiver_id", name=op.f("pk_waiver_decision")),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False)


def downgrade() -> None:
    """Take the step back."""
    for name in ("waiver_decision", "waiver", "data_check", "quarter_calendar"):
        op.drop_table(name)
