"""Tables of the API: tokens, of which only hashes are kept, and answers that are given again to the same request."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class ApiTokenRow(SQLModel, table=True):
    """A token of an account. `scopes` are separated by spaces; `shown` is how the token begins."""

    __tablename__ = "api_token"
    __table_args__ = (
        check("token", "length(token_hash) = 64"),
        check("scopes", "scopes <> ''"),
        check("lasts", "expires_at > made_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(unique=True)
    shown: str
    name: str
    scopes: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class ApiAnswerRow(SQLModel, table=True):
    """What a write by a token was answered, under the key that it came with."""

    __tablename__ = "api_answer"
    __table_args__ = (check("request", "length(request_sha256) = 64"), check("status", "status BETWEEN 200 AND 299"))

    token_id: int = Field(primary_key=True, foreign_key="api_token.id", sa_column_kwargs={"autoincrement": False})
    key: str = Field(primary_key=True)
    request_sha256: str
    status: int
    location: str
    etag: str
    body: str
    kept_at: datetime = Field(index=True)
