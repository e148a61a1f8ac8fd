"""Fields for numbers and percentages, read exactly and strictly as the reader writes them, never guessed.

Trap: WTForms' DecimalField takes `NaN`, `1_000` and full-width digits, and with `use_locale` reads German `1.5` as 15.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from wtforms import StringField
from wtforms.validators import ValidationError

from comp.figures import exact_text
from comp.locales import ENGLISH
from web.locales import NumberFormat, number_format, readers

_PERCENT_SPACE = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def read_number(typed: str, numbers: NumberFormat) -> str:
    """The plain decimal text of what was typed. Raises `ValueError` with a sentence for the reader."""
    plain = numbers.plain(typed)
    if plain is None:
        example = numbers.written("12.5")
        raise ValueError(_mistakable(typed, numbers) or f"Type a number such as 40 or {example}.")
    return plain


def _mistakable(typed: str, numbers: NumberFormat) -> str:
    """What to say of a number that is one in English but not as the reader writes them; empty for others."""
    if numbers.tag == ENGLISH or number_format(ENGLISH).plain(typed) is None:
        return ""
    example = numbers.written("12.5")
    return f"“{typed.strip()}” could be mistaken: your numbers are written as in {numbers.name}, such as {example}."


class DecimalField(StringField):
    """An exact decimal number. `data` is its plain text, `12.5`; what was typed where that is no number."""

    reads: Callable[[str, NumberFormat], str] = staticmethod(read_number)

    def process_data(self, value: object) -> None:
        """Take a plain decimal text."""
        self.data = str(value) if value is not None else ""
        self.typed: str | None = None
        self.fault = ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; a field that did not come back holds nothing, rather than what it held before."""
        self.typed = valuelist[0] if valuelist else ""
        self.data, self.fault = self.typed, ""
        if self.typed.strip():
            try:
                self.data = self.reads(self.typed, readers())
            except ValueError as error:
                self.fault = str(error)

    def show_plain(self, plain: str) -> None:
        """Show a plain decimal text in place of what was typed."""
        self.process_data(plain)

    def pre_validate(self, _form: object) -> None:
        """Refuse what is no number."""
        if self.fault:
            raise ValidationError(self.fault)

    def _value(self) -> str:
        """What the field shows: what was typed, else the number as the reader would type it."""
        if self.typed is not None:
            return self.typed
        return readers().written(self.data, grouped=False) if self.data else ""


def read_percentage(typed: str, numbers: NumberFormat) -> str:
    """The plain text of a percentage of at least 0, typed with or without its sign. Raises `ValueError`."""
    number = typed.strip().removesuffix("%").rstrip(_PERCENT_SPACE)
    plain = read_number(number, numbers)
    if plain.startswith("-"):
        raise ValueError("Type a percentage of 0 or more.")
    return plain


class PercentField(DecimalField):
    """A percentage of at least 0. `data` is the number before the sign, as plain text."""

    reads = staticmethod(read_percentage)

    def show(self, ratio: Fraction) -> None:
        """Show a ratio in place of what was typed."""
        self.show_plain(exact_text(ratio * 100))


class ShareField(PercentField):
    """A percentage from 0 to 100 that must be there, as a ratio."""

    @property
    def ratio(self) -> Fraction | None:
        """The share; None where none was typed."""
        return None if self.fault or not (self.data or "").strip() else Fraction(self.data or "") / 100

    def process_data(self, value: object) -> None:
        """Take a ratio."""
        super().process_data(exact_text(value * 100) if isinstance(value, Fraction) else value)

    def pre_validate(self, _form: object) -> None:
        """Refuse what is no percentage from 0 to 100."""
        if self.ratio is None or self.ratio > 1:
            said = _mistakable(self.typed or "", readers()) if self.fault else ""
            example = readers().written("12.5")
            raise ValidationError(said or f"Type a percentage from 0 to 100, such as 40 or {example}.")
