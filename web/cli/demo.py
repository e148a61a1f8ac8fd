"""`demo`: a sample company from files to payroll, then its pages."""

import click

from comp.results import Run
from web.cli.servers import a_port, serve_pages
from web.demo.story import PASSWORD, PEOPLE, Told, play
from web.settings import read_settings


@click.command(short_help="A sample company from its files to its pages.")
@a_port
@click.option("--no-serve", is_flag=True, help="Stop after the workbook instead of serving the pages.")
def demo(port: int, no_serve: bool) -> None:
    """A sample company: import its files, publish its plans, calculate six quarters, write the workbook, serve.

    \b
      loyaltypay demo --no-serve

    It is made anew in the folder `demo` of LOYALTYPAY_HOME and touches nothing else.
    """
    told = play(read_settings(), click.echo)
    _tell(told)
    if not no_serve:
        click.echo("")
        serve_pages(told.machine, "127.0.0.1", port)


def _tell(told: Told) -> None:
    """What is worth looking at, and how to get in."""
    click.echo("\nWorth looking at:")
    for line in _worth_seeing(told.run):
        click.echo(f"  {line}")
    click.echo(f"\nSign in with the password {PASSWORD} as")
    for email, name, roles in PEOPLE:
        click.echo(f"  {email:<26} {name}, {', '.join(roles) or 'no role'}")


def _worth_seeing(run: Run) -> list[str]:
    flags = {
        "moved in mid-quarter": [p for p in run.payouts if len({piece.assignment.unit for piece in p.pieces}) > 1],
        "away without pay": [
            p for p in run.payouts if any(a.counted == 0 for piece in p.pieces for a in piece.stretch.absent)
        ],
        "left and gets nothing": [p for p in run.payouts if any(piece.stretch.forfeited for piece in p.pieces)],
        "capped": [
            p
            for p in run.payouts
            if any(piece.stretch.attainment.total == piece.stretch.plan.cap for piece in p.pieces)
        ],
        "paid on a fallback score": [
            p
            for p in run.payouts
            if any(
                measure.score and measure.score.basis.startswith(("rolling", "parent"))
                for piece in p.pieces
                for component in piece.stretch.attainment.components
                for measure in component.measures
            )
        ],
    }
    lines = [f"{label}: {people[0].name} ({people[0].employee})" for label, people in flags.items() if people]
    return lines + [f"held: {hold.name} ({hold.employee}): {hold.why}" for hold in run.held[:1]]
