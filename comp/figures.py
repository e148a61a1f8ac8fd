"""Numbers as people read them in explanations, without a locale: `1,335.94`, `98.4 %`, `1 day`."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from comp.money import Money, round_half_up
from comp.periods import FOREVER, Span

MINUS = "−"


def decimal_text(value: Fraction, places: int = 4) -> str:
    """The plain decimal text of a number, rounded to at most `places`, without trailing zeros."""
    text = fixed_text(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact_text(value: Fraction) -> str:
    """The decimal text of a number that has one, in full; `numerator/denominator` for one that has none."""
    rest, places = value.denominator, 0
    for factor in (2, 5):
        power = 0
        while rest % factor == 0:
            rest, power = rest // factor, power + 1
        places = max(places, power)
    return fixed_text(value, places) if rest == 1 else f"{value.numerator}/{value.denominator}"


def fixed_text(value: Fraction, places: int) -> str:
    """The decimal text of a number with exactly `places` decimals, half up."""
    steps = round_half_up(value.numerator * 10**places, value.denominator)
    digits = str(abs(steps)).rjust(places + 1, "0")
    sign = "-" if steps < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def percent_text(ratio: Fraction, places: int = 4) -> str:
    """A ratio as a percentage, `75.1634%`."""
    return f"{decimal_text(ratio * 100, places)}%"


def percent(ratio: Fraction, places: int = 4) -> str:
    """A ratio as people read it: `98.4 %`, with a thin space."""
    return f"{grouped(decimal_text(ratio * 100, places))}\N{NARROW NO-BREAK SPACE}%"


def shown(number: Fraction) -> str:
    """A number as people read it: commas between thousands, a real minus sign, at most six decimals."""
    return grouped(decimal_text(number, 6)).replace("-", MINUS)


def grouped(text: str) -> str:
    """A plain decimal text with commas between thousands."""
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{rest}"


def money_text(money: Money) -> str:
    """An amount as people read it: `1,335.94 EUR`."""
    return f"{grouped(str(money))} {money.currency}"


def day_text(day: date) -> str:
    """A day as people read it: `15 August 2025`."""
    return f"{day.day} {day:%B %Y}"


def span_text(span: Span) -> str:
    """A span by its first and last day, both included."""
    if span.end == FOREVER:
        return f"from {day_text(span.start)}"
    return f"{day_text(span.start)} to {day_text(span.last)}"


def counted(number: int | Fraction, noun: str) -> str:
    """A number with its noun in the right number: `1 day`, `12.5 days`."""
    exact = Fraction(number)
    plural = "" if exact == 1 else "s"
    return f"{grouped(decimal_text(exact))} {noun}{plural}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names as a sentence lists them, of many the first few: `A, B and C`, `A, B, C, D and 8 more`."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
