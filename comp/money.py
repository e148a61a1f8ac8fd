"""Exact numbers and money: one constructor, one rounding, one way to share out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

_DECIMAL = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)

_TWO_DECIMALS = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW
KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG
"""
_ISO_4217 = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"], 0),
    **dict.fromkeys(["XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 currency that people are paid in."""
    return code in _ISO_4217


def minor_unit_decimals(currency: str) -> int:
    """How many decimals the currency's minor unit has: JPY 0, EUR 2, KWD 3 (ISO 4217). `KeyError` for others."""
    return _ISO_4217[currency]


@lru_cache(maxsize=100_000, typed=True)
def exact(text: str | int | Decimal) -> Fraction:
    """The exact number that a decimal text states.

    Only `-`, ASCII digits and one point are read: no exponent, no thousands sign, never a float.
    Raises `ValueError` with a sentence for the user.
    """
    stated = str(text).strip()
    if isinstance(text, float) or not _DECIMAL.fullmatch(stated):
        raise ValueError(f"{stated!r} is not a plain decimal number such as 40 or 12.5")
    return Fraction(stated)


def whole_minor_units(amount: Fraction, currency: str) -> int | None:
    """An amount in main units as whole minor units; None for one that is finer than the currency's minor unit."""
    minor, rest = divmod(amount.numerator * 10 ** minor_unit_decimals(currency), amount.denominator)
    return None if rest else minor


def exact_percent(text: str) -> Fraction:
    """The ratio that a percentage states: `40%` and `40 %` are 2/5. A number without the sign is refused, 0 apart."""
    stated = str(text).strip()
    if stated == "0":
        return Fraction(0)
    if not stated.endswith("%"):
        raise ValueError(f"{stated!r} is not a percentage such as 40%: write the % sign")
    return exact(stated[:-1].strip()) / 100


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to a ratio with a positive denominator, halves away from zero: 5/2 is 3, -5/2 is -3.

    The only rounding there is: of a score when it is published and of a payout when it is paid.
    """
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -whole if numerator < 0 else whole


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole minor units (cents, yen, fils) of one currency."""

    minor: int
    currency: str

    @property
    def amount(self) -> Fraction:
        """The amount in the currency's main unit, exactly."""
        return Fraction(self.minor, 10 ** minor_unit_decimals(self.currency))

    def split(self, parts: Sequence[Fraction]) -> list["Money"]:
        """Money in place of exact `parts`, in main units, that adds up to this amount, by largest remainder.

        Parts whose sum is further away than one rounding, as a coarse step leaves it, are scaled first.
        """
        scale = 10 ** minor_unit_decimals(self.currency)
        exact_parts = [part * scale for part in parts]
        total = sum(exact_parts, Fraction(0))
        if abs(total - self.minor) * 2 > 1:
            exact_parts = [part * self.minor / total if total else Fraction(0) for part in exact_parts]
        return [Money(minor, self.currency) for minor in allocate(self.minor, exact_parts)]

    def __str__(self) -> str:
        """The plain decimal text that files carry: `1335.94`, `-12.00`, `100001`."""
        decimals = minor_unit_decimals(self.currency)
        digits = str(abs(self.minor)).rjust(decimals + 1, "0")
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def paid(numerator: int, denominator: int, currency: str, round_to: Fraction | None = None) -> Money:
    """The payable money for an exact amount in main units: half up to the minor unit, or to a coarser `round_to`.

    `round_to` is in main units and a multiple of the minor unit: `100` for whole hundreds of yen. The amount is a ratio
    that need not be in lowest terms: this is done once for every person.
    """
    minor_units = 10 ** _ISO_4217[currency]
    if round_to is None:
        return Money(round_half_up(numerator * minor_units, denominator), currency)
    steps = round_half_up(numerator * round_to.denominator, denominator * round_to.numerator)
    return Money(steps * int(round_to * minor_units), currency)


def allocate(total: int, parts: Sequence[Fraction]) -> list[int]:
    """Whole numbers in place of exact `parts`, adding up to `total`, by largest remainder, ties by order.

    `total` is a rounding of the sum of the parts, whose signs may differ. Raises `ValueError` where it is not.
    """
    floors = [part.numerator // part.denominator for part in parts]
    missing = total - sum(floors)
    if not 0 <= missing <= len(parts):
        raise ValueError(f"{total} is not a rounding of parts that add up to {sum(parts)}")
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i], i))
    for i in order[:missing]:
        floors[i] += 1
    return floors
