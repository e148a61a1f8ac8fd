"""Browsers that are known: strangers who guess an account's password keep nobody waiting who signs in where always."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.models import DeviceRow
from comp.roles import Account
from comp.store import devices

KEPT = timedelta(days=365)
"""How long a browser is known in which nobody signs in."""

_MOST = 20


def known(session: Session, account_id: int, token: str) -> DeviceRow | None:
    """The account's browser that a token is of; None for a stranger's."""
    return devices.find(session, account_id, _hashed(token)) if token else None


def recognise(session: Session, account: Account, token: str, now: datetime) -> str:
    """Know a browser in which somebody has just signed in, or proved themselves; gives the token that it keeps."""
    devices.forget_unused(session, now - KEPT)
    found = known(session, account.id, token)
    if found is not None:
        found.used_at, found.failures, found.blocked_until = now, 0, None
        session.flush()
        return token
    fresh = secrets.token_urlsafe(32)
    devices.add(session, account.id, _hashed(fresh), now, _MOST)
    return fresh


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
