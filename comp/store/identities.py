"""Who accounts are at an identity provider."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from comp.models import AccountRow, IdentityRow


def email_of(session: Session, issuer: str, subject: str) -> str | None:
    """The address of the account that somebody of a provider's is here; None for a stranger."""
    identity = (col(IdentityRow.issuer) == issuer) & (col(IdentityRow.subject) == subject)
    query = select(col(AccountRow.email)).join(IdentityRow, col(IdentityRow.account_id) == col(AccountRow.id))
    return session.scalars(query.where(identity)).one_or_none()


def is_linked(session: Session, account_id: int) -> bool:
    """Whether an account is somebody's of a provider already."""
    query = select(col(IdentityRow.id)).where(col(IdentityRow.account_id) == account_id)
    return session.scalars(query).one_or_none() is not None


def link(session: Session, account_id: int, issuer: str, subject: str, now: datetime) -> None:
    """Let somebody of a provider's be an account for good."""
    session.add(IdentityRow(issuer=issuer, subject=subject, account_id=account_id, linked_at=now))
    session.flush()


def unlink(session: Session, account_id: int) -> bool:
    """Let an account be nobody's of a provider; tells whether it was somebody's."""
    row = session.scalars(select(IdentityRow).where(col(IdentityRow.account_id) == account_id)).one_or_none()
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None
