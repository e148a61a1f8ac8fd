"""A mail to one person: who gets it and what it says, and what may stand in none."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from comp.errors import RefusedError
from comp.money import is_currency

_ADDRESS = re.compile(r'[^\s@<>(),;:\\"\[\]\x00-\x1f\x7f]+@[^\s@<>(),;:\\"\[\]\x00-\x1f\x7f]+')
_LONGEST_ADDRESS = 254
_NOT_IN_A_LINE = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, halves of characters, and ends of lines and paragraphs, as Unicode calls them."""
_MONEY = re.compile(r"[€$£¥₹]\s?\d|\d\s?[€$£¥₹]|\b([A-Z]{3})\s?[-−+]?\d|\d\s?([A-Z]{3})\b")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that somebody took on to send. `attempt` counts from 1."""

    id: int
    recipient: str
    subject: str
    body: str
    queued_at: datetime
    attempt: int


def require_sendable(to: str, subject: str, body: str) -> None:
    """Raise `RefusedError` for what is no one address or could become a header, `ValueError` for an amount of money.

    Mails pass through many hands, so pay stands on pages alone, and a mail says where.
    """
    if len(to) > _LONGEST_ADDRESS or not to.isascii() or not _ADDRESS.fullmatch(to):
        raise RefusedError(f"{to!r} is not one e-mail address.")
    if not subject.strip() or any(unicodedata.category(each) in _NOT_IN_A_LINE for each in subject):
        raise RefusedError("The subject of a mail is one line of text.")
    if "\0" in body:
        raise RefusedError("A mail has no null characters.")
    if _names_an_amount(subject) or _names_an_amount(body):
        raise ValueError("a mail never tells an amount of money; say on which page it stands")


def _names_an_amount(text: str) -> bool:
    """Whether a number stands beside a currency."""
    found = (match[1] or match[2] for match in _MONEY.finditer(text))
    return any(code is None or is_currency(code) for code in found)
