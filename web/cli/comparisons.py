"""`compare`: why two runs differ, or two quarters, or two people."""

from pathlib import Path

import click

from comp.compare import Change
from comp.compare_totals import CurrencyChange
from comp.db import reading
from comp.figures import counted, grouped, money_text
from comp.money import Money
from comp.results import RunName
from comp.services import comparisons
from comp.services.comparisons import ChangeTold, PersonComparison, RunComparison
from exports.compare_workbook import compare_workbook
from exports.files import write_whole
from web.cli.arguments import RUN, as_json
from web.cli.context import database, now, operator
from web.cli.speech import print_json

_SHOWN, _MOST_PEOPLE = 10, 2


@click.command(short_help="Why two runs, or two people, differ.")
@click.argument("old", metavar="RUN", type=RUN, help="Such as 2026-Q1/2, or 2026-Q1 for the last of the quarter.")
@click.argument("new", metavar="RUN", type=RUN, help="What it is compared with.")
@click.option(
    "--person", "people", multiple=True, metavar="EMPLOYEE", help="This person alone; given twice, two are compared."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write a workbook with everybody's changes there.")
@as_json
def compare(old: RunName, new: RunName, people: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Why two runs differ: who is paid another amount, by how much and why, in parts that add up to the cent.

    \b
      loyaltypay compare 2026-Q1/1 2026-Q1/2           a quarter calculated again
      loyaltypay compare 2026-Q1 2026-Q2               two quarters
      loyaltypay compare 2026-Q1 2026-Q2 --person 10417
      loyaltypay compare 2026-Q2 2026-Q2 --person 10417 --person 10418

    With two people the first one's pay in the first run stands against the second one's in the second.
    """
    if len(people) > _MOST_PEOPLE or (people and out):
        raise click.UsageError("Give --person at most twice, and --out only without it.")
    with database() as engine, reading(engine) as session:
        if people:
            pair = (people[0], people[-1])
            found = comparisons.compare_people(session, operator(), (old, new), pair, now())
        else:
            all_found = comparisons.compare_runs(session, operator(), (old, new), now())
    if people:
        print_json(_person_document(found)) if as_json else _tell_person(found)
        return
    print_json(_document(all_found)) if as_json else _tell_runs(all_found)
    if out:
        write_whole(out, compare_workbook(all_found.old, all_found.new, all_found.changes, all_found.totals))
        click.echo(f"Written to {out}.", err=as_json)


def _signed(value: Money) -> str:
    return f"{'+' if value.minor > 0 else ''}{grouped(str(value))}"


def _tell_runs(found: RunComparison) -> None:
    click.echo(
        f"{found.old.name} → {found.new.name}: {counted(found.changed, 'payout')} of {len(found.changes):,} differ"
    )
    for total in found.totals:
        _tell_currency(total)
        moved = found.movers(total.currency, _SHOWN)
        if moved:
            click.echo("  Largest differences:")
        for change in moved:
            cause = max(change.parts, key=lambda part: part.size)
            figures = f"{_signed(change.difference):>14}  mostly {cause.label.lower()}"
            click.echo(f"    {change.employee:<12} {change.name:<28} {figures}")


def _tell_currency(total: CurrencyChange) -> None:
    click.echo(f"{money_text(total.before)} → {money_text(total.after)}: {_signed(total.difference)} {total.currency}")
    for each in total.causes:
        people = "1 person" if each.people == 1 else f"{each.people:,} people"
        click.echo(f"  {each.label:<28} {_signed(each.change):>16}  {people}")


def _tell_person(found: PersonComparison) -> None:
    first, second = found.employees
    who = f"{first} in {found.old.name} → {second} in {found.new.name}"
    click.echo(who if found.is_of_two else f"{first} {found.names[0]}, {found.old.name} → {found.new.name}")
    for each in found.changes:
        change = each.change
        before, after = (money_text(amount) if amount else "nothing" for amount in (change.before, change.after))
        click.echo(f"  {before} → {after}: {_signed(change.difference)} {change.difference.currency}")
        for part, sentence in each.told:
            click.echo(f"    {_signed(part.change):>14}  {sentence}")
        if not each.told:
            click.echo("    Nothing that pays differs.")


def _document(found: RunComparison) -> dict[str, object]:
    return {
        "old": found.old.name,
        "new": found.new.name,
        "currencies": [
            {
                "currency": total.currency,
                "before": str(total.before),
                "after": str(total.after),
                "difference": str(total.difference),
                "causes": {str(each.cause): str(each.change) for each in total.causes},
            }
            for total in found.totals
        ],
        "changes": [_change(change) for change in found.changes if change.parts],
    }


def _change(change: Change) -> dict[str, object]:
    before, after = (str(amount) if amount else None for amount in (change.before, change.after))
    return {
        "employee": change.employee,
        "currency": change.difference.currency,
        "before": before,
        "after": after,
        "difference": str(change.difference),
        "parts": [
            {"cause": str(part.input.cause), "metric": part.input.metric or None, "change": str(part.change)}
            for part in change.parts
        ],
    }


def _person_document(found: PersonComparison) -> dict[str, object]:
    return {
        "old": {"run": found.old.name, "employee": found.employees[0]},
        "new": {"run": found.new.name, "employee": found.employees[1]},
        "changes": [_told(each) for each in found.changes],
    }


def _told(each: ChangeTold) -> dict[str, object]:
    return {**_change(each.change), "sentences": [told.sentence for told in each.told]}
