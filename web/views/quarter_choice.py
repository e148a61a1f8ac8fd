"""Which quarter a page shows: the one that its address names, else the latest."""

from flask import request

from comp.errors import NotFoundError
from comp.periods import Quarter


def chosen_quarter(known: list[Quarter]) -> Quarter | None:
    """The quarter that `?quarter=` names, else the latest known; None where there is none at all.

    Raises `NotFoundError` for what is no quarter.
    """
    named = request.args.get("quarter")
    if named:
        try:
            return Quarter.parse(named)
        except ValueError as error:
            raise NotFoundError(str(error)) from None
    return known[0] if known else None
