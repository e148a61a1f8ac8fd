"""A mail that was given up keeps what it says, so that it can be tried again once the mail server works."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply the step."""
    _require("sent_at IS NULL OR body = ''")


def downgrade() -> None:
    """Take the step back: what mails that were given up say is gone."""
    op.execute("UPDATE outbox SET body = '' WHERE next_try_at IS NULL")
    _require("next_try_at IS NOT NULL OR body = ''")


def _require(what: str) -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("ck_outbox_body_gone"), type_="check")
        outbox.create_check_constraint(op.f("ck_outbox_body_gone"), what)
