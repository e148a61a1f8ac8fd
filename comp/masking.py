"""Customers' own words as pages show them: what would tell who somebody is stands masked."""

import re
from collections.abc import Iterable
from functools import lru_cache

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_ORDER = re.compile(r"(?<![\w])(?=[A-Z0-9#/-]*\d)(?:[A-Z]{1,6}[-/#]?|#)\d[A-Z0-9/-]{3,}(?![\w])")
_LONG_NUMBER = re.compile(r"(?<![\w,.])\d{6,}(?![\w])")
_PHONE = re.compile(r"(?<![\w])(?:\+|00)?\(?\d(?:[\s./()-]{0,2}\d){6,14}(?![\w])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_SHORTEST_NAME = 3


def masked(comment: str, names: Iterable[str] = ()) -> str:
    """A comment without e-mail addresses, links, telephone and order numbers, and without the names of people.

    A name is masked whole, and each part of it that has three letters or more and is written as names are.
    """
    comment = _EMAIL.sub("[e-mail]", comment)
    comment = _LINK.sub("[link]", comment)
    comment = _ORDER.sub("[number]", comment)
    comment = _PHONE.sub(_phone, comment)
    comment = _LONG_NUMBER.sub("[number]", comment)
    pattern = _names(frozenset(names))
    return pattern.sub("[name]", comment) if pattern else comment


def _phone(found: re.Match[str]) -> str:
    """A day is no telephone number, though it has as many figures."""
    return found[0] if _DAY.fullmatch(found[0]) else "[number]"


@lru_cache(maxsize=64)
def _names(names: frozenset[str]) -> re.Pattern[str] | None:
    parts = {part for name in names for part in name.split() if len(part) >= _SHORTEST_NAME}
    told = sorted(names | parts, key=lambda name: (-len(name), name))
    known = [re.escape(name) for name in told if name]
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)") if known else None
