"""Tokens of accounts, found by their hash."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col, update

from comp.models import ApiTokenRow
from comp.tokens import ApiToken, Scope


def add(session: Session, row: ApiTokenRow) -> ApiToken:
    """Store a token."""
    session.add(row)
    session.flush()
    return _read(row)


def find(session: Session, token_hash: str) -> ApiToken | None:
    """The token with a hash; None where there is none."""
    row = session.scalars(select(ApiTokenRow).where(col(ApiTokenRow.token_hash) == token_hash)).one_or_none()
    return _read(row) if row else None


def of_account(session: Session, account_id: int) -> list[ApiToken]:
    """The tokens of an account that nobody revoked, the latest first."""
    rows = select(ApiTokenRow).where(col(ApiTokenRow.account_id) == account_id, col(ApiTokenRow.revoked_at).is_(None))
    return [_read(row) for row in session.scalars(rows.order_by(col(ApiTokenRow.id).desc()))]


def count_living(session: Session, account_id: int, now: datetime) -> int:
    """How many tokens of an account open something now."""
    query = select(func.count()).where(
        col(ApiTokenRow.account_id) == account_id,
        col(ApiTokenRow.revoked_at).is_(None),
        col(ApiTokenRow.expires_at) > now,
    )
    return session.scalar(query) or 0


def note_used(session: Session, token_id: int, now: datetime) -> None:
    """Remember when a token was used."""
    session.execute(update(ApiTokenRow).where(col(ApiTokenRow.id) == token_id).values(used_at=now))


def revoke(session: Session, account_id: int, now: datetime, token_id: int | None = None) -> int:
    """End one token of an account, or all; gives how many that were."""
    ours = col(ApiTokenRow.account_id) == account_id, col(ApiTokenRow.revoked_at).is_(None)
    these = ours if token_id is None else (*ours, col(ApiTokenRow.id) == token_id)
    done = session.execute(update(ApiTokenRow).where(*these).values(revoked_at=now).returning(col(ApiTokenRow.id)))
    return len(done.all())


def _read(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        id=row.id or 0,
        account_id=row.account_id,
        name=row.name,
        shown=row.shown,
        scopes=tuple(Scope(each) for each in row.scopes.split()),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
