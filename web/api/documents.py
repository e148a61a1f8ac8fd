"""Reading a body that is a document of any depth: exactly, so that no number in it becomes another on the way."""

import json
from typing import NoReturn

from flask import request

from web.api.problems import ApiError
from web.api.routing import JSON, require_kind

_DEEPEST = 30


def read_document() -> dict[str, object]:
    """The document in the body: numbers as the text they were written as. Raises `ApiError` for what is none."""
    require_kind(JSON)
    try:
        found = json.loads(request.get_data().decode(), parse_float=str, parse_int=str, parse_constant=_refuse)
        _require_plain(found, 0)
    except (ValueError, RecursionError) as error:
        why = "It is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ApiError(400, "That is not JSON", f"{why}. Send one JSON document in UTF-8.") from None
    if not isinstance(found, dict):
        raise ApiError(422, "That cannot be read", "A plan is one object with fields such as id, name and starts.")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _require_plain(value: object, depth: int) -> None:
    """Raise `ValueError` for text that cannot be stored, and for what is nested more deeply than any plan."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, str) and ("\0" in value or (not value.isprintable() and _has_surrogate(value))):
        raise ValueError("A text has characters that are none")
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _require_plain(each, depth + 1)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)
