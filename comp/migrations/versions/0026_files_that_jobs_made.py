"""Files that jobs made, in parts."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0026"
down_revision = "0025"

_TABLES = ("made_file", "made_part")
_WHY = "a file that was made never changes"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "made_file",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        *(_text(name) for name in ("name", "media_type", "needs")),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        _text("sha256"),
        sa.Column("kept_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("size >= 0 AND parts >= 0", name=op.f("ck_made_file_size")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_made_file_sha256")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_made_file_job_id_job")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_made_file")),
    )
    op.create_table(
        "made_part",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("job_id", "attempt", "number")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_made_part_job_id_job")),
        sa.PrimaryKeyConstraint("job_id", "attempt", "number", name=op.f("pk_made_part")),
    )
    for table in _TABLES:
        guard(table, "UPDATE", "", _WHY)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)


def downgrade() -> None:
    """Take the step back."""
    for table in reversed(_TABLES):
        unguard(table, "UPDATE")
        op.drop_table(table)
