"""`export team`: workbooks for managers and HR."""

from pathlib import Path

import click

from comp.db import noting, reading
from comp.errors import NotFoundError
from comp.periods import Quarter
from comp.services import team_books
from exports.files import write_whole
from exports.team_workbook import team_workbook
from web.cli.arguments import a_quarter
from web.cli.context import database, now, operator

_an_out = click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="A file, or a folder to put it in."
)


@click.command("team", short_help="Write the workbook of a manager's team.")
@a_quarter
@click.option("--of", "manager", required=True, help="The manager's employee number.")
@_an_out
def team(quarter: Quarter, manager: str, out: Path) -> None:
    """Write what everybody below a manager gets for a quarter, and why, as a workbook.

    \b
      loyaltypay export team 2026-Q1 --of 10417 --out .

    The team is the tree of the quarter's last day, as on the page My team.
    """
    with database() as engine:
        with reading(engine) as session:
            sheets = team_books.team_sheets(session, operator(), quarter, manager, now())
        if sheets is None:
            raise NotFoundError("Say whose team it is: --of and the manager's employee number.")
        with noting(engine) as session:
            team_books.note_taken(session, operator(), sheets, now())
    path = _written(out, sheets.file_name, team_workbook(sheets))
    click.echo(f"Written to {path}: {_people(sheets.listed)}.")


def _written(out: Path, name: str, content: bytes) -> Path:
    """Write a file under a name of its own where only a folder was told; gives where it is."""
    path = out / name if out.is_dir() else out
    write_whole(path, content)
    return path


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


COMMANDS = (team,)
"""What `loyaltypay export` writes besides what payroll loads."""
