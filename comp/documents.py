"""Reading a plain document (mappings, lists and text) field by field, with every problem found and its place.

Plans, metrics and scenarios arrive as such documents, from YAML, from forms or from tests.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Self, TypeVar

from comp.errors import Problem
from comp.money import exact, exact_percent

T = TypeVar("T")
_ANSWER = re.compile(r"-?\d{1,4}", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Fields:
    """One mapping of a document. Reading a field marks it known; `finish` reports the fields that nobody read.

    Problems go to one list that a whole document shares, each with its path, such as `components[0].measures[1].curve`.
    A field that cannot be read gives its `instead` value, so that reading goes on and finds the next problem.
    """

    def __init__(self, document: object, problems: list[Problem], path: str = "") -> None:
        """Read `document`, which should be a mapping; a problem says so where it is not."""
        self.path = path
        self.problems = problems
        self._read: set[str] = set()
        self._values: dict[str, object] = {}
        if isinstance(document, Mapping):
            self._values = {str(key): value for key, value in document.items()}
        elif document is not None:
            self.problem(f"should be fields with values, not {_shown(document)}")

    def problem(self, why: str, key: str = "", value: object = "") -> None:
        """Note a problem with the field `key`, or with this mapping as a whole."""
        self.problems.append(Problem(why, where=self._place(key), value=_shown(value) if value != "" else ""))

    def has(self, key: str) -> bool:
        """Whether the field is stated and not blank."""
        self._read.add(key)
        stated = self._values.get(key)
        return bool(stated.strip()) if isinstance(stated, str) else stated is not None

    def raw(self, key: str) -> object:
        """The field as it stands."""
        self._read.add(key)
        return self._values.get(key)

    def value(self, key: str, read: Callable[[str], T], instead: T, *, default: T | None = None) -> T:
        """The field read by `read`, which takes its text and raises `ValueError` with a sentence.

        A field without a `default` must be stated.
        """
        if not self.has(key):
            if default is None:
                self.problem("is missing", key)
            return instead if default is None else default
        stated = self._values[key]
        try:
            return read(_text(stated))
        except ValueError as error:
            self.problem(str(error), key, stated)
            return instead

    def optional(self, key: str, read: Callable[[str], T]) -> T | None:
        """The field read by `read`, or None where it is not stated."""
        if not self.has(key):
            return None
        try:
            return read(_text(self._values[key]))
        except ValueError as error:
            self.problem(str(error), key, self._values[key])
            return None

    def text(self, key: str, default: str | None = None) -> str:
        """A field of text."""
        return self.value(key, str.strip, "", default=default)

    def identifier(self, key: str) -> str:
        """A field with a short name that stands in addresses, commands and file names as it is."""
        return self.value(key, identifier, "")

    def number(self, key: str) -> Fraction:
        """A field with an exact decimal number."""
        return self.value(key, exact, Fraction(0))

    def whole(self, key: str, default: int | None = None) -> int:
        """A field with a whole number of at least 0."""
        return self.value(key, whole_number, 0, default=default)

    def percent(self, key: str, default: Fraction | None = None) -> Fraction:
        """A field with a percentage of at least 0 %, as a ratio."""
        return self.value(key, positive_percent, Fraction(0), default=default)

    def numbers(self, key: str) -> tuple[tuple[str, Fraction], ...]:
        """A field with exact decimal numbers by names of the user's own."""
        inner = self.inner(key)
        return tuple((name, inner.number(name)) for name, _ in inner.entries())

    def percents(self, key: str) -> tuple[tuple[str, Fraction], ...]:
        """A field with percentages of at least 0 % by names of the user's own, as ratios."""
        inner = self.inner(key)
        return tuple((name, inner.percent(name)) for name, _ in inner.entries())

    def day(self, key: str) -> date:
        """A field with a day, written 2026-04-01."""
        return self.value(key, iso_day, date(1, 1, 1))

    def flag(self, key: str, *, default: bool) -> bool:
        """A field that is true or false."""
        return self.value(key, _flag, default, default=default)

    def choice(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        """A field that is one of a few words."""
        allowed = list(choices)

        def read(text: str) -> str:
            if text in allowed:
                return text
            raise ValueError(f"{text!r} is not one of {', '.join(allowed)}")

        return self.value(key, read, allowed[0], default=default)

    def texts(self, key: str) -> tuple[str, ...]:
        """A field with a list of texts; a single text is a list of one."""
        stated = self.raw(key)
        if stated in (None, ""):
            return ()
        if isinstance(stated, Mapping):
            self.problem(f"should be a list, not {_shown(stated)}", key)
            return ()
        try:
            return tuple(_text(item) for item in (stated if isinstance(stated, list | tuple) else [stated]))
        except ValueError as error:
            self.problem(str(error), key)
            return ()

    def inner(self, key: str) -> Self:
        """A field that is a mapping itself."""
        return type(self)(self.raw(key), self.problems, self._place(key))

    def listed(self, key: str) -> Iterator[tuple[str, object]]:
        """The items of a field that is a list, each with its place in the document."""
        stated = self.raw(key)
        if stated in (None, ""):
            return
        if not isinstance(stated, list | tuple):
            self.problem(f"should be a list, not {_shown(stated)}", key)
            return
        for index, item in enumerate(stated):
            yield f"{self._place(key)}[{index}]", item

    def each(self, key: str) -> Iterator[Self]:
        """The mappings of a field that is a list of them."""
        for place, item in self.listed(key):
            yield type(self)(item, self.problems, place)

    def entries(self) -> Iterator[tuple[str, object]]:
        """Every field of a mapping whose keys are names of the user's own."""
        self._read.update(self._values)
        yield from self._values.items()

    def finish(self) -> None:
        """Report every field that was not read: a misspelt field must never be passed over."""
        for key in self._values:
            if key not in self._read:
                near = difflib.get_close_matches(key, self._read, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(sorted(self._read))}"
                self.problem(f"is not a known field{hint}", key)

    def _place(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path and key else self.path or key


def identifier(text: str) -> str:
    """A short name of letters, digits, points, lines and hyphens, such as `service-incentive`."""
    if not _IDENTIFIER.fullmatch(text.strip()):
        raise ValueError("has other signs than a-z, A-Z, 0-9 and . _ - in it, or starts with one of the last three")
    return text.strip()


def whole_number(text: str) -> int:
    """A whole number of at least 0."""
    number = exact(text)
    if number.denominator != 1 or number < 0:
        raise ValueError(f"{text!r} is not a whole number of at least 0")
    return int(number)


def positive_percent(text: str) -> Fraction:
    """A percentage of at least 0 %, as a ratio."""
    ratio = exact_percent(text)
    if ratio < 0:
        raise ValueError(f"{text!r} is below 0%")
    return ratio


def answer_number(text: str) -> int | None:
    """The whole number that an answer on a scale is written as, or None."""
    return int(text) if _ANSWER.fullmatch(text) else None


def iso_day(text: str) -> date:
    """A day written 2026-04-01."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{text!r} is not a day; write it like 2026-04-01")


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


def _text(value: object) -> str:
    """The text of a scalar. A float is refused: what it was written as is lost."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal | date):
        return str(value).strip()
    raise ValueError(f"{_shown(value)} should be a text or an exact number")


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - enough to recognise it by
