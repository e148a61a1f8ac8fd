"""`check`: what stands against a quarter's data, and what is worth a look."""

from collections.abc import Sequence
from itertools import groupby

import click

from comp.data_findings import DataFinding, write_data_finding
from comp.db import noting, reading
from comp.errors import RefusedError
from comp.figures import counted, listed
from comp.periods import Quarter
from comp.services import data_check, reads
from comp.services.data_check import CheckedQuarter
from web.cli.arguments import a_quarter, as_json
from web.cli.context import database, now, operator
from web.cli.speech import print_json

_MOST = 20


@click.command(short_help="What is to be mended or looked at before a quarter pays.")
@a_quarter
@as_json
def check(quarter: Quarter, as_json: bool) -> None:
    """Check a quarter's data: histories, scores, plans, targets, managers, and what differs from the quarter before.

    \b
      loyaltypay check 2026-Q1

    Errors hold people, or keep the quarter from going on; warnings ask for a look. It ends with exit code 1 where an
    error stands that nobody has waived.
    """
    with database() as engine:
        with reading(engine) as session:
            checked = data_check.read_check(session, operator(), quarter)
        people = {person.employee for finding in checked.findings for person in finding.people}
        with noting(engine) as session:
            reads.note_read(session, operator(), quarter, people, now())
    if as_json:
        print_json(_document(checked))
    else:
        _tell(checked)
    if checked.against:
        against = len(checked.against)
        stand = f"{counted(against, 'error')} {'stands' if against == 1 else 'stand'} against {quarter}."
        raise RefusedError(stand)


def _tell(checked: CheckedQuarter) -> None:
    if not checked.findings:
        click.echo(f"Nothing stands against {checked.quarter}.")
    for check, group in groupby(checked.findings, lambda finding: finding.check):
        findings = list(group)
        click.echo(f"{findings[0].severity}: {findings[0].title} · {check}")
        for finding in findings[:_MOST]:
            _tell_finding(finding, checked)
        if len(findings) > _MOST:
            click.echo(f"  … and {len(findings) - _MOST:,} more; --json lists them all.")
        click.echo()


def _tell_finding(finding: DataFinding, checked: CheckedQuarter) -> None:
    waiver = checked.waivers.get(finding.id)
    state = f" ({waiver.decision.outcome if waiver.decision else 'waiver asked for'})" if waiver else ""
    click.echo(f"  {finding.place.words}{state}: {finding.what}")
    if finding.people:
        click.echo(f"    {_numbers([person.employee for person in finding.people])}")
    click.echo(f"    {finding.change}")


def _numbers(employees: Sequence[str]) -> str:
    return f"Employees {listed(employees)}." if employees[1:] else f"Employee {employees[0]}."


def _document(checked: CheckedQuarter) -> dict[str, object]:
    errors, warnings, waived, held = checked.counts
    return {
        "quarter": str(checked.quarter),
        "errors": errors,
        "warnings": warnings,
        "waived": waived,
        "held": held,
        "findings": [
            {**write_data_finding(finding), "waiver": _waiver(finding, checked)} for finding in checked.findings
        ],
    }


def _waiver(finding: DataFinding, checked: CheckedQuarter) -> str | None:
    waiver = checked.waivers.get(finding.id)
    if waiver is None:
        return None
    return str(waiver.decision.outcome) if waiver.decision else "asked"
