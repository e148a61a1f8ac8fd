"""How numbers, days and names look on pages: one place for every filter that templates use."""

import hashlib
import json
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_time
from flask import Flask, g, request, url_for
from jinja2 import Environment

from comp.figures import decimal_text, exact_text, fixed_text
from comp.locales import ENGLISH
from comp.money import Money, paid
from comp.periods import Span
from comp.roles import Permission
from comp.scores import Metric
from web.locales import readers
from web.navigation import navigation
from web.security import cookie_name
from web.state import granted, state

THIN = "\N{NARROW NO-BREAK SPACE}"
_HASH, _SHORT_HASH = 64, 20
THEMES = ("light", "dark", "auto")
"""The colours that one may choose; with the last the device decides."""


def install(app: Flask) -> None:
    """Give templates their filters and what every page shows."""
    add_filters(app.jinja_env)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_everywhere)


def add_filters(environment: Environment) -> None:
    """Give templates their filters."""
    environment.filters.update(
        about=about,
        aligned=aligned,
        amount=amount,
        amount_text=amount_text,
        counted=counted,
        day=day,
        details=details,
        moment=moment,
        money=money,
        percent=percent,
        rate=rate,
        plain=plain,
        rough=rough,
        score=score,
        signed=signed,
        span=span,
        whole=whole,
    )


def _everywhere() -> dict[str, object]:
    account = g.get("account")
    return {
        "account": account,
        "can": lambda permission: Permission[permission] in granted(),
        "navigation": navigation(granted()) if account else (),
        "numbers": readers(),
        "theme": _theme(),
        "asset": asset,
        "rounded": rounded,
        "base_of": Money,
    }


def _theme() -> str:
    """The colours that somebody chose in this browser."""
    chosen = request.cookies.get(cookie_name("theme", state().settings))
    return chosen if chosen in THEMES else "auto"


def asset(name: str) -> str:
    """The address of a static file, which changes with its content, so that browsers may keep it for good."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:12]


def amount(value: Money) -> str:
    """An amount without its currency: `1,335.94`, with a real minus sign."""
    return amount_text(str(value))


def amount_text(plain: str) -> str:
    """An amount that is a plain decimal text already: `1,335.94`, with a real minus sign."""
    return readers().written(plain)


def money(value: Money) -> str:
    """An amount with its currency: `1,335.94 EUR`."""
    return f"{amount(value)}\N{NO-BREAK SPACE}{value.currency}"


def signed(value: Money) -> str:
    """A change: `+38.90`, `−41.20`."""
    return f"+{amount(value)}" if value.minor > 0 else amount(value)


def percent(ratio: Fraction | None, places: int = 1) -> str:
    """A ratio as a percentage, `98.4 %`; a dash for none."""
    return "–" if ratio is None else f"{readers().written(decimal_text(ratio * 100, places))}{THIN}%"


def aligned(ratio: Fraction | None) -> str:
    """A ratio as a percentage for a column, always with one decimal, so that the points stand below each other."""
    return "–" if ratio is None else f"{readers().written(fixed_text(ratio * 100, 1))}{THIN}%"


def rate(value: Fraction) -> str:
    """An exchange rate, with all the decimals that it was typed with."""
    return readers().written(exact_text(value))


def rough(ratio: float) -> str:
    """A ratio that is not exact, such as a chance, as a whole percentage: `39 %`."""
    return f"{readers().written(f'{100 * ratio:.0f}')}{THIN}%"


def about(number: float) -> str:
    """A number that is not exact, with one decimal: `14.1`."""
    return readers().written(f"{number:.1f}")


def plain(number: Fraction) -> str:
    """A number with at most six decimals: `1,335.94`, with a real minus sign."""
    return readers().written(decimal_text(number, 6))


def whole(number: int) -> str:
    """A whole number: `12,400`."""
    return readers().written(str(number))


def counted(number: int | Fraction, noun: str) -> str:
    """A number with its noun in the right number: `1 day`, `12.5 days`."""
    exact = Fraction(number)
    return f"{readers().written(decimal_text(exact))} {noun}{'' if exact == 1 else 's'}"


def rounded(value: Fraction, currency: str) -> Money:
    """An exact amount as people read it, at the currency's decimals."""
    return paid(value.numerator, value.denominator, currency)


def score(value: Fraction, metric: Metric) -> str:
    """A score at its metric's decimals."""
    return readers().written(fixed_text(value, metric.decimals))


def day(value: date) -> str:
    """A day: `3 Jul 2026`, or as the reader's language writes it."""
    numbers = readers()
    return format_date(value, "d MMM yyyy" if numbers.tag == ENGLISH else "medium", locale=numbers.babel)


def moment(value: datetime) -> str:
    """A moment in UTC: `3 Jul 2026, 14:05 UTC`."""
    return f"{day(value)}, {format_time(value, 'HH:mm', locale=readers().babel)} UTC"


def span(value: Span) -> str:
    """The first and last day of a span: `1 Apr – 30 Jun 2026`."""
    is_short = readers().tag == ENGLISH and value.start.year == value.last.year
    first = format_date(value.start, "d MMM", locale=ENGLISH) if is_short else day(value.start)
    return f"{first} – {day(value.last)}"


def details(text: str) -> list[tuple[str, str]]:
    """What an audit entry's details say, each with its name; of a hash its first digits."""
    said = ((key, str(value)) for key, value in json.loads(text).items())
    return [(key, value if len(value) < _HASH else f"{value[:_SHORT_HASH]}…") for key, value in said]
