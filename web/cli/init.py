"""`init`: the database, and the company's settings."""

from collections.abc import Mapping

import click

from comp.company import Company, read_company, write_company
from comp.db import writing
from comp.documents import Fields
from comp.errors import Problem, RefusedError
from comp.figures import exact_text
from comp.services import company as company_service
from web.cli.context import actor, now
from web.cli.pairs import read_pairs
from web.database import disposed, open_engine
from web.settings import read_settings


@click.command(short_help="Create or upgrade the database; state the company's settings.")
@click.option("--fiscal-year-starts", metavar="MONTH", help="Month in which the fiscal year starts, 1 to 12 (1).")
@click.option(
    "--fiscal-year-named-for",
    type=click.Choice(["start", "end"]),
    help="Whether a fiscal year bears the number of the calendar year it starts or ends in (start).",
)
@click.option("--round-to", metavar="CURRENCY=STEP", multiple=True, help="Pay in coarser steps, as in JPY=100.")
@click.option("--time-zone", metavar="ZONE", help="Where the company's days begin, as in Europe/Lisbon (UTC).")
@click.option("--cliff", metavar="SHARE", help="From which share of target on a jump of pay is told to authors (10%).")
@click.option("--query-days", metavar="DAYS", help="Working days in which a query is to be answered (5).")
@click.option("--keep-comments", metavar="MONTHS", help="Erase customers' comments after so many months (for good).")
@click.option(
    "--overpaid",
    type=click.Choice(["recover", "carry"]),
    help="What is done as a rule where a correction finds that somebody was paid too much (recover).",
)
@click.option("--grant-to", metavar="ROLE", help="Let a role of PostgreSQL's serve the pages.")
def init(
    fiscal_year_starts: str | None,
    fiscal_year_named_for: str | None,
    round_to: tuple[str, ...],
    time_zone: str | None,
    cliff: str | None,
    query_days: str | None,
    keep_comments: str | None,
    overpaid: str | None,
    grant_to: str | None,
) -> None:
    """Create the database, or upgrade it to this program's version. Data that is there is kept.

    \b
      loyaltypay init --fiscal-year-starts 4 --time-zone Europe/Lisbon

    The options are the company's settings. Said again later, each replaces its own setting and leaves the others; the
    fiscal calendar cannot change once a quarter was calculated.

    On PostgreSQL the owner of the tables runs this, and the pages work as another role, which `--grant-to` gives what
    it needs: of the audit chain only reading and appending.
    """
    steps = read_pairs(round_to, "--round-to")
    stated = {
        "fiscal_year_starts": fiscal_year_starts,
        "fiscal_year_named_for": fiscal_year_named_for,
        "time_zone": time_zone,
        "cliff": cliff,
        "query_days": query_days,
        "comments_kept": keep_comments,
        "overpaid": overpaid,
    }
    _require_sound({**stated, "round_to": steps})
    with disposed(open_engine(read_settings())) as engine, writing(engine) as session:
        company = company_service.initialise(session, None)
        if steps or any(stated.values()):
            company = _restated(company, stated, steps)
            company_service.change_settings(session, company, actor(), now())
        if grant_to:
            company_service.grant(session, grant_to)
        address = engine.url.render_as_string(hide_password=True)
    click.echo(f"The database is ready: {address}")
    click.echo(f"Fiscal year from month {company.calendar.first_month}, days in {company.time_zone}.")
    if grant_to:
        click.echo(f"The role {grant_to} may serve the pages.")


def _require_sound(stated: Mapping[str, object]) -> None:
    problems: list[Problem] = []
    read_company(Fields(stated, problems))
    if problems:
        raise RefusedError("These settings cannot be. Nothing was changed.", problems)


def _restated(company: Company, stated: Mapping[str, str | None], steps: Mapping[str, str]) -> Company:
    """The company with the settings that are stated, which are sound; the others stay."""
    kept = write_company(company)
    all_steps = {currency: exact_text(step) for currency, step in company.round_to} | dict(steps)
    changes = {key: value for key, value in stated.items() if value}
    return read_company(Fields({**kept, **changes, "round_to": all_steps}, []))
