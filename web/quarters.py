"""Quarters in addresses: `/payouts/2026-Q1/…` and `?quarter=2026-Q1`."""

from flask import request
from werkzeug.routing import BaseConverter, ValidationError

from comp.errors import NotFoundError
from comp.periods import Quarter


class QuarterConverter(BaseConverter):
    """A quarter as a part of an address."""

    regex = r"\d{4}-Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        """The quarter, or no such address."""
        try:
            return Quarter.parse(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: Quarter | str) -> str:
        """How the quarter is written."""
        return str(value)


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
