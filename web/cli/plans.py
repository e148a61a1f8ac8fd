"""`plan check | import | export`, and the group that all commands of plans belong to."""

from collections.abc import Sequence
from pathlib import Path

import click

from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.findings import Finding, write_finding
from comp.lint import read_alone
from comp.plan import Plan
from comp.plan_documents import write_plan
from comp.services import plan_checks, plans
from exports.documents import plan_yaml
from exports.files import write_whole
from importers.documents import read_yaml
from web.cli.arguments import FILE, as_json
from web.cli.context import actor, database, now
from web.cli.findings import tell_findings
from web.cli.plan_moves import VERSION, publish, submit, withdraw
from web.cli.speech import print_json, tell_problems

_a_file = click.argument("file", type=FILE, help="A plan as a YAML document.")


@click.group(short_help="Check, import, submit, publish and export pay plans.")
def plan() -> None:
    """Pay plans: check a document, import it as a draft, submit and publish it, export it.

    A plan is one YAML document; the README and the page Help show one. Each version has its own start and is named
    by it, as in service-incentive@2026-04-01. Only published versions pay, and they never change.
    """


@plan.command(short_help="Tell everything that is wrong or doubtful in a plan.")
@click.argument("name", metavar="FILE|ID", help=f"A plan as a YAML document. {VERSION}")
@as_json
def check(name: str, *, as_json: bool) -> None:
    """Tell everything that is wrong, or doubtful, in a plan, where it stands, and what to change.

    \b
      loyaltypay plan check plan.yaml
      loyaltypay plan check service-incentive@2026-04-01

    Errors come first and exit with 1; warnings do not. Nothing is stored.
    """
    file = Path(name)
    document = read_yaml(file.read_bytes(), file.name) if file.is_file() else None
    try:
        with database() as engine, reading(engine) as session:
            document = document or write_plan(plans.find_plan(session, name).plan)
            made, findings = plan_checks.read_checked(session, document)
            is_alone = False
    except NotFoundError:
        if document is None:
            raise
        made, findings = read_alone(document)
        is_alone = True
    if as_json:
        print_json({"plan": made.version if made else None, "findings": [write_finding(each) for each in findings]})
    else:
        tell_findings(findings)
    if made is None or any(finding.is_error for finding in findings):
        raise RefusedError(f"{name} cannot pay anybody as it stands.")
    if not as_json:
        _call_sound(made, is_alone=is_alone)


def _call_sound(made: Plan, *, is_alone: bool) -> None:
    if not is_alone:
        click.echo(f"{made.version} is sound. {_examples(len(made.examples))}")
        return
    click.echo(f"{made.version} can be read and is complete.")
    click.echo(
        "There is no database here that is ready: the names of units and metrics, and the worked examples, were not "
        "checked.",
        err=True,
    )


def _tell_briefly(findings: Sequence[Finding]) -> None:
    tell_problems([finding.problem for finding in findings if finding.is_error], "error: ")
    tell_problems([finding.problem for finding in findings if not finding.is_error], "warning: ")


def _examples(count: int) -> str:
    return f"Its worked examples come out ({count})." if count else "It has no worked example."


@plan.command("import", short_help="Store a plan document as a draft.")
@_a_file
def import_(file: Path) -> None:
    """Store a plan document as a draft, in place of the draft with the same start, and tell what is wrong with it.

    \b
      loyaltypay plan import plan.yaml

    A document that cannot be read as a plan is refused. A draft with errors is stored, but cannot be submitted.
    """
    with database() as engine, writing(engine) as session:
        made, findings = plans.save_draft(session, read_yaml(file.read_bytes(), file.name), actor(), now())
    _tell_briefly(findings)
    if any(finding.is_error for finding in findings):
        click.echo(f"{made.version} is stored as a draft. It cannot be submitted before its errors are mended.")
    else:
        click.echo(f"{made.version} is stored as a draft. Publish it with `loyaltypay plan publish {made.version}`.")


@plan.command(short_help="Write a plan version as its YAML document.")
@click.argument("name", metavar="ID", help=VERSION)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the screen.")
def export(name: str, out: Path | None) -> None:
    """Write a plan version as the YAML document that it is.

    \b
      loyaltypay plan export service-incentive --out plan.yaml
    """
    with database() as engine, reading(engine) as session:
        text = plan_yaml(plans.find_plan(session, name).plan)
    if out:
        write_whole(out, text.encode())
        click.echo(f"Written to {out}.")
    else:
        click.echo(text.encode(), nl=False)


@plan.command(short_help="Tell what differs between two versions.")
@click.argument("before", metavar="ID", help=VERSION)
@click.argument("after", metavar="ID", help="The version to compare it with.")
def compare(before: str, after: str) -> None:
    """Tell what differs between two versions, part by part and in words.

    \b
      loyaltypay plan compare service@2026-04-01 service@2027-04-01
    """
    with database() as engine, reading(engine) as session:
        old, new, found = plans.compare(session, before, after)
    for change in found:
        click.echo(change.sentence)
    if not found:
        click.echo(f"Nothing differs between {old.plan.version} and {new.plan.version}.")


plan.add_command(submit)
plan.add_command(publish)
plan.add_command(withdraw)
