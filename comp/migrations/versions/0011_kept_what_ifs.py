"""What-ifs that somebody kept under a name. They are written once; only forgetting one removes it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"

_TEXTS = ("name", "plan", "quarter", "document", "position", "results", "inputs_sha256", "author")


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "whatif_scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in _TEXTS),
        sa.Column("kept_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_whatif_scenario_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatif_scenario")),
        sa.UniqueConstraint("name", name=op.f("uq_whatif_scenario_name")),
    )
    start = "CREATE TRIGGER keep_whatif_scenario_from_update BEFORE UPDATE ON whatif_scenario FOR EACH ROW"
    why = "a kept what-if never changes"
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    then = f"EXECUTE FUNCTION refuse_change('{why}')" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    op.execute(f"{start} {then}")


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("whatif_scenario")
