"""`plan check | import | export | publish`."""

from collections.abc import Sequence
from pathlib import Path

import click

from comp.db import reading, writing
from comp.errors import LoyaltyPayError, RefusedError
from comp.lint import Finding
from comp.plan_documents import read_plan
from comp.services import plans
from exports.documents import plan_yaml
from importers.documents import read_yaml
from web.cli.context import actor, database, now
from web.cli.speech import tell_problems

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def plan() -> None:
    """Pay plans: check a document, import it as a draft, publish it, export it.

    A plan is one YAML document; the README shows one. A version is named `id@start`, as in
    service-incentive@2026-04-01.
    """


@plan.command()
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Tell everything that is wrong, or doubtful, in a plan document. Errors exit with 1."""
    document = read_yaml(file.read_bytes(), file.name)
    try:
        with database() as engine, reading(engine) as session:
            made, findings = plans.read_checked(session, document)
    except LoyaltyPayError:
        made, problems = read_plan(document)
        findings = [Finding(problem, is_error=True) for problem in problems]
        click.echo("There is no database here, so names of units and metrics were not checked.", err=True)
    _tell_findings(findings)
    if made is None or any(finding.is_error for finding in findings):
        raise RefusedError(f"{file.name} cannot pay anybody as it stands.")
    click.echo(f"{made.version} is sound. {_examples(len(made.examples))}")


def _tell_findings(findings: Sequence[Finding]) -> None:
    tell_problems([finding.problem for finding in findings if finding.is_error], "error: ")
    tell_problems([finding.problem for finding in findings if not finding.is_error], "warning: ")


def _examples(count: int) -> str:
    return f"Its worked examples come out ({count})." if count else "It has no worked example."


@plan.command("import")
@click.argument("file", type=_FILE)
def import_(file: Path) -> None:
    """Store a plan document as a draft, in place of the draft with the same start."""
    with database() as engine, writing(engine) as session:
        made, warnings = plans.save_draft(session, read_yaml(file.read_bytes(), file.name), actor(), now())
    tell_problems(warnings, "warning: ")
    click.echo(f"{made.version} is stored as a draft. Publish it with `loyaltypay plan publish {made.version}`.")


@plan.command()
@click.argument("name", metavar="ID")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file instead of the screen.")
def export(name: str, out: Path | None) -> None:
    """Write a plan version as the YAML document that it is."""
    with database() as engine, reading(engine) as session:
        text = plan_yaml(plans.find_plan(session, name).plan)
    if out:
        out.write_text(text, encoding="utf-8")
        click.echo(f"Written to {out}.")
    else:
        click.echo(text, nl=False)


@plan.command()
@click.argument("name", metavar="FILE|ID")
def publish(name: str) -> None:
    """Publish a draft, so that it pays from its start on; a FILE is imported first."""
    with database() as engine, writing(engine) as session:
        if Path(name).is_file():
            document = read_yaml(Path(name).read_bytes(), Path(name).name)
            made, warnings = plans.save_draft(session, document, actor(), now())
            tell_problems(warnings, "warning: ")
            name = made.version
        made = plans.publish(session, plans.find_plan(session, name), actor(), now())
    click.echo(f"{made.version} is published: it pays from {made.starts} on.")
