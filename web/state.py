"""What a request works on: the database, and who is asking."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import current_app, g

from comp.db import Engine
from comp.roles import Account, Permission
from comp.services.sessions import SignedIn
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class State:
    """What the application was started with."""

    engine: Engine
    settings: Settings


def state() -> State:
    """What the application was started with."""
    return cast("State", current_app.extensions["loyaltypay"])  # what create_app put there


def engine() -> Engine:
    """The company's database."""
    return state().engine


def account() -> Account:
    """Whoever is asking. Only routes that need somebody signed in may ask."""
    found = cast("Account | None", g.get("account"))  # what web.access put there
    if found is None:
        raise RuntimeError("nobody is signed in")
    return found


def signed_in() -> SignedIn:
    """The session that is asking. Only routes that need somebody signed in may ask."""
    found = cast("SignedIn | None", g.get("signed_in"))  # what web.access put there
    if found is None:
        raise RuntimeError("nobody is signed in")
    return found


def granted() -> frozenset[Permission]:
    """Everything that whoever is asking may do, by roles and relations; nothing for strangers."""
    return cast("frozenset[Permission]", g.get("granted", frozenset()))  # what web.access put there


def now() -> datetime:
    """The moment of the request, in UTC."""
    return datetime.now(UTC)
