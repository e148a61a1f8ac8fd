"""How each account reads and writes numbers and days."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply the step."""
    op.add_column("account", sa.Column("locale", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("account", "locale")
