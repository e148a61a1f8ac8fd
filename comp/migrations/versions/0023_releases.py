"""Payroll batches as they were released, pay that is held back, and what payroll says that it paid."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0023"
down_revision = "0022"

_FROZEN = "a released batch never changes"
_KEPT = "NEW.quarter <> OLD.quarter OR NEW.employee <> OLD.employee OR NEW.why <> OLD.why OR NEW.held_by <> OLD.held_by"
_GUARDS = (
    *((table, change, "", _FROZEN) for table in ("release", "release_line") for change in ("UPDATE", "DELETE")),
    *(("release_file", change, "", "a released file never changes") for change in ("UPDATE", "DELETE")),
    ("payout_hold", "UPDATE", f"OLD.lifted_by IS NOT NULL OR {_KEPT}", "why pay was held back never changes"),
    ("payout_hold", "DELETE", "", "that pay was held back is never deleted"),
    *(
        (table, change, "", "what payroll confirmed never changes")
        for table in ("paid_confirmation", "paid_difference", "difference_answer")
        for change in ("UPDATE", "DELETE")
    ),
)


def upgrade() -> None:
    """Apply the step."""
    _add_batches()
    _add_holds()
    _add_confirmations()
    for each in _GUARDS:
        guard(*each)


def _add_batches() -> None:
    op.create_table(
        "release",
        *(_text(name) for name in ("name", "quarter")),
        *(_number(name) for name in ("number", "run_id")),
        *(_text(name) for name in ("approved_by", "released_by")),
        _moment("released_at"),
        *(_text(name) for name in ("approved_sha256", "settlement_sha256", "content_sha256", "employees_sha256")),
        *(_number(name) for name in ("people", "lines")),
        sa.Column("pay_date", sa.Date(), nullable=False),
        *(_text(name) for name in ("payroll_number", "anchor")),
        _check("release", "number", "number > 0"),
        _check("release", "four_eyes", "released_by <> approved_by"),
        _check("release", "hashes", "length(content_sha256) = 64 AND length(employees_sha256) = 64"),
        _check("release", "approved", "length(approved_sha256) = 64 AND length(settlement_sha256) = 64"),
        _refers("release", "quarter", "quarter_life"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_release_run_id_run")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_release")),
        sa.UniqueConstraint("quarter", "number", name=op.f("uq_release_quarter_number")),
    )
    op.create_table(
        "release_line",
        _text("release"),
        _number("place"),
        *(_text(name) for name in ("employee", "name", "currency", "kind", "quarter")),
        *(_text(name) for name in ("pay_code", "cost_centre", "unit")),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _check("release_line", "kind", "kind <> ''"),
        sa.ForeignKeyConstraint(["release"], ["release.name"], name=op.f("fk_release_line_release_release")),
        sa.PrimaryKeyConstraint("release", "place", name=op.f("pk_release_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_release_line_quarter_employee", "release_line", ["quarter", "employee"])
    op.create_table(
        "release_file",
        *(_text(name) for name in ("release", "layout", "name")),
        _number("place"),
        _text("sha256"),
        _number("size"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _check("release_file", "sha256", "length(sha256) = 64"),
        _check("release_file", "size", "size = length(content)"),
        sa.ForeignKeyConstraint(["release"], ["release.name"], name=op.f("fk_release_file_release_release")),
        sa.PrimaryKeyConstraint("release", "layout", "name", name=op.f("pk_release_file")),
    )


def _add_holds() -> None:
    op.create_table(
        "payout_hold",
        _number("id"),
        *(_text(name) for name in ("quarter", "employee", "why", "held_by")),
        _moment("held_at"),
        _text("lifted_by", nullable=True),
        _moment("lifted_at", nullable=True),
        _text("lifted_words"),
        _check("payout_hold", "why", "why <> ''"),
        _check("payout_hold", "lifted", "(lifted_by IS NULL) = (lifted_at IS NULL)"),
        _check("payout_hold", "four_eyes", "lifted_by <> held_by"),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_payout_hold_employee_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_hold")),
    )
    is_open = sa.text("lifted_by IS NULL")
    op.create_index(
        "ix_payout_hold_open",
        "payout_hold",
        ["quarter", "employee"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _add_confirmations() -> None:
    op.create_table(
        "paid_confirmation",
        *(_text(name) for name in ("release", "how")),
        _text("file_sha256", nullable=True),
        *(_number(name) for name in ("rows", "differences")),
        _text("confirmed_by"),
        _moment("confirmed_at"),
        _check("paid_confirmation", "how", "how IN ('typed', 'file')"),
        _check("paid_confirmation", "file", "(how = 'file') = (file_sha256 IS NOT NULL)"),
        sa.ForeignKeyConstraint(["release"], ["release.name"], name=op.f("fk_paid_confirmation_release_release")),
        sa.PrimaryKeyConstraint("release", name=op.f("pk_paid_confirmation")),
    )
    op.create_table(
        "paid_difference",
        _number("id"),
        *(_text(name) for name in ("release", "employee", "currency", "pay_code", "kind")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("expected_minor", "paid_minor")),
        _check("paid_difference", "kind", "kind IN ('missing', 'extra', 'other amount')"),
        _check("paid_difference", "expected", "(kind = 'extra') = (expected_minor IS NULL)"),
        _check("paid_difference", "paid", "(kind = 'missing') = (paid_minor IS NULL)"),
        sa.ForeignKeyConstraint(
            ["release"], ["paid_confirmation.release"], name=op.f("fk_paid_difference_release_paid_confirmation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_difference")),
        sa.UniqueConstraint(
            "release",
            "employee",
            "currency",
            "pay_code",
            name=op.f("uq_paid_difference_release_employee_currency_pay_code"),
        ),
    )
    op.create_table(
        "difference_answer",
        *(_number(name) for name in ("id", "difference_id")),
        *(_text(name) for name in ("answer", "words", "answered_by")),
        _moment("answered_at"),
        _check("difference_answer", "answer", "answer IN ('explained', 'put right by a correction', 'outstanding')"),
        _check("difference_answer", "words", "words <> ''"),
        sa.ForeignKeyConstraint(
            ["difference_id"], ["paid_difference.id"], name=op.f("fk_difference_answer_difference_id_paid_difference")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference_answer")),
    )
    op.create_index(op.f("ix_difference_answer_difference_id"), "difference_answer", ["difference_id"])


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{column}"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    """Take the step back."""
    for table, change, _, _ in _GUARDS:
        unguard(table, change)
    for table in (
        "difference_answer",
        "paid_difference",
        "paid_confirmation",
        "payout_hold",
        "release_file",
        "release_line",
        "release",
    ):
        op.drop_table(table)
