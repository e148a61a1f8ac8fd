"""Facts of any kind as values that JSON has, and back: by the types of their fields, so that none can be forgotten."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Plain = Any
"""What JSON has: None, true and false, whole numbers, text, lists and mappings. No number with a point in it."""


def to_plain(value: object) -> Plain:
    """A fact as a value that JSON has. Fractions are `numerator/denominator`, days ISO text, sets sorted.

    Raises `TypeError` for what has no exact form, such as a float.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple | frozenset):
        plain = [to_plain(each) for each in value]
        return sorted(plain) if isinstance(value, frozenset) else plain
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value) if field.init}
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no exact plain form")


def from_plain(kind: Any, plain: Plain) -> Any:  # noqa: ANN401 - the kind says what it is
    """The fact of a kind that `to_plain` wrote. A field that was not there yet has its default."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _one_of(inner, plain)
    if origin is tuple:
        kinds = inner[:1] * len(plain) if inner[-1] is Ellipsis else inner
        return tuple(map(from_plain, kinds, plain))
    if origin is frozenset:
        return frozenset(from_plain(inner[0], each) for each in plain)
    return _value(kind, plain) if isinstance(kind, type) else plain


def _one_of(kinds: Sequence[Any], plain: Plain) -> Any:  # noqa: ANN401 - as above
    """One of several kinds: None, or else the one that has as many fields."""
    if plain is None:
        return None
    known = [kind for kind in kinds if kind is not NoneType]
    fitting = [kind for kind in known if not _is_named_tuple(kind) or len(_hints(kind)) == len(plain)]
    return from_plain(fitting[0], plain)


def _value(kind: type, plain: Plain) -> Any:  # noqa: ANN401 - as above
    if kind is Fraction:
        numerator, _, denominator = plain.partition("/")
        return Fraction(int(numerator), int(denominator))
    if kind is date:
        return date.fromisoformat(plain)
    if issubclass(kind, Enum):
        return kind(plain)
    hints = _hints(kind)  # type: ignore[arg-type] # a class is hashable
    if _is_named_tuple(kind):
        return kind(*map(from_plain, hints.values(), plain))
    if is_dataclass(kind):
        return kind(**{name: from_plain(hints[name], each) for name, each in plain.items()})
    return plain


def _is_named_tuple(kind: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
