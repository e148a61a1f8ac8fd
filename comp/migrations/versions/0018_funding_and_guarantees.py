"""Funding pools with what they make of each payout, and guaranteed pay of single people."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0018"
down_revision = "0017"

_PROPOSED = sa.text("confirmed_at IS NULL AND ended_at IS NULL")
_IN_FORCE = sa.text("confirmed_at IS NOT NULL AND ended_at IS NULL")
_FOUR_EYES = {
    "confirmed": "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
    "ended": "(ended_at IS NULL) = (ended_by IS NULL)",
    "four_eyes": "confirmed_by <> set_by",
}


def _changed(*columns: str) -> str:
    """Whether any of some columns of a confirmed row would change."""
    changes = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)
    return f"OLD.confirmed_at IS NOT NULL AND ({changes})"


_GUARDS = (
    ("funding_line", "UPDATE", "", "what a pool makes of a payout never changes"),
    ("funding_line", "DELETE", "", "what a pool makes of a payout is never deleted"),
    (
        "funding_pool",
        "UPDATE",
        _changed("amount_minor", "minimum_minor", "scales_up", "quarter", "currency"),
        "a confirmed pool never changes",
    ),
    ("funding_pool", "DELETE", "", "a pool is never deleted"),
    (
        "guarantee",
        "UPDATE",
        _changed("amount_minor", "floor_minor", "promise", "employee", "start_on"),
        "a confirmed guarantee never changes",
    ),
    ("guarantee", "DELETE", "", "a guarantee is never deleted"),
)


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "funding_pool",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("quarter", "currency")),
        *(_minor(name) for name in ("amount_minor", "minimum_minor")),
        sa.Column("scales_up", sa.Boolean(), nullable=False),
        _text("words"),
        *_hands(),
        sa.CheckConstraint("amount_minor >= 0 AND minimum_minor >= 0", name=op.f("ck_funding_pool_amounts")),
        *_checks("funding_pool", _FOUR_EYES),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_pool")),
    )
    for name, condition in (("proposed", _PROPOSED), ("in_force", _IN_FORCE)):
        op.create_index(
            f"uq_funding_pool_{name}",
            "funding_pool",
            ["quarter", "currency"],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    op.create_table(
        "funding_line",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("run_id", "pool_id")),
        _text("employee"),
        *(_minor(name) for name in ("earned_minor", "protected_minor", "paid_minor")),
        _text("factor"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_funding_line_run_id_run")),
        sa.ForeignKeyConstraint(["pool_id"], ["funding_pool.id"], name=op.f("fk_funding_line_pool_id_funding_pool")),
        sa.PrimaryKeyConstraint("run_id", "pool_id", "employee", name=op.f("pk_funding_line")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "guarantee",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("employee", "currency", "promise")),
        *(_minor(name) for name in ("amount_minor", "floor_minor")),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("start_on", "end_on")),
        _text("words"),
        *_hands(),
        *_checks(
            "guarantee",
            {
                "promise": "promise IN ('minimum', 'draw')",
                "amounts": "amount_minor > 0 AND floor_minor >= 0",
                "days": "start_on < end_on",
                **_FOUR_EYES,
            },
        ),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_guarantee_employee_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
    )
    op.create_index(op.f("ix_guarantee_employee"), "guarantee", ["employee"])
    for each in _GUARDS:
        guard(*each)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _minor(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _hands() -> list[sa.Column[object]]:
    """Who set it, who confirmed it and who ended it, each with the moment."""
    columns: list[sa.Column[object]] = []
    for name, nullable in (("set", False), ("confirmed", True), ("ended", True)):
        columns += [
            sa.Column(f"{name}_by", sqlmodel.sql.sqltypes.AutoString(), nullable=nullable),
            sa.Column(f"{name}_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable),
        ]
    return columns


def _checks(table: str, rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()]


def downgrade() -> None:
    """Take the step back."""
    for table, change, _, _ in _GUARDS:
        unguard(table, change)
    for table in ("guarantee", "funding_line", "funding_pool"):
        op.drop_table(table)
