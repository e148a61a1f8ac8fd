"""Exchange rates for totals in the group currency, and accruals that finance books: all of it written once."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0029"
down_revision = "0028"

_KEPT = {
    "group_currency": "a group currency that was set stays in the history",
    "exchange_rate": "a rate that was set stays in the history",
    "accrual_accounts": "a map that was typed stays in the history",
    "accrual": "an accrual never changes",
    "accrual_taken": "what finance took stays taken",
    "accrual_line": "an accrual never changes",
    "accrual_total": "an accrual never changes",
}
_MONEY_OF_LINES = ("expected", "low", "high", "accrued")
_MONEY_OF_TOTALS = ("low", "high", "worst", "best", "at_risk", "waiting")


def upgrade() -> None:
    """Apply the step."""
    _rates()
    _accruals()
    for table, why in _KEPT.items():
        for change in ("UPDATE", "DELETE"):
            guard(table, change, "", why)


def _rates() -> None:
    op.create_table(
        "group_currency",
        _number("id"),
        _text("currency"),
        *_set(),
        _check("group_currency", "currency", "length(currency) = 3"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_currency")),
    )
    op.create_table(
        "exchange_rate",
        _number("id"),
        *(_text(name) for name in ("quarter", "currency", "group_currency")),
        sa.Column("rate", sa.Text(), nullable=False),
        _text("source"),
        *_set(),
        _check("exchange_rate", "currencies", "currency <> group_currency"),
        _check("exchange_rate", "positive", "substr(rate, 1, 1) <> '-' AND rate <> '0'"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    op.create_index(op.f("ix_exchange_rate_quarter"), "exchange_rate", ["quarter"])
    op.create_table(
        "accrual_accounts",
        _number("id"),
        _text("document"),
        *_set(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accrual_accounts")),
    )


def _accruals() -> None:
    op.create_table(
        "accrual",
        _number("id"),
        _text("quarter"),
        _number("number"),
        sa.Column("as_of", sa.Date(), nullable=False),
        *(_text(name) for name in ("basis", "run")),
        sa.Column("share", sa.Text(), nullable=False),
        *(_number(name) for name in ("draws", "people", "held", "unpriced")),
        _text("notes"),
        sa.Column("has_companies", sa.Boolean(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        _text("made_by"),
        _moment("made_at"),
        _check("accrual", "basis", "basis IN ('forecast', 'approved', 'released')"),
        _check("accrual", "counts", "number > 0 AND draws >= 0 AND people >= 0 AND held >= unpriced AND unpriced >= 0"),
        _refers("accrual", "before_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accrual")),
        sa.UniqueConstraint("quarter", "number", name=op.f("uq_accrual_quarter_number")),
    )
    op.create_table(
        "accrual_taken",
        _number("accrual_id"),
        _text("taken_by"),
        _moment("taken_at"),
        _refers("accrual_taken", "accrual_id"),
        sa.PrimaryKeyConstraint("accrual_id", name=op.f("pk_accrual_taken")),
    )
    keys = ("company", "currency", "cost_centre", "unit")
    op.create_table(
        "accrual_line",
        _number("accrual_id"),
        *(_text(name) for name in (*keys, "expense", "liability")),
        *_money(_MONEY_OF_LINES),
        _number("people"),
        _check("accrual_line", "band", "low_minor <= expected_minor AND expected_minor <= high_minor"),
        _refers("accrual_line", "accrual_id"),
        sa.PrimaryKeyConstraint("accrual_id", *keys, name=op.f("pk_accrual_line")),
    )
    band = "worst_minor <= low_minor AND low_minor <= high_minor AND high_minor <= best_minor"
    op.create_table(
        "accrual_total",
        _number("accrual_id"),
        _text("currency"),
        *_money(_MONEY_OF_TOTALS),
        _check("accrual_total", "band", band),
        _refers("accrual_total", "accrual_id"),
        sa.PrimaryKeyConstraint("accrual_id", "currency", name=op.f("pk_accrual_total")),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False)


def _set() -> tuple[sa.Column[str], sa.Column[object]]:
    return _text("set_by"), _moment("set_at")


def _money(names: tuple[str, ...]) -> list[sa.Column[int]]:
    return [sa.Column(f"{name}_minor", sa.BigInteger(), nullable=False) for name in names]


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accrual.id"], name=op.f(f"fk_{table}_{column}_accrual"))


def downgrade() -> None:
    """Take the step back."""
    for table in _KEPT:
        for change in ("UPDATE", "DELETE"):
            unguard(table, change)
    for table in ("accrual_total", "accrual_line", "accrual_taken", "accrual"):
        op.drop_table(table)
    for table in ("accrual_accounts", "exchange_rate", "group_currency"):
        op.drop_table(table)
