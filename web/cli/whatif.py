"""`whatif`: what a plan would have cost."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import click

from comp.db import Session, reading, writing
from comp.errors import RefusedError
from comp.figures import money_text
from comp.money import Money, exact, exact_percent
from comp.periods import Quarter
from comp.plan import Plan
from comp.services import plans, scenarios, whatif
from comp.services.scenarios import Scenario
from comp.whatif_documents import write_lines, write_position
from comp.whatif_goal import Goal
from comp.whatif_position import Position, balanced, measures_of
from importers.documents import read_yaml
from web.cli.arguments import QuarterType, as_json
from web.cli.context import database, now, operator
from web.cli.pairs import read_pairs
from web.cli.speech import print_json
from web.cli.whatif_speech import document, signed, tell

T = TypeVar("T")


@click.command("whatif", short_help="What a plan would have cost in a quarter, beside the plan in force.")
@click.argument("plan", metavar="[PLAN|FILE]", required=False, help="A version, a plan's id, or a YAML document.")
@click.argument("quarter", type=QuarterType(), required=False, metavar="[QUARTER]", help="Such as 2026-Q1.")
@click.option("--share", multiple=True, metavar="COMPONENT=45%", help="A component's share; the others give or take.")
@click.option("--weight", multiple=True, metavar="customer.0=60%", help="A measure's weight, counted from 0.")
@click.option("--cap", multiple=True, metavar="COMPONENT=150%", help="A cap, of `total` too; `none` takes it away.")
@click.option("--shift", multiple=True, metavar="METRIC=+2", help="Moves curves along their axis; or of customer.0.")
@click.option("--scale", metavar="110%", help="Multiplies what every measure pays.")
@click.option("--budget", metavar="100000EUR", help="What the plan may cost in one currency.")
@click.option("--goal", metavar="share:COMPONENT", help="Or shift:METRIC, or scale: the value that meets the budget.")
@click.option("--band", is_flag=True, help="Draw the answers again and again: the band that scores leave.")
@click.option("--save", "name", metavar="NAME", help="Keep it under a name.")
@click.option("--list", "is_list", is_flag=True, help="Compare the what-ifs that are kept.")
@as_json
def whatif_(
    plan: str | None,
    quarter: Quarter | None,
    share: Sequence[str],
    weight: Sequence[str],
    cap: Sequence[str],
    shift: Sequence[str],
    scale: str | None,
    budget: str | None,
    goal: str | None,
    band: bool,
    name: str | None,
    is_list: bool,
    as_json: bool,
) -> None:
    """What a plan would have cost in a quarter, beside the plan in force: to the cent, by unit, who gains and loses.

    \b
      loyaltypay whatif service-incentive 2026-Q1 --share customer=45%
      loyaltypay whatif service-incentive 2026-Q1 --budget 40000EUR --goal scale
      loyaltypay whatif draft.yaml 2026-Q1 --shift nps=+2 --band --save "NPS +2"
      loyaltypay whatif --list

    The plan counts from the quarter's first day, whenever it starts. Nothing is stored without --save.
    """
    if is_list:
        _list(as_json=as_json)
        return
    if plan is None or quarter is None:
        raise click.UsageError("Say which plan and which quarter, such as service-incentive 2026-Q1, or --list.")
    aim = _aim(budget, goal)
    with database() as engine, reading(engine) as session:
        base = _plan(session, plan)
        position = _position(base, share, weight, cap, shift, scale)
        trial = whatif.try_plan(session, operator(), base, position, quarter)
        if trial.estimate is None:
            raise RefusedError(trial.lacking or "The plan cannot pay anybody with these values.", trial.problems)
        sought = whatif.seek_goal(trial, aim[1], aim[0]) if aim[0] and aim[1] else None
        if sought and sought.position:
            position = position.then(sought.position)
            trial = whatif.try_plan(session, operator(), base, position, quarter)
    depth = whatif.look_deeper(trial, with_band=band)
    if name is not None:
        with database() as engine, writing(engine) as session:
            scenarios.keep(session, operator(), name, trial, position, now())
    if as_json:
        print_json({"position": write_position(position), **document(trial, depth, aim[0], sought)})
    else:
        tell(trial, depth, aim[0], sought)
        click.echo(f"Kept as {name}." if name is not None else "An estimate: nothing is stored.")


def _plan(session: Session, name: str) -> Plan:
    path = Path(name)
    if not path.is_file():
        return plans.find_plan(session, name).plan
    made, findings = plans.read_checked(session, read_yaml(path.read_bytes(), path.name))
    if made is None:
        raise RefusedError(f"{path.name} is not a plan that can be tried.", [each.problem for each in findings])
    return made


def _position(
    plan: Plan,
    share: Sequence[str],
    weight: Sequence[str],
    cap: Sequence[str],
    shift: Sequence[str],
    scale: str | None,
) -> Position:
    shifts = _read(shift, "--shift", _points)
    named = {name: points for metric, points in shifts.items() for name in measures_of(plan, metric) or [metric]}
    made = Position(
        shares=_read(share, "--share", _ratio),
        weights=_read(weight, "--weight", _ratio),
        caps=_read(cap, "--cap", lambda text: None if text == "none" else _ratio(text)),
        shifts=named,
        scale=_value("--scale", scale or "100%", _ratio),
    )
    return balanced(plan, made)


def _read(texts: Sequence[str], option: str, read: Callable[[str], T]) -> dict[str, T]:
    return {name: _value(option, text, read) for name, text in read_pairs(texts, option).items()}


def _value(option: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}.") from None


def _ratio(text: str) -> Fraction:
    ratio = exact_percent(text)
    if ratio < 0:
        raise ValueError(f"{text!r} is below 0")
    return ratio


def _points(text: str) -> Fraction:
    return exact(text.removeprefix("+"))


def _aim(budget: str | None, goal: str | None) -> tuple[Money | None, Goal | None]:
    """The budget, and what shall meet it."""
    if goal and not budget:
        raise click.UsageError("--goal needs a --budget to meet, such as 100000EUR.")
    if budget is None:
        return None, None
    amount, currency = budget[:-3].strip(), budget[-3:].upper()
    made = whatif.budget_of(_value("--budget", amount, exact), currency)
    return made, _value("--goal", goal, Goal.parse) if goal else None


def _list(*, as_json: bool) -> None:
    with database() as engine, reading(engine) as session:
        found = scenarios.list_scenarios(session, operator())
    if as_json:
        print_json({"scenarios": [_written(each) for each in found]})
        return
    if not found:
        click.echo("No what-if is kept yet. Keep one with --save NAME.")
    for each in found:
        click.echo(f"{each.name}: {each.plan.version} in {each.quarter}, kept by {each.author}")
        for line in each.lines:
            moves = f"{line.gaining} gain, {line.losing} lose"
            click.echo(f"  {money_text(line.before)} → {money_text(line.after)}: {signed(line.change)}; {moves}")


def _written(scenario: Scenario) -> dict[str, object]:
    return {
        "name": scenario.name,
        "plan": scenario.plan.version,
        "quarter": str(scenario.quarter),
        "position": write_position(scenario.position),
        "author": scenario.author,
        "kept_at": scenario.kept_at.isoformat(),
        "results": write_lines(scenario.lines),
    }
