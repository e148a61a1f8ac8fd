"""`scenario`: scenario files against the rule of pay, without any database."""

from pathlib import Path

import click

from comp.calculate import calculate
from comp.errors import Problem, RefusedError
from comp.expectations import unmet
from comp.run_documents import write_run
from comp.scenario import read_scenario
from importers.documents import read_yaml
from web.cli.arguments import FILE, as_json
from web.cli.speech import print_json

Document = dict[str, object]


@click.command(short_help="Calculate scenario files and compare with what they expect.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE, help="Scenarios as YAML documents.")
@as_json
def scenario(files: tuple[Path, ...], as_json: bool) -> None:
    """Calculate scenario files and compare with what they expect.

    \b
      loyaltypay scenario joins-mid-quarter.yaml

    A scenario is a small company, its results and what everybody must be paid: a question of the form "what would she
    get if" as a file. No database is needed. Exits with 1 where an expectation is not met or a file cannot be read.
    """
    outcomes = [_outcome(path) for path in files]
    if as_json:
        documents = [document for document, _ in outcomes]
        print_json(documents[0] if len(documents) == 1 else documents)
    else:
        for path, (document, complaints) in zip(files, outcomes, strict=True):
            click.echo(f"{'FAILED' if complaints else 'ok':<6} {document['name'] or path.name}")
            for complaint in complaints:
                click.echo(f"       {complaint}", err=True)
    if any(complaints for _, complaints in outcomes):
        raise click.exceptions.Exit(1)


def _outcome(path: Path) -> tuple[Document, list[str]]:
    """What a file gives, as a document, and what is wrong with it."""
    try:
        made, problems = read_scenario(read_yaml(path.read_bytes(), path.name))
    except RefusedError as refused:
        made, problems = None, list(refused.problems) or [Problem(str(refused))]
    if made is None:
        told = [{"where": problem.where or f"line {problem.line}", "why": problem.why} for problem in problems]
        nothing: Document = {"payouts": [], "held": [], "outside": [], "problems": told}
        return {"name": path.name, **nothing, "unmet": []}, [str(problem) for problem in problems]
    run = calculate(made.facts)
    complaints = list(unmet(made.expect, run))
    return {"name": made.name, **write_run(run), "unmet": complaints}, complaints
