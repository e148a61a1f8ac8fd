"""Columns of answers files that no question described: the page of metrics asks for their scale."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "unread_column",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_unread_column_batch_id_batch")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_unread_column")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("unread_column")
