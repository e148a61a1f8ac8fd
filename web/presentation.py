"""How numbers, days and names look on pages: one place for every filter that templates use."""

import hashlib
import json
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from flask import Flask, g, request, url_for

from comp.figures import MINUS, counted, decimal_text, fixed_text, grouped, shown
from comp.money import Money, paid
from comp.periods import Span
from comp.roles import Permission
from comp.scores import Metric
from web.navigation import navigation
from web.state import granted

THIN = "\N{NARROW NO-BREAK SPACE}"
_HASH, _SHORT_HASH = 64, 20
THEMES = ("light", "dark", "auto")
"""The colours that one may choose; with the last the device decides."""


def install(app: Flask) -> None:
    """Give templates their filters and what every page shows."""
    app.jinja_env.filters.update(
        aligned=aligned,
        amount=amount,
        counted=counted,
        day=day,
        details=details,
        moment=moment,
        money=money,
        percent=percent,
        plain=shown,
        score=score,
        signed=signed,
        span=span,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_everywhere)


def _everywhere() -> dict[str, object]:
    account = g.get("account")
    return {
        "account": account,
        "can": lambda permission: Permission[permission] in granted(),
        "navigation": navigation(granted()) if account else (),
        "theme": chosen if (chosen := request.cookies.get("theme")) in THEMES else "auto",
        "asset": asset,
        "rounded": rounded,
        "base_of": Money,
    }


def asset(name: str) -> str:
    """The address of a static file, which changes with its content, so that browsers may keep it for good."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:12]


def amount(value: Money) -> str:
    """An amount without its currency: `1,335.94`, with a real minus sign."""
    return grouped(str(value)).replace("-", MINUS)


def money(value: Money) -> str:
    """An amount with its currency: `1,335.94 EUR`."""
    return f"{amount(value)}\N{NO-BREAK SPACE}{value.currency}"


def signed(value: Money) -> str:
    """A change: `+38.90`, `−41.20`."""
    return f"+{amount(value)}" if value.minor > 0 else amount(value)


def percent(ratio: Fraction | None, places: int = 1) -> str:
    """A ratio as a percentage, `98.4 %`; a dash for none."""
    return "–" if ratio is None else f"{grouped(decimal_text(ratio * 100, places))}{THIN}%".replace("-", MINUS)


def aligned(ratio: Fraction | None) -> str:
    """A ratio as a percentage for a column, always with one decimal, so that the points stand below each other."""
    return "–" if ratio is None else f"{grouped(fixed_text(ratio * 100, 1))}{THIN}%".replace("-", MINUS)


def rounded(value: Fraction, currency: str) -> Money:
    """An exact amount as people read it, at the currency's decimals."""
    return paid(value.numerator, value.denominator, currency)


def score(value: Fraction, metric: Metric) -> str:
    """A score at its metric's decimals."""
    return grouped(fixed_text(value, metric.decimals)).replace("-", MINUS)


def day(value: date) -> str:
    """A day: `3 Jul 2026`."""
    return format_date(value, "d MMM yyyy", locale="en")


def moment(value: datetime) -> str:
    """A moment in UTC: `3 Jul 2026, 14:05 UTC`."""
    return f"{format_datetime(value, 'd MMM yyyy, HH:mm', locale='en')} UTC"


def span(value: Span) -> str:
    """The first and last day of a span: `1 Apr – 30 Jun 2026`."""
    first = format_date(value.start, "d MMM" if value.start.year == value.last.year else "d MMM yyyy", locale="en")
    return f"{first} – {day(value.last)}"


def details(text: str) -> list[tuple[str, str]]:
    """What an audit entry's details say, each with its name; of a hash its first digits."""
    said = ((key, str(value)) for key, value in json.loads(text).items())
    return [(key, value if len(value) < _HASH else f"{value[:_SHORT_HASH]}…") for key, value in said]
