"""Shapes that resources of the API share: amounts, pages, and what a program may ask for with them."""

import base64
import binascii
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from comp.errors import Problem
from comp.money import Money
from web.api.problems import ApiError

MOST_AT_ONCE = 500
_USUAL = 100

Text = Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text, without characters that control something."""

Named = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A code or number, which is not empty."""

QUARTER_PATTERN = "^(19|20|21)[0-9]{2}-Q[1-4]$"
QuarterText = Annotated[str, Field(pattern=QUARTER_PATTERN, examples=["2026-Q2"])]
Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-04-01"])]
Moment = Annotated[str, Field(description="A moment in UTC.", examples=["2026-07-03T14:05:00Z"])]
Number = Annotated[str, Field(description="An exact number as text.", examples=["44.2"])]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015" * 2])]


class Shape(BaseModel):
    """What goes in or comes out: every field is named, and none is guessed from another kind of value."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """What stands after the `?`: text, read as what it is to be."""

    model_config = ConfigDict(extra="forbid")


class Amount(Shape):
    """Money: exact text and its currency, never a number that could be rounded on the way."""

    amount: str = Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["1012.98"])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])

    @classmethod
    def of(cls, money: Money) -> "Amount":
        """An amount as it is written."""
        return cls(amount=str(money), currency=money.currency)


class Paged(Query):
    """Which part of a list."""

    cursor: str = Field(default="", max_length=400, description="Where to go on: `next_cursor` of the page before.")
    limit: int = Field(default=_USUAL, ge=1, le=MOST_AT_ONCE, description="How many people a page has at most.")

    @property
    def after(self) -> str:
        """The key after which the page begins. Raises `ApiError` for a cursor that no page gave."""
        try:
            return _read(self.cursor)
        except (binascii.Error, ValueError):
            why = Problem("is none that a page gave. Take `next_cursor` of the page before, or leave it out.")
            raise ApiError(422, "That cannot be read", "The cursor leads nowhere.", [why]) from None


def _read(cursor: str) -> str:
    """The key in a cursor. Raises `ValueError` for what is none."""
    key = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    if "\0" in key:
        raise ValueError("no key has a null character")
    return key


class Page(Shape):
    """A part of a list."""

    next_cursor: str | None = Field(
        examples=["MzA0MTc="], description="Send it as `cursor` for what comes next; null at the end."
    )


def cursor_after(key: str | None) -> str | None:
    """The cursor that goes on after a key."""
    return None if key is None else base64.urlsafe_b64encode(key.encode()).decode()


def example(**fields: Any) -> ConfigDict:  # noqa: ANN401 - whatever JSON a field holds
    """The configuration of a shape with one whole example."""
    return ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [fields]})
