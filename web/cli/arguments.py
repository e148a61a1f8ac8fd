"""Arguments and options that several commands have."""

from pathlib import Path

import click

from comp.periods import Quarter
from comp.results import RunName


class QuarterType(click.ParamType[Quarter]):
    """A quarter on the command line."""

    name = "quarter"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Quarter:
        """Read `2026-Q3`; anything else is a fault of usage."""
        try:
            return Quarter.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _RunNameType(click.ParamType[RunName]):
    """A run on the command line."""

    name = "run"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> RunName:
        """Read `2026-Q3/2` or `2026-Q3`; anything else is a fault of usage."""
        try:
            return RunName.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


RUN = _RunNameType()
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
a_quarter = click.argument("quarter", type=QuarterType(), help="Such as 2026-Q1, the first of the fiscal year 2026.")
