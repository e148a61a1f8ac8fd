"""`export team | analysis | overtime`: workbooks for managers and HR."""

import io
from pathlib import Path

import click

from comp.db import Engine, noting, reading, writing
from comp.errors import NotFoundError
from comp.figures import counted
from comp.periods import Quarter
from comp.services import analysis as analyses
from comp.services import overtime as overtimes
from comp.services import team_books
from exports.files import write_whole
from exports.overtime_workbook import COUNSEL, overtime_workbook
from exports.team_workbook import team_workbook
from importers.cells import Style
from importers.worked_hours import read_worked_hours
from web import analysing
from web.cli.arguments import FILE, a_quarter
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


@click.command("analysis", short_help="Write pay and scores of several quarters, to pivot and chart.")
@a_quarter
@click.option(
    "--quarters",
    "count",
    type=click.IntRange(1, analyses.MOST_QUARTERS),
    default=4,
    show_default=True,
    help="How many quarters in all, with those before.",
)
@_an_out
def analysis(quarter: Quarter, count: int, out: Path) -> None:
    """Write everybody's pay and all scores of several quarters as flat tables with charts.

    \b
      loyaltypay export analysis 2026-Q1 --quarters 8 --out .

    Amounts of different currencies are never added up together.
    """
    moment = now()
    with database() as engine:
        with reading(engine) as session:
            found = analyses.runs_of(session, quarter, count)
        with noting(engine) as session:
            analyses.note_taken(session, operator(), found, moment)
        content = io.BytesIO()
        analysing.write(engine, operator(), found, content, moment)
    path = _written(out, analysing.about(operator(), found, moment).file_name, content.getvalue())
    click.echo(f"Written to {path}: {counted(len(found), 'quarter')}.")


@click.command("overtime", short_help="Write what overtime adds to bonuses (United States).")
@a_quarter
@click.option("--hours", type=FILE, help="Take hours in first: a CSV or XLSX of employee, week, hours.")
@_an_out
def overtime(quarter: Quarter, hours: Path | None, out: Path) -> None:
    """Write what overtime hours add to the bonuses of a quarter (29 CFR 778.209), as a workbook with live formulas.

    \b
      loyaltypay export overtime 2026-Q1 --hours hours.csv --out .

    It is off until somebody of HR turns it on, on the page Overtime. For review by counsel: not legal advice.
    """
    with database() as engine:
        if hours:
            _take_in(engine, quarter, hours)
        with reading(engine) as session:
            sheets = overtimes.overtime_sheets(session, operator(), quarter, now())
        with noting(engine) as session:
            overtimes.note_taken(session, operator(), sheets, now())
    path = _written(out, sheets.file_name, overtime_workbook(sheets))
    missing = f"; hours of {_people(len(sheets.incomplete))} are missing" if sheets.incomplete else ""
    click.echo(f"Written to {path}: {_people(len(sheets.companions))}{missing}.")
    click.echo(COUNSEL, err=True)


def _take_in(engine: Engine, quarter: Quarter, hours: Path) -> None:
    content = hours.read_bytes()
    stated = read_worked_hours(content, hours.name, Style())
    with writing(engine) as session:
        taken = overtimes.state_hours(session, operator(), quarter, stated, content, now())
    click.echo(f"{hours.name}: {taken.new} new, {taken.changed} changed, {taken.unchanged} unchanged.")


def _written(out: Path, name: str, content: bytes) -> Path:
    """Write a file under a name of its own where only a folder was told; gives where it is."""
    path = out / name if out.is_dir() else out
    write_whole(path, content)
    return path


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


COMMANDS = (team, analysis, overtime)
"""What `loyaltypay export` writes besides what payroll loads."""
