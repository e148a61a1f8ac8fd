"""Who was told that a statement is there, once for each batch."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0030"
down_revision = "0029"

_TABLE, _WHY = "statement_mail", "that somebody was told of a statement stays known"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        _TABLE,
        sa.Column("release", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("queued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["release"], ["release.name"], name=op.f("fk_statement_mail_release_release")),
        sa.PrimaryKeyConstraint("release", "employee", name=op.f("pk_statement_mail")),
        sqlite_with_rowid=False,
    )
    for change in ("UPDATE", "DELETE"):
        guard(_TABLE, change, "", _WHY)


def downgrade() -> None:
    """Take the step back."""
    for change in ("UPDATE", "DELETE"):
        unguard(_TABLE, change)
    op.drop_table(_TABLE)
