"""`import`: files in, all or none of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from textwrap import fill

import click

from comp.db import Engine, writing
from comp.figures import counted
from comp.intake import Intake, Kind
from comp.services import imports
from comp.services.imports import DryRun, write_dry_run
from comp.services.mappings import save_mapping
from importers.answers import FIELDS
from importers.canonical import OPTIONAL, REQUIRED
from web.cli.arguments import FILE, as_json
from web.cli.context import actor, database, now
from web.cli.pairs import read_pairs
from web.cli.speech import print_json, tell_problems
from web.intake import import_options, read_or_refuse

_OF_UNITS = [Kind.PEOPLE, Kind.ANSWERS, Kind.RESULTS, Kind.TARGETS]
"""The kinds whose rows each belong to a unit."""

_ANSWERS = ("unit", "answered_on")
"""The columns that an answers file must have."""


def _columns() -> str:
    """For `--help`: the columns of every kind of file, the required ones with a star."""
    columns = {
        kind: ", ".join([f"{field}*" for field in REQUIRED[kind]] + list(OPTIONAL.get(kind, ()))) for kind in REQUIRED
    }
    others = ", ".join(field for field in FIELDS if field not in _ANSWERS)
    columns[Kind.ANSWERS] = (
        f"{', '.join(f'{field}*' for field in _ANSWERS)}, {others}, and one for each question, such as "
        "recommend or satisfaction. An export of Qualtrics is read just as it comes."
    )
    columns[Kind.METRICS] = (
        "a YAML document, such as {metrics: {nps: {name: Net Promoter Score, question: recommend, statistic: nps}}}. "
        "`from: 2026-Q3` in a definition says from which quarter it holds."
    )
    lines = (
        fill(f"{kind:<17} {columns[kind]}", 77, subsequent_indent=" " * 18, break_on_hyphens=False) for kind in Kind
    )
    return "\b\nColumns (* required; header on the first row, in any order):\n\n\b\n" + "\n".join(lines)


@click.command("import", short_help="Take files in: units, people, answers and so on.", epilog=_columns())
@click.argument(
    "kind", metavar="KIND", type=click.Choice([str(kind) for kind in Kind]), help=f"One of {', '.join(Kind)}."
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE, help="CSV, TSV or XLSX; metrics: YAML.")
@click.option("--dry-run", is_flag=True, help="Tell what would change and store nothing.")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help='What a column of the file means, as in --map "Q12=recommend" --map "Store=unit".',
)
@click.option("--unit", metavar="CODE", help="The unit of all rows, where the file names none.")
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
    """Take files in, whole or not at all.

    \b
      loyaltypay import people people.xlsx --dry-run
      loyaltypay import answers q1.csv q2.csv --map "Q12=recommend" --unit LIS

    Every file is read whole first, and all its problems are told with line, column and value. Several files are taken
    in one after the other, all or none. The same file twice changes nothing.
    """
    if unit and kind not in _OF_UNITS:
        raise click.UsageError(f"--unit is for {', '.join(_OF_UNITS)}: rows of {kind} belong to no unit.")
    told = read_pairs(columns, "--map")
    with database() as engine:
        options = import_options(engine, told, mapping, unit=unit, date_order=date_order)
        intakes = [read_or_refuse(Kind(kind), path.read_bytes(), path.name, options) for path in files]
        seen = _take(engine, intakes, {mapping: told} if mapping and told else {}, dry_run=dry_run)
    is_sound = all(each.is_acceptable for each in seen)
    if as_json:
        documents = [write_dry_run(each, accepted=is_sound and not dry_run) for each in seen]
        print_json(documents[0] if len(documents) == 1 else documents)
    else:
        for each in seen:
            _tell(each, _outcome(each, is_sound=is_sound, dry_run=dry_run))
    if not is_sound:
        raise click.exceptions.Exit(1)


def _take(
    engine: Engine, intakes: Sequence[Intake], mappings: Mapping[str, dict[str, str]], *, dry_run: bool
) -> list[DryRun]:
    """Accept all files, or none where one of them has a problem.

    A dry run accepts them too and takes all back, so that a file may rest on the one before it.
    """
    seen: list[DryRun] = []
    with suppress(_TakenBackError), writing(engine) as session:
        seen += (imports.accept(session, intake, actor(), now()) for intake in intakes)
        if dry_run or not all(each.is_acceptable for each in seen):
            raise _TakenBackError
        for name, columns in mappings.items():
            save_mapping(session, name, columns)
    return seen


class _TakenBackError(Exception):
    """Rolls back what was taken in."""


def _tell(seen: DryRun, outcome: str) -> None:
    click.echo("\n".join(_summary(seen)))
    tell_problems(seen.intake.warnings, "note: ")
    tell_problems(seen.problems)
    click.echo(f"  {outcome}")


def _summary(seen: DryRun) -> Iterator[str]:
    intake = seen.intake
    yield f"{intake.file_name}: {counted(intake.rows, 'row')} of {intake.kind}, read as {intake.tool}"
    for reason, rows in intake.dropped.items():
        yield f"  left out: {counted(rows, 'row')} ({reason})"
    refused = f", refused {seen.refused}" if seen.refused else ""
    yield f"  new {seen.new}, changed {seen.changed}, unchanged {seen.unchanged}{refused}"
    if seen.quarters:
        yield "  " + ", ".join(f"{quarter}: {rows}" for quarter, rows in seen.quarters.items())
    if seen.earlier:
        yield f"  this very file was taken in on {seen.earlier.accepted_at:%Y-%m-%d} as batch {seen.earlier.number}"


def _outcome(seen: DryRun, *, is_sound: bool, dry_run: bool) -> str:
    if seen.problems:
        return "Nothing was stored. Mend the file and import it again."
    if not is_sound:
        return "Nothing was stored: another file was refused."
    if dry_run:
        return "A dry run: nothing was stored."
    return f"Taken in as batch {seen.batch}." if seen.batch else "Nothing new: nothing was stored."
