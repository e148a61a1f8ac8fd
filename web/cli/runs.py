"""`run list` and `run replay`: what was calculated, and that it still comes out."""

import click

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.figures import counted, money_text
from comp.replay import Difference
from comp.results import RunName
from comp.services import replays, run_history
from comp.services.replays import Replay
from comp.services.run_history import RunLine
from web.cli.arguments import RUN, as_json
from web.cli.context import actor, database, now, operator
from web.cli.speech import print_json


@click.group()
def run() -> None:
    """List runs, and prove that they come out."""


@run.command("list", short_help="Every run, the newest first.")
@as_json
def list_(as_json: bool) -> None:
    """Every run, the newest first, with what it pays and whom it holds.

    \b
      loyaltypay run list
    """
    with database() as engine, reading(engine) as session:
        lines = run_history.list_lines(session, operator(), now())
    if as_json:
        print_json({"runs": [_written(line) for line in lines]})
        return
    for line in lines:
        paid = ", ".join(f"{counted(total.people, 'payout')} {money_text(total.amount)}" for total in line.totals)
        origin = line.run.origin
        click.echo(f"{line.run.name}  {origin.calculated_at:%Y-%m-%d %H:%M} UTC by {origin.calculated_by}")
        click.echo(f"  {paid or 'no payouts'}; held: {line.held}, in no plan: {line.outside}")
    if not lines:
        click.echo("Nothing has been calculated yet.")


def _written(line: RunLine) -> dict[str, object]:
    origin = line.run.origin
    return {
        "run": line.run.name,
        "calculated_at": origin.calculated_at.isoformat(),
        "calculated_by": origin.calculated_by,
        "engine": origin.engine,
        "inputs_sha256": origin.inputs_sha256,
        "plans": list(origin.plans),
        "totals": [
            {"currency": total.amount.currency, "people": total.people, "amount": str(total.amount)}
            for total in line.totals
        ],
        "held": line.held,
        "outside": line.outside,
    }


@run.command(short_help="Calculate a run again from its snapshot.")
@click.argument("name", metavar="RUN", type=RUN, help="Such as 2026-Q1/2, or 2026-Q1 for the last of the quarter.")
@as_json
def replay(name: RunName, as_json: bool) -> None:
    """Calculate a run again from the facts that were stored with it, whatever changed since.

    Every payout, step, hold and word must come out as it was stored; else what differs is told, with exit code 1.

    \b
      loyaltypay run replay 2026-Q1/2
    """
    with database() as engine:
        with reading(engine) as session:
            done = replays.replay(session, operator(), run_history.find(session, name))
        with writing(engine) as session:
            replays.note_replay(session, done, actor(), now())
    if as_json:
        print_json(_document(done))
    if not done.is_identical:
        raise RefusedError(_verdict(done), [] if as_json else [each.problem for each in done.differences])
    if not as_json:
        click.echo(_verdict(done))


def _verdict(done: Replay) -> str:
    versions = f" It was calculated by version {done.run.origin.engine}, replayed by {done.engine}."
    by = versions if done.other_engine else ""
    people = "1 person" if done.people == 1 else f"{done.people:,} people"
    if done.is_identical:
        return f"Run {done.run.name} is identical for {people}: inputs {done.run.origin.inputs_sha256}.{by}"
    return f"Run {done.run.name} comes out otherwise in {counted(done.count, 'place')}.{by}"


def _document(done: Replay) -> dict[str, object]:
    return {
        "run": done.run.name,
        "identical": done.is_identical,
        "people": done.people,
        "engine": {"run": done.run.origin.engine, "replay": done.engine},
        "inputs_sha256": done.run.origin.inputs_sha256,
        "differences": [_difference(each) for each in done.differences],
        "count": done.count,
    }


def _difference(each: Difference) -> dict[str, str | None]:
    stored, replayed = (str(amount) if amount else None for amount in (each.stored, each.replayed))
    return {"employee": each.employee, "stored": stored, "replayed": replayed, "why": each.why}
