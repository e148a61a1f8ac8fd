"""`serve`, `user` and `demo`."""

import click


@click.command()
def serve() -> None:
    """Serve."""


@click.group()
def user() -> None:
    """Accounts."""


@click.command()
def demo() -> None:
    """Demo."""
