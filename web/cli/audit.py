"""`audit verify`."""

import click

from comp.chain import Anchor
from comp.db import reading
from comp.errors import RefusedError
from comp.services import audit as service
from web.cli.context import database


@click.group()
def audit() -> None:
    """The audit chain: who did what, sealed entry by entry."""


class _AnchorType(click.ParamType[Anchor]):
    """An anchor on the command line."""

    name = "anchor"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Anchor:
        """Read `1204:9f86d0…`; anything else is a fault of usage."""
        try:
            return Anchor.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@audit.command()
@click.option(
    "--anchor",
    "anchors",
    type=_AnchorType(),
    metavar="NUMBER:HASH",
    multiple=True,
    help="What a payroll workbook's Summary, or an earlier proof, says the chain was. May be given several times.",
)
def verify(anchors: tuple[Anchor, ...]) -> None:
    """Prove that no entry was touched, or name the first one.

    Every seal is computed again.
    That entries were cut off at the end, or everything was written anew, shows only against an anchor that was kept
    elsewhere: every payroll workbook has one on its Summary.

    \b
    Example:
      loyaltypay audit verify --anchor 1204:9f86d081884c7d65…
    """
    with database() as engine, reading(engine) as session:
        verdict = service.verify(session, anchors)
    if verdict.broken:
        raise RefusedError(f"The chain is broken at entry {verdict.broken.number}. {verdict.broken.why}")
    click.echo(f"The chain holds: {verdict.head or 'it has no entries yet'}")
