"""`plan submit | publish | withdraw`: the moves of a version's life."""

from pathlib import Path

import click

from comp.db import Session, writing
from comp.plan_life import State
from comp.services import plan_moves, plans
from importers.documents import read_yaml
from web.cli.context import actor, database, now
from web.cli.speech import tell_problems

VERSION = "A version such as service-incentive@2026-04-01, or the plan's id: its only draft, else its latest version."


@click.command(short_help="Submit a draft, for somebody else to publish.")
@click.argument("name", metavar="ID", help=VERSION)
@click.option("--because", metavar="TEXT", default="", help="Why the plan is right for all that its warnings say.")
def submit(name: str, because: str) -> None:
    """Submit a draft, for somebody else to publish. Until it is taken or sent back it cannot change.

    \b
      loyaltypay plan submit service-incentive --because "agreed with the council"

    A draft with errors is refused, and so is one whose worked examples do not come out. Each warning needs words: those
    of --because stand for all of them.
    """
    with database() as engine, writing(engine) as session:
        version = plans.find_plan(session, name)
        warnings = [each.problem for each in plans.check_plan(session, version.plan) if not each.is_error]
        answers = {plan_moves.warning_key(problem): because for problem in warnings}
        made = plan_moves.submit(session, version, answers, actor(), now())
    tell_problems(warnings, "warning: ")
    click.echo(f"{made.version} is submitted. Somebody else publishes it, or sends it back.")


@click.command(short_help="Publish a version, so that it pays from its start on.")
@click.argument("name", metavar="FILE|ID", help=f"{VERSION} A file is imported first.")
def publish(name: str) -> None:
    """Publish a version, so that it pays from its start on. From then on it cannot change.

    \b
      loyaltypay plan publish service-incentive@2026-04-01

    A draft that was imported here is submitted by the way, and its warnings count as accepted. A plan that was written
    on the pages is published by somebody who neither wrote nor submitted it; set LOYALTYPAY_ACTOR to say who acts.
    """
    with database() as engine, writing(engine) as session:
        if Path(name).is_file():
            name = _imported(session, Path(name))
        version = plans.find_plan(session, name)
        at_once = version.state is State.DRAFT
        made, warnings = plan_moves.publish_at_once(session, version, actor(), now())
    tell_problems(warnings if at_once else (), "warning: ")
    click.echo(f"{made.version} is published: it pays from {made.starts} on.")


def _imported(session: Session, file: Path) -> str:
    made, _ = plans.save_draft(session, read_yaml(file.read_bytes(), file.name), actor(), now())
    return made.version


@click.command(short_help="Withdraw a published version that no run has used.")
@click.argument("name", metavar="ID", help=VERSION)
@click.option("--because", metavar="TEXT", required=True, help="Why it is withdrawn.")
def withdraw(name: str, because: str) -> None:
    """Withdraw a published version that no run has used. It pays nobody from then on, and its start is free again.

    \b
      loyaltypay plan withdraw service-incentive --because "agreed otherwise"

    Whoever wrote or submitted it cannot withdraw it alone; set LOYALTYPAY_ACTOR to say who acts.
    """
    with database() as engine, writing(engine) as session:
        made = plan_moves.withdraw(session, plans.find_plan(session, name), because, actor(), now())
    click.echo(f"{made.version} is withdrawn: it pays nobody. Its start is free for another version.")
