"""Sessions that can be listed and ended, second factors, recovery codes and passkeys."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"

_text = sqlmodel.sql.sqltypes.AutoString
_moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Apply the step."""
    op.add_column("account", sa.Column("reset_asked_at", _moment(), nullable=True))
    op.create_index(op.f("ix_person_email"), "person", ["email"])
    _sessions()
    op.create_table(
        "account_factor",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", _text(), nullable=False),
        sa.Column("last_counter", sa.Integer(), nullable=False),
        _of_account("account_factor"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", _text(), nullable=False),
        _of_account("recovery_code"),
        sa.PrimaryKeyConstraint("account_id", "code", name=op.f("pk_recovery_code")),
    )
    _passkeys()


def _sessions() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", _text(), nullable=False),
        sa.Column("device", _text(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("seen_at", _moment(), nullable=False),
        sa.Column("proved_at", _moment(), nullable=False),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_account_session_token")),
        _of_account("account_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"])


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", _text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("public_key", _text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", _text(), nullable=False),
        sa.Column("added_at", _moment(), nullable=False),
        sa.Column("used_at", _moment(), nullable=True),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id_account"))


def downgrade() -> None:
    """Take the step back."""
    for table in ("passkey", "recovery_code", "account_factor", "account_session"):
        op.drop_table(table)
    op.drop_index(op.f("ix_person_email"), "person")
    op.drop_column("account", "reset_asked_at")
