"""`export accrual`: what of a quarter has accrued, as a workbook for finance."""

from datetime import date, datetime
from pathlib import Path

import click

from comp.accrual_sheets import StoredAccrual
from comp.db import Engine, noting, reading, writing
from comp.errors import RefusedError
from comp.figures import money_text
from comp.periods import Quarter
from comp.services import accruals, exchange, reads, relations
from exports.accrual_workbook import accrual_workbook
from exports.files import write_whole
from web.accruing import work_out
from web.cli.arguments import a_quarter
from web.cli.context import database, now, operator


@click.command("accrual", short_help="Write what of a quarter has accrued, with its journal.")
@a_quarter
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file, or a folder to put it in.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day at whose end it accrued; today unless said.")
@click.option("--take", is_flag=True, help="Say that finance books it: the next one states its difference from it.")
def export_accrual(quarter: Quarter, out: Path, as_of: datetime | None, take: bool) -> None:
    """Write what of a quarter has accrued at the end of a day: expected cost with its band, and the journal.

    \b
      loyaltypay export accrual 2026-Q2 --out . --as-of 2026-08-31

    It is worked out with what is known now and kept. Until somebody takes it, it is a preview, and the next one does
    not reverse it.
    """
    with database() as engine:
        stored = work_out(engine, operator(), (quarter, as_of.date() if as_of else _today(engine)), now())
        stored = _taken(engine, stored) if take else stored
        _write(engine, stored, out)
    for total in stored.accrual.totals:
        click.echo(f"{total.currency}: {money_text(total.accrued)} accrued, {money_text(total.change)} to be booked.")
    for why in stored.accrual.unmapped:
        click.echo(f"warning: {why}", err=True)
    if not stored.is_taken:
        click.echo(f"{stored.name} is a preview: nobody has taken it.", err=True)


def _today(engine: Engine) -> date:
    with reading(engine) as session:
        return relations.today(session, now())


def _taken(engine: Engine, stored: StoredAccrual) -> StoredAccrual:
    try:
        with writing(engine) as session:
            return accruals.take(session, operator(), stored.accrual.quarter, stored.number, now())
    except RefusedError as refused:
        why = " ".join(problem.why for problem in refused.problems)
        raise RefusedError(f"{stored.name} is kept, and not taken. {refused} {why}".strip()) from None


def _write(engine: Engine, stored: StoredAccrual, out: Path) -> None:
    with reading(engine) as session:
        amounts = [total.accrued for total in stored.accrual.totals]
        group = exchange.group_total(session, stored.accrual.quarter, amounts)
    with noting(engine) as session:
        reads.note_taken(session, operator(), f"accrual {stored.name}", now(), lines=len(stored.accrual.lines))
    path = out / stored.file_name if out.is_dir() else out
    write_whole(path, accrual_workbook(stored, group))
    click.echo(f"Written to {path}.")
