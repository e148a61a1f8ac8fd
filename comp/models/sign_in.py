"""Tables of signing in: sessions, second factors, recovery codes and passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from comp.models.base import check


class SessionRow(SQLModel, table=True):
    """A browser that is signed in. Of its token only a hash is kept; `proved_at` is when the person was last asked."""

    __tablename__ = "account_session"
    __table_args__ = (check("token", "length(token_hash) = 64"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    device: str
    created_at: datetime
    seen_at: datetime
    proved_at: datetime


class FactorRow(SQLModel, table=True):
    """The secret of an account's authenticator app, encrypted, and the number of the last code that was used."""

    __tablename__ = "account_factor"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    secret: str
    last_counter: int


class RecoveryCodeRow(SQLModel, table=True):
    """A recovery code that was not used yet, encrypted."""

    __tablename__ = "recovery_code"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_column_kwargs={"autoincrement": False})
    code: str = Field(primary_key=True)


class PasskeyRow(SQLModel, table=True):
    """A passkey's public half. `id` and `public_key` are base64url, as browsers write them."""

    __tablename__ = "passkey"

    id: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    public_key: str
    sign_count: int = Field(sa_type=BigInteger)
    name: str
    added_at: datetime
    used_at: datetime | None = None


class DeviceRow(SQLModel, table=True):
    """A browser in which an account was signed in before: attempts in it are counted apart from everybody else's.

    Of the token that it keeps there is only a hash here.
    """

    __tablename__ = "known_device"
    __table_args__ = (check("token", "length(token_hash) = 64"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    used_at: datetime
    failures: int = 0
    blocked_until: datetime | None = None
