"""`init` and `import`."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click

from comp.company import Company, read_company
from comp.db import Engine, reading, writing
from comp.documents import Fields
from comp.errors import Problem, RefusedError
from comp.figures import counted
from comp.intake import Intake, Kind
from comp.services import company as company_service
from comp.services import imports
from comp.services.imports import DryRun, write_dry_run
from comp.services.mappings import save_mapping
from importers.options import Options
from web.cli.context import actor, as_json, database, now
from web.cli.speech import print_json, tell_problems
from web.database import disposed, open_engine
from web.intake import import_options, read_or_refuse
from web.settings import Settings


@click.command()
@click.option("--fiscal-year-starts", metavar="MONTH", help="Month in which the fiscal year starts, 1 to 12 (1).")
@click.option(
    "--fiscal-year-named-for", type=click.Choice(["start", "end"]), help="Which calendar year names it (start)."
)
@click.option("--round-to", metavar="CURRENCY=STEP", multiple=True, help="Pay in coarser steps, as in JPY=100.")
@click.option("--time-zone", metavar="ZONE", help="Where the company's days begin, as in Europe/Lisbon (UTC).")
def init(
    fiscal_year_starts: str | None, fiscal_year_named_for: str | None, round_to: tuple[str, ...], time_zone: str | None
) -> None:
    """Create the database, or upgrade it to this program's version.

    The options are the company's settings. Stated again later, they replace the settings; the fiscal calendar cannot
    change once a quarter was calculated.
    """
    stated = {
        "fiscal_year_starts": fiscal_year_starts,
        "fiscal_year_named_for": fiscal_year_named_for,
        "round_to": _pairs(round_to, "--round-to"),
        "time_zone": time_zone,
    }
    chosen = _company(stated) if any(stated.values()) else None
    machine = Settings()
    with disposed(open_engine(machine)) as engine, writing(engine) as session:
        company = company_service.initialise(session, chosen)
        calendar = company.calendar
    click.echo(f"The database is ready: {machine.database}")
    click.echo(f"Fiscal year from month {calendar.first_month}, days in {company.time_zone}.")


def _company(stated: Mapping[str, object]) -> Company:
    problems: list[Problem] = []
    company = read_company(Fields({key: value for key, value in stated.items() if value}, problems))
    if problems:
        raise RefusedError("These settings cannot be.", problems)
    return company


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """`A=B` options as a mapping. The last `=` divides, since a column's name may have one."""
    pairs = {}
    for text in texts:
        left, sign, right = text.rpartition("=")
        if not (sign and left and right):
            raise click.UsageError(f"{option} {text!r} should have the form A=B.")
        pairs[left] = right
    return pairs


@click.command("import")
@click.argument("kind", type=click.Choice([str(kind) for kind in Kind]))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would change and store nothing.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD", help='As in --map "Q12=recommend".')
@click.option("--unit", metavar="CODE", help="Give all rows this unit.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How 03/04/2026 is meant.")
@click.option("--mapping", metavar="NAME", help="Use the --map options saved under a name; with --map, save them.")
@as_json
def import_(
    kind: str,
    files: tuple[Path, ...],
    dry_run: bool,
    columns: tuple[str, ...],
    unit: str | None,
    date_order: str | None,
    mapping: str | None,
    as_json: bool,
) -> None:
    """Take files in: units, people, absences, answers, results, personal-results, targets or metrics.

    Every file is read whole first, and all its problems are told with line, column and value. Several files are taken
    in together, all or none. The same file twice changes nothing. CSV and XLSX are recognised by their content, metrics
    are YAML; answers may be a Qualtrics export just as it comes.
    """
    with database() as engine:
        told = _pairs(columns, "--map")
        options = import_options(engine, told, mapping, unit=unit, date_order=date_order)
        intakes = [read_or_refuse(Kind(kind), path.read_bytes(), path.name, options) for path in files]
        seen = _look(engine, intakes) if dry_run else _take(engine, intakes, options, mapping if told else None)
    accepted = not dry_run and all(each.is_acceptable for each in seen)
    if as_json:
        documents = [write_dry_run(each, accepted=accepted) for each in seen]
        print_json(documents[0] if len(documents) == 1 else documents)
    else:
        for each in seen:
            _tell(each, accepted=accepted)
    if not all(each.is_acceptable for each in seen):
        raise click.exceptions.Exit(1)


def _look(engine: Engine, intakes: Sequence[Intake]) -> list[DryRun]:
    with reading(engine) as session:
        return [imports.dry_run(session, intake) for intake in intakes]


def _take(engine: Engine, intakes: Sequence[Intake], options: Options, mapping: str | None) -> list[DryRun]:
    """Accept all files, or none where one of them has a problem."""
    seen: list[DryRun] = []
    with suppress(_NotTakenError), writing(engine) as session:
        seen += (imports.accept(session, intake, actor(), now()) for intake in intakes)
        _require_all(seen)
        if mapping:
            save_mapping(session, mapping, options.columns)
    return seen


class _NotTakenError(Exception):
    """Rolls back the files that were taken beside one that was not."""


def _require_all(seen: Sequence[DryRun]) -> None:
    if not all(each.is_acceptable for each in seen):
        raise _NotTakenError


def _tell(seen: DryRun, *, accepted: bool) -> None:
    intake = seen.intake
    click.echo(f"{intake.file_name}: {counted(intake.rows, 'row')} of {intake.kind}, read as {intake.tool}")
    for reason, rows in intake.dropped.items():
        click.echo(f"  left out: {counted(rows, 'row')} ({reason})")
    refused = f", refused {seen.refused}" if seen.refused else ""
    click.echo(f"  new {seen.new}, changed {seen.changed}, unchanged {seen.unchanged}{refused}")
    if seen.quarters:
        click.echo("  " + ", ".join(f"{quarter}: {rows}" for quarter, rows in seen.quarters.items()))
    if seen.earlier:
        click.echo(
            f"  this very file was taken in on {seen.earlier.accepted_at:%Y-%m-%d} as batch {seen.earlier.number}"
        )
    tell_problems(intake.warnings, "note: ")
    tell_problems(seen.problems)
    click.echo(f"  {_outcome(seen, accepted=accepted)}")


def _outcome(seen: DryRun, *, accepted: bool) -> str:
    if seen.problems:
        return "Nothing was stored. Mend the file and import it again."
    if not accepted:
        return "A dry run, or another file was refused: nothing was stored."
    return f"Taken in as batch {seen.batch}." if seen.batch else "Nothing new: nothing was stored."
