"""Who of the people concerned has said that they read a plan version."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"

_WHY = "that somebody read a plan never changes"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "plan_reader",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_plan_reader_employee_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_plan_reader_version_id_plan_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "employee", name=op.f("pk_plan_reader")),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    then = f"EXECUTE FUNCTION refuse_change('{_WHY}')" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
    for change in ("UPDATE", "DELETE"):
        name = f"keep_plan_reader_from_{change.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON plan_reader FOR EACH ROW {then}")


def downgrade() -> None:
    """Take the step back: the triggers go with the table."""
    op.drop_table("plan_reader")
