"""Text that a spreadsheet would take for a formula: how it is told, and made harmless in CSV."""

import re

_FORMULA = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")
_HELD_BACK = re.compile(rf"'*(?:{_FORMULA.pattern})")


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV file might calculate this: full-width signs and blanks before them too."""
    return bool(_FORMULA.match(text))


def held_back(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would calculate.

    What has apostrophes before a sign already gets one more, so that taking one away gives every text back.
    """
    return f"'{text}" if _HELD_BACK.match(text) else text
