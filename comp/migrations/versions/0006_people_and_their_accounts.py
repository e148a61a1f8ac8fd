"""Whose account is whose, who granted a role and when, and who stands in for a manager."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"

_GRANTED = {"granted_by": sqlmodel.sql.sqltypes.AutoString(), "granted_at": sqlmodel.sql.sqltypes.UTCDateTime()}


def upgrade() -> None:
    """Apply the step."""
    order = ' COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else ""
    reference = "CONSTRAINT fk_account_employee_person REFERENCES person (employee)"
    op.execute(f"ALTER TABLE account ADD COLUMN employee VARCHAR{order} {reference}")
    op.create_index(op.f("ix_account_employee"), "account", ["employee"], unique=True)
    for name, kind in _GRANTED.items():
        op.add_column("account_role", sa.Column(name, kind, nullable=True))
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manager", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("delegate", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("manager <> delegate", name=op.f("ck_delegation_other")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("ck_delegation_days")),
        sa.ForeignKeyConstraint(["delegate"], ["person.employee"], name=op.f("fk_delegation_delegate_person")),
        sa.ForeignKeyConstraint(["manager"], ["person.employee"], name=op.f("fk_delegation_manager_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    for name in ("delegate", "manager"):
        op.create_index(op.f(f"ix_delegation_{name}"), "delegation", [name])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("delegation")
    for name in _GRANTED:
        op.drop_column("account_role", name)
    op.drop_index(op.f("ix_account_employee"), "account")
    op.drop_column("account", "employee")
