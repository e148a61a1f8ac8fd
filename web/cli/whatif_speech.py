"""How `whatif` tells what it found: as text, and as one document."""

from fractions import Fraction

import click

from comp.figures import money_text, percent, shown
from comp.money import Money, paid
from comp.services.whatif import Depth, Trial
from comp.whatif import Estimate
from comp.whatif_documents import write_bands, write_estimate, write_points, write_sought
from comp.whatif_goal import Sought

_UNITS = 20


def tell(trial: Trial, depth: Depth, budget: Money | None, sought: Sought | None) -> None:
    """Print what a trial came to: cost, movers, units, what scores do to it, and the budget."""
    estimate = trial.estimate
    if estimate is None:
        return
    click.echo(f"{trial.plan.version} in {trial.quarter}: {estimate.people:,} people")
    for cost in estimate.costs:
        zero = Money(0, cost.currency)
        before, after = depth.exact_before.get(cost.currency, zero), depth.exact_after.get(cost.currency, zero)
        change = Money(after.minor - before.minor, cost.currency)
        click.echo(f"  {money_text(before)} → {money_text(after)}: {signed(change)}")
        _tell_moves(estimate, cost.currency)
    _tell_units(estimate)
    if estimate.held_after:
        click.echo(f"  held: {len(estimate.held_after)}, now {len(estimate.held_before)}")
    for metric, amounts in depth.points.items():
        each = ", ".join(signed(_rounded(amount, currency)) for currency, amount in amounts.items())
        click.echo(f"  one point more of {trial.metrics.get(metric, metric)}: {each}")
    _tell_band(depth)
    if budget is not None:
        _tell_budget(depth, budget, sought)


def _tell_moves(estimate: Estimate, currency: str) -> None:
    moved = estimate.moves.get(currency)
    if moved is None or not moved.largest:
        click.echo("    nobody gains or loses")
        return
    gained, lost = (money_text(_rounded(amount, currency)) for amount in (moved.gained, moved.lost))
    click.echo(f"    {moved.gaining} gain {gained}, {moved.losing} lose {lost}, {moved.unchanged} stay")
    for mover in moved.largest:
        who = f"{mover.employee} {estimate.name(mover.employee)}"
        click.echo(f"      {who:<34} {signed(_rounded(mover.change, currency)):>18}")


def _tell_units(estimate: Estimate) -> None:
    for unit in estimate.units[:_UNITS]:
        before, after = (money_text(_rounded(amount, unit.currency)) for amount in (unit.before, unit.after))
        attained = "–" if unit.attained_after is None else percent(unit.attained_after, 1)
        click.echo(f"    {unit.name:<32} {before:>18} → {after:>18}  {attained:>9}")
    if len(estimate.units) > _UNITS:
        click.echo(f"    … and {len(estimate.units) - _UNITS} more; --json lists them all.")


def _tell_band(depth: Depth) -> None:
    if depth.bands is None:
        return
    for side, found in (("now", depth.bands.before), ("then", depth.bands.after)):
        for band in found:
            low, middle, high = (
                money_text(_rounded(Fraction(x), band.currency)) for x in (band.low, band.expected, band.high)
            )
            click.echo(
                f"  {side}, had other customers answered: {low} – {middle} – {high} (95 %, {depth.bands.draws} draws)"
            )


def _tell_budget(depth: Depth, budget: Money, sought: Sought | None) -> None:
    after = depth.exact_after.get(budget.currency, Money(0, budget.currency))
    left = Money(budget.minor - after.minor, budget.currency)
    click.echo(f"  budget {money_text(budget)}: {money_text(left)} left")
    if sought is None:
        return
    goal = f"{sought.goal.kind} of {sought.goal.name}" if sought.goal.name else sought.goal.kind
    least, most, cost, beyond = (
        money_text(_rounded(amount, budget.currency))
        for amount in (sought.least, sought.most, sought.cost, sought.beyond)
    )
    if sought.position is None:
        click.echo(f"  no {goal} meets it: between {least} and {most} can be reached")
        return
    value = f"{shown(sought.value)} points" if sought.goal.kind == "shift" else percent(sought.value, 2)
    click.echo(f"  a {goal} of {value} meets it with {cost} before rounding; the next step would cost {beyond}")


def _rounded(amount: Fraction, currency: str) -> Money:
    return paid(amount.numerator, amount.denominator, currency)


def signed(money: Money) -> str:
    """A change with its sign."""
    return f"+{money_text(money)}" if money.minor > 0 else money_text(money)


def document(trial: Trial, depth: Depth, budget: Money | None, sought: Sought | None) -> dict[str, object]:
    """What a trial came to, for `--json`."""
    made: dict[str, object] = {
        "plan": trial.plan.version,
        "quarter": str(trial.quarter),
        "estimate": None if trial.estimate is None else write_estimate(trial.estimate),
        "exact": {
            side: {currency: str(money) for currency, money in found.items()}
            for side, found in (("before", depth.exact_before), ("after", depth.exact_after))
        },
        "one_point": write_points(depth.points),
        "band": None if depth.bands is None else write_bands(depth.bands),
    }
    if budget is not None:
        made["budget"] = {"amount": str(budget), "currency": budget.currency}
        made["goal"] = None if sought is None else write_sought(sought, budget.currency)
    return made
