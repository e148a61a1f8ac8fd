"""Browsers in which accounts were signed in before."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from comp.models import DeviceRow


def find(session: Session, account_id: int, token_hash: str) -> DeviceRow | None:
    """The browser of an account that has a token; None for any other, and for another account's."""
    mine = (col(DeviceRow.account_id) == account_id, col(DeviceRow.token_hash) == token_hash)
    return session.scalars(select(DeviceRow).where(*mine)).one_or_none()


def add(session: Session, account_id: int, token_hash: str, now: datetime, most: int) -> None:
    """Remember a browser, and of an account's the latest used alone."""
    session.add(DeviceRow(account_id=account_id, token_hash=token_hash, used_at=now))
    session.flush()
    mine = col(DeviceRow.account_id) == account_id
    kept = select(col(DeviceRow.id)).where(mine).order_by(col(DeviceRow.used_at).desc(), col(DeviceRow.id).desc())
    session.execute(delete(DeviceRow).where(mine, col(DeviceRow.id).not_in(kept.limit(most))))


def forget_all(session: Session, account_id: int) -> None:
    """Forget every browser of an account."""
    session.execute(delete(DeviceRow).where(col(DeviceRow.account_id) == account_id))


def forget_unused(session: Session, before: datetime) -> None:
    """Forget browsers in which nobody signed in since a moment."""
    session.execute(delete(DeviceRow).where(col(DeviceRow.used_at) < before))
