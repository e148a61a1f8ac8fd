"""`export statements`: everybody's statement of a quarter in one ZIP."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.termui import progressbar

from comp.db import noting
from comp.figures import counted
from comp.periods import Quarter
from exports.files import whole
from exports.pdf import has_pdf
from web.cli.arguments import a_quarter
from web.cli.context import database, now, operator
from web.settings import read_settings
from web.statement_files import Wanted, note, write_zip, zip_name

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


@click.command(short_help="Write everybody's statement of a quarter.")
@a_quarter
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A .zip, or a folder to put it in.")
def statements(quarter: Quarter, out: Path) -> None:
    """Write everybody's statement of a quarter into one ZIP: PDFs, or pages where no PDF can be made.

    \b
      loyaltypay export statements 2026-Q1 --out .

    Each says whether it is final. The ZIP is there whole or not at all.
    """
    path, moment = out / zip_name(quarter) if out.is_dir() else out, now()
    with database() as engine, whole(path) as file:
        wanted = Wanted(operator(), quarter, read_settings().address)
        with progressbar(length=1, label="Statements", file=sys.stderr) as bar:
            number = write_zip(engine, wanted, file, moment, partial(_tell, bar))
        with noting(engine) as session:
            note(session, operator(), quarter, number, moment)
    click.echo(f"Written to {path}: {counted(number, 'statement')}.")
    if not has_pdf():
        click.echo("They are pages that print: install the extra `pdf`, and Pango, for PDFs.", err=True)


def _tell(bar: "ProgressBar[int]", done: int, total: int) -> None:
    bar.length = total
    bar.update(done - bar.pos)
