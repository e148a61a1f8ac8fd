"""Payroll's own layouts, and the maps of pay codes, company codes and employee numbers."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016"
down_revision = "0015"

_TABLES = ("payroll_number", "payroll_company", "payroll_code", "payroll_layout")


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "payroll_layout",
        *_texts("id", "document", "sha256", "saved_by"),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_payroll_layout_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payroll_layout")),
    )
    op.create_table(
        "payroll_code",
        *_texts("layout", "pay_code", "code"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_payroll_code_code")),
        sa.PrimaryKeyConstraint("layout", "pay_code", name=op.f("pk_payroll_code")),
    )
    op.create_table(
        "payroll_company",
        *_texts("layout", "cost_centre", "unit", "currency", "code"),
        sa.CheckConstraint("code <> ''", name=op.f("ck_payroll_company_code")),
        sa.PrimaryKeyConstraint("layout", "cost_centre", "unit", "currency", name=op.f("pk_payroll_company")),
    )
    op.create_table(
        "payroll_number",
        *_texts("layout", "employee", "number"),
        sa.CheckConstraint("number <> ''", name=op.f("ck_payroll_number_number")),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_payroll_number_employee_person")),
        sa.PrimaryKeyConstraint("layout", "employee", name=op.f("pk_payroll_number")),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in names]


def downgrade() -> None:
    """Take the step back."""
    for name in _TABLES:
        op.drop_table(name)
