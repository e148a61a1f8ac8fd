"""`scores`, `calculate` and `explain`: what a quarter comes to."""

from collections.abc import Collection

import click

from comp.db import Engine, noting, reading
from comp.figures import counted, fixed_text, money_text
from comp.nodes import node_document, node_lines
from comp.periods import Quarter
from comp.results import Run, StoredRun
from comp.run_documents import write_run
from comp.services import calculation, payroll, reads, scoreboard
from comp.services.scoreboard import ScoreLine
from web.calculating import calculate_and_store
from web.cli.arguments import a_quarter, as_json
from web.cli.context import actor, database, now, operator
from web.cli.speech import print_json


@click.command(short_help="Every unit's scores in a quarter.")
@a_quarter
@as_json
def scores(quarter: Quarter, as_json: bool) -> None:
    """Every unit's scores in a quarter, with count, 95 % interval and what they rest on.

    \b
      loyaltypay scores 2026-Q1

    A score rests on the unit's own answers, on its last four quarters (rolling-4), on a unit above it (parent), or on a
    stated value, as the plan in force says.
    """
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


@click.command(short_help="Calculate everybody's payout for a quarter.")
@a_quarter
@as_json
def calculate(quarter: Quarter, as_json: bool) -> None:
    """Calculate everybody's payout for a quarter and store the run.

    \b
      loyaltypay calculate 2026-Q1

    It needs units, people, answers or results, and a published plan. Who cannot be paid before something is decided or
    mended is held, with the reason. A run never changes; calculating again makes the next one.
    """
    with database() as engine:
        stored, run = calculate_and_store(engine, quarter, actor(), now())
        if as_json:
            _note_read(engine, quarter, [payout.employee for payout in run.payouts])
    if as_json:
        print_json({"run": stored.number, **write_run(run)})
    else:
        _tell_run(stored, run)


def _note_read(engine: Engine, quarter: Quarter, employees: Collection[str]) -> None:
    """Note in the audit chain that somebody at the command line is shown what these people are paid."""
    with noting(engine) as session:
        reads.note_read(session, operator(), quarter, employees, now())


def _tell_run(stored: StoredRun, run: Run) -> None:
    click.echo(f"{run.quarter}, run {stored.number}")
    for total in payroll.totals(run):
        click.echo(f"  {counted(total.people, 'payout')}: {money_text(total.amount)}")
    click.echo(f"  held: {len(run.held)}, in no plan: {len(run.outside)}")
    for hold in run.held:
        click.echo(f"  {hold.employee} {hold.name}: {hold.why}", err=True)
    for problem in run.problems:
        click.echo(f"  {problem}", err=True)


@click.command(short_help="Why a payout is what it is.")
@click.argument("employee", help="The employee number, as in the people file.")
@a_quarter
@as_json
def explain(employee: str, quarter: Quarter, as_json: bool) -> None:
    """Why a payout is what it is: the tree of numbers behind it, in the last run of the quarter.

    \b
      loyaltypay explain 10417 2026-Q1
    """
    with database() as engine, reading(engine) as session:
        stored, _, nodes = calculation.explain(session, operator(), employee, quarter, now())
        _note_read(engine, quarter, [employee])
    if as_json:
        tree = [node_document(node) for node in nodes]
        print_json({"employee": employee, "quarter": str(quarter), "run": stored.number, "explanations": tree})
        return
    click.echo(f"{employee} in {quarter}, run {stored.number}")
    for node in nodes:
        click.echo("\n".join(node_lines(node)))
