"""What the linter knows of the company that a plan is for."""

from dataclasses import dataclass, field
from fractions import Fraction

from comp.facts import Result, Target, Unit
from comp.periods import FiscalCalendar, Quarter
from comp.plan import Plan
from comp.scores import Metric


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many people of one grade work in one unit when a version starts, or later."""

    unit: str
    grade: str
    people: int


@dataclass(frozen=True, slots=True)
class LintFacts:
    """Everything of a company that the checks of a plan may look at. Empty where nothing is known yet.

    `quarters` are the last eight, at most, that have results, oldest first; `results` are of these and of the three
    before them, of the metrics that the plan reads. `calculated` are the quarters that have a run. A jump of pay above
    `cliff`, a share of the target, is a cliff.
    """

    metrics: tuple[Metric, ...] = ()
    units: tuple[Unit, ...] = ()
    quarters: tuple[Quarter, ...] = ()
    results: tuple[Result, ...] = ()
    targets: tuple[Target, ...] = ()
    people: tuple[Headcount, ...] = ()
    published: tuple[Plan, ...] = ()
    calculated: frozenset[Quarter] = frozenset()
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    cliff: Fraction = Fraction(1, 10)
