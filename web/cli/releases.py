"""`release list | show | download`: what was released, as it was frozen. Releasing itself is done on the pages."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from comp.db import Session, noting, reading
from comp.errors import LoyaltyPayError, RefusedError
from comp.figures import counted, money_text
from comp.payroll_layouts import WORKBOOK
from comp.periods import Quarter
from comp.releases import Release
from comp.services import confirmations, reads, releases
from exports.archive import archive
from exports.control_file import PREFIX
from exports.files import write_all_whole, write_whole
from web.cli.arguments import QuarterType, as_json
from web.cli.context import database, now, operator
from web.cli.speech import print_json

_a_batch = click.argument("batch", metavar="BATCH", help="A batch such as 2026-Q1-B1, as `release list` prints it.")
_out = click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, a .zip, or a folder.")


@click.group(short_help="List, show and download what was released.")
def release() -> None:
    """What was released, as it was frozen: a batch never changes. Releasing is done on the pages, signed in."""


@release.command("list", short_help="Every batch.")
@click.argument("quarter", type=QuarterType(), required=False, help="Only those of a quarter, such as 2026-Q1.")
@as_json
def list_(quarter: Quarter | None, as_json: bool) -> None:
    """Every batch, the newest first, and whether payroll confirmed that it was paid so.

    \b
      loyaltypay release list
    """
    with database() as engine, reading(engine) as session:
        found = releases.list_releases(session, quarter)
        said = confirmations.list_confirmations(session, found)
    if as_json:
        print_json([_document(each) for each in found])
        return
    for each in found:
        known = said.get(each.name)
        paid = "not confirmed" if not known else f"{counted(known.differences, 'difference')}"
        click.echo(f"{each.name:<12} {each.released_at:%Y-%m-%d} {counted(each.people, 'payout'):>14}  paid: {paid}")


@release.command(short_help="A batch with its totals, files and hashes.")
@_a_batch
@as_json
def show(batch: str, as_json: bool) -> None:
    """A batch: who approved and released it, its totals, its files with their hashes, and what payroll said of it.

    \b
      loyaltypay release show 2026-Q1-B1
    """
    with database() as engine, reading(engine) as session:
        found = releases.find(session, operator(), batch)
        totals, files = releases.totals(session, found), releases.list_files(session, found)
        said = confirmations.find_confirmation(session, found)
    if as_json:
        listed = [file._asdict() for file in files]
        money = [{"currency": each.currency, "people": people, "amount": str(each)} for people, each in totals]
        print_json({**_document(found), "totals": money, "files": listed})
        return
    click.echo(f"{found.name}, approved by {found.approved_by}")
    click.echo(f"released by {found.released_by} on {found.released_at:%Y-%m-%d %H:%M} UTC")
    for people, total in totals:
        click.echo(f"  {money_text(total)} to {counted(people, 'payout')}")
    for file in files:
        click.echo(f"  {file.sha256}  {file.name}")
    click.echo("not confirmed by payroll" if not said else f"paid, with {counted(said.differences, 'difference')}")


def _document(each: Release) -> dict[str, object]:
    return {
        "batch": each.name,
        "quarter": str(each.quarter),
        "released_by": each.released_by,
        "approved_by": each.approved_by,
        "released_at": each.released_at.isoformat(),
        "people": each.people,
        "lines": each.lines,
        "content_sha256": each.content_sha256,
        "employees_sha256": each.employees_sha256,
        "approved_sha256": each.approved_sha256,
    }


@release.command(short_help="Write the files of a batch as they were frozen.")
@_a_batch
@click.option("--layout", default=WORKBOOK, show_default=True, help="The workbook, or a layout that was released.")
@_out
def download(batch: str, layout: str, out: Path) -> None:
    """Write the files of a batch, byte for byte as they were frozen.

    \b
      loyaltypay release download 2026-Q1-B1 --out .
    """
    with database() as engine, reading(engine) as session:
        found = releases.find(session, operator(), batch)
    write_released([found], layout, out)


def write_released(found: Sequence[Release], layout: str, out: Path) -> None:
    """Write the files of batches, as they were frozen: into a folder, as a ZIP, or the one that there is."""
    contents: dict[str, bytes] = {}
    with database() as engine:
        with reading(engine) as session:
            for each in found:
                contents |= _files(session, each, layout, taken=contents)
        with noting(engine) as session:
            for each in found:
                about = f"payroll file {each.quarter} {layout}"
                reads.note_taken(session, operator(), about, now(), batch=each.name, files=len(contents))
    is_one = len(contents) == 1
    written = out / next(iter(contents)) if is_one and out.is_dir() else out
    write_files(out, sum(1 for name in contents if not name.startswith(PREFIX)), contents)
    names = " and ".join(each.name for each in reversed(found))
    click.echo(f"Written to {written}: {counted(len(contents), 'file')} of {names}, as released.")


def _files(session: Session, each: Release, layout: str, taken: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of one batch; under the batch's name where another batch has a file of the same name."""
    known = {file.layout for file in releases.list_files(session, each)}
    if layout not in known:
        raise RefusedError(f"{each.name} was released without {layout}. It has: {', '.join(sorted(known))}.")
    files = releases.load_files(session, each, layout)
    return {f"{each.name}-{name}" if name in taken else name: content for name, content in files.items()}


def write_files(out: Path, count: int, contents: Mapping[str, bytes]) -> Path:
    """Write into a folder, as a ZIP, or the one file that there is under a name of the user's own.

    `count` is how many files there are beside control files.
    """
    if out.is_dir():
        write_all_whole(out, contents)
    elif out.suffix.lower() == ".zip":
        write_whole(out, archive(contents))
    elif count == 1:
        name = next(name for name in contents if not name.startswith(PREFIX))
        write_all_whole(out.parent, {out.name if key == name else key: content for key, content in contents.items()})
    else:
        raise LoyaltyPayError(f"{out} is one file, and there are {count}. Name a folder that is there, or a .zip.")
    return out
