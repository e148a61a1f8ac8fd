"""What-ifs: a version with sliders on top of it against a quarter, what scores do to its cost, and goal seek."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from comp.errors import Problem, RefusedError, UnseenError
from comp.facts import Facts
from comp.money import Money, is_currency
from comp.periods import Quarter
from comp.plan import Plan
from comp.roles import Account, Permission
from comp.services import snapshots
from comp.services.snapshots import Loaded
from comp.whatif import Estimate
from comp.whatif_goal import Goal, Sought, seek
from comp.whatif_position import Position, position_problems, turned
from comp.whatif_scores import Bands, bands, point_costs
from comp.whatif_side import Amounts

_MOST_UNITS = 1_000


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan with sliders on top of it, tried on a quarter.

    Where `problems` keep it from paying anybody there is no estimate, nor where `lacking` says what the quarter lacks.
    """

    quarter: Quarter
    plan: Plan
    problems: tuple[Problem, ...]
    lacking: str
    estimate: Estimate | None
    loaded: Loaded

    @property
    def metrics(self) -> dict[str, str]:
        """The names of metrics by id."""
        return {metric.id: metric.name or metric.id for metric in self.loaded.snapshot.facts.metrics}

    @property
    def is_large(self) -> bool:
        """Whether drawing all answers again takes minutes."""
        return len(self.loaded.snapshot.organisation.units) > _MOST_UNITS


@dataclass(frozen=True, slots=True)
class Depth:
    """What takes longer than an estimate: the calculation to the cent, a point more of each metric, and the bands."""

    exact_before: Mapping[str, Money]
    exact_after: Mapping[str, Money]
    points: Mapping[str, Amounts]
    bands: Bands | None


def require_sight(actor: Account, quarter: Quarter) -> None:
    """Raise `UnseenError` for whoever may not see everybody's pay: a unit's cost may be one person's."""
    if not {Permission.TRY_PLANS, Permission.READ_PAYOUTS} <= actor.permissions:
        raise UnseenError(f"What plans would have cost in {quarter} is not for you to see.", "run", str(quarter))


def try_plan(session: Session, actor: Account, plan: Plan, position: Position, quarter: Quarter) -> Trial:
    """Try a plan with sliders on top of it on a quarter."""
    require_sight(actor, quarter)
    tried = turned(plan, position)
    problems = position_problems(tried)
    loaded = snapshots.load(session, quarter)
    lacking = _lacking(loaded.snapshot.facts)
    estimate = None if problems or lacking else loaded.snapshot.estimate(tried)
    if estimate and not estimate.people:
        lacking, estimate = f"{plan.name} would pay nobody in {quarter}, and pays nobody now.", None
    return Trial(quarter, tried, problems, lacking, estimate, loaded)


def _lacking(facts: Facts) -> str:
    """What a quarter needs before anything can be estimated, in words."""
    if not facts.people:
        return f"Nobody was employed in {facts.quarter}. Import people whose assignments reach into it."
    has_results = any(result.quarter == facts.quarter for result in facts.results)
    if not has_results and not any(person.results for person in facts.people):
        return f"{facts.quarter} has no answers and no results of any kind. Import them first."
    return ""


def look_deeper(trial: Trial, *, with_band: bool) -> Depth:
    """The calculation to the cent, what a point more of each metric costs, and the band where it is asked for."""
    snapshot = trial.loaded.snapshot
    before, after = snapshot.exact_costs(trial.plan)
    band = bands(snapshot, trial.plan) if with_band else None
    return Depth(before, after, point_costs(snapshot, trial.plan), band)


def seek_goal(trial: Trial, goal: Goal, budget: Money) -> Sought:
    """The value of a goal that meets a budget. Raises `RefusedError` where nothing can be sought."""
    if trial.estimate is None:
        raise RefusedError(trial.lacking or "Nothing can be sought before the plan is sound.", trial.problems)
    return seek(trial.loaded.snapshot, trial.plan, goal, budget.amount, budget.currency)


def budget_of(amount: Fraction, currency: str) -> Money:
    """A budget in whole minor units. Raises `RefusedError` for no currency, a finer amount, or one below 0."""
    if not is_currency(currency):
        raise RefusedError(f"{currency!r} is not an ISO 4217 currency such as EUR.")
    scale = Money(1, currency).amount
    if amount < 0 or (amount / scale).denominator != 1:
        raise RefusedError(f"A budget is an amount of at least 0 in whole minor units of {currency}.")
    return Money(int(amount / scale), currency)
