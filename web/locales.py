"""How a reader writes numbers: which sign stands before decimals, which between thousands.

Only what somebody chose on the account page counts. A browser's language is not asked: it would change what `1.500`
means with the computer that one sits at, and nobody would see it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from babel import Locale
from flask import g, has_app_context

from comp.figures import MINUS
from comp.locales import ENGLISH, LOCALES

_TOLD: ContextVar[str | None] = ContextVar("locale", default=None)
_SPACES = "\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE} "
_APOSTROPHES = "\N{RIGHT SINGLE QUOTATION MARK}'"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers and days are written: `tag` as in `comp.locales`, and what may stand between thousands."""

    tag: str
    decimal: str
    group: str

    @property
    def name(self) -> str:
        """The name that people know it by."""
        return LOCALES[self.tag]

    @property
    def babel(self) -> str:
        """The name that Babel knows it by."""
        return self.tag.replace("-", "_")

    @property
    def groups(self) -> str:
        """Every sign that one may type between thousands: no keyboard has the ones that books are set with."""
        return next((each for each in (_SPACES, _APOSTROPHES) if self.group in each), self.group)

    def written(self, plain: str, *, grouped: bool = True) -> str:
        """A plain decimal text, `-1335.94`, as it is written here, with a real minus sign."""
        whole, _, part = plain.removeprefix("-").partition(".")
        if grouped:
            whole = f"{int(whole):,}".replace(",", self.group)
        return f"{MINUS if plain.startswith('-') else ''}{whole}{self.decimal if part else ''}{part}"

    def plain(self, typed: str) -> str | None:
        """The plain decimal text of what was typed here; None for anything that is not one number, unmistakably.

        Digits are ASCII. A thousands sign stands before each three digits or nowhere; no exponent, no leading plus.
        """
        found = _pattern(self).fullmatch(typed.strip())
        if found is None:
            return None
        whole = re.sub(f"[{re.escape(self.groups)}]", "", found["whole"])
        return f"{'-' if found['sign'] else ''}{whole}{'.' if found['part'] else ''}{found['part'] or ''}"


@cache
def _pattern(numbers: NumberFormat) -> re.Pattern[str]:
    group, decimal = re.escape(numbers.groups), re.escape(numbers.decimal)
    whole = rf"(?P<whole>[0-9]{{1,20}}|[0-9]{{1,3}}(?:(?P<group>[{group}])[0-9]{{3}})(?:(?P=group)[0-9]{{3}}){{0,5}})"
    return re.compile(rf"(?P<sign>[-{MINUS}])?{whole}(?:{decimal}(?P<part>[0-9]{{1,20}}))?")


@cache
def number_format(tag: str | None) -> NumberFormat:
    """A reader's way of writing; English for whoever chose none, or one that there is no more."""
    known = tag if tag in LOCALES else ENGLISH
    symbols = Locale.parse(known, sep="-").number_symbols["latn"]
    return NumberFormat(known, symbols["decimal"], symbols["group"])


def readers() -> NumberFormat:
    """How whoever is asking writes numbers; English for strangers, and where nobody asks."""
    if (told := _TOLD.get()) is not None:
        return number_format(told or None)
    account = g.get("account") if has_app_context() else None
    return number_format(account.locale if account else None)


@contextmanager
def read_by(locale: str | None) -> Iterator[None]:
    """Write numbers and days for one reader, whoever asks: what is made by a job is read by who asked for it."""
    token = _TOLD.set(locale or "")
    try:
        yield
    finally:
        _TOLD.reset(token)
