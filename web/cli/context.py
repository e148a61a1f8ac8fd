"""What every command needs: the database, the time, and who acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from comp.db import Engine
from comp.periods import Quarter
from comp.services.plans import COMMAND_LINE
from web.database import disposed, open_ready
from web.settings import Settings


class QuarterType(click.ParamType[Quarter]):
    """A quarter on the command line."""

    name = "quarter"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Quarter:
        """Read `2026-Q3`; anything else is a fault of usage."""
        if isinstance(value, Quarter):
            return value
        try:
            return Quarter.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


QUARTER = QuarterType()
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


@contextmanager
def database() -> Iterator[Engine]:
    """The company's database, known to be ready."""
    with disposed(open_ready(Settings())) as engine:
        yield engine


def now() -> datetime:
    """The moment of the command, in UTC."""
    return datetime.now(UTC)


def actor() -> str:
    """Who acts: the name that LOYALTYPAY_ACTOR gives, or the command line itself."""
    return Settings().actor or COMMAND_LINE
