"""Passwords: which may be taken, and one way to hash and to compare them, for pages and commands alike."""

import re
from collections.abc import Iterable
from functools import cache
from secrets import token_hex

from passlib.context import CryptContext

from comp.errors import RefusedError

SHORTEST, LONGEST = 10, 1_000
CONTEXT = CryptContext(schemes=["argon2"], argon2__type="ID")
"""argon2id with the library's own costs. A hash of other costs still opens, and is then made anew."""

_PRODUCT = "loyaltypay"
_SHORTEST_WORD = 4
_MOST_AROUND = 6
_MOST_REPEATED = 4
_LOOKS_LIKE = str.maketrans("@013457$!", "aoieastsi")
_SIGNS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def hashed(password: str, own: Iterable[str] = ()) -> str:
    """The hash that is stored. Raises `RefusedError` for one that `require_sound` refuses."""
    require_sound(password, own)
    return str(CONTEXT.hash(password))


def require_sound(password: str, own: Iterable[str] = ()) -> None:
    """Raise `RefusedError` for a password that would be guessed, or that has one of the person's `own` words in it."""
    if len(password) < SHORTEST:
        raise RefusedError(f"A password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise RefusedError(f"A password has at most {LONGEST:,} characters.")
    if _is_common(password.lower()):
        raise RefusedError("This is one of the passwords that are tried first. A few words of your own are safer.")
    if word := _own_word(password.lower(), own):
        raise RefusedError(f"A password does not have {word!r} in it: that is what somebody who knows you tries first.")


def _is_common(password: str) -> bool:
    """Whether it is among the 30,000 most common ones, is one with some digits and signs around, or one repeated."""
    stem = _SIGNS.sub("", password)
    tried = {password, _period(password)}
    if len(password) - len(stem) <= _MOST_AROUND:
        tried |= {stem, stem.translate(_LOOKS_LIKE), _period(stem)}
    unit = _period(password)
    return len(unit) <= _MOST_REPEATED or not _most_common().isdisjoint(tried)


def _period(text: str) -> str:
    """The shortest text that this one repeats; itself where it repeats none."""
    return text[: (text + text).find(text, 1)] if text else text


@cache
def _most_common() -> frozenset[str]:
    """The list that comes with zxcvbn (MIT), counted in passwords that were stolen elsewhere."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _own_word(password: str, own: Iterable[str]) -> str:
    """The first of the product's and the person's own words that the password has, whatever stands between letters."""
    letters = re.sub(r"[\W_]+", "", password)
    parts = (part for text in own for part in re.split(r"[\W_\d]+", text.lower()))
    return next((word for word in (_PRODUCT, *parts) if len(word) >= _SHORTEST_WORD and word in letters), "")


@cache
def nobodys() -> str:
    """A hash that no password meets: an unknown address takes as long as a known one."""
    return str(CONTEXT.hash(token_hex()))
