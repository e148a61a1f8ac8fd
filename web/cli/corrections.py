"""`correct`: who would get what if a paid quarter were corrected now, and why."""

import click

from comp.correction_records import Line
from comp.correction_words import signed_text
from comp.db import noting, reading
from comp.figures import counted, money_text
from comp.periods import Quarter
from comp.services import correction_moves, reads
from comp.services.correction_moves import Prepared
from web.calculating import calculate_and_store
from web.cli.arguments import a_quarter, as_json
from web.cli.context import actor, database, now, operator
from web.cli.speech import print_json


@click.command(short_help="What a paid quarter would be corrected by.")
@a_quarter
@as_json
def correct(quarter: Quarter, as_json: bool) -> None:
    """Calculate a paid quarter anew, and say who would get what, and why.

    \b
      loyaltypay correct 2026-Q1

    The run is stored as a correction run; what was released stays as it is. Nothing is proposed: that is done on the
    page Corrections, where somebody else approves it.
    """
    with database() as engine:
        with reading(engine) as session:
            correction_moves.require_none_waiting(session, quarter)
        run, _ = calculate_and_store(engine, quarter, actor(), now())
        with reading(engine) as session:
            prepared = correction_moves.prepare(session, operator(), run, now())
        with noting(engine) as session:
            employees = [line.delta.employee for line in prepared.lines]
            reads.note_read(session, operator(), quarter, employees, now())
    if as_json:
        print_json(_document(prepared))
    else:
        _tell(prepared)


def _tell(prepared: Prepared) -> None:
    found = prepared.owing
    click.echo(f"{found.run.name} against {found.before.name}: {counted(len(prepared.lines), 'amount')} to correct")
    for total in found.totals:
        click.echo(f"  {signed_text(total)}")
    for line in prepared.lines:
        delta = line.delta
        click.echo(f"  {delta.employee} {delta.name}: {signed_text(delta.amount)}")
        click.echo(f"    comes to {money_text(delta.entitled)}, released {money_text(delta.released)}{_decided(line)}")
        click.echo(f"    {line.about}")
    for hold in found.held:
        anew = " (not held before)" if hold.employee in found.held_anew else ""
        click.echo(f"  held, not corrected: {hold.employee} {hold.name}{anew}: {hold.why}", err=True)


def _decided(line: Line) -> str:
    pending = line.delta.pending
    return f", decided {signed_text(pending)}" if pending.minor else ""


def _document(prepared: Prepared) -> dict[str, object]:
    found = prepared.owing
    return {
        "quarter": str(found.run.quarter),
        "run": found.run.name,
        "against": found.before.name,
        "totals": [{"currency": total.currency, "amount": str(total)} for total in found.totals],
        "corrections": [_line(line) for line in prepared.lines],
        "held": [
            {"employee": hold.employee, "why": hold.why, "anew": hold.employee in found.held_anew}
            for hold in found.held
        ],
    }


def _line(line: Line) -> dict[str, object]:
    delta = line.delta
    return {
        "employee": delta.employee,
        "currency": delta.amount.currency,
        "entitled": str(delta.entitled),
        "released": str(delta.released),
        "pending": str(delta.pending),
        "written_off": str(delta.forgiven),
        "amount": str(delta.amount),
        "why": [{"cause": why.label, "metric": why.metric, "change": str(why.change)} for why in line.why],
    }
