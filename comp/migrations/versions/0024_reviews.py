"""Reviews of teams: limits, adjustments and their ends, what managers said of rows, reminders; standing in confirms."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0024"
down_revision = "0023"

_WRITTEN_ONCE = {
    "adjustment": "an adjustment that was proposed never changes",
    "adjustment_end": "what became of an adjustment never changes",
    "adjustment_limit": "limits that were set never change: set new ones",
    "review_mark": "what was said in a review never changes",
}


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "adjustment_limit",
        _id(),
        _number("set_id"),
        *_texts("quarter", "currency"),
        _text("manager", nullable=True),
        sa.Column("percent", sa.Text(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("budget_minor", sa.BigInteger(), nullable=True),
        *_texts("set_by"),
        _moment("set_at"),
        _check("adjustment_limit", "amounts", "amount_minor >= 0 AND budget_minor >= 0"),
        _check(
            "adjustment_limit",
            "team",
            "manager IS NULL OR (percent IS NULL AND amount_minor IS NULL AND budget_minor IS NOT NULL)",
        ),
        _of_person("adjustment_limit", "manager"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_limit")),
    )
    op.create_index(op.f("ix_adjustment_limit_quarter"), "adjustment_limit", ["quarter"])
    op.create_index(op.f("ix_adjustment_limit_set_id"), "adjustment_limit", ["set_id"])
    _create_adjustments()
    _create_marks()
    confirms: sa.Column[bool] = sa.Column("may_confirm", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("delegation", confirms)
    for table, why in _WRITTEN_ONCE.items():
        for change in ("UPDATE", "DELETE"):
            guard(table, change, "", why)


def _create_adjustments() -> None:
    op.create_table(
        "adjustment",
        _id(),
        *_texts("quarter", "employee", "currency"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Text(), nullable=True),
        *_texts("reason", "words"),
        sa.Column("is_beyond", sa.Boolean(), nullable=False),
        *_texts("team"),
        _number("run_id"),
        *_texts("seen_sha256", "proposed_by"),
        _text("proposed_as", nullable=True),
        _moment("proposed_at"),
        _check("adjustment", "amount", "amount_minor <> 0"),
        _check("adjustment", "words", "reason <> '' AND words <> ''"),
        _check("adjustment", "own", "proposed_as <> employee"),
        _check("adjustment", "seen", "length(seen_sha256) = 64"),
        _of_person("adjustment", "employee"),
        _of_run("adjustment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("id", "employee", "proposed_by", "is_beyond", name=op.f("uq_adjustment_repeated")),
    )
    for column in ("employee", "quarter"):
        op.create_index(op.f(f"ix_adjustment_{column}"), "adjustment", [column])
    op.create_table(
        "adjustment_end",
        _number("adjustment_id"),
        *_texts("employee", "proposed_by"),
        sa.Column("is_beyond", sa.Boolean(), nullable=False),
        *_texts("act", "words", "seen_sha256", "ended_by"),
        _text("ended_as", nullable=True),
        _moment("ended_at"),
        _check("adjustment_end", "act", "act IN ('approve', 'refuse', 'take back')"),
        _check("adjustment_end", "four_eyes", "(act = 'take back') = (ended_by = proposed_by)"),
        _check("adjustment_end", "own", "act = 'take back' OR ended_as <> employee"),
        _check("adjustment_end", "words", "act <> 'refuse' OR words <> ''"),
        _check("adjustment_end", "seen", "act <> 'approve' OR length(seen_sha256) = 64"),
        sa.ForeignKeyConstraint(
            ["adjustment_id", "employee", "proposed_by", "is_beyond"],
            ["adjustment.id", "adjustment.employee", "adjustment.proposed_by", "adjustment.is_beyond"],
            name=op.f("fk_adjustment_end_adjustment"),
        ),
        sa.PrimaryKeyConstraint("adjustment_id", name=op.f("pk_adjustment_end")),
    )


def _create_marks() -> None:
    op.create_table(
        "review_mark",
        _id(),
        *_texts("quarter", "employee"),
        _number("run_id"),
        *_texts("said", "words", "seen_sha256", "said_by"),
        _text("said_as", nullable=True),
        _moment("said_at"),
        _check("review_mark", "said", "said IN ('confirm', 'send back', 'answer')"),
        _check("review_mark", "words", "said = 'confirm' OR words <> ''"),
        _check("review_mark", "own", "said = 'answer' OR said_as <> employee"),
        _check("review_mark", "seen", "length(seen_sha256) = 64"),
        _of_person("review_mark", "employee"),
        _of_run("review_mark"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_mark")),
    )
    for column in ("employee", "quarter"):
        op.create_index(op.f(f"ix_review_mark_{column}"), "review_mark", [column])
    op.create_table(
        "review_reminder",
        *_texts("quarter", "employee", "kind"),
        sa.Column("on_day", sa.Date(), nullable=False),
        _of_person("review_reminder", "employee"),
        sa.PrimaryKeyConstraint("quarter", "employee", "kind", "on_day", name=op.f("pk_review_reminder")),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _of_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.employee"], name=op.f(f"fk_{table}_{column}_person"))


def _of_run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f(f"fk_{table}_run_id_run"))


def downgrade() -> None:
    """Take the step back."""
    for table in _WRITTEN_ONCE:
        for change in ("UPDATE", "DELETE"):
            unguard(table, change)
    op.drop_column("delegation", "may_confirm")
    for table in ("review_reminder", "review_mark", "adjustment_end", "adjustment", "adjustment_limit"):
        op.drop_table(table)
