"""Passwords: one way to hash and to compare them, for pages and commands alike."""

from functools import cache
from secrets import token_hex

from passlib.context import CryptContext

from comp.errors import RefusedError

SHORTEST, LONGEST = 10, 1_000
CONTEXT = CryptContext(schemes=["argon2"], argon2__type="ID")
"""argon2id with the library's own costs. A hash of other costs still opens, and is then made anew."""


def hashed(password: str) -> str:
    """The hash that is stored. Raises `RefusedError` for a password that is too short or too long."""
    require_sound(password)
    return str(CONTEXT.hash(password))


def require_sound(password: str) -> None:
    """Raise `RefusedError` for a password that nobody may take."""
    if len(password) < SHORTEST:
        raise RefusedError(f"A password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise RefusedError(f"A password has at most {LONGEST:,} characters.")


@cache
def nobodys() -> str:
    """A hash that no password meets: an unknown address takes as long as a known one."""
    return str(CONTEXT.hash(token_hex()))
