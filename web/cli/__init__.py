"""The command `loyaltypay`. Problems go to stderr in plain words: exit code 1 for data, 2 for usage."""

import sys
import traceback

import click

from comp.errors import LoyaltyPayError, RefusedError
from web.cli import data, demo, plans, quarters, scenarios, servers
from web.cli.speech import tell_problems
from web.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="loyaltypay")
def cli() -> None:
    """Loyalty-incentive pay: from customers' answers to the payroll workbook, exact and explained.

    A first quarter, step by step:

    \b
      loyaltypay init --fiscal-year-starts 4        make the database
      loyaltypay import units units.csv             then people, targets, metrics, answers, results
      loyaltypay plan import plan.yaml              then publish it
      loyaltypay calculate 2026-Q1                  everybody's payout
      loyaltypay explain 10417 2026-Q1              why one is what it is
      loyaltypay export payroll 2026-Q1 --out .     the workbook for payroll

    `loyaltypay demo` does all of it with a sample company. Data lies in LOYALTYPAY_HOME (./instance), or in the
    database that LOYALTYPAY_DATABASE_URL names.
    """


cli.add_command(data.init)
cli.add_command(data.import_)
cli.add_command(plans.plan)
cli.add_command(quarters.scores)
cli.add_command(quarters.calculate)
cli.add_command(quarters.explain)
cli.add_command(quarters.export)
cli.add_command(scenarios.scenario)
cli.add_command(servers.serve)
cli.add_command(servers.user)
cli.add_command(demo.demo)


def main() -> None:
    """Run the command line. No traceback reaches the user: it is kept in `errors.log`."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except LoyaltyPayError as error:
        click.echo(str(error), err=True)
        tell_problems(error.problems if isinstance(error, RefusedError) else ())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last net
        sys.exit(_keep(error))


def _keep(error: Exception) -> int:
    """Say that something unforeseen happened, and where its trace is."""
    log = Settings().home / "errors.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        where = ""
    else:
        where = f" Its trace is in {log}."
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    click.echo(f"Something went wrong that the program did not foresee: {reason}.{where} Nothing was stored.", err=True)
    return 1
