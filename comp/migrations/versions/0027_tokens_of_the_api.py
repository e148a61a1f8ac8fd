"""Tokens by which other systems ask, and answers that are given again to the same request."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027"
down_revision = "0026"

_text = sqlmodel.sql.sqltypes.AutoString
_moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("token_hash", "shown", "name", "scopes")),
        *(sa.Column(name, _moment(), nullable=False) for name in ("made_at", "expires_at")),
        *(sa.Column(name, _moment(), nullable=True) for name in ("used_at", "revoked_at")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_api_token_token")),
        sa.CheckConstraint("scopes <> ''", name=op.f("ck_api_token_scopes")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_lasts")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"])
    op.create_table(
        "api_answer",
        sa.Column("token_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("key", "request_sha256")),
        sa.Column("status", sa.Integer(), nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("location", "etag", "body")),
        sa.Column("kept_at", _moment(), nullable=False),
        sa.CheckConstraint("length(request_sha256) = 64", name=op.f("ck_api_answer_request")),
        sa.CheckConstraint("status BETWEEN 200 AND 299", name=op.f("ck_api_answer_status")),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_answer_token_id_api_token")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_answer")),
    )
    op.create_index(op.f("ix_api_answer_kept_at"), "api_answer", ["kept_at"])


def downgrade() -> None:
    """Take the step back."""
    for table in ("api_answer", "api_token"):
        op.drop_table(table)
