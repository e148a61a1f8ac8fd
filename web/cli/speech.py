"""How commands speak: results on stdout, problems on stderr, documents as JSON."""

import json
from collections.abc import Sequence

import click

from comp.errors import Problem

_MOST = 50


def tell_problems(problems: Sequence[Problem], word: str = "") -> None:
    """A line for each problem, on stderr."""
    for problem in problems[:_MOST]:
        click.echo(f"  {word}{problem}", err=True)
    if len(problems) > _MOST:
        click.echo(f"  … and {len(problems) - _MOST} more; --json lists them all.", err=True)


def print_json(document: object) -> None:
    """One JSON document on stdout, in UTF-8 whatever the terminal's encoding."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2).encode())
