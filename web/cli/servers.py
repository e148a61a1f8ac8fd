"""`serve` and `user`."""

import sys

import click

from comp.db import writing
from comp.errors import RefusedError
from comp.roles import Role
from comp.services import accounts
from web.cli.context import database
from web.settings import Settings

_ROLES = click.Choice([str(role) for role in Role])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 to be reached from other machines.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages. Behind HTTPS set LOYALTYPAY_SECURE_COOKIES=true and let the proxy speak to this port."""
    serve_pages(Settings(), host, port, threads)


def serve_pages(machine: Settings, host: str, port: int, threads: int = 8) -> None:
    """Serve until stopped."""
    from waitress.server import create_server

    from web.app import create_app

    server = create_server(create_app(machine), host=host, port=port, threads=threads, ident="Loyalty Pay")
    click.echo(f"Loyalty Pay is at http://{host}:{port}/ - stop it with Ctrl+C.")
    try:
        server.run()
    finally:
        server.close()


@click.group()
def user() -> None:
    """Accounts that may sign in to the pages."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="As pages show it.")
@click.option("--role", "roles", multiple=True, type=_ROLES, help="May be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(email: str, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Add an account. Without a role it may see scores and nothing else."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked_password()
    with database() as engine, writing(engine) as session:
        accounts.add_account(session, email, name, password, tuple(map(Role, roles)))
    click.echo(f"{email} may sign in now{_told(roles)}.")


def _asked_password() -> str:
    if not sys.stdin.isatty():
        raise RefusedError("There is nobody to ask for a password. Use --password-stdin.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


@user.command()
@click.argument("email")
@click.argument("roles", nargs=-1, type=_ROLES)
def role(email: str, roles: tuple[str, ...]) -> None:
    """Give an account these roles and no others."""
    with database() as engine, writing(engine) as session:
        accounts.grant_roles(session, email, tuple(map(Role, roles)))
    click.echo(f"{email} has changed{_told(roles)}.")


def _told(roles: tuple[str, ...]) -> str:
    return f": {', '.join(roles)}" if roles else ": no role"
