"""`user`: who may sign in to the pages."""

import sys

import click

from comp.db import writing
from comp.errors import RefusedError
from comp.roles import Role
from comp.services import access, accounts, conflicts, identities
from web.cli.context import actor, database, now, operator
from web.settings import read_settings

_ROLES = click.Choice([str(role) for role in Role])
_an_email = click.argument("email", help="The e-mail address with which somebody signs in.")


@click.group(short_help="Accounts that may sign in to the pages.")
def user() -> None:
    """Accounts that may sign in to the pages.

    \b
      employee  sees scores and own pay, as everybody does who may sign in
      hr        imports files, writes plans, calculates
      approver  publishes plans that somebody else wrote, grants waivers
      payroll   takes payroll's files
      auditor   reads everything and changes nothing
      admin     grants roles; no pay data

    Managers see their team by the people file, without a role.
    """


@user.command(short_help="Add an account.")
@_an_email
@click.option("--name", required=True, help="The name that pages show.")
@click.option(
    "--role", "roles", multiple=True, type=_ROLES, help="What the account may do; may be given several times."
)
@click.option("--employee", help="The number of the person whose account it is, as in the people file.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(email: str, name: str, roles: tuple[str, ...], employee: str | None, password_stdin: bool) -> None:
    """Add an account. Without a role it may see scores, and own pay. The password is asked for.

    It becomes the account of the person whose e-mail address it has, or whose number --employee gives.

    The first of a company may be its admin, who gives the others their roles on pages:

    \b
      loyaltypay user add ines@company.example --name "Ines Duarte" --role admin
    """
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked_password()
    with database() as engine, writing(engine) as session:
        accounts.add_account(session, email, name, password, ())
        account = access.find_account_by_email(session, email)
        access.grant_roles(session, operator(), account, tuple(map(Role, roles)), now())
        if employee is None:
            access.link_by_email(session, actor(), now())
        else:
            access.link_person(session, operator(), account, employee, now())
    click.echo(f"{email} may sign in now{_told(roles)}.")
    _warn(roles)


def _asked_password() -> str:
    if not sys.stdin.isatty():
        raise RefusedError("There is nobody to ask for a password. Use --password-stdin.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


@user.command(short_help="Give an account other roles.")
@_an_email
@click.argument("roles", metavar="[ROLE]...", nargs=-1, type=_ROLES, help=f"Of {', '.join(Role)}.")
def role(email: str, roles: tuple[str, ...]) -> None:
    """Give an account these roles and no others; without any, none is left.

    \b
      loyaltypay user role ines@company.example hr payroll
    """
    with database() as engine, writing(engine) as session:
        account = access.find_account_by_email(session, email)
        access.grant_roles(session, operator(), account, tuple(map(Role, roles)), now())
    click.echo(f"{email} has changed{_told(roles)}.")
    _warn(roles)


@user.command(short_help="Say whose account it is.")
@_an_email
@click.argument("number", required=False, help="The employee number, as in the people file; without it, nobody's.")
def link(email: str, number: str | None) -> None:
    """Say whose account it is: who signs in with it sees this person's pay and, as a manager, the team's.

    \b
      loyaltypay user link ines@company.example 10417
    """
    with database() as engine, writing(engine) as session:
        account = access.find_account_by_email(session, email)
        access.link_person(session, operator(), account, number, now())
    click.echo(f"{email} is {f'the account of {number}' if number else 'the account of nobody on file'}.")


def _warn(roles: tuple[str, ...]) -> None:
    for warning in conflicts.warnings(map(Role, roles)):
        click.echo(warning, err=True)


@user.command(short_help="Say who an account is at the identity provider.")
@_an_email
@click.argument("subject", help="What the provider knows the person by: the claim `sub` of its tokens.")
def identify(email: str, subject: str) -> None:
    """Say who an account is at the identity provider, where that does not tell that it verified e-mail addresses.

    \b
      loyaltypay user identify ines@company.example 00u1a2b3c4
    """
    issuer = read_settings().oidc_issuer
    if not issuer:
        raise RefusedError("There is no identity provider. Set LOYALTYPAY_OIDC_ISSUER first.")
    with database() as engine, writing(engine) as session:
        identities.link(session, email, issuer, subject, actor(), now())
    click.echo(f"{email} is the account of {subject} at {issuer}.")


@user.command(short_help="Let an account be linked anew to somebody at the identity provider.")
@_an_email
def unlink(email: str) -> None:
    """Forget who an account is at the identity provider: the next sign-in with its verified address links it anew.

    \b
      loyaltypay user unlink ines@company.example
    """
    with database() as engine, writing(engine) as session:
        identities.unlink(session, email, actor(), now())
    click.echo(f"{email} is nobody's account at an identity provider now, and is signed out.")


def _told(roles: tuple[str, ...]) -> str:
    return f": {', '.join(roles)}" if roles else ": no role"


@user.command(short_help="Let nobody sign in with an account any more.")
@_an_email
def close(email: str) -> None:
    """Close an account: its sessions end, and nothing opens it any more. What it did stays told.

    \b
      loyaltypay user close ines@company.example
    """
    with database() as engine, writing(engine) as session:
        accounts.close_account(session, email, actor(), now())
    click.echo(f"{email} may not sign in any more.")


@user.command(short_help="Take second factors away from somebody who lost them.")
@_an_email
def reset_factors(email: str) -> None:
    """Take an account's authenticator app, recovery codes and passkeys away, and end its sessions.

    Be sure who asks for it: from then on the password alone opens the account, until a factor is set up anew.

    \b
      loyaltypay user reset-factors ines@company.example
    """
    with database() as engine, writing(engine) as session:
        accounts.reset_factors(session, email, actor(), now())
    click.echo(f"{email} signs in with the password alone until a factor is set up anew.")
