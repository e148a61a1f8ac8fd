"""Hours that people worked in workweeks, for what overtime adds to a bonus."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "overtime_hours",
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("stated_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("stated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("hundredths >= 0 AND hundredths <= 16800", name=op.f("ck_overtime_hours_hours")),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_overtime_hours_employee_person")),
        sa.PrimaryKeyConstraint("employee", "week", name=op.f("pk_overtime_hours")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("overtime_hours")
