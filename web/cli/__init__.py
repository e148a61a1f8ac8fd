"""The command `loyaltypay`. Problems go to stderr in plain words: exit code 1 for data, 2 for usage."""

import io
import sys
import traceback
from importlib import import_module

import click

from comp.errors import LoyaltyPayError, RefusedError
from web.cli.speech import tell_problems

_COMMANDS = {
    "init": "init:init",
    "import": "imports:import_",
    "plan": "plans:plan",
    "whatif": "whatif:whatif_",
    "scores": "quarters:scores",
    "check": "checks:check",
    "calculate": "quarters:calculate",
    "explain": "quarters:explain",
    "correct": "corrections:correct",
    "run": "runs:run",
    "compare": "comparisons:compare",
    "export": "payroll:export",
    "layout": "payroll:layout",
    "release": "releases:release",
    "scenario": "scenarios:scenario",
    "serve": "servers:serve",
    "worker": "workers:worker",
    "jobs": "workers:jobs",
    "user": "users:user",
    "audit": "audit:audit",
    "mail": "mail:mail",
    "demo": "demo:demo",
}


class _Commands(click.Group):
    """Commands in the order of use, each imported when it is called: so a fault in that, too, is told in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"web.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="loyaltypay")
def cli() -> None:
    """Loyalty-incentive pay: from customers' answers to the payroll workbook, exact and explained.

    A first quarter, step by step:

    \b
      loyaltypay init --fiscal-year-starts 4       make the database
      loyaltypay import units units.csv            then metrics, people, absences,
                                                   targets, answers, results
      loyaltypay plan import plan.yaml             store the plan as a draft
      loyaltypay plan publish service-incentive    let it pay
      loyaltypay check 2026-Q1                     what is to be mended first
      loyaltypay calculate 2026-Q1                 everybody's payout
      loyaltypay explain 10417 2026-Q1             why one is what it is
      loyaltypay export payroll 2026-Q1 --out .    the workbook for payroll

    `loyaltypay demo` does all of it with a sample company.

    Data lies in LOYALTYPAY_HOME (./instance), or in the database that LOYALTYPAY_DATABASE_URL names. Exit codes: 0
    done, 1 the data cannot be used, 2 the command was not understood.
    """


def main() -> None:
    """Run the command line. No traceback reaches the user: it is kept in `errors.log`."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without a character for something still shows the rest
    try:
        sys.exit(cli.main(standalone_mode=False))
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
    from web.settings import read_settings

    try:
        log = read_settings().home / "errors.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except (OSError, LoyaltyPayError):
        where = ""
    else:
        where = f" Its trace is in {log}."
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    click.echo(
        f"Something went wrong that the program did not foresee: {reason}.{where} What was half done was undone.",
        err=True,
    )
    return 1
