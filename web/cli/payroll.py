"""`export …` and `layout list | show | check | import | export`: files that are taken away."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from comp.db import Session, noting, reading, writing
from comp.errors import RefusedError
from comp.evidence import pack_name
from comp.figures import counted, grouped
from comp.payroll_layout_documents import layout_sha256, read_layout
from comp.payroll_layouts import WORKBOOK
from comp.periods import Quarter
from comp.services import layouts, payroll, reads, releases
from comp.services.payroll import Told
from comp.sheets import PayrollSheets
from exports.control_file import control_files
from exports.documents import layout_yaml
from exports.files import whole, write_whole
from exports.payroll_files import PayrollExport, payroll_files
from exports.payroll_workbook import Traced, write_payroll_workbook
from importers.documents import read_yaml
from importers.payroll_layouts import built_in_layouts
from importers.places import located
from web import evidence
from web.cli.accruals import export_accrual
from web.cli.arguments import FILE, a_quarter
from web.cli.context import actor, database, now, operator
from web.cli.releases import write_files, write_released
from web.cli.speech import tell_problems
from web.cli.statements import statements
from web.cli.workbooks import COMMANDS
from web.layout_words import in_words, rules, says
from web.settings import read_settings
from web.workbooks import MANY

_STEP = 100
_a_layout = click.argument("name", metavar="LAYOUT", help="A layout's id, as `loyaltypay layout list` prints it.")
_a_file = click.argument("file", type=FILE, help="A layout as a YAML document.")


@click.group(short_help="Write files for payroll, employees, managers, HR and finance.")
def export() -> None:
    """Write files for others: for payroll, employees, managers, HR and finance."""


for _each in (statements, export_accrual, *COMMANDS):
    export.add_command(_each)


@export.command("payroll", short_help="Write what payroll loads of a quarter.")
@a_quarter
@click.option("--layout", default=WORKBOOK, show_default=True, help="How payroll reads it: the workbook, or a layout.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, a .zip, or a folder to put it in.")
@click.option(
    "--pay-date", type=click.DateTime(["%Y-%m-%d"]), help="The day of payment; the quarter's last unless said."
)
@click.option("--batch", default="", help="The batch's number in payroll; made of quarter and run unless said.")
def export_payroll(quarter: Quarter, layout: str, out: Path, pay_date: datetime | None, batch: str) -> None:
    """Write what payroll loads of a quarter: a preview until it is released, then its batches as they were frozen.

    \b
      loyaltypay export payroll 2026-Q1 --out .
      loyaltypay export payroll 2026-Q1 --layout adp-workforce-now --out payroll

    The workbook has amounts, and the calculation as live formulas; that of a batch has its control file beside it. A
    layout gives the files of one payroll system, with a control file too: all of them or none.
    """
    with database() as engine, reading(engine) as session:
        made = releases.list_releases(session, quarter)
    if made:
        write_released(made, layout, out)
    elif layout == WORKBOOK:
        _write_workbook(quarter, out)
    else:
        _write_layout(quarter, layout, out, Told(pay_date.date() if pay_date else None, batch))


@export.command("evidence", short_help="Write the evidence pack of a quarter, for auditors.")
@a_quarter
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, or a folder to put it in.")
def export_evidence(quarter: Quarter, out: Path) -> None:
    """Write everything that an auditor needs to come to what a quarter pays without this program, as one ZIP.

    \b
      loyaltypay export evidence 2026-Q1 --out .
      python3 -m zipfile -e evidence-2026-Q1.zip evidence
      python3 -I evidence/verify.py evidence-2026-Q1.zip
      python3 -I evidence/verify_everything.py evidence-2026-Q1.zip

    It has the trace of the run, payouts, settlement, batches, plans, approvals, exceptions and the audit chain, and two
    scripts: a short one that recomputes every payout, and one that checks everything. The audit chain notes the pack's
    SHA-256, so the pack goes into a file, never into a pipe.
    """
    path = out / pack_name(quarter) if out.is_dir() else out
    if path.is_relative_to("/dev") or (path.exists() and not (path.is_file() or path.is_dir())):
        raise RefusedError(f"{path} is no file. A pack is known by the hash of its file: name a file or a folder.")
    with database() as engine, whole(path) as file:
        evidence.write(engine, read_settings(), operator(), quarter, file, lambda _name, _rows: None)
        digest, size = evidence.known_by(file)
        with noting(engine) as noted:
            evidence.note(noted, operator(), quarter, digest, size)
    click.echo(f"Written to {path}: {grouped(str(size))} bytes, SHA-256 {digest}.")


def _write_layout(quarter: Quarter, layout: str, out: Path, told: Told) -> None:
    with database() as engine:
        with reading(engine) as session:
            chosen = layouts.find_layout(session, built_in_layouts(), layout).layout
            sheets, rows = payroll.payroll_rows(session, operator(), quarter, chosen, told, now())
        made = payroll_files(chosen, rows)
        tell_problems(made.warnings, "warning: ")
        contents = made.contents() | control_files(made, sheets)
        with noting(engine) as noted:
            _note(noted, made, sheets)
        written = write_files(out, len(made.files), contents)
    count = sum(len(file.rows) for file in made.files)
    click.echo(f"Written to {written}: {counted(len(made.files), 'file')} with {counted(count, 'row')}.")
    click.echo(f"Batch {sheets.batch} is not released: it is made of the latest run each time.", err=True)


def _write_workbook(quarter: Quarter, out: Path) -> None:
    with database() as engine, reading(engine) as session:
        sheets = payroll.payroll_sheets(session, operator(), quarter, now())
        with noting(engine) as noted:
            reads.note_taken(noted, operator(), f"payroll workbook {quarter}", now(), batch=sheets.batch)
    path = out / sheets.file_name if out.is_dir() else out
    with whole(path) as file, _progress(sheets) as told:
        write_payroll_workbook(sheets, file, told)
    click.echo(f"Written to {path}: {counted(len(sheets.lines), 'payroll line')}.")
    click.echo(f"{sheets.batch} is a preview: {quarter} is not released, and nothing of it may be paid yet.", err=True)


@contextmanager
def _progress(sheets: PayrollSheets) -> Iterator[Traced]:
    """A bar on a terminal, where there are so many people that it takes long."""
    total = len(sheets.payouts)
    if total <= MANY:
        yield lambda _done, _total: None
        return
    with click.progressbar(length=total, label="Tracing payouts", file=sys.stderr, update_min_steps=_STEP) as bar:
        yield lambda _done, _total: bar.update(1)


def _note(session: Session, made: PayrollExport, sheets: PayrollSheets) -> None:
    about = f"payroll file {sheets.run.quarter} {made.layout.id}"
    details = {"batch": sheets.batch, "number": made.batch.number, "layout": layout_sha256(made.layout)}
    reads.note_taken(session, operator(), about, now(), **details, files=len(made.files))


@click.group(short_help="List, check, import and export layouts of payroll files.")
def layout() -> None:
    """Layouts of payroll files: how each payroll system reads what is to be paid.

    A layout is one YAML document. Those that come with the program name their sources; export one, change it under
    another id, and import it where your system differs.
    """


@layout.command("list", short_help="Every layout.")
def list_() -> None:
    """Every layout, the company's own first.

    \b
      loyaltypay layout list
    """
    with database() as engine, reading(engine) as session:
        found = layouts.list_layouts(session, built_in_layouts())
    for each in found:
        own = "own" if each.is_own else ""
        click.echo(f"{each.layout.id:<32} {each.layout.name:<32} {own}".rstrip())


@layout.command(short_help="A layout in plain words.")
@_a_layout
def show(name: str) -> None:
    """A layout in plain words: what it writes, and what about it is not confirmed.

    \b
      loyaltypay layout show datev-lodas
    """
    with database() as engine, reading(engine) as session:
        chosen = layouts.find_layout(session, built_in_layouts(), name).layout
    click.echo(chosen.name)
    click.echo(chosen.note)
    for about, text in in_words(chosen):
        click.echo(f"{about}: {text}")
    for record in chosen.records:
        for number, column in enumerate(record.columns, start=1):
            click.echo(f"  {number:>2} {column.header:<28} {says(column):<36} {rules(column)}".rstrip())
    for fact in chosen.unconfirmed:
        click.echo(f"Not confirmed: {fact}")
    for source in chosen.sources:
        click.echo(f"Source: {source}")


@layout.command(short_help="Tell everything that is wrong in a layout document.")
@_a_file
def check(file: Path) -> None:
    """Tell everything that is wrong in a layout document, each at its line. Nothing is stored.

    \b
      loyaltypay layout check layout.yaml
    """
    content = file.read_bytes()
    made, problems = read_layout(read_yaml(content, file.name))
    if made is None:
        raise RefusedError(f"{file.name} is no layout as it stands.", located(problems, content))
    click.echo(f"{made.id} is sound.")


@layout.command("import", short_help="Store a layout document.")
@_a_file
def import_(file: Path) -> None:
    """Store a layout document in place of the company's own with the same id.

    \b
      loyaltypay layout import layout.yaml
    """
    content = file.read_bytes()
    document = read_yaml(content, file.name)
    try:
        with database() as engine, writing(engine) as session:
            made = layouts.save_layout(session, built_in_layouts(), document, None, actor(), now())
    except RefusedError as refused:
        raise RefusedError(str(refused), located(refused.problems, content)) from None
    click.echo(f"{made.id} is stored.")


@layout.command("export", short_help="Write a layout as its YAML document.")
@_a_layout
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the screen.")
def export_layout(name: str, out: Path | None) -> None:
    """Write a layout as the YAML document that it is.

    \b
      loyaltypay layout export adp-workforce-now --out layout.yaml
    """
    with database() as engine, reading(engine) as session:
        text = layout_yaml(layouts.find_layout(session, built_in_layouts(), name).layout)
    if out:
        write_whole(out, text.encode())
        click.echo(f"Written to {out}.")
    else:
        click.echo(text.encode(), nl=False)
