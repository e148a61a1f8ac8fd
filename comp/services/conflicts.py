"""Roles that do not go together, in words."""

from collections.abc import Iterable

from comp.errors import RefusedError
from comp.roles import Conflict, Role, conflicts


def require_compatible(roles: Iterable[Role]) -> None:
    """Raise `RefusedError` for roles of which nobody may hold all."""
    refused = [conflict for conflict in conflicts(roles) if conflict.is_refused]
    if refused:
        raise RefusedError(" ".join(map(_text, refused)))


def warnings(roles: Iterable[Role]) -> list[str]:
    """What is to be thought of roles that one person holds together."""
    return [_text(conflict) for conflict in conflicts(roles)]


def _text(conflict: Conflict) -> str:
    names = " and ".join(sorted(map(str, conflict.roles)))
    return f"The roles {names} {'cannot' if conflict.is_refused else 'should not'} be held together. {conflict.why}"
