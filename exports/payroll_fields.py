"""One field of a payroll file: its text by a column's rules, and what keeps it from being written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from comp.money import Money, minor_unit_decimals
from comp.payroll_layouts import Amounts, Characters, Column, FileForm, Formulas, Mark, Quotes
from comp.payroll_templates import Value
from exports.spreadsheet_text import held_back, starts_a_formula

_ALLOWED = {
    Characters.ASCII: re.compile(r"[ -~]*"),
    Characters.ALPHANUMERIC: re.compile(r"[0-9A-Za-z]*"),
    Characters.DIGITS: re.compile(r"[0-9]*"),
}
_CONTROLS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_MARKS = {Mark.POINT: ".", Mark.COMMA: ",", Mark.NONE: ""}


class UnwritableError(ValueError):
    """A field that a file cannot hold as it is. The sentence goes after the column's name."""


@dataclass(frozen=True, slots=True)
class FieldWriter:
    """Writes the fields of one layout's files."""

    file: FileForm
    days: str
    amounts: Amounts

    def text(self, column: Column, values: Mapping[str, Value], amount: Money) -> str:
        """A field as it stands in the file, but for quotes. Raises `UnwritableError`."""
        if column.says.names == {"amount"}:
            return self._fitted(column, amount_text(amount, self.amounts))
        text = column.says.filled(values, self.days)
        _check(column, text)
        limit = column.limit
        if column.cuts and limit is not None:
            text = text[:limit]
        _check_encoding(text, self.file.encoding)
        return self._fitted(column, self._safe(text))

    def _safe(self, text: str) -> str:
        """Text that a spreadsheet leaves alone, where one might open the file."""
        if self.file.formulas is Formulas.APOSTROPHE:
            return held_back(text)
        if self.file.formulas is Formulas.REFUSE and starts_a_formula(text):
            raise UnwritableError(f"{text!r} would be calculated by a spreadsheet that opens the file")
        return text

    def _fitted(self, column: Column, text: str) -> str:
        """The text filled up to the column's width; a sign stays before the zeros that fill.

        Where a delimiter parts the columns, what is empty stays empty.
        """
        limit = column.limit
        if limit is not None and len(text) > limit:
            raise UnwritableError(f"{text!r} is longer than {limit} characters")
        if column.width is None or (not text and self.file.delimiter):
            return text
        if not column.fills_before:
            return text.ljust(column.width, column.fill)
        if column.fill == "0" and text.startswith("-"):
            return "-" + text[1:].rjust(column.width - 1, "0")
        return text.rjust(column.width, column.fill)

    def line(self, fields: list[str]) -> str:
        """A line of fields."""
        joined = self.file.delimiter.join(self._quoted(field) for field in fields)
        return joined + self.file.delimiter if self.file.closes_lines else joined

    def _quoted(self, field: str) -> str:
        if self.file.quotes is Quotes.NEVER or not self.file.delimiter:
            return field
        if self.file.quotes is Quotes.ALL or any(sign in field for sign in (self.file.delimiter, '"')):
            doubled = field.replace('"', '""')
            return f'"{doubled}"'
        return field

    def require_unquoted(self, text: str) -> None:
        """Raise `UnwritableError` for text that needs quotes in a file that has none."""
        if self.file.quotes is Quotes.NEVER and self.file.delimiter and self.file.delimiter in text:
            raise UnwritableError(f"{text!r} has the sign that parts the columns, and the file has no quotes")


def amount_text(amount: Money, amounts: Amounts) -> str:
    """An amount as a layout writes it. Raises `UnwritableError` where that would lose a part of it."""
    decimals = minor_unit_decimals(amount.currency)
    wanted = decimals if amounts.decimals is None else amounts.decimals
    minor, rest = divmod(abs(amount.minor) * 10 ** max(0, wanted - decimals), 10 ** max(0, decimals - wanted))
    if rest:
        raise UnwritableError(f"{amount} {amount.currency} has more than {wanted} decimals")
    digits = str(minor).rjust(wanted + 1, "0")
    plain = f"{digits[:-wanted]}{_MARKS[amounts.mark]}{digits[-wanted:]}" if wanted else digits
    if amount.minor >= 0:
        return plain
    return f"{plain}-" if amounts.sign_after else f"-{plain}"


def read_amount(text: str, amounts: Amounts, currency: str) -> Money:
    """The amount that a field of a file says: what was written comes back."""
    decimals = minor_unit_decimals(currency)
    wanted = decimals if amounts.decimals is None else amounts.decimals
    digits = re.sub(r"[^0-9]", "", text)
    minor = Decimal(digits).scaleb(decimals - wanted)
    return Money(int(-minor if "-" in text else minor), currency)


def _check(column: Column, text: str) -> None:
    """Raise `UnwritableError` for what the column may not hold."""
    if column.is_required and not text:
        raise UnwritableError("is empty and may not be")
    if found := _CONTROLS.search(text):
        raise UnwritableError(f"{text!r} has a control character (U+{ord(found[0]):04X}) or a line end in it")
    allowed = _ALLOWED.get(column.characters)
    if allowed and not allowed.fullmatch(text):
        raise UnwritableError(f"{text!r} has other characters than {_words(column.characters)}")
    if column.limit is not None and len(text) > column.limit and not column.cuts:
        raise UnwritableError(f"{text!r} is longer than {column.limit} characters")
    _check_range(column, text)


def _words(characters: Characters) -> str:
    return "ASCII's" if characters is Characters.ASCII else str(characters)


def _check_range(column: Column, text: str) -> None:
    if not text or (column.least, column.most) == (None, None):
        return
    number = int(text)
    if column.least is not None and number < column.least:
        raise UnwritableError(f"{text!r} is below {column.least}")
    if column.most is not None and number > column.most:
        raise UnwritableError(f"{text!r} is above {column.most}")


def _check_encoding(text: str, encoding: str) -> None:
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        sign = text[error.start]
        raise UnwritableError(f"{text!r} has {sign!r}, which {encoding} does not have") from None
