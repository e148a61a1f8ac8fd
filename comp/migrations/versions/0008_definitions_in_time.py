"""Questions and metrics with the quarter from which each definition holds, so that what was paid on stays as it was."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"

_INTO = "INSERT INTO definition (kind, id, starts, document)"
_LAST = "SELECT max(starts) FROM definition AS other WHERE other.kind = one.kind AND other.id = one.id"
_BACK = f"SELECT id, document FROM definition AS one WHERE starts = ({_LAST})"  # noqa: S608 - its own text


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "definition",
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("starts", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("kind IN ('question', 'metric')", name=op.f("ck_definition_kind")),
        sa.CheckConstraint("starts = '' OR length(starts) = 7", name=op.f("ck_definition_starts")),
        sa.PrimaryKeyConstraint("kind", "id", "starts", name=op.f("pk_definition")),
    )
    op.execute(f"{_INTO} SELECT 'question', id, '', document FROM question")  # noqa: S608 - its own text
    op.execute(f"{_INTO} SELECT 'metric', id, '', document FROM metric")  # noqa: S608 - its own text
    op.drop_table("question")
    op.drop_table("metric")


def downgrade() -> None:
    """Take the step back: of each question and metric the last definition is kept."""
    for kind in ("question", "metric"):
        op.create_table(
            kind,
            sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
            sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{kind}")),
        )
    op.execute(f"INSERT INTO question (id, document) {_BACK} AND kind = 'question'")
    op.execute(f"INSERT INTO metric (id, document) {_BACK} AND kind = 'metric'")
    op.drop_table("definition")
