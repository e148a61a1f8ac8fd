"""The facts that each run looked at, so that it can be calculated again whatever changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_WHY = "a run never changes"


def upgrade() -> None:
    """Apply the step. Runs that were calculated before it have no snapshot."""
    op.create_table(
        "run_snapshot",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_snapshot_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_snapshot")),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    then = f"EXECUTE FUNCTION refuse_change('{_WHY}')" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
    for change in ("UPDATE", "DELETE"):
        name = f"keep_run_snapshot_from_{change.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON run_snapshot FOR EACH ROW {then}")


def downgrade() -> None:
    """Take the step back: the triggers go with the table."""
    op.drop_table("run_snapshot")
