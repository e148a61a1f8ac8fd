"""Rates as people type and paste them: what is read of a block, and what makes one look twice at a rate."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from comp.errors import Problem
from comp.exchange import Rate
from comp.figures import decimal_text
from comp.money import exact, is_currency

LONGEST_SOURCE = 120
_SEPARATOR = re.compile(r"[\t;|]+|\s+")
_PARTS = 3
_FAR, _MOVED = Fraction(3), Fraction(1, 4)
_TABLE = """
EUR:1.12 USD:1 GBP:1.3 CHF:1.17 JPY:0.0067 CNY:0.14 INR:0.0117 KRW:0.00072 SEK:0.1 NOK:0.097 DKK:0.15 PLN:0.26
CZK:0.045 HUF:0.0028 RON:0.22 CAD:0.73 AUD:0.66 NZD:0.6 SGD:0.76 HKD:0.128 TWD:0.031 THB:0.029 IDR:0.000062
VND:0.00004 PHP:0.0175 MYR:0.23 ZAR:0.055 ILS:0.28 AED:0.2723 SAR:0.2667 QAR:0.2747 KWD:3.26 BHD:2.65 OMR:2.6
MXN:0.054 BRL:0.18 CLP:0.00106 COP:0.00024 ISK:0.0075
"""
_ROUGHLY = dict(each.split(":") for each in _TABLE.split())
"""What one unit was worth in US dollars about 2025: good enough to notice a rate that is turned around or a thousand
times too large, and for nothing else.
"""


def read_block(text: str, number: Callable[[str], Fraction] = exact) -> tuple[list[Rate], list[Problem]]:
    """The rates of a pasted block: on each line a currency, its rate, and words on where that is from.

    `number` reads a number as whoever pasted it writes numbers; it raises `ValueError` with a sentence.
    """
    rates: list[Rate] = []
    problems: list[Problem] = []
    for line, row in enumerate(text.splitlines(), start=1):
        if row.strip():
            try:
                rates.append(_read_row(row, number, {rate.currency for rate in rates}))
            except ValueError as error:
                problems.append(Problem(str(error), line=line, value=row.strip()[:60]))
    return rates, problems


def _read_row(row: str, number: Callable[[str], Fraction], known: Iterable[str]) -> Rate:
    currency, typed, source = [*_SEPARATOR.split(row.strip(), _PARTS - 1), "", ""][:_PARTS]
    code = currency.upper()
    if not is_currency(code):
        raise ValueError(f"{currency!r} is not an ISO 4217 currency. Begin each line with one, such as JPY.")
    if code in known:
        raise ValueError(f"{code} stands here twice. Keep one of the lines.")
    if not typed:
        raise ValueError(f"There is no rate of {code} on this line.")
    return sound(Rate(code, number(typed), source.strip()))


def sound(rate: Rate) -> Rate:
    """The rate, where its words are not too long. Raises `ValueError` with a sentence."""
    if len(rate.source) > LONGEST_SOURCE or not rate.source.isprintable():
        raise ValueError(f"Say in at most {LONGEST_SOURCE} plain characters where the rate of {rate.currency} is from.")
    return rate


def doubts(rates: Iterable[Rate], group: str, before: Mapping[str, Rate]) -> Iterator[str]:
    """What makes one look twice at rates, in sentences: against what is roughly known, and the quarter before."""
    for rate in rates:
        yield from _doubts(rate, group, before.get(rate.currency))


def _doubts(rate: Rate, group: str, before: Rate | None) -> Iterator[str]:
    said = f"1 {rate.currency} = {decimal_text(rate.rate, 10)} {group}"
    about = _about(rate.currency, group)
    if about and not _is_near(rate.rate, about):
        if _is_near(1 / rate.rate, about):
            yield f"{said} looks turned around: 1 {group} is about so many {rate.currency}. {_meant(rate, group)}"
        else:
            yield f"{said} is far from the usual: about {decimal_text(about, 6)}. Is it for 100 units, or a slip?"
    elif before and abs(rate.rate - before.rate) > before.rate * _MOVED:
        share = decimal_text(abs(rate.rate / before.rate - 1) * 100, 0)
        yield f"{said} is {share} % away from the quarter before ({decimal_text(before.rate, 10)})."


def _meant(rate: Rate, group: str) -> str:
    return f"Was {decimal_text(1 / rate.rate, 6)} {group} meant?"


def _about(currency: str, group: str) -> Fraction | None:
    if currency in _ROUGHLY and group in _ROUGHLY:
        return exact(_ROUGHLY[currency]) / exact(_ROUGHLY[group])
    return None


def _is_near(rate: Fraction, about: Fraction) -> bool:
    return about / _FAR <= rate <= about * _FAR
