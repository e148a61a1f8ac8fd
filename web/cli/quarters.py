"""`scores`, `calculate`, `explain` and `export`: what a quarter comes to."""

from pathlib import Path

import click

from comp.db import reading, writing
from comp.figures import counted, fixed_text, money_text
from comp.nodes import node_document, node_lines
from comp.periods import Quarter
from comp.results import Run, StoredRun
from comp.run_documents import write_run
from comp.services import calculation, payroll, scoreboard
from comp.services.scoreboard import ScoreLine
from exports.files import write_whole
from exports.payroll_workbook import payroll_workbook
from web.cli.context import QUARTER, actor, as_json, database, now
from web.cli.speech import print_json

WORKBOOK = "workbook"


@click.command()
@click.argument("quarter", type=QUARTER)
@as_json
def scores(quarter: Quarter, as_json: bool) -> None:
    """Every unit's scores in a quarter, with count, 95 % interval and what they rest on."""
    with database() as engine, reading(engine) as session:
        lines = scoreboard.scoreboard(session, quarter)
    if as_json:
        print_json(scoreboard.write_scores(quarter, lines))
        return
    for line in lines:
        click.echo(_score_text(line))


def _score_text(line: ScoreLine) -> str:
    score, known = line.score, line.interval
    value = fixed_text(score.value, line.metric.decimals)
    answers = "" if score.answers is None else counted(score.answers, "answer")
    between = f"{known.low:.1f} to {known.high:.1f}" if known else ""
    name = f"{'  ' * line.depth}{line.name}"
    return f"{line.metric.id:<16} {name:<32} {value:>10}  {between:<18} {answers:<14} {score.basis}".rstrip()


@click.command()
@click.argument("quarter", type=QUARTER)
@as_json
def calculate(quarter: Quarter, as_json: bool) -> None:
    """Calculate everybody's payout for a quarter and store the run.

    A run never changes; calculating again makes the next one.
    """
    with database() as engine, writing(engine) as session:
        stored, run = calculation.calculate_quarter(session, quarter, actor(), now())
    if as_json:
        print_json({"run": stored.number, **write_run(run)})
    else:
        _tell_run(stored, run)


def _tell_run(stored: StoredRun, run: Run) -> None:
    click.echo(f"{run.quarter}, run {stored.number}")
    for total in payroll.totals(run):
        click.echo(f"  {counted(total.people, 'payout')}: {money_text(total.amount)}")
    click.echo(f"  held: {len(run.held)}, in no plan: {len(run.outside)}")
    for hold in run.held:
        click.echo(f"  {hold.employee} {hold.name}: {hold.why}", err=True)
    for problem in run.problems:
        click.echo(f"  {problem}", err=True)


@click.command()
@click.argument("employee")
@click.argument("quarter", type=QUARTER)
@as_json
def explain(employee: str, quarter: Quarter, as_json: bool) -> None:
    """Why a payout is what it is: the tree of numbers behind it, in the last run of the quarter."""
    with database() as engine, reading(engine) as session:
        stored, _, nodes = calculation.explain(session, employee, quarter)
    if as_json:
        tree = [node_document(node) for node in nodes]
        print_json({"employee": employee, "quarter": str(quarter), "run": stored.number, "explanations": tree})
        return
    click.echo(f"{employee} in {quarter}, run {stored.number}")
    for node in nodes:
        click.echo("\n".join(node_lines(node)))


@click.group()
def export() -> None:
    """Files for others: the payroll workbook."""


@export.command("payroll")
@click.argument("quarter", type=QUARTER)
@click.option("--layout", type=click.Choice([WORKBOOK]), default=WORKBOOK, show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, or a folder to put it in.")
def export_payroll(quarter: Quarter, layout: str, out: Path) -> None:  # noqa: ARG001 - the one layout there is
    """Write the payroll workbook of the last run of a quarter."""
    with database() as engine, reading(engine) as session:
        sheets = payroll.payroll_sheets(session, quarter, actor(), now())
    path = out / sheets.file_name if out.is_dir() else out
    write_whole(path, payroll_workbook(sheets))
    click.echo(f"Written to {path}: {counted(len(sheets.lines), 'payroll line')}.")
