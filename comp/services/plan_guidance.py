"""What those who decide on a plan should know: what chance does to its pay, and when it is sound."""

from dataclasses import dataclass

from sqlmodel import Session

from comp.guidance import MeasureGuidance, guide
from comp.guidance_conditions import Condition, conditions
from comp.lint_grounds import Grounds
from comp.plan import Plan
from comp.store.histories import load_lint_facts

MOST_UNITS = 25
"""How many units of a measure are told, the least sure first."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """A plan's measures that customers decide, and the checklist of what has to hold before pay hangs on them."""

    measures: tuple[MeasureGuidance, ...]
    conditions: tuple[Condition, ...]


def guide_plan(session: Session, plan: Plan, unit: str = "") -> Guidance:
    """What chance does to the pay of a plan; `unit`, or else each measure's least sure one, is looked at closely."""
    grounds = Grounds(plan, load_lint_facts(session, plan))
    guided = guide(grounds, MOST_UNITS, unit)
    return Guidance(guided, conditions(grounds, guided))
