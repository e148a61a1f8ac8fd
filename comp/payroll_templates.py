"""Texts with places to fill in, such as `PR{company_code:_<3}EPI.csv`: the smallest language that file names need."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

_PLACE = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_FILLED = re.compile(r"(.)([<>])([1-9]\d?)", re.DOTALL)
_DAY_PARTS = (("YYYY", "%Y"), ("YY", "%y"), ("MM", "%m"), ("DD", "%d"))
_DAY_PATTERN = re.compile(r"(YYYY|YY|MM|DD|[-/. ])+")

Value = str | date


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a template: what fills it, and how it is written: a pattern of days, or `_<3` to fill it up."""

    name: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places. `parts` are texts and places in their order; `text` is how it is written."""

    text: str
    parts: tuple[str | Place, ...]

    @property
    def names(self) -> frozenset[str]:
        """What fills the places."""
        return frozenset(part.name for part in self.parts if isinstance(part, Place))

    def filled(self, values: Mapping[str, Value], days: str) -> str:
        """The text with its places filled; days by their own pattern, else by `days`. `KeyError` for unknown names."""
        return "".join(part if isinstance(part, str) else _fill(part, values[part.name], days) for part in self.parts)


def read_template(text: str) -> Template:
    """The template that a text states. Raises `ValueError` with a sentence where a brace is no place."""
    parts = tuple(_parts(text))
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
        raise ValueError(f"{text!r} has a brace that is no place; write places like {{company_code}} or {{batch:0>6}}")
    return Template(text, parts)


def _parts(text: str) -> Iterator[str | Place]:
    read = 0
    for found in _PLACE.finditer(text):
        if found.start() > read:
            yield text[read : found.start()]
        yield _place(found[1], found[2] or "")
        read = found.end()
    if read < len(text):
        yield text[read:]


def _place(name: str, how: str) -> Place:
    if how and not _FILLED.fullmatch(how) and not is_day_pattern(how):
        raise ValueError(f"{how!r} is neither a pattern of days such as YYYYMMDD nor a filling such as 0>6 or _<3")
    return Place(name, how)


def _fill(place: Place, value: Value, days: str) -> str:
    if isinstance(value, date):
        return day_text(value, place.how if is_day_pattern(place.how) else days)
    filled = _FILLED.fullmatch(place.how)
    if filled is None:
        return value
    sign, side, width = filled[1], filled[2], int(filled[3])
    return value.ljust(width, sign) if side == "<" else value.rjust(width, sign)


def is_day_pattern(text: str) -> bool:
    """Whether a text says how days are written: `YYYY-MM-DD`, `DD.MM.YYYY`, `MMDDYY`."""
    return bool(_DAY_PATTERN.fullmatch(text)) and "DD" in text and "MM" in text and "YY" in text


def day_text(day: date, pattern: str) -> str:
    """A day by a pattern."""
    for part, code in _DAY_PARTS:
        pattern = pattern.replace(part, code)
    return f"{day.year:04d}".join(day.strftime(piece) for piece in pattern.split("%Y"))
