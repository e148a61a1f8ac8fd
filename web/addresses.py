"""What stands in addresses: quarters, versions of plans, where to go on, and where the application itself is."""

import re
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.routing import BaseConverter, ValidationError

from comp.errors import LoyaltyPayError, NotFoundError
from comp.periods import Quarter
from web.state import state

_HERE = {"localhost", "127.0.0.1", "::1"}
"""Names that lead to no other machine, whatever a request says."""

_OURS = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")
"""An address within this site: browsers read `//` and backslashes as another's, and pass over control characters."""


def install(app: Flask) -> None:
    """Let addresses have quarters, within and after the `?`, and versions of plans."""
    app.url_map.converters["quarter"] = QuarterConverter
    app.url_map.converters["version"] = VersionConverter
    app.url_defaults(_write_quarter)


def _write_quarter(_endpoint: str, values: dict[str, object]) -> None:
    """Write a quarter as text: a tuple would be taken for two values."""
    if isinstance(values.get("quarter"), Quarter):
        values["quarter"] = str(values["quarter"])


class QuarterConverter(BaseConverter):
    """A quarter as a part of an address."""

    regex = r"\d{4}-Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        """The quarter, or no such address."""
        try:
            return Quarter.parse(value)
        except ValueError:
            raise ValidationError from None


class VersionConverter(BaseConverter):
    """A plan, or one of its versions as `service@2026-04-01`. A plan's name may have slashes before the `@`."""

    regex = r"(?:[^@]*@)?[^/]+"


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


def asked_next() -> str | None:
    """Where somebody asked to go on, but only within this site."""
    target = request.values.get("next", "")
    return target if _OURS.fullmatch(target) else None


def own_address() -> str:
    """Where the application is, as `https://pay.company.example`: it stands in mails, so no request may say it.

    Raises `LoyaltyPayError` where nobody set it, but on the machine itself.
    """
    told = state().settings.address
    if not told and urlsplit(request.host_url).hostname not in _HERE:
        raise LoyaltyPayError(
            "Loyalty Pay was not told its own address. Those who run it set LOYALTYPAY_ADDRESS, such as "
            "https://pay.company.example."
        )
    return told or request.host_url.rstrip("/")
